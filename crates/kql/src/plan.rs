//! What a query means once every name is bound: plain data that travels to the shards.
//!
//! **Invariant:** each source is one home table with its own expressions over *stored* columns: views, `extend` and `project`
//! are gone, each name stands for the expression behind it. Expressions lie in one list per source ([`Source::nodes`]), where
//! equal ones are one node, so that `extend a = strcat(a, a)` repeated thirty times stays thirty nodes. A node refers only to
//! nodes before it: whoever works them out in order needs no recursion.

use crate::relation::Made;
use chartroom_base::{
    diagnostic::{Diagnostic, Span},
    sort,
    ticks::Ticks,
};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

/// A bound query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The home tables whose rows it reads, each once. May be empty (a view without records).
    pub sources: Vec<Source>,
    /// Canonical text of the selection before any `where`, after the first, after the second, …: equal texts select equal
    /// rows, in any query. The last one is the whole selection. Never empty.
    pub selections: Vec<String>,
    /// Where each `where` stands in the text, for counts beside the `|`.
    pub where_spans: Vec<Span>,
    /// Keys to sort by; ties fall to the row's identity. Never empty: without `sort` it is the time, newest first, nulls last.
    pub order: Vec<OrderKey>,
    /// Whether [`Plan::order`] is the default one.
    pub is_default_order: bool,
    /// Only the first so many rows in that order.
    pub take: Option<u64>,
    /// The result is one row with one column `Count`: how many rows there are (after `take`).
    pub is_count: bool,
    /// The result's columns, in order.
    pub columns: Vec<OutputColumn>,
    /// Texts that the query looks for anywhere (`* has "x"`, `contains`), for marking hits.
    pub terms: Vec<String>,
    /// What `now()` was.
    pub now: Ticks,
    /// Warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
    /// How rows are made, for a query whose answer is not just stored rows. All fields above but [`Plan::columns`], [`Plan::terms`],
    /// [`Plan::now`] and the diagnostics then say nothing.
    pub made: Option<Box<Made>>,
    /// What is to be found out and told beside the answer.
    pub beside: Option<Box<Beside>>,
}

/// What is told beside an answer, once it is found out from the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// How: its last steps give what the notes need, one each.
    pub made: Made,
    /// What is said.
    pub notes: Vec<Note>,
}

/// A note whose figures come from the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What is told; `{}` stands for what was found.
    pub told: Diagnostic,
    /// What must have been found for it to be told.
    pub when: Found,
}

/// What must have been found for a note to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// A count above zero.
    Some,
    /// Several values.
    Several,
}

impl Note {
    /// The note with what was found, if that is worth telling.
    #[must_use]
    pub fn tell(&self, found: &[Constant]) -> Option<Diagnostic> {
        let text = match (self.when, found) {
            (Found::Some, [Constant::Long(count), ..]) if *count > 0 => count.to_string(),
            (Found::Several, found) => {
                let mut words: Vec<&str> = found
                    .iter()
                    .filter_map(|value| match value {
                        Constant::Text(text) if !text.is_empty() => Some(text.as_str()),
                        _ => None,
                    })
                    .collect();
                sort::sort(&mut words);
                if words.len() < 2 {
                    return None;
                }
                words.join(", ")
            }
            _ => return None,
        };
        let message = self.told.message.replacen("{}", &text, 1);
        Some(Diagnostic { message, ..self.told.clone() })
    }
}

impl Beside {
    /// What is to be told, by what all steps gave.
    #[must_use]
    pub fn tell(&self, found: &[Vec<Constant>]) -> Vec<Diagnostic> {
        let first = found.len().saturating_sub(self.notes.len());
        let mut told: Vec<Diagnostic> = self
            .notes
            .iter()
            .zip(found.iter().skip(first))
            .filter_map(|(note, found)| note.tell(found))
            .collect();
        told.dedup();
        told
    }
}

/// The rows of one home table that a query reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The home table.
    pub table: String,
    /// All expressions; a node refers only to earlier ones. Shared: whatever runs over the source holds them.
    pub nodes: Arc<[Node]>,
    /// Which rows belong to the source at all (a view's filter): all must hold.
    pub filter: Vec<NodeId>,
    /// Per `where` of the query, the predicates that all must hold.
    pub wheres: Vec<Vec<NodeId>>,
    /// Per [`Plan::order`], the key.
    pub order: Vec<NodeId>,
    /// Per [`Plan::columns`], the value. Of the same kind as the column.
    pub columns: Vec<NodeId>,
    /// The event's time, for the timeline.
    pub time: Option<NodeId>,
    /// The event's outcome, for the timeline.
    pub outcome: Option<NodeId>,
}

/// A place in [`Source::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub u32);

/// One expression.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub struct Node {
    /// The type of its values.
    pub kind: Kind,
    /// How they come about.
    pub op: Op,
}

