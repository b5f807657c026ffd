//! Rows that a query makes: a graph of operators, each with the columns it gives.
//!
//! **Invariant:** a relation refers only to relations before it, so that whoever goes through them in order needs no recursion; equal
//! relations are one. Expressions stand only in [`crate::operators::Body::Map`] and in the stored leaves; every other operator
//! names its inputs' columns by number. What is known only once another part of the query has run (`toscalar`, `in (T | …)`) is
//! a parameter: its step runs before, and its values are put in its place.

use crate::{
    operators::Body,
    plan::{Constant, Node, NodeId, Op, OutputColumn, Plan},
};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A place in [`Made::relations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RelationId(pub u32);

impl RelationId {
    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// The part of a plan that makes rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// All relations; each refers only to earlier ones.
    pub relations: Vec<Relation>,
    /// What runs, in order: first what gives parameters, last the result.
    pub steps: Vec<Step>,
    /// Nothing is done to be fast: no columns are left out, and shards only read ([`crate::compile_plain`]).
    pub is_plain: bool,
}

/// One run of a part of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is run.
    pub relation: RelationId,
    /// What becomes of its rows.
    pub gives: Gives,
}

/// What becomes of the rows of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gives {
    /// The first value of the first row is the parameter; null (or empty) without rows.
    Scalar,
    /// The values of the first column are the parameter.
    List,
    /// They are the answer.
    Rows,
    /// They say which columns the rest of the query has (`bag_unpack`, `pivot`): it is bound with them, and begins anew.
    Shape,
}

/// An operator with the columns it gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// What it does.
    pub body: Body,
    /// Whose rows it takes.
    pub inputs: Vec<RelationId>,
    /// What it gives.
    pub columns: Vec<Column>,
}

/// A column of a relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name, kind and what is known of it.
    pub shown: OutputColumn,
    /// Found by name only.
    pub is_hidden: bool,
    /// Straight from a table: also found by another spelling of upper and lower case.
    pub is_stored: bool,
}

impl Column {
    /// A column that a query made.
    pub(crate) fn new(name: impl Into<String>, kind: Kind) -> Self {
        let shown = OutputColumn { name: name.into(), kind, about: String::new(), rank: 0 };
        Self { shown, is_hidden: false, is_stored: false }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.shown.kind
    }
}

/// The kinds of these columns.
pub(crate) fn kinds(columns: &[Column]) -> Vec<Kind> {
    columns.iter().map(Column::kind).collect()
}

impl Made {
    pub(crate) fn relation(&self, id: RelationId) -> Option<&Relation> {
        self.relations.get(id.index())
    }

    /// The relation of this body, a new one or the equal one that is there.
    pub(crate) fn add(&mut self, relation: Relation) -> RelationId {
        let known = self.relations.iter().position(|known| *known == relation);
        let at = known.unwrap_or_else(|| {
            self.relations.push(relation);
            self.relations.len() - 1
        });
        RelationId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// Leaves columns empty that nobody looks at, so that they are not read, worked out or sent. Their places stay.
    pub(crate) fn prune(&mut self) {
        if self.is_plain {
            return;
        }
        let mut needed: Vec<Vec<bool>> =
            self.relations.iter().map(|relation| vec![false; relation.columns.len()]).collect();
        for step in &self.steps {
            if let Some(needed) = needed.get_mut(step.relation.index()) {
                needed.fill(true);
            }
        }
        for at in (0..self.relations.len()).rev() {
            let (Some(relation), Some(own)) = (self.relations.get(at), needed.get(at)) else { continue };
            let widths: Vec<usize> = relation
                .inputs
                .iter()
                .map(|input| self.relation(*input).map_or(0, |input| input.columns.len()))
                .collect();
            let needs = relation.body.operator().needs(own, &widths);
            let inputs = relation.inputs.clone();
            for (input, needs) in inputs.into_iter().zip(needs) {
                for (flag, need) in needed.get_mut(input.index()).into_iter().flatten().zip(needs) {
                    *flag |= need;
                }
            }
        }
        for (relation, needed) in self.relations.iter_mut().zip(&needed) {
            match &mut relation.body {
                Body::Leaf(leaf) => {
                    for source in &mut leaf.plan.sources {
                        empty(&mut source.nodes, &mut source.columns, needed);
                    }
                }
                Body::Map(map) => empty(&mut map.nodes, &mut map.columns, needed),
                _ => {}
            }
        }
    }

    /// The same with the values of parameter `number` in their place.
    pub fn settle(&mut self, number: u32, values: &[Constant]) {
        for relation in &mut self.relations {
            match &mut relation.body {
                Body::Leaf(leaf) => leaf.plan.settle(number, values),
                Body::Map(map) => {
                    settle(&mut map.nodes, number, values);
                }
                Body::Scan(scan) => {
                    settle(&mut scan.nodes, number, values);
                }
                _ => {}
            }
        }
    }
}

impl Plan {
    fn settle(&mut self, number: u32, values: &[Constant]) {
        let mut is_changed = false;
        for source in &mut self.sources {
            is_changed |= settle(&mut source.nodes, number, values);
        }
        if is_changed {
            // Selections are kept under their text: with other values it is another selection.
            self.selections.iter_mut().for_each(|text| text.push_str(&format!("{number} is {values:?}\n")));
        }
    }
}

/// Puts values in the place of a parameter; whether it occurred.
fn settle(nodes: &mut Arc<[Node]>, number: u32, values: &[Constant]) -> bool {
    let mut is_changed = false;
    for node in Arc::make_mut(nodes) {
        let op = match &node.op {
            Op::Parameter(parameter) if *parameter == number => {
                Op::Constant(values.first().cloned().unwrap_or(Constant::Null))
            }
            Op::InParameter { value, parameter, is_fold, is_negated } if *parameter == number => {
                Op::In { value: *value, list: values.to_vec(), is_fold: *is_fold, is_negated: *is_negated }
            }
            _ => continue,
        };
        node.op = op;
        is_changed = true;
    }
    is_changed
}

/// Puts null (or the empty text) in the place of columns that are not needed.
fn empty(nodes: &mut Arc<[Node]>, columns: &mut [NodeId], needed: &[bool]) {
    if needed.iter().all(|needed| *needed) {
        return;
    }
    let mut all = nodes.to_vec();
    for (column, _) in columns.iter_mut().zip(needed).filter(|(_, needed)| !**needed) {
        let Some(kind) = nodes.get(crate::program::index(*column)).map(|node| node.kind) else { continue };
        let constant = if kind == Kind::String { Constant::Text(String::new()) } else { Constant::Null };
        if let Ok(id) = u32::try_from(all.len()) {
            all.push(Node { kind, op: Op::Constant(constant) });
            *column = NodeId(id);
        }
    }
    *nodes = all.into();
}
