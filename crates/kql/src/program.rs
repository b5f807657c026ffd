//! A source's expressions, made ready to run: patterns compiled, functions looked up, lists hashed.
//!
//! **Invariant:** the same code works out constants while binding, the values of one row, and whatever the vector kernels have no
//! path of their own for ([`Instruction::apply`]).

use crate::{
    compare,
    convert::convert,
    functions::{self, Call, Function},
    json,
    needle::{Needle, Pattern},
    plan::{Binary, Constant, Matcher, Node, NodeId, Op, Source},
    value::Value,
};
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;
use std::{cell::OnceCell, collections::BTreeSet, sync::Arc};

/// All expressions of one source; index = node. Made ready when they are asked first: a query over all log types has dozens of
/// sources, and most hold no row.
pub(crate) struct Program {
    pub(crate) table: String,
    nodes: Arc<[Node]>,
    now: Ticks,
    ready: OnceCell<Vec<Instruction>>,
}

/// One expression, ready to run.
pub(crate) struct Instruction {
    pub(crate) kind: Kind,
    pub(crate) operands: Vec<usize>,
    pub(crate) operand_kinds: Vec<Kind>,
    pub(crate) action: Action,
    /// The one stored column it depends on, if there is exactly one and nothing else; `None` otherwise.
    pub(crate) only_column: Option<usize>,
    /// The same where columns of a frame count like stored ones.
    pub(crate) only_leaf: Option<usize>,
    /// Whether it depends on nothing but constants.
    pub(crate) is_constant: bool,
    now: Ticks,
}

/// What an instruction does.
pub(crate) enum Action {
    Constant(Value<'static>),
    Column(String),
    Input(usize),
    FilePath,
    Offset,
    And,
    Or,
    Call { function: &'static Function, regex: Option<Pattern> },
    Binary(Binary),
    Match { needle: Needle, is_negated: bool },
    MatchAny { needle: Needle, is_negated: bool },
    In { set: Set, is_negated: bool },
    Property(String),
    Element(i64),
    Index,
    MatchNode { matcher: Matcher, is_negated: bool },
    Convert,
}

/// The constants of an `in`.
pub(crate) struct Set {
    texts: BTreeSet<String>,
    numbers: BTreeSet<i64>,
    reals: Vec<f64>,
    truths: [bool; 2],
    is_fold: bool,
}

impl Set {
    fn new(list: &[Constant], is_fold: bool) -> Self {
        let mut set = Self {
            texts: BTreeSet::new(),
            numbers: BTreeSet::new(),
            reals: Vec::new(),
            truths: [false; 2],
            is_fold,
        };
        for constant in list {
            match constant {
                Constant::Null => {}
                Constant::Bool(truth) => set.truths[usize::from(*truth)] = true,
                Constant::Long(long) => {
                    set.numbers.insert(*long);
                }
                Constant::Real(real) => set.reals.push(*real),
                Constant::Text(text) => {
                    set.texts.insert(if is_fold { crate::fold::fold_text(text) } else { text.clone() });
                }
            }
        }
        set
    }

    pub(crate) fn contains(&self, value: &Value<'_>) -> bool {
        match value {
            Value::Null => false,
            Value::Bool(truth) => self.truths[usize::from(*truth)],
            Value::Long(long) => self.numbers.contains(long),
            Value::Real(real) => self.reals.contains(real),
            Value::Text(text) if self.is_fold => self.texts.contains(&crate::fold::fold_text(text)),
            Value::Text(text) => self.texts.contains(text.as_ref()),
        }
    }
}

pub(crate) fn index(id: NodeId) -> usize {
    usize::try_from(id.0).unwrap_or(usize::MAX)
}

impl From<&Constant> for Value<'static> {
    fn from(constant: &Constant) -> Self {
        match constant {
            Constant::Null => Value::Null,
            Constant::Bool(truth) => Value::Bool(*truth),
            Constant::Long(long) => Value::Long(*long),
            Constant::Real(real) => Value::Real(*real),
            Constant::Text(text) => Value::owned(text.clone()),
        }
    }
}

impl From<Value<'_>> for Constant {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(truth),
            Value::Long(long) => Self::Long(long),
            Value::Real(real) => Self::Real(real),
            Value::Text(text) => Self::Text(text.into_owned()),
        }
    }
}

