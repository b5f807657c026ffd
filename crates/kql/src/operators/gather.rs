//! Rows that come from elsewhere: the end of an exchange, on the coordinator or on a shard.

use super::{Operator, Pulled, Refusal, Run, Setup, order::BlockOrder, sort::SortKey};
use crate::frame::{BATCH_ROWS, Frame, Place};
use chartroom_base::sort;
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::VecDeque};

/// The rows that all shards give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gather {
    /// In which order it gives them.
    pub order: Order,
    /// Whether the rows bear their places on.
    pub keeps_places: bool,
}

/// An order of rows that come from several shards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// As they come.
    #[default]
    Any,
    /// Of their places.
    Places,
    /// That of these keys, then of their places, in which each stream stands already. Only what waits for the slowest stream is held.
    Streams {
        /// The keys.
        keys: Vec<SortKey>,
        /// How many streams there are, one per shard.
        count: usize,
    },
}

impl Gather {
    /// How many streams it tells apart.
    pub(crate) fn streams(&self) -> usize {
        if let Order::Streams { count, .. } = self.order { count } else { 1 }
    }
}

impl Operator for Gather {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        let kinds = setup.output_kinds();
        let keeps_places = self.keeps_places;
        match &self.order {
            Order::Streams { keys, count } => {
                let streams = (0..*count).map(|_| Stream::default()).collect();
                Box::new(Merging { keys: keys.clone(), kinds, streams, keeps_places })
            }
            order => Box::new(Gathering {
                is_ordered: *order == Order::Places,
                keeps_places,
                kinds,
                ..Gathering::default()
            }),
        }
    }
}

#[derive(Default)]
struct Gathering {
    is_ordered: bool,
    keeps_places: bool,
    kinds: Vec<Kind>,
    frames: Vec<Frame>,
    /// Per row its frame and its number there.
    order: BlockOrder<(u32, u32)>,
    is_ended: bool,
}

impl Run for Gathering {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        if self.is_ordered {
            let number = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
            let rows = 0..u32::try_from(frame.rows()).unwrap_or(u32::MAX);
            self.order.extend(rows.map(|row| (number, row)));
        }
        self.frames.push(frame);
        Ok(())
    }

    fn end(&mut self, _: usize) {
        self.is_ended = true;
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
        // Places differ, so that the order does not depend on which shard was first.
        let frames = &self.frames;
        let place = |(frame, row): (u32, u32)| {
            frames.get(frame as usize).map_or_else(Place::default, |frame| frame.place(0, row as usize))
        };
        if !self.order.sort_some(place) {
            return Ok(Pulled::Working);
        }
        let rows = self.order.next(place);
        if rows.is_empty() {
            return Ok(Pulled::Nothing);
        }
        let frame = Frame::collect(&self.frames, &self.kinds, &rows);
        Ok(Pulled::Frame(if self.keeps_places { frame } else { frame.with_places(None) }))
    }

    fn memory(&self) -> usize {
        self.frames.iter().map(Frame::memory).sum::<usize>() + self.order.memory()
    }
}

/// Streams that are in order, on their way to be one.
struct Merging {
    keys: Vec<SortKey>,
    kinds: Vec<Kind>,
    streams: Vec<Stream>,
    keeps_places: bool,
}

#[derive(Default)]
struct Stream {
    frames: VecDeque<Frame>,
    /// The next row of the first frame.
    next: usize,
    has_ended: bool,
}

impl Merging {
    /// How the next rows of two streams stand.
    fn compare(&self, left: usize, right: usize) -> Ordering {
        let head = |at: usize| {
            let stream = self.streams.get(at)?;
            Some((stream.frames.front()?, stream.next))
        };
        let (Some((left, left_row)), Some((right, right_row))) = (head(left), head(right)) else {
            return Ordering::Equal;
        };
        for key in &self.keys {
            let columns = (left.columns().get(key.column), right.columns().get(key.column));
            let (Some(of_left), Some(of_right)) = columns else { continue };
            let order = key.compare(&of_left.get(left_row), &of_right.get(right_row));
            if order.is_ne() {
                return order;
            }
        }
        left.place(0, left_row).cmp(&right.place(0, right_row))
    }
}

impl Run for Merging {
    fn push(&mut self, input: usize, frame: Frame) -> Result<(), Refusal> {
        if let Some(stream) = self.streams.get_mut(input).filter(|_| frame.rows() > 0) {
            stream.frames.push_back(frame);
        }
        Ok(())
    }

    fn end(&mut self, input: usize) {
        if let Some(stream) = self.streams.get_mut(input) {
            stream.has_ended = true;
        }
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if self.streams.iter().any(|stream| stream.frames.is_empty() && !stream.has_ended) {
            return Ok(Pulled::Nothing);
        }
        let mut heads: Vec<usize> = (0..self.streams.len())
            .filter(|at| !self.streams.get(*at).is_none_or(|of| of.frames.is_empty()))
            .collect();
        // The last is the first to come.
        sort::sort_by(&mut heads, |left, right| self.compare(*right, *left));
        let mut rows: Vec<(u32, u32)> = Vec::new();
        // Until one frame is through: what comes behind it may come first.
        while let Some(first) = heads.pop().filter(|_| rows.len() < BATCH_ROWS) {
            let Some(stream) = self.streams.get_mut(first) else { break };
            let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            rows.push((number(first), number(stream.next)));
            stream.next += 1;
            if stream.frames.front().is_none_or(|frame| stream.next >= frame.rows()) {
                break;
            }
            let at = heads.partition_point(|other| self.compare(*other, first).is_gt());
            heads.insert(at, first);
        }
        if rows.is_empty() {
            return Ok(Pulled::Nothing);
        }
        let fronts: Vec<Frame> =
            self.streams.iter().map(|stream| stream.frames.front().cloned().unwrap_or_default()).collect();
        let frame = Frame::collect(&fronts, &self.kinds, &rows);
        for stream in &mut self.streams {
            if stream.frames.front().is_some_and(|frame| stream.next >= frame.rows()) {
                stream.frames.pop_front();
                stream.next = 0;
            }
        }
        Ok(Pulled::Frame(if self.keeps_places { frame } else { frame.with_places(None) }))
    }

    fn waiting(&self, input: usize) -> usize {
        self.streams.get(input).map_or(0, |stream| stream.frames.len())
    }

    fn memory(&self) -> usize {
        self.streams.iter().flat_map(|stream| &stream.frames).map(Frame::memory).sum()
    }
}
