//! Where the rows of a frame stand: worked out for a row when it is asked for.
//!
//! **Invariant:** [`Places::get`] of a stored row is [`Place::of_stored`]; most operators ask for few rows or for none.

use super::{Place, Vector};
use crate::work;
use chartroom_store::RowsAt;
use std::{ops::Range, rc::Rc};

/// Bits of a part that number the partners of a joined row.
const PARTNERS: u32 = 40;

/// The places of a frame's rows.
#[derive(Clone, Debug)]
pub enum Places {
    /// One by one.
    Each(Vec<Place>),
    /// Of rows of one chunk of a table.
    Stored(StoredPlaces),
    /// Of rows chosen among others.
    Chosen(ChosenPlaces),
}

/// Rows chosen among others that bear places.
#[derive(Clone, Debug)]
pub struct ChosenPlaces {
    /// The others: never chosen ones themselves.
    of: Rc<Places>,
    rows: Vec<u32>,
    /// Numbers among the rows made of one row, where they are not those of the others.
    parts: Option<Vec<u64>>,
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

impl ChosenPlaces {
    /// Where runs begin that rise by who the rows are: within a run of the others, by their numbers, then by parts.
    fn starts(&self) -> Vec<usize> {
        let of = self.of.runs();
        let (mut run, mut last, mut starts) = (0..0, None, Vec::new());
        for (at, row) in self.rows.iter().enumerate() {
            let part = self.parts.as_ref().and_then(|parts| parts.get(at)).copied().unwrap_or(0);
            let (number, own) = (*row as usize, Some((*row, part)));
            if last >= own || !run.contains(&number) {
                starts.push(at);
                run = of.get(of.partition_point(|run| run.end <= number)).cloned().unwrap_or(0..0);
            }
            last = own;
        }
        starts
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
            Self::Chosen(chosen) => chosen.rows.len(),
        }
    }

    /// The place of row `row`.
    pub fn get(&self, row: usize) -> Option<Place> {
        work::count(1);
        match self {
            Self::Each(places) => places.get(row).copied(),
            Self::Stored(stored) => stored.get(row),
            Self::Chosen(chosen) => {
                let place = chosen.of.get(*chosen.rows.get(row)? as usize)?;
                let part = chosen.parts.as_ref().map_or(Some(place.part), |parts| parts.get(row).copied())?;
                Some(Place { part, ..place })
            }
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
            Self::Chosen(chosen) => chosen.starts(),
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

    /// Those of these rows. Few are worked out: they do not hold what they were chosen from.
    pub fn take(self: &Rc<Self>, rows: &[u32]) -> Self {
        if matches!(self.as_ref(), Self::Each(_)) || rows.len() < self.len() / 4 {
            return Self::Each(rows.iter().map(|row| self.get(*row as usize).unwrap_or_default()).collect());
        }
        self.chosen(rows, None)
    }

    /// Those of pairs: of these left rows, each with the number of its partner.
    pub fn paired(self: &Rc<Self>, rows: &[u32], ordinals: &[u64]) -> Self {
        let part = |(row, ordinal): (&u32, &u64)| {
            let part = self.get(*row as usize).map_or(0, |place| place.part);
            (part << PARTNERS) | ordinal
        };
        let parts = match self.as_ref() {
            Self::Stored(_) => ordinals.to_vec(),
            _ => rows.iter().zip(ordinals).map(part).collect(),
        };
        self.chosen(rows, Some(parts))
    }

    fn chosen(self: &Rc<Self>, rows: &[u32], parts: Option<Vec<u64>>) -> Self {
        Self::Chosen(match self.as_ref() {
            Self::Chosen(chosen) => {
                let own = |row: &u32| chosen.rows.get(*row as usize).copied().unwrap_or(u32::MAX);
                let known = |parts: &Vec<u64>| {
                    rows.iter().map(|row| parts.get(*row as usize).copied().unwrap_or(0)).collect()
                };
                ChosenPlaces {
                    of: Rc::clone(&chosen.of),
                    rows: rows.iter().map(own).collect(),
                    parts: parts.or_else(|| chosen.parts.as_ref().map(known)),
                }
            }
            _ => ChosenPlaces { of: Rc::clone(self), rows: rows.to_vec(), parts },
        })
    }

    /// Bytes it holds.
    pub fn memory(&self) -> usize {
        match self {
            Self::Each(places) => places.capacity() * size_of::<Place>(),
            Self::Stored(stored) => stored.offsets.capacity() * 8 + stored.numbers.capacity() * 4,
            Self::Chosen(chosen) => {
                let parts = chosen.parts.as_ref().map_or(0, |parts| parts.capacity() * 8);
                chosen.of.memory() + chosen.rows.capacity() * 4 + parts
            }
        }
    }
}
