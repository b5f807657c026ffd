//! Who the first row of each group is.
//!
//! Rows come in **runs** that rise by who they are: a part of a file, read without a break. As long as no two runs lie within each
//! other's range, which of two rows stands first is a question of their runs, so that a group keeps its first row's run and number
//! there, and who it is is looked up when somebody asks. A run that was read with a jump is split when the rest comes. Only otherwise is it kept
//! who the first row is.
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

/// Runs to look through for each new one.
const MOST_RUNS: usize = 1 << 13;
/// Groups looked through for splitting runs before it is given up: runs that were made to lie within each other cost no more.
const MOST_SPLIT: usize = 1 << 26;

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
    /// Groups looked through for splitting runs.
    split: usize,
}

/// Rows of a batch that rise.
struct Run {
    first: Who,
    last: Who,
    /// The numbers of its rows in the batch.
    rows: Range<usize>,
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

/// The first of the rows that is not before something, where those before it come first.
fn first_behind(rows: Range<usize>, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (rows.start, rows.end);
    while from < to {
        let middle = from + (to - from) / 2;
        if is_before(middle) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}

/// A row of a run.
fn row_of(run: u32, row: usize) -> u64 {
    u64::from(run) << 32 | u64::from(u32::try_from(row).unwrap_or(u32::MAX))
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
                None => self.add_run(frame, before, groups, 0..frame.rows()),
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

    /// Takes in rows that rise, cut where others were read before; whether runs still tell which row is first.
    fn add_run(&mut self, frame: &Frame, before: u64, groups: &[u32], mut rows: Range<usize>) -> bool {
        let of = |row| who(frame.places().map(Rc::as_ref), before, row);
        while !rows.is_empty() {
            self.split(of(rows.start));
            let next = self.order.range(of(rows.start)..).next().map(|(next, _)| *next);
            let end = next.map_or(rows.end, |next| first_behind(rows.clone(), |row| of(row) < next));
            // The very same row twice is no rise.
            let is_rising = end > rows.start && self.runs.len() <= MOST_RUNS;
            if !is_rising || !self.add_piece(frame, before, groups, rows.start..end) {
                return false;
            }
            rows.start = end;
        }
        true
    }

    fn add_piece(&mut self, frame: &Frame, before: u64, groups: &[u32], rows: Range<usize>) -> bool {
        let of = |row| who(frame.places().map(Rc::as_ref), before, row);
        let (first, last) = (of(rows.start), of(rows.end.saturating_sub(1)));
        let run_of = |(_, run): (&Who, &u32)| self.runs.get(*run as usize);
        let is_apart =
            self.order.range(..=first).next_back().and_then(run_of).is_none_or(|run| run.last < first)
                && self.order.range(first..).next().and_then(run_of).is_none_or(|run| last < run.first);
        let number = u32::try_from(self.runs.len()).ok().filter(|_| is_apart);
        let (Some(number), Some(own)) = (number, groups.get(rows.clone())) else { return false };
        let is_after: Vec<bool> = self.runs.iter().map(|run| first < run.first).collect();
        let start = row_of(number, rows.start);
        claim(&mut self.rows, own, &is_after, start);
        let places = frame.places().cloned();
        let is_known = self.runs.last().is_some_and(|run| run.before == before);
        self.memory += size_of::<Run>() * 2 + places.as_ref().filter(|_| !is_known).map_or(0, |of| of.memory());
        self.runs.push(Run { first, last, rows, places, before });
        self.order.insert(first, number);
        true
    }

    /// Makes two of a run that begins before that row and ends behind it: it was read with a jump, and what was left out comes now.
    fn split(&mut self, at: Who) -> Option<()> {
        let new = u32::try_from(self.runs.len()).ok()?;
        let (_, number) = self.order.range(..at).next_back()?;
        let number = *number;
        let run = self.runs.get_mut(number as usize).filter(|run| run.last > at && self.split < MOST_SPLIT)?;
        self.split += self.rows.len();
        let of = |run: &Run, row| who(run.places.as_deref(), run.before, row);
        let from = first_behind(run.rows.clone(), |row| of(run, row) < at);
        let (first, last, end) = (of(run, from), run.last, run.rows.end);
        run.last = of(run, from.checked_sub(1)?);
        run.rows.end = from;
        let rows = from..end;
        let behind = row_of(number, from)..=row_of(number, usize::MAX);
        let (places, before) = (run.places.clone(), run.before);
        self.runs.push(Run { first, last, rows, places, before });
        self.order.insert(first, new);
        for row in self.rows.iter_mut().filter(|row| behind.contains(row)) {
            *row = row_of(new, (*row & u64::from(u32::MAX)) as usize);
        }
        Some(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::StoredPlaces;
    use chartroom_store::RowsAt;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn first_rows_are_those_of_the_plain_way(
            batches in prop::collection::vec((prop::collection::btree_set(0_u64..60, 1..20), 0_u32..3), 1..12),
        ) {
            let (mut firsts, mut plain) = (Firsts::default(), Vec::new());
            let mut seen = std::collections::BTreeSet::new();
            for (offsets, salt) in batches {
                let offsets: Vec<u64> = offsets.into_iter().filter(|offset| seen.insert(*offset)).collect();
                let rows = offsets.len();
                let at = RowsAt { runs: vec![(0, 1)], offsets, numbers: Vec::new() };
                let places = Rc::new(Places::Stored(StoredPlaces::new(at, None, |file| file)));
                let frame = Frame::new(rows, Vec::new()).with_places(Some(places));
                let mut groups = Vec::new();
                for row in 0..rows {
                    let who = frame.place(0, row);
                    let wanted = (who.key >> 32) as u32 * (salt + 1) % 17;
                    let group = plain.iter().position(|(key, _)| *key == wanted).unwrap_or(plain.len());
                    match plain.get_mut(group) {
                        None => plain.push((wanted, (who.key, who.part))),
                        Some((_, first)) => *first = (who.key, who.part).min(*first),
                    }
                    groups.push(group as u32);
                }
                firsts.add(&frame, 0, &groups);
            }
            let expected: Vec<Who> = plain.iter().map(|(_, first)| *first).collect();
            let ours: Vec<Who> = (0..plain.len() as u32).map(|group| firsts.get(group)).collect();
            prop_assert_eq!(&expected, &ours);
            if let Some(order) = firsts.in_order() {
                prop_assert!(order.is_sorted_by_key(|group| expected[*group as usize]));
                prop_assert_eq!(order.len(), expected.len());
            }
        }
    }

    #[test]
    fn runs_with_jumps_are_cut_where_others_lie_between() {
        let mut firsts = Firsts::default();
        let batches = [(vec![1, 2, 30, 31], vec![0, 1, 2, 3]), (vec![10, 11, 40], vec![3, 4, 5])];
        for (offsets, groups) in batches {
            let rows = offsets.len();
            let at = RowsAt { runs: vec![(0, 1)], offsets, numbers: Vec::new() };
            let places = Rc::new(Places::Stored(StoredPlaces::new(at, None, |file| file)));
            firsts.add(&Frame::new(rows, Vec::new()).with_places(Some(places)), 0, &groups);
        }
        assert_eq!(firsts.in_order(), Some(vec![0, 1, 3, 4, 2, 5]));
    }
}