/// How values come about.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
pub enum Op {
    /// The same for every row.
    Constant(Constant),
    /// A stored column, converted to the node's kind where the shard holds another.
    Column(String),
    /// A column of the rows that the expression is worked out over, by number.
    Input(u32),
    /// A value that an earlier step gives; [`crate::relation::Made::settle`] puts it in its place.
    Parameter(u32),
    /// One of the values that an earlier step gives.
    InParameter {
        /// What is looked for.
        value: NodeId,
        /// Which step's values.
        parameter: u32,
        /// Case aside.
        is_fold: bool,
        /// Whether it must be none of them.
        is_negated: bool,
    },
    /// The path of the row's file.
    FilePath,
    /// Where the record begins in its file.
    Offset,
    /// All hold; false wins over null.
    And(Vec<NodeId>),
    /// Any holds; true wins over null.
    Or(Vec<NodeId>),
    /// A function of [`crate::functions`], by name.
    Call {
        /// Its name.
        function: String,
        /// Its arguments.
        arguments: Vec<NodeId>,
    },
    /// An operator with two operands.
    Binary {
        /// Which.
        operator: Binary,
        /// Left operand.
        left: NodeId,
        /// Right operand.
        right: NodeId,
    },
    /// A text operator.
    Match {
        /// Which.
        matcher: Matcher,
        /// Whether it must not hold.
        is_negated: bool,
        /// What is searched.
        value: NodeId,
        /// What for; a constant.
        needle: String,
    },
    /// A text operator whose right side is no constant.
    MatchNode {
        /// Which.
        matcher: Matcher,
        /// Whether it must not hold.
        is_negated: bool,
        /// What is searched.
        value: NodeId,
        /// What for.
        needle: NodeId,
    },
    /// A text operator over every value of the record, key names left out.
    MatchAny {
        /// Which.
        matcher: Matcher,
        /// Whether it must not hold anywhere.
        is_negated: bool,
        /// What for.
        needle: String,
    },
    /// One of these constants; total.
    In {
        /// What is looked for.
        value: NodeId,
        /// The constants; of the value's kind.
        list: Vec<Constant>,
        /// Case aside.
        is_fold: bool,
        /// Whether it must be none of them.
        is_negated: bool,
    },
    /// A property of a dynamic.
    Property {
        /// Of what.
        base: NodeId,
        /// Which.
        name: String,
    },
    /// An element of a dynamic; negative counts from the end.
    Element {
        /// Of what.
        base: NodeId,
        /// Which.
        index: i64,
    },
    /// An element or property of a dynamic, by a whole number or text that is no constant.
    Index {
        /// Of what.
        base: NodeId,
        /// Which.
        index: NodeId,
    },
    /// The operand as the node's kind: what `tostring`, `tolong`, … do.
    Convert(NodeId),
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Constant {
    /// Null, of any kind but string.
    Null,
    /// Truth.
    Bool(bool),
    /// int, long, datetime (ticks), timespan.
    Long(i64),
    /// real.
    Real(f64),
    /// string, guid, dynamic (JSON).
    Text(String),
}

/// Reals by their bits: 0.0 and -0.0 are equal, but not the same constant.
impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Null => {}
            Self::Bool(truth) => truth.hash(state),
            Self::Long(long) => long.hash(state),
            Self::Real(real) => real.to_bits().hash(state),
            Self::Text(text) => text.hash(state),
        }
    }
}

/// Operators over two values of one kind (or of kinds that the binder allows).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Binary {
    /// Total equality.
    Equal,
    /// Total inequality.
    NotEqual,
    /// Equality of texts, case aside.
    EqualFold,
    /// Its negation.
    NotEqualFold,
    /// Less, null in null out.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
    /// Sum.
    Add,
    /// Difference.
    Subtract,
    /// Product.
    Multiply,
    /// Quotient; whole numbers truncate, division by zero is null.
    Divide,
    /// Never negative.
    Modulo,
}

/// How a text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Matcher {
    /// What must be where.
    pub how: How,
    /// Case aside.
    pub is_fold: bool,
}

/// What must be where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum How {
    /// Anywhere.
    Contains,
    /// As a whole term.
    Has,
    /// At the start of a term.
    HasPrefix,
    /// At the end of a term.
    HasSuffix,
    /// At the start.
    StartsWith,
    /// At the end.
    EndsWith,
    /// All of it.
    Equals,
    /// A regular expression matches somewhere.
    Regex,
}

/// One key of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderKey {
    /// The key's type; any but dynamic.
    pub kind: Kind,
    /// Smallest first.
    pub is_ascending: bool,
    /// Nulls (and NaN) before all else.
    pub nulls_first: bool,
}

/// A column of the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// One sentence about it; empty when none is known.
    pub about: String,
    /// 1 for the first to show, larger for later ones, 0 for no opinion.
    pub rank: u32,
}

impl Plan {
    /// Whether it only finds out which columns the rest of the query has; see [`crate::compile_with`].
    #[must_use]
    pub fn asks_shape(&self) -> bool {
        let last = self.made.as_ref().and_then(|made| made.steps.last());
        last.is_some_and(|step| step.gives == crate::relation::Gives::Shape)
    }
}

impl Plan {
    /// How many `where`s it has.
    #[must_use]
    pub fn where_count(&self) -> usize {
        self.selections.len().saturating_sub(1)
    }
}

impl Source {
    /// The node of that place.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(usize::try_from(id.0).unwrap_or(usize::MAX))
    }
}
