//! Where the rows of a frame stand: worked out for a row when it is asked for.
//!
//! **Invariant:** [`Places::get`] of a stored row is [`Place::of_stored`]; most operators ask for few rows or for none.

use super::{Place, Vector};
use std::rc::Rc;

/// The places of a frame's rows.
#[derive(Clone, Debug)]
pub(crate) enum Places {
    /// One by one.
    Each(Vec<Place>),
    /// Of rows of one chunk of a table.
    Stored(StoredPlaces),
}

/// What the places of stored rows are made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct StoredPlaces {
    /// Their times, where there is such a column.
    pub(crate) times: Option<Rc<Vector>>,
    offsets: Vec<u64>,
    /// Numbers within their records; empty when all are 0.
    numbers: Vec<u32>,
    /// From which row on, the rank of the file.
    ranks: Vec<(usize, u32)>,
    last: Option<(u32, u64, u32)>,
    is_unordered: bool,
}

impl StoredPlaces {
    /// Adds a row: the rank of its file, its offset and its number.
    #[inline]
    pub(crate) fn push(&mut self, rank: u32, offset: u64, number: u32) {
        if self.ranks.last().is_none_or(|(_, last)| *last != rank) {
            self.ranks.push((self.offsets.len(), rank));
        }
        if number != 0 || !self.numbers.is_empty() {
            self.numbers.resize(self.offsets.len(), 0);
            self.numbers.push(number);
        }
        self.offsets.push(offset);
        let new = Some((rank, offset, number));
        self.is_unordered |= self.last >= new;
        self.last = new;
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
    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Each(places) => places.len(),
            Self::Stored(stored) => stored.offsets.len(),
        }
    }

    /// The place of row `row`.
    pub(crate) fn get(&self, row: usize) -> Option<Place> {
        match self {
            Self::Each(places) => places.get(row).copied(),
            Self::Stored(stored) => stored.get(row),
        }
    }

    /// Whether each row is known to stand behind the one before by who it is.
    pub(crate) const fn is_rising(&self) -> bool {
        match self {
            Self::Each(_) => false,
            Self::Stored(stored) => !stored.is_unordered,
        }
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Place> + '_ {
        (0..self.len()).map(|row| self.get(row).unwrap_or_default())
    }

    /// Those of these rows.
    pub(crate) fn take(&self, rows: &[u32]) -> Self {
        Self::Each(rows.iter().map(|row| self.get(*row as usize).unwrap_or_default()).collect())
    }

    /// Bytes it holds.
    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::Each(places) => places.capacity() * size_of::<Place>(),
            Self::Stored(stored) => stored.offsets.capacity() * 8 + stored.numbers.capacity() * 4,
        }
    }
}
