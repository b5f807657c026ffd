//! `sort`, `top`: rows in the order of keys, ties in the order in which they came.
//!
//! Each batch is sorted when it comes; at the end the sorted batches are merged, a batch at a time.

use super::{Operator, Pulled, Refusal, Run, Setup, Site, flags, set};
use crate::{
    compare,
    frame::{BATCH_ROWS, Frame, Place},
    relation::Column,
    value::Value,
};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BinaryHeap};

/// The rows in the order of the keys, or the first of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// What decides; the first first.
    pub keys: Vec<SortKey>,
    /// Only so many first rows.
    pub limit: Option<u64>,
}

/// A key of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortKey {
    /// Which column.
    pub column: usize,
    /// Smallest first.
    pub is_ascending: bool,
    /// Nulls (and NaN) before all else.
    pub nulls_first: bool,
}

impl SortKey {
    /// How two values stand.
    pub(crate) fn compare(&self, left: &Value<'_>, right: &Value<'_>) -> Ordering {
        let is_none =
            |value: &Value<'_>| value.is_null() || matches!(value, Value::Real(real) if real.is_nan());
        match (is_none(left), is_none(right)) {
            (true, true) => Ordering::Equal,
            (true, false) => if self.nulls_first { Ordering::Less } else { Ordering::Greater },
            (false, true) => if self.nulls_first { Ordering::Greater } else { Ordering::Less },
            (false, false) => {
                let order = compare::order(left, right).unwrap_or(Ordering::Equal);
                if self.is_ascending { order } else { order.reverse() }
            }
        }
    }
}

impl Operator for Sort {
    fn needs(&self, needed: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let columns = inputs.first().copied().unwrap_or(0);
        vec![flags(columns, set(needed).chain(self.keys.iter().map(|key| key.column)))]
    }

    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Sorting {
            sort: self.clone(),
            kinds: setup.output_kinds(),
            runs: Vec::new(),
            before: 0,
            heap: BinaryHeap::new(),
            is_ended: false,
            given: 0,
        })
    }

    fn site(&self, setup: &Setup<'_>) -> Site {
        if self.limit.is_none() {
            return Site::Sorted(self.keys.clone());
        }
        let columns: Vec<Column> = setup.output.to_vec();
        let body = || Box::new(super::Body::Sort(self.clone()));
        Site::Split { first: body(), columns, second: body(), is_ordered: true }
    }
}

struct Sorting {
    sort: Sort,
    kinds: Vec<Kind>,
    /// Sorted batches.
    runs: Vec<SortedRun>,
    /// Rows that came in.
    before: u64,
    /// Runs with rows left: that whose next row comes first on top.
    heap: BinaryHeap<Head>,
    is_ended: bool,
    given: u64,
}

struct SortedRun {
    frame: Frame,
    places: Vec<Place>,
    next: usize,
}

/// The next row of a run: its keys, and where it stood.
struct Head {
    values: Vec<Value<'static>>,
    keys: std::rc::Rc<[SortKey]>,
    place: Place,
    run: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        let values = self.values.iter().zip(&other.values).zip(self.keys.iter());
        let keys = values.map(|((left, right), key)| key.compare(left, right));
        let order = keys.fold(Ordering::Equal, Ordering::then).then_with(|| self.place.cmp(&other.place));
        // A heap has its greatest on top.
        order.reverse()
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

impl Sorting {
    fn limit(&self) -> usize {
        usize::try_from(self.sort.limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX)
    }

    fn head(&self, run: usize) -> Option<Head> {
        let sorted = self.runs.get(run)?;
        let place = *sorted.places.get(sorted.next)?;
        let value = |key: &SortKey| sorted.frame.column(key.column).get(sorted.next).into_owned();
        Some(Head {
            values: self.sort.keys.iter().map(value).collect(),
            keys: self.sort.keys.as_slice().into(),
            place,
            run,
        })
    }

    /// The next rows of all runs in order, at most `most` of them.
    fn merge(&mut self, most: usize) -> Frame {
        let mut rows: Vec<(u32, u32)> = Vec::new();
        while rows.len() < most
            && let Some(head) = self.heap.pop()
        {
            if let Some(run) = self.runs.get_mut(head.run) {
                let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                rows.push((number(head.run), number(run.next)));
                run.next += 1;
            }
            let next = self.head(head.run);
            self.heap.extend(next);
        }
        let frames: Vec<Frame> = self.runs.iter().map(|run| run.frame.clone()).collect();
        Frame::collect(&frames, &self.kinds, &rows)
    }
}

impl Run for Sorting {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let columns: Vec<_> = self.sort.keys.iter().map(|key| frame.column(key.column)).collect();
        let places: Vec<Place> = (0..frame.rows()).map(|row| frame.place(self.before, row)).collect();
        let mut order: Vec<u32> = (0..u32::try_from(frame.rows()).unwrap_or(u32::MAX)).collect();
        let place = |row: u32| places.get(row as usize).copied().unwrap_or_default();
        order.sort_by(|left, right| {
            let keys = self.sort.keys.iter().zip(&columns).map(|(key, column)| {
                key.compare(&column.get(*left as usize), &column.get(*right as usize))
            });
            // Lazily: most rows differ in the first key.
            keys.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| place(*left).cmp(&place(*right)))
        });
        order.truncate(self.limit());
        self.before += frame.rows() as u64;
        let places = order.iter().map(|row| place(*row)).collect();
        self.runs.push(SortedRun { frame: frame.take(&order), places, next: 0 });
        Ok(())
    }

    fn end(&mut self, _: usize) {
        self.is_ended = true;
        let heads: Vec<Head> = (0..self.runs.len()).filter_map(|run| self.head(run)).collect();
        self.heap = heads.into();
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if !self.is_ended {
            return Ok(Pulled::Nothing);
        }
        let left = self.limit().saturating_sub(usize::try_from(self.given).unwrap_or(usize::MAX));
        let frame = self.merge(left.min(BATCH_ROWS));
        self.given += frame.rows() as u64;
        Ok(if frame.rows() == 0 { Pulled::Nothing } else { Pulled::Frame(frame) })
    }

    fn memory(&self) -> usize {
        let run = |run: &SortedRun| run.frame.memory() + run.places.len() * size_of::<Place>();
        self.runs.iter().map(run).sum()
    }
}
