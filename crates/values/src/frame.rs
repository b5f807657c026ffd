//! Batches of made rows: typed columns, at most [`BATCH_ROWS`] rows.
//!
//! **Invariant:** all columns have the frame's number of rows. Columns are shared: to project, to repeat a constant or to hand a
//! frame to two consumers copies nothing. The order of the rows, within a frame and from frame to frame, means something: it is the
//! order in which an operator gave them. Rows that come from shards bear a [`Place`] besides, by which the coordinator puts
//! them in one order that does not depend on the number of shards.

mod encode;
mod places;
mod vector;

pub use places::{ChosenPlaces, Places, StoredPlaces};
pub use vector::{Builder, Texts, Vector};

use crate::value::Value;
use chartroom_schema::kind::Kind;
use chartroom_store::{Bitmap, CHUNK_ROWS};
use std::{ops::Range, rc::Rc};

/// The most rows that a frame holds, and that is worked on between two looks at the fuel.
pub const BATCH_ROWS: usize = CHUNK_ROWS;

/// Where a row stands in the order that KQL leaves open: a table's default order for stored rows, else that of the source.
///
/// Compares as the order wants: newest first, rows without a time last, ties by identity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Bits of the time turned over, so that the newest is the least; 0 for none.
    pub time: i64,
    /// Who the row is; ties of aggregates and sorts fall to it.
    pub key: u128,
    /// Number among the rows made of one row (`mv-expand`, `join`).
    pub part: u64,
}

impl Place {
    /// Of row `number` in a stream of made rows.
    pub const fn of_made(number: u64) -> Self {
        Self { time: 0, key: number as u128, part: 0 }
    }

    /// Of a stored row: its time in ticks, the rank of its file, its offset and its number.
    pub fn of_stored(ticks: Option<i64>, rank: u32, offset: u64, number: u32) -> Self {
        let key = (u128::from(rank) << 96) | (u128::from(offset) << 32) | u128::from(number);
        Self { time: ticks.map_or(0, |ticks| !ticks.max(0)), key, part: 0 }
    }

    /// Behind all places that are not, and among themselves in their order.
    pub const fn behind(self) -> Self {
        // Times are below zero, and ticks end before 2^62.
        // Nor is it taken for a pair of the same row by who looks at the key alone.
        Self { time: self.time.saturating_add(1 << 62), key: self.key | 1 << 127, ..self }
    }
}

/// A batch of rows.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    rows: usize,
    columns: Vec<Rc<Vector>>,
    places: Option<Rc<Places>>,
}

impl Frame {
    /// Of columns that all have `rows` rows.
    pub fn new(rows: usize, columns: Vec<Rc<Vector>>) -> Self {
        debug_assert!(columns.iter().all(|column| column.len() == rows), "a column of another length");
        Self { rows, columns, places: None }
    }

    /// The same rows with their places.
    pub fn with_places(mut self, places: Option<Rc<Places>>) -> Self {
        self.places = places.filter(|places| places.len() == self.rows);
        self
    }

    /// How many rows.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Rc<Vector>] {
        &self.columns
    }

    /// Column number `at`; nulls when there is none.
    pub fn column(&self, at: usize) -> Rc<Vector> {
        let column = self.columns.get(at).cloned();
        column.unwrap_or_else(|| Rc::new(Vector::Same(Value::Null, self.rows)))
    }

    /// Where the rows stand; `None` for rows whose order is the stream's.
    pub const fn places(&self) -> Option<&Rc<Places>> {
        self.places.as_ref()
    }

    /// The place of row `row`, the `before + row`-th of its stream.
    pub fn place(&self, before: u64, row: usize) -> Place {
        let own = self.places.as_ref().and_then(|places| places.get(row));
        own.unwrap_or_else(|| Place::of_made(before.saturating_add(row as u64)))
    }

    /// Other columns for the same rows.
    pub fn with_columns(&self, columns: Vec<Rc<Vector>>) -> Self {
        Self::new(self.rows, columns).with_places(self.places.clone())
    }

    /// The rows of these numbers, in that order; a row may come twice.
    pub fn take(&self, rows: &[u32]) -> Self {
        let columns = self.columns.iter().map(|column| Rc::new(column.take(rows))).collect();
        let places = self.places.as_ref().map(|places| Rc::new(places.take(rows)));
        Self { rows: rows.len(), columns, places }
    }

    /// The rows whose bit is set.
    pub fn filter(&self, rows: &Bitmap) -> Self {
        if rows.all() && rows.len() == self.rows {
            return self.clone();
        }
        let rows: Vec<u32> = rows.iter().filter_map(|row| u32::try_from(row).ok()).collect();
        self.take(&rows)
    }

    /// The rows of this range.
    pub fn slice(&self, range: Range<usize>) -> Self {
        if range == (0..self.rows) {
            return self.clone();
        }
        let clamp = |row: usize| u32::try_from(row.min(self.rows)).unwrap_or(u32::MAX);
        let rows: Vec<u32> = (clamp(range.start)..clamp(range.end)).collect();
        self.take(&rows)
    }

    /// Rows of several frames with columns of these kinds: frame and number of each.
    pub fn collect(frames: &[Self], kinds: &[Kind], rows: &[(u32, u32)]) -> Self {
        let column = |(at, kind): (usize, &Kind)| {
            let columns: Vec<Option<&Vector>> =
                frames.iter().map(|frame| frame.columns.get(at).map(Rc::as_ref)).collect();
            Rc::new(Vector::collect(*kind, &columns, rows.iter().map(|row| Some(*row))))
        };
        let columns = kinds.iter().enumerate().map(column).collect();
        let place =
            |(frame, row): &(u32, u32)| frames.get(*frame as usize)?.places.as_ref()?.get(*row as usize);
        let places: Option<Vec<Place>> = rows.iter().map(place).collect();
        Self::new(rows.len(), columns).with_places(places.map(|places| Rc::new(Places::Each(places))))
    }

    /// Bytes it holds, shared ones included.
    pub fn memory(&self) -> usize {
        let places = self.places.as_ref().map_or(0, |places| places.memory());
        self.columns.iter().map(|column| column.memory()).sum::<usize>() + places
    }
}