impl Instruction {
    /// Makes a node ready; `before` are the nodes before it. Fails only for patterns that are none.
    pub(crate) fn new(node: &Node, before: &[Self], now: Ticks) -> Result<Self, String> {
        Self::of(node, before, now, Pattern::new)
    }

    /// The same with this way to make patterns.
    fn of(
        node: &Node,
        before: &[Self],
        now: Ticks,
        pattern: fn(&str) -> Result<Pattern, String>,
    ) -> Result<Self, String> {
        let needle = |matcher: &Matcher, text: &str| Needle::with(*matcher, text, pattern);
        let action = match &node.op {
            Op::Constant(constant) => Action::Constant(Value::from(constant).or_none(node.kind)),
            Op::Column(name) => Action::Column(name.clone()),
            Op::Input(column) => Action::Input(usize::try_from(*column).unwrap_or(usize::MAX)),
            // A parameter is settled before anything runs; here it only keeps its place.
            Op::Parameter(_) => Action::Constant(Value::none(node.kind)),
            Op::InParameter { is_fold, is_negated, .. } => {
                Action::In { set: Set::new(&[], *is_fold), is_negated: *is_negated }
            }
            Op::Index { .. } => Action::Index,
            Op::MatchNode { matcher, is_negated, .. } => {
                Action::MatchNode { matcher: *matcher, is_negated: *is_negated }
            }
            Op::FilePath => Action::FilePath,
            Op::Offset => Action::Offset,
            Op::And(_) => Action::And,
            Op::Or(_) => Action::Or,
            Op::Call { function, arguments } => {
                let function = functions::find(function)
                    .ok_or_else(|| format!("There is no function `{function}` here"))?;
                let regex = match function
                    .regex
                    .and_then(|at| arguments.get(at))
                    .and_then(|id| before.get(index(*id)))
                {
                    Some(Self { action: Action::Constant(text), .. }) => Some(pattern(text.text())?),
                    _ => None,
                };
                Action::Call { function, regex }
            }
            Op::Binary { operator, .. } => Action::Binary(*operator),
            Op::Match { matcher, is_negated, needle: text, .. } => {
                Action::Match { needle: needle(matcher, text)?, is_negated: *is_negated }
            }
            Op::MatchAny { matcher, is_negated, needle: text } => {
                Action::MatchAny { needle: needle(matcher, text)?, is_negated: *is_negated }
            }
            Op::In { list, is_fold, is_negated, .. } => {
                Action::In { set: Set::new(list, *is_fold), is_negated: *is_negated }
            }
            Op::Property { name, .. } => Action::Property(name.clone()),
            Op::Element { index, .. } => Action::Element(*index),
            Op::Convert(_) => Action::Convert,
        };
        let operands: Vec<usize> = node.op.operands().iter().map(|id| index(*id)).collect();
        let operand_kinds =
            operands.iter().map(|at| before.get(*at).map_or(Kind::String, |node| node.kind)).collect();
        let mut instruction = Self {
            kind: node.kind,
            operands,
            operand_kinds,
            action,
            only_column: None,
            only_leaf: None,
            is_constant: false,
            now,
        };
        instruction.find_column(before);
        Ok(instruction)
    }

    /// Whether it is worked out from no other: a column, or what needs the whole row.
    pub(crate) const fn is_leaf(&self) -> bool {
        matches!(
            self.action,
            Action::Column(_)
                | Action::Input(_)
                | Action::FilePath
                | Action::Offset
                | Action::MatchAny { .. }
        )
    }

