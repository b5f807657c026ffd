//! The expressions of one home table: equal ones are one node, constant ones are worked out at once.

use crate::{
    plan::{Constant, Node, NodeId, Op},
    program::{Action, Instruction, index},
    value::Value,
};
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;
use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

/// The greatest height of a node: whoever runs them may recurse.
const MAX_HEIGHT: u16 = 200;

/// A growing list of nodes.
pub(crate) struct Nodes {
    list: Vec<Node>,
    ready: Vec<Instruction>,
    heights: Vec<u16>,
    /// Nodes by their hash; of several with the same, the last.
    known: BTreeMap<u64, NodeId>,
    now: Ticks,
}

impl Nodes {
    pub(crate) fn new(now: Ticks) -> Self {
        Self { list: Vec::new(), ready: Vec::new(), heights: Vec::new(), known: BTreeMap::new(), now }
    }

    pub(crate) fn kind(&self, id: NodeId) -> Kind {
        self.list.get(index(id)).map_or(Kind::String, |node| node.kind)
    }

    pub(crate) fn op(&self, id: NodeId) -> Option<&Op> {
        self.list.get(index(id)).map(|node| &node.op)
    }

    /// The constant of a node that is one.
    pub(crate) fn constant(&self, id: NodeId) -> Option<&Constant> {
        match self.op(id) {
            Some(Op::Constant(constant)) => Some(constant),
            _ => None,
        }
    }

    pub(crate) fn add_constant(&mut self, kind: Kind, constant: Constant) -> NodeId {
        let constant = match constant {
            Constant::Null if kind == Kind::String => Constant::Text(String::new()),
            other => other,
        };
        self.push(Node { kind, op: Op::Constant(constant) }, 1).unwrap_or(NodeId(0))
    }

    /// The node of this expression; a new one, the one it already is, or the constant it comes to.
    pub(crate) fn add(&mut self, kind: Kind, op: Op) -> Result<NodeId, String> {
        let operands = op.operands();
        let height = operands
            .iter()
            .filter_map(|id| self.heights.get(index(*id)))
            .max()
            .map_or(1, |height| height + 1);
        if height > MAX_HEIGHT {
            return Err(format!("More than {MAX_HEIGHT} expressions built upon one another"));
        }
        let is_run_time = matches!(op, Op::InParameter { .. });
        let is_constant =
            !is_run_time && !operands.is_empty() && operands.iter().all(|id| self.constant(*id).is_some());
        let takes_nothing = matches!(&op, Op::Call { arguments, .. } if arguments.is_empty());
        if is_constant || takes_nothing {
            let values: Vec<Value<'_>> =
                operands.iter().filter_map(|id| self.constant(*id)).map(Value::from).collect();
            let instruction = Instruction::new(&Node { kind, op }, &self.ready, self.now)?;
            let constant = Constant::from(instruction.apply(&values));
            return Ok(self.add_constant(kind, constant));
        }
        self.push(Node { kind, op }, height)
    }

    fn push(&mut self, node: Node, height: u16) -> Result<NodeId, String> {
        let mut hasher = DefaultHasher::new();
        node.hash(&mut hasher);
        let key = hasher.finish();
        let known = self.known.get(&key).copied();
        if let Some(id) = known.filter(|id| self.list.get(index(*id)) == Some(&node)) {
            return Ok(id);
        }
        let instruction = Instruction::new(&node, &self.ready, self.now)?;
        let id = NodeId(u32::try_from(self.list.len()).map_err(|error| error.to_string())?);
        self.ready.push(instruction);
        self.list.push(node);
        self.heights.push(height);
        self.known.insert(key, id);
        Ok(id)
    }

    /// The nodes that these need, renumbered in the order in which they are needed, and where each of these came to lie.
    pub(crate) fn extract(&self, roots: &[NodeId]) -> (Vec<Node>, BTreeMap<NodeId, NodeId>) {
        let mut places: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        let mut extracted = Vec::new();
        for root in roots {
            // Depth first without recursion: a node is taken when all it needs is.
            let mut waiting = vec![*root];
            while let Some(id) = waiting.last().copied() {
                let Some(node) = self.list.get(index(id)) else {
                    waiting.pop();
                    continue;
                };
                let missing: Vec<NodeId> = node
                    .op
                    .operands()
                    .into_iter()
                    .rev()
                    .filter(|operand| !places.contains_key(operand))
                    .collect();
                if places.contains_key(&id) {
                    waiting.pop();
                } else if missing.is_empty() {
                    waiting.pop();
                    let op =
                        node.op.with_operands(|operand| places.get(&operand).copied().unwrap_or(operand));
                    places.insert(id, NodeId(u32::try_from(extracted.len()).unwrap_or(u32::MAX)));
                    extracted.push(Node { kind: node.kind, op });
                } else {
                    waiting.extend(missing);
                }
            }
        }
        (extracted, places)
    }

    /// Whether a node is worked out from another, or is it.
    pub(crate) fn reaches(&self, from: NodeId, to: NodeId) -> bool {
        self.extract(&[from]).1.contains_key(&to)
    }

    /// Whether any value is known only once another step has run.
    pub(crate) fn has_parameter(&self) -> bool {
        self.list.iter().any(|node| matches!(node.op, Op::Parameter(_) | Op::InParameter { .. }))
    }

    /// Whether the node is a stored column as it is.
    pub(crate) fn is_column(&self, id: NodeId) -> bool {
        self.ready
            .get(index(id))
            .is_some_and(|instruction| matches!(instruction.action, Action::Column(_) | Action::Input(_)))
    }
}
