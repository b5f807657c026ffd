//! `where`, `extend`, `project` and all that only looks at one row: filters, then columns.

use super::{Operator, Pulled, Ready, Refusal, Run, Setup, Site};
use crate::{
    evaluate::{evaluate, truths},
    frame::Frame,
    plan::{Node, NodeId},
    program::{Program, index},
};
use serde::{Deserialize, Serialize};

/// The rows in which all filters hold, with columns worked out anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// All expressions over the input's columns; a node refers only to earlier ones.
    pub nodes: Vec<Node>,
    /// What must hold.
    pub filters: Vec<NodeId>,
    /// The columns.
    pub columns: Vec<NodeId>,
}

impl Operator for Map {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Mapping {
            program: Program::of_nodes(&self.nodes, setup.now),
            filters: self.filters.iter().map(|id| index(*id)).collect(),
            columns: self.columns.iter().map(|id| index(*id)).collect(),
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
    ready: Ready,
}

impl Run for Mapping {
    fn push(&mut self, _: usize, mut frame: Frame) -> Result<(), Refusal> {
        for filter in &self.filters {
            if frame.rows() == 0 {
                return Ok(());
            }
            let holds = evaluate(&self.program, &frame, &[*filter]);
            if let Some(holds) = holds.first() {
                frame = frame.filter(&truths(holds, frame.rows()));
            }
        }
        let columns = evaluate(&self.program, &frame, &self.columns);
        self.ready.push(frame.with_columns(columns));
        Ok(())
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        Ok(self.ready.pull())
    }

    fn memory(&self) -> usize {
        self.ready.memory()
    }
}
