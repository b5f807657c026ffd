//! Who the first row of each group is.
//!
//! Rows come in **runs** that rise by who they are: a part of a file, read without a break. As long as no two runs lie within each
//! other's range, which of two rows stands first is a question of their runs, so that a group keeps its first row's run and number
//! there, and who it is is looked up when somebody asks. Only otherwise is it kept itself.
//!
//! **Invariant:** what is told of a group does not depend on the order in which its rows came.

use crate::{
    aggregates::RowKey,
    frame::{Frame, Place, Places},
};
use chartroom_base::distinct::{claim, order_by_run};
use std::{collections::BTreeMap, ops::Range, rc::Rc};

/// Who a row is.
pub(super) type Who = (RowKey, u64);

/// Rows a run has at least, on average, to be worth it.
const LEAST: usize = 64;

/// The first rows of the groups so far.
#[derive(Default)]
pub(super) struct Firsts {
    runs: Vec<Run>,
    /// Which run begins at that row.
    order: BTreeMap<Who, u32>,
    /// Per group the run of its first row, above the number of the row in its batch.
    rows: Vec<u64>,
    /// Per group who its first row is, once runs do not tell.
    known: Option<Vec<Who>>,
    memory: usize,
}

/// Rows of a batch that rise.
struct Run {
    first: Who,
    last: Who,
    places: Option<Rc<Places>>,
    /// Rows before the batch.
    before: u64,
}

/// Who a row of a batch is, where `before` rows came before the batch.
fn who(places: Option<&Places>, before: u64, row: usize) -> Who {
    let place = places.and_then(|places| places.get(row));
    let place = place.unwrap_or_else(|| Place::of_made(before.saturating_add(row as u64)));
    (place.key, place.part)
}

impl Firsts {
    /// How many groups.
    pub(super) fn len(&self) -> usize {
        self.known.as_ref().map_or(self.rows.len(), Vec::len)
    }

    /// Who the first row of a group is.
    pub(super) fn get(&self, group: u32) -> Who {
        if let Some(known) = &self.known {
            return known.get(group as usize).copied().unwrap_or((RowKey::MAX, u64::MAX));
        }
        let row = self.rows.get(group as usize).copied().unwrap_or(u64::MAX);
        let run = self.runs.get((row >> 32) as usize);
        run.map_or((RowKey::MAX, u64::MAX), |run| {
            who(run.places.as_deref(), run.before, (row & u64::from(u32::MAX)) as usize)
        })
    }

    /// Takes in a batch, with the group of each row; new groups have the next numbers in the order in which they are met.
    pub(super) fn add(&mut self, frame: &Frame, before: u64, groups: &[u32]) {
        if self.known.is_none() {
            let is_told = match frame.places().map(|places| places.runs()) {
                None => frame.rows() == 0 || self.add_run(frame, before, groups, 0..frame.rows()),
                Some(runs) => {
                    runs.len() <= 1 + frame.rows() / LEAST
                        && runs.into_iter().all(|rows| self.add_run(frame, before, groups, rows))
                }
            };
            if is_told {
                return;
            }
        }
        // Groups that this batch brought and a run told of already are told of once more, which changes nothing.
        let of = |row| who(frame.places().map(Rc::as_ref), before, row);
        let known = self.known();
        for (row, group) in groups.iter().enumerate() {
            match known.get_mut(*group as usize) {
                Some(first) => *first = of(row).min(*first),
                None => known.push(of(row)),
            }
        }
    }

    /// Whether runs still tell which row is first.
    fn add_run(&mut self, frame: &Frame, before: u64, groups: &[u32], rows: Range<usize>) -> bool {
        let of = |row| who(frame.places().map(Rc::as_ref), before, row);
        let (first, last) = (of(rows.start), of(rows.end.saturating_sub(1)));
        let run_of = |(_, run): (&Who, &u32)| self.runs.get(*run as usize);
        let is_apart = self.order.range(..=first).next_back().and_then(run_of).is_none_or(|run| run.last < first)
            && self.order.range(first..).next().and_then(run_of).is_none_or(|run| last < run.first);
        let number = u32::try_from(self.runs.len()).ok().filter(|_| is_apart);
        let (Some(number), Some(own)) = (number, groups.get(rows.clone())) else { return false };
        let is_after: Vec<bool> = self.runs.iter().map(|run| first < run.first).collect();
        let start = u64::from(number) << 32 | rows.start as u64;
        claim(&mut self.rows, own, &is_after, start);
        let places = frame.places().cloned();
        let is_known = self.runs.last().is_some_and(|run| run.before == before);
        self.memory += size_of::<Run>() * 2 + places.as_ref().filter(|_| !is_known).map_or(0, |of| of.memory());
        self.runs.push(Run { first, last, places, before });
        self.order.insert(first, number);
        true
    }

    /// Takes in the first row of a group, or of the next one.
    pub(super) fn merge(&mut self, group: u32, first: Who) {
        let known = self.known();
        match known.get_mut(group as usize) {
            Some(known) => *known = first.min(*known),
            None => known.push(first),
        }
    }

    /// From now on it is kept who each is.
    fn known(&mut self) -> &mut Vec<Who> {
        if self.known.is_none() {
            let known = (0..u32::try_from(self.rows.len()).unwrap_or(u32::MAX)).map(|group| self.get(group));
            *self = Self { known: Some(known.collect()), ..Self::default() };
        }
        self.known.get_or_insert_default()
    }

    /// The groups in the order of their first rows; `None` where each must be compared with others.
    pub(super) fn in_order(&self) -> Option<Vec<u32>> {
        if self.known.is_some() {
            return None;
        }
        let mut ranks = vec![0; self.runs.len()];
        for (rank, run) in (0_u32..).zip(self.order.values()) {
            if let Some(slot) = ranks.get_mut(*run as usize) {
                *slot = rank;
            }
        }
        Some(order_by_run(&self.rows, &ranks))
    }

    /// Bytes it holds, about.
    pub(super) fn memory(&self) -> usize {
        let known = self.known.as_ref().map_or(0, |known| known.capacity() * size_of::<Who>());
        self.memory + self.rows.capacity() * 8 + known
    }
}
