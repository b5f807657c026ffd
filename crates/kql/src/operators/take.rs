//! `take`: the first rows.

use super::{Operator, Pulled, Ready, Refusal, Run, Setup};
use crate::frame::Frame;
use serde::{Deserialize, Serialize};

/// The first so many rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Take {
    /// How many.
    pub count: u64,
}

impl Operator for Take {
    fn needs(&self, needed: &[bool], _: &[usize]) -> Vec<Vec<bool>> {
        vec![needed.to_vec()]
    }

    fn begin(&self, _: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Taking { left: self.count, ready: Ready::default() })
    }
}

struct Taking {
    left: u64,
    ready: Ready,
}

impl Run for Taking {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let rows = frame.rows().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= rows as u64;
        self.ready.push(frame.slice(0..rows));
        Ok(())
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        Ok(self.ready.pull())
    }

    fn is_sated(&self) -> bool {
        self.left == 0
    }
}