    fn find_column(&mut self, before: &[Self]) {
        let only = |own: Option<usize>, of: fn(&Self) -> Option<usize>| match self.action {
            Action::Column(_) => Some(before.len()),
            Action::Input(_) => own,
            Action::FilePath | Action::Offset | Action::MatchAny { .. } => None,
            _ => {
                let operands = || self.operands.iter().filter_map(|at| before.get(*at));
                let mut leaves = operands().filter(|operand| !operand.is_constant).map(of);
                let first = leaves.next().flatten();
                if first.is_some() && leaves.all(|leaf| leaf == first) { first } else { None }
            }
        };
        let only_column = only(None, |operand| operand.only_column);
        let only_leaf = only(Some(before.len()), |operand| operand.only_leaf);
        (self.only_column, self.only_leaf) = (only_column, only_leaf);
        self.is_constant = match self.action {
            Action::Constant(_) => true,
            _ if self.is_leaf() => false,
            _ => self.operands.iter().all(|at| before.get(*at).is_some_and(|operand| operand.is_constant)),
        };
    }

    /// Works out one value from the operands' values. Not for columns, file, offset and `MatchAny`, which need the row.
    pub(crate) fn apply<'a>(&self, operands: &[Value<'a>]) -> Value<'a> {
        let operand = |at: usize| operands.get(at).unwrap_or(&Value::Null);
        let kind = |at: usize| self.operand_kinds.get(at).copied().unwrap_or(Kind::String);
        let value = match &self.action {
            Action::Constant(value) => value.clone(),
            Action::Column(_)
            | Action::Input(_)
            | Action::FilePath
            | Action::Offset
            | Action::MatchAny { .. } => Value::Null,
            Action::And => kleene(operands, false),
            Action::Or => kleene(operands, true),
            Action::Call { function, regex } => {
                if function.is_strict && operands.iter().any(Value::is_null) {
                    return Value::none(self.kind);
                }
                (function.call)(&Call {
                    arguments: operands,
                    kinds: &self.operand_kinds,
                    kind: self.kind,
                    regex: regex.as_ref().and_then(Pattern::get),
                    now: self.now,
                })
            }
            Action::Binary(operator) => {
                compare::binary(*operator, self.kind, (operand(0), kind(0)), (operand(1), kind(1)))
            }
            Action::Match { needle, is_negated } => {
                Value::Bool(needle.matches(operand(0).text()) != *is_negated)
            }
            Action::In { set, is_negated } => Value::Bool(set.contains(operand(0)) != *is_negated),
            Action::Property(name) => dynamic_part(operand(0), |json| json::property(json, name)),
            Action::Element(index) => dynamic_part(operand(0), |json| json::element(json, *index)),
            Action::Index => match operand(1) {
                Value::Long(index) => dynamic_part(operand(0), |json| json::element(json, *index)),
                Value::Text(name) => {
                    let name = match kind(1) {
                        Kind::Dynamic => convert(operand(1).clone(), Kind::Dynamic, Kind::String),
                        _ => Value::borrowed(name),
                    };
                    match (kind(1), name.text().parse()) {
                        (Kind::Dynamic, Ok(index)) => {
                            dynamic_part(operand(0), |json| json::element(json, index))
                        }
                        _ => dynamic_part(operand(0), |json| json::property(json, name.text())),
                    }
                }
                _ => Value::Null,
            },
            // A pattern that is none matches nothing.
            Action::MatchNode { matcher, is_negated } => Value::Bool(
                Needle::new(*matcher, operand(1).text())
                    .is_ok_and(|needle| needle.matches(operand(0).text()))
                    != *is_negated,
            ),
            Action::Convert => convert(operand(0).clone(), kind(0), self.kind),
        };
        value.or_none(self.kind)
    }
}

/// `and` (`or`): `false` (`true`) wins over null.
fn kleene(operands: &[Value<'_>], winner: bool) -> Value<'static> {
    let mut has_null = false;
    for operand in operands {
        match operand.truth() {
            Some(truth) if truth == winner => return Value::Bool(winner),
            Some(_) => {}
            None => has_null = true,
        }
    }
    if has_null { Value::Null } else { Value::Bool(!winner) }
}

fn dynamic_part<'a>(value: &Value<'a>, part: impl Fn(&str) -> Option<&str>) -> Value<'a> {
    let found = match value {
        // Kept borrowed: a path of a stored text is a slice of it.
        Value::Text(std::borrow::Cow::Borrowed(text)) => part(text).map(Value::borrowed),
        Value::Text(text) => part(text).map(|found| Value::owned(found.to_owned())),
        _ => None,
    };
    found.filter(|value| value.text() != "null").unwrap_or(Value::Null)
}

