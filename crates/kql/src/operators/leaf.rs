//! Stored rows: the rows that a stored plan selects, in no order, each with its place.
//!
//! Run by the shards (`run/fragment.rs`): the coordinator holds no rows.

use super::{Operator, Pulled, Refusal, Run, Setup};
use crate::{frame::Frame, plan::Plan};
use serde::{Deserialize, Serialize};

/// The rows that a plan selects, with its columns; its order, `take` and `count` are not looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leaf {
    /// What is read.
    pub plan: Box<Plan>,
}

impl Operator for Leaf {
    fn begin(&self, _: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Nothing)
    }
}

/// No rows: where there are no shards there is nothing stored.
struct Nothing;

impl Run for Nothing {
    fn push(&mut self, _: usize, _: Frame) -> Result<(), Refusal> {
        Ok(())
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        Ok(Pulled::Nothing)
    }
}
