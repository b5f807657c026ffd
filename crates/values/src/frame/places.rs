//! Where the rows of a frame stand: worked out for a row when it is asked for.
//!
//! **Invariant:** [`Places::get`] of a stored row is [`Place::of_stored`]; most operators ask for few rows or for none.

use super::{Place, Vector};
use chartroom_store::RowsAt;
use std::{ops::Range, rc::Rc};

/// The places of a frame's rows.
#[derive(Clone, Debug)]
pub enum Places {
    /// One by one.
    Each(Vec<Place>),
    /// Of rows of one chunk of a table.
    Stored(StoredPlaces),
}

/// What the places of stored rows are made of.
#[derive(Clone, Debug, Default)]
pub struct StoredPlaces {
    /// Their times, where there is such a column.
    times: Option<Rc<Vector>>,
    offsets: Vec<u64>,
    /// Numbers within their records; empty when all are 0.
    numbers: Vec<u32>,
    /// Runs of rows that rise by who they are: from which row on, and the rank of the file.
    ranks: Vec<(usize, u32)>,
}

impl StoredPlaces {
    /// Of rows of a table, their times where there is such a column, by the ranks of their files.
    pub fn new(rows: RowsAt, times: Option<Rc<Vector>>, rank: impl Fn(u32) -> u32) -> Self {
        let ranks = rows.runs.into_iter().map(|(first, file)| (first, rank(file))).collect();
        Self { times, offsets: rows.offsets, numbers: rows.numbers, ranks }
    }

    fn get(&self, row: usize) -> Option<Place> {
        let offset = *self.offsets.get(row)?;
        let run = self.ranks.partition_point(|(first, _)| *first <= row).saturating_sub(1);
        let rank = self.ranks.get(run).map_or(u32::MAX, |(_, rank)| *rank);
        let time = self.times.as_ref().and_then(|times| times.get(row).long());
        Some(Place::of_stored(time, rank, offset, self.numbers.get(row).copied().unwrap_or(0)))
    }
}

impl Places {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Each(places) => places.len(),
            Self::Stored(stored) => stored.offsets.len(),
        }
    }

    /// The place of row `row`.
    pub fn get(&self, row: usize) -> Option<Place> {
        match self {
            Self::Each(places) => places.get(row).copied(),
            Self::Stored(stored) => stored.get(row),
        }
    }

    /// The rows cut into runs that rise by who they are.
    pub fn runs(&self) -> Vec<Range<usize>> {
        let starts: Vec<usize> = match self {
            Self::Each(places) => {
                let who = |place: &Place| (place.key, place.part);
                let pairs = places.iter().zip(places.iter().skip(1));
                let breaks = (1..).zip(pairs).filter(|(_, (last, next))| who(last) >= who(next));
                std::iter::once(0).chain(breaks.map(|(row, _)| row)).collect()
            }
            Self::Stored(stored) => stored.ranks.iter().map(|(first, _)| *first).collect(),
        };
        let ends = starts.iter().copied().skip(1).chain([self.len()]);
        starts
            .iter()
            .copied()
            .zip(ends)
            .map(|(start, end)| start..end)
            .filter(|rows| !rows.is_empty())
            .collect()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Place> + '_ {
        (0..self.len()).map(|row| self.get(row).unwrap_or_default())
    }

    /// Those of these rows.
    pub fn take(&self, rows: &[u32]) -> Self {
        Self::Each(rows.iter().map(|row| self.get(*row as usize).unwrap_or_default()).collect())
    }

    /// Bytes it holds.
    pub fn memory(&self) -> usize {
        match self {
            Self::Each(places) => places.capacity() * size_of::<Place>(),
            Self::Stored(stored) => stored.offsets.capacity() * 8 + stored.numbers.capacity() * 4,
        }
    }
}
