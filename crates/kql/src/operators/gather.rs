//! Rows that come from shards: the coordinator's end of an exchange.

use super::{Operator, Pulled, Refusal, Run, Setup};
use crate::frame::{BATCH_ROWS, Frame, Place};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};

/// The rows that all shards give for one fragment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gather {
    /// Whether they must come in the order of their places; else in any.
    pub is_ordered: bool,
}

impl Operator for Gather {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let kinds = setup.output_kinds();
        Box::new(Gathering { is_ordered: self.is_ordered, kinds, ..Gathering::default() })
    }
}

#[derive(Default)]
struct Gathering {
    is_ordered: bool,
    kinds: Vec<Kind>,
    frames: Vec<Frame>,
    /// Per row its place, its frame and its number there; filled at the end.
    order: Vec<(Place, u32, u32)>,
    next: usize,
    is_ended: bool,
}

impl Run for Gathering {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        if self.is_ordered {
            let number = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
            let rows = 0..u32::try_from(frame.rows()).unwrap_or(u32::MAX);
            self.order.extend(rows.map(|row| (frame.place(0, row as usize), number, row)));
        }
        self.frames.push(frame);
        Ok(())
    }

    fn end(&mut self, _: usize) {
        self.is_ended = true;
        // Places differ, so that the order does not depend on which shard was first.
        // Of one shard they often come in order, or turned over: the stable sort finds such runs.
        self.order.sort();
        if !self.is_ordered {
            self.frames.reverse();
        }
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if !self.is_ordered {
            return Ok(self.frames.pop().map_or(Pulled::Nothing, Pulled::Frame));
        }
        if !self.is_ended {
            return Ok(Pulled::Nothing);
        }
        let rows = self.order.get(self.next..self.order.len().min(self.next + BATCH_ROWS)).unwrap_or_default();
        if rows.is_empty() {
            return Ok(Pulled::Nothing);
        }
        self.next += rows.len();
        let rows: Vec<(u32, u32)> = rows.iter().map(|(_, frame, row)| (*frame, *row)).collect();
        let frame = Frame::collect(&self.frames, &self.kinds, &rows);
        Ok(Pulled::Frame(frame.with_places(None)))
    }

    fn memory(&self) -> usize {
        self.frames.iter().map(Frame::memory).sum::<usize>() + self.order.len() * size_of::<(Place, u32, u32)>()
    }
}
