//! `count`: how many rows there are.

use super::{Operator, Pulled, Refusal, Run, Setup, Site, flags};
use crate::{
    frame::{Frame, Vector},
    relation::Column,
    value::Value,
};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// How many rows there are, in one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Whether the rows are counts themselves, to be summed up.
    pub is_sum: bool,
}

impl Operator for Count {
    fn needs(&self, _: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let own = self.is_sum.then_some(0);
        inputs.iter().map(|columns| flags(*columns, own)).collect()
    }

    fn begin(&self, _: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Counting { is_sum: self.is_sum, count: 0, is_ended: false, is_given: false })
    }

    fn site(&self, _: &Setup<'_>) -> Site {
        Site::Split {
            first: Box::new(super::Body::Count(Self { is_sum: false })),
            columns: vec![Column::new("Count", Kind::Long)],
            second: Box::new(super::Body::Count(Self { is_sum: true })),
            is_ordered: false,
        }
    }
}

struct Counting {
    is_sum: bool,
    count: i64,
    is_ended: bool,
    is_given: bool,
}

impl Run for Counting {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let more = if self.is_sum {
            let counts = frame.column(0);
            (0..frame.rows()).filter_map(|row| counts.get(row).long()).fold(0, i64::saturating_add)
        } else {
            i64::try_from(frame.rows()).unwrap_or(i64::MAX)
        };
        self.count = self.count.saturating_add(more);
        Ok(())
    }

    fn end(&mut self, _: usize) {
        self.is_ended = true;
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if !self.is_ended || self.is_given {
            return Ok(Pulled::Nothing);
        }
        self.is_given = true;
        Ok(Pulled::Frame(Frame::new(1, vec![Rc::new(Vector::Same(Value::Long(self.count), 1))])))
    }
}
