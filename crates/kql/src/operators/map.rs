//! `where`, `extend`, `project` and all that only looks at one row: filters, then columns.

use super::{Operator, Pulled, Ready, Refusal, Run, Setup, Site, flags, set};
use crate::{
    evaluate::{Known, evaluate, truths},
    frame::{BATCH_ROWS, Frame},
    plan::{Node, NodeId, Op},
    program::{Program, index},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The rows in which all filters hold, with columns worked out anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// All expressions over the input's columns; a node refers only to earlier ones.
    pub nodes: Arc<[Node]>,
    /// What must hold.
    pub filters: Vec<NodeId>,
    /// The columns.
    pub columns: Vec<NodeId>,
}

impl Operator for Map {
    fn needs(&self, needed: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let columns = inputs.first().copied().unwrap_or(0);
        let roots = set(needed).filter_map(|at| self.columns.get(at)).chain(&self.filters);
        let mut is_needed = flags(self.nodes.len(), roots.map(|id| index(*id)));
        let mut wanted = Vec::new();
        // A node refers only to earlier ones.
        for at in (0..self.nodes.len()).rev() {
            let Some(node) = self.nodes.get(at).filter(|_| is_needed.get(at) == Some(&true)) else { continue };
            if let Op::Input(input) = node.op {
                wanted.extend(usize::try_from(input).ok());
            }
            for operand in node.op.operands() {
                if let Some(flag) = is_needed.get_mut(index(operand)) {
                    *flag = true;
                }
            }
        }
        vec![flags(columns, wanted)]
    }

    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let is_given = |node: &Node| matches!(node.op, Op::Input(_) | Op::Constant(_));
        Box::new(Mapping {
            is_cheap: self.nodes.iter().all(is_given),
            program: Program::of_nodes(Arc::clone(&self.nodes), setup.now),
            filters: self.filters.iter().map(|id| index(*id)).collect(),
            columns: self.columns.iter().map(|id| index(*id)).collect(),
            known: Known::default(),
            ready: Ready::default(),
        })
    }

    fn site(&self, _: &Setup<'_>) -> Site {
        Site::Shard
    }
}

struct Mapping {
    program: Program,
    filters: Vec<usize>,
    columns: Vec<usize>,
    known: Known,
    ready: Ready,
    /// Nothing is worked out, columns only change their places.
    is_cheap: bool,
}

impl Run for Mapping {
    fn push(&mut self, _: usize, mut frame: Frame) -> Result<(), Refusal> {
        for filter in &self.filters {
            if frame.rows() == 0 {
                return Ok(());
            }
            let holds = evaluate(&self.program, &frame, &[*filter], &mut self.known);
            if let Some(holds) = holds.first() {
                frame = frame.filter(&truths(holds, frame.rows()));
            }
        }
        let columns = evaluate(&self.program, &frame, &self.columns, &mut self.known);
        self.ready.push(frame.with_columns(columns));
        Ok(())
    }

    fn most_rows(&self) -> usize {
        if self.is_cheap { BATCH_ROWS } else { BATCH_ROWS / 4 }
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        Ok(self.ready.pull())
    }

    fn memory(&self) -> usize {
        self.ready.memory()
    }
}