impl Program {
    /// Makes a source ready to run.
    pub(crate) fn new(source: &Source, now: Ticks) -> Self {
        Self { table: source.table.clone(), ..Self::of_nodes(Arc::clone(&source.nodes), now) }
    }

    /// Makes expressions ready to run.
    pub(crate) fn of_nodes(nodes: Arc<[Node]>, now: Ticks) -> Self {
        Self { table: String::new(), nodes, now, ready: OnceCell::new() }
    }

    /// The expressions, ready; index = node.
    pub(crate) fn instructions(&self) -> &[Instruction] {
        self.ready.get_or_init(|| instructions(&self.nodes, self.now))
    }

    /// The nodes that `node` needs, itself last.
    pub(crate) fn needed(&self, node: usize) -> Vec<usize> {
        let mut is_needed = vec![false; node + 1];
        if let Some(last) = is_needed.last_mut() {
            *last = true;
        }
        for at in (0..=node).rev() {
            if is_needed.get(at) == Some(&true)
                && let Some(instruction) = self.instructions().get(at)
            {
                for operand in &instruction.operands {
                    if let Some(slot) = is_needed.get_mut(*operand) {
                        *slot = true;
                    }
                }
            }
        }
        is_needed.iter().enumerate().filter(|(_, needed)| **needed).map(|(at, _)| at).collect()
    }
}

fn instructions(nodes: &[Node], now: Ticks) -> Vec<Instruction> {
    let mut ready: Vec<Instruction> = Vec::with_capacity(nodes.len());
    for node in nodes {
        // The binder checked every pattern before it made the plan: this cannot fail for a plan that it made.
        let instruction = Instruction::of(node, &ready, now, Pattern::checked).or_else(|_| {
            Instruction::new(&Node { kind: node.kind, op: Op::Constant(Constant::Null) }, &ready, now)
        });
        ready.extend(instruction.ok());
    }
    ready
}

impl Op {
    /// The nodes it is worked out from.
    #[must_use]
    pub fn operands(&self) -> Vec<NodeId> {
        match self {
            Self::Constant(_)
            | Self::Column(_)
            | Self::Input(_)
            | Self::Parameter(_)
            | Self::FilePath
            | Self::Offset
            | Self::MatchAny { .. } => Vec::new(),
            Self::And(operands) | Self::Or(operands) | Self::Call { arguments: operands, .. } => {
                operands.clone()
            }
            Self::Binary { left, right, .. } => vec![*left, *right],
            Self::Match { value, .. } | Self::In { value, .. } | Self::InParameter { value, .. } => {
                vec![*value]
            }
            Self::MatchNode { value, needle, .. } => vec![*value, *needle],
            Self::Index { base, index } => vec![*base, *index],
            Self::Property { base, .. } | Self::Element { base, .. } => vec![*base],
            Self::Convert(operand) => vec![*operand],
        }
    }

    /// The same over other nodes.
    pub(crate) fn with_operands(&self, map: impl Fn(NodeId) -> NodeId) -> Self {
        let mut op = self.clone();
        match &mut op {
            Self::Constant(_)
            | Self::Column(_)
            | Self::Input(_)
            | Self::Parameter(_)
            | Self::FilePath
            | Self::Offset
            | Self::MatchAny { .. } => {}
            Self::And(operands) | Self::Or(operands) | Self::Call { arguments: operands, .. } => {
                operands.iter_mut().for_each(|operand| *operand = map(*operand));
            }
            Self::Binary { left, right, .. } => {
                *left = map(*left);
                *right = map(*right);
            }
            Self::Match { value, .. } | Self::In { value, .. } | Self::InParameter { value, .. } => {
                *value = map(*value);
            }
            Self::MatchNode { value, needle, .. } => {
                *value = map(*value);
                *needle = map(*needle);
            }
            Self::Index { base, index } => {
                *base = map(*base);
                *index = map(*index);
            }
            Self::Property { base, .. } | Self::Element { base, .. } | Self::Convert(base) => {
                *base = map(*base);
            }
        }
        op
    }
}
