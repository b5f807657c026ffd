//! Who the rows are: file, byte offset in it, length, number within a wrapped record.
//!
//! Rows of one file come in long runs of rising offsets, so a run keeps file and base, each row 8 bytes.
//!
//! **Invariant:** within a run (offset, number) rises strictly; numbers other than 0 are kept in `numbers`, by row.

use crate::CHUNK_ROWS;
use crate::column::place;
use std::collections::BTreeSet;
use std::ops::Range;

/// Identity of a row, and the length of the record it was cut from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowAt {
    /// Number of the file.
    pub file: u32,
    /// First byte of the record in the innermost file.
    pub offset: u64,
    /// Bytes of the record.
    pub len: u32,
    /// Number within a wrapped record; 0 when the record is the row.
    pub number: u32,
}

/// The identities of several rows, part by part.
#[derive(Clone, Debug, Default)]
pub struct RowsAt {
    /// Their offsets.
    pub offsets: Vec<u64>,
    /// Their numbers within wrapped records; empty when all are 0.
    pub numbers: Vec<u32>,
    /// Runs of rows in which (offset, number) rises strictly: from which of them on, and the number of the file. As a rule no two
    /// of a file lie within each other's range.
    pub runs: Vec<(usize, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    first_row: u32,
    file: u32,
    base: u64,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    offset: u32,
    len: u32,
}

/// The identities of all rows of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    runs: Vec<Run>,
    /// (file, first offset, first number, run): where to look for a row.
    index: BTreeSet<(u32, u64, u32, u32)>,
    chunks: Vec<Vec<Place>>,
    numbers: Vec<(u32, u32)>,
    last: RowAt,
    /// First key of the file's next run beyond the current one, which the current one must not reach.
    limit: Option<(u64, u32)>,
    /// Whether runs of a file lie within each other's range. Readers go through files in order, so it is no.
    has_overlaps: bool,
    len: u32,
}

impl Rows {
    pub(crate) const fn len(&self) -> u32 {
        self.len
    }

    pub(crate) fn push(&mut self, at: RowAt) {
        let row = self.len;
        let follows = self.runs.last().and_then(|run| {
            let key = (at.offset, at.number);
            let rises =
                key > (self.last.offset, self.last.number) && self.limit.is_none_or(|limit| key < limit);
            let offset = u32::try_from(at.offset.checked_sub(run.base)?).ok()?;
            (run.file == at.file && rises).then_some(offset)
        });
        let offset = follows.unwrap_or_else(|| {
            self.start_run(at);
            0
        });
        if at.number != 0 {
            self.numbers.push((row, at.number));
        }
        let (chunk, in_chunk) = place(row);
        if in_chunk == 0 {
            self.chunks.push(Vec::new());
        }
        if let Some(places) = self.chunks.get_mut(chunk) {
            if places.len() == places.capacity() {
                places.reserve_exact(places.len().clamp(64, CHUNK_ROWS - in_chunk));
            }
            places.push(Place { offset, len: at.len });
        }
        self.last = at;
        self.len += 1;
    }

    #[cold]
    fn start_run(&mut self, at: RowAt) {
        let key = (at.file, at.offset, at.number, self.runs.len() as u32);
        let before = self.index.range((at.file, 0, 0, 0)..=key).next_back();
        let reached = before.and_then(|&(.., run)| self.get(self.run_rows(run as usize).end.checked_sub(1)?));
        self.has_overlaps |= reached.is_some_and(|last| (last.offset, last.number) >= (at.offset, at.number));
        let after = self.index.range(key..=(at.file, u64::MAX, u32::MAX, u32::MAX)).next();
        self.limit = after.map(|&(_, offset, number, _)| (offset, number));
        self.index.insert(key);
        self.runs.push(Run { first_row: self.len, file: at.file, base: at.offset });
    }

    fn run_of(&self, row: u32) -> usize {
        self.runs.partition_point(|run| run.first_row <= row).saturating_sub(1)
    }

    fn run_rows(&self, run: usize) -> Range<u32> {
        let start = self.runs.get(run).map_or(self.len, |run| run.first_row);
        start..self.runs.get(run + 1).map_or(self.len, |next| next.first_row)
    }

    fn number_of(&self, row: u32) -> u32 {
        let found = self.numbers.binary_search_by_key(&row, |&(row, _)| row).ok();
        found.and_then(|index| self.numbers.get(index)).map_or(0, |&(_, number)| number)
    }

    pub(crate) fn get(&self, row: u32) -> Option<RowAt> {
        let (chunk, in_chunk) = place(row);
        let place = self.chunks.get(chunk)?.get(in_chunk)?;
        let run = self.runs.get(self.run_of(row))?;
        let offset = run.base + u64::from(place.offset);
        Some(RowAt { file: run.file, offset, len: place.len, number: self.number_of(row) })
    }

    /// The identities of rows of one chunk, by their numbers within it, ascending.
    pub(crate) fn of_chunk(&self, chunk: usize, rows: &[u32]) -> RowsAt {
        let mut all = RowsAt { offsets: Vec::with_capacity(rows.len()), ..RowsAt::default() };
        let places = self.chunks.get(chunk).map(Vec::as_slice).unwrap_or_default();
        let start = (chunk * CHUNK_ROWS) as u32;
        let mut left =
            rows.get(..rows.partition_point(|row| (*row as usize) < places.len())).unwrap_or_default();
        while let Some(first) = left.first() {
            let number = self.run_of(start + first);
            let Some(run) = self.runs.get(number) else { break };
            let end = self.run_rows(number).end - start;
            let own;
            (own, left) = left.split_at(left.partition_point(|row| *row < end).max(1));
            let before = all.offsets.len();
            let offset =
                |row: &u32| places.get(*row as usize).map_or(0, |place| run.base + u64::from(place.offset));
            all.runs.push((before, run.file));
            all.offsets.extend(own.iter().map(offset));
            let numbered = own.first().zip(own.last()).is_some_and(|(first, last)| {
                let from = self.numbers.partition_point(|(row, _)| *row < start + first);
                self.numbers.get(from).is_some_and(|(row, _)| *row <= start + last)
            });
            if numbered || !all.numbers.is_empty() {
                all.numbers.resize(before, 0);
                all.numbers.extend(own.iter().map(|row| self.number_of(start + row)));
            }
        }
        all
    }

    pub(crate) fn find(&self, file: u32, offset: u64, number: u32) -> Option<u32> {
        let key = (offset, number);
        let candidates = if self.has_overlaps { usize::MAX } else { 1 };
        let before = self.index.range((file, 0, 0, 0)..=(file, offset, number, u32::MAX)).rev();
        before.take(candidates).find_map(|&(_, _, _, run)| {
            let Range { mut start, mut end } = self.run_rows(run as usize);
            while start < end {
                let middle = start + (end - start) / 2;
                let at = self.get(middle)?;
                match (at.offset, at.number).cmp(&key) {
                    std::cmp::Ordering::Equal => return Some(middle),
                    std::cmp::Ordering::Less => start = middle + 1,
                    std::cmp::Ordering::Greater => end = middle,
                }
            }
            None
        })
    }

    /// Row ranges of one file each, within `rows`.
    pub(crate) fn files(&self, rows: Range<u32>) -> impl Iterator<Item = (Range<u32>, u32)> + '_ {
        let first = self.run_of(rows.start);
        let mut runs = self.runs.get(first..).unwrap_or_default().iter().enumerate().peekable();
        std::iter::from_fn(move || {
            let (index, run) = runs.next()?;
            let mut last = index;
            while let Some((index, _)) = runs.next_if(|(_, next)| next.file == run.file) {
                last = index;
            }
            let start = run.first_row.max(rows.start);
            let end = self.run_rows(first + last).end.min(rows.end);
            (start < end).then_some((start..end, run.file))
        })
    }

    pub(crate) fn memory(&self) -> usize {
        self.runs.capacity() * size_of::<Run>()
            + self.index.len() * 2 * size_of::<(u32, u64, u32, u32)>()
            + self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<Place>()).sum::<usize>()
            + self.chunks.capacity() * size_of::<Vec<Place>>()
            + self.numbers.capacity() * size_of::<(u32, u32)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_identities_is_that_of_each() {
        let mut rows = Rows::default();
        let at = |file, offset, number| RowAt { file, offset, len: 1, number };
        // Two files in turn, numbers within records, an offset that goes back.
        for number in 0..CHUNK_ROWS as u64 + 5_000 {
            let (file, offset) = ((number / 900 % 2) as u32, number * 10);
            rows.push(at(file, offset, 0));
            if number % 1_000 > 990 {
                rows.push(at(file, offset, 1));
            }
        }
        rows.push(at(0, 3, 0));
        for (chunk, step) in [(0, 1), (0, 7), (1, 1), (1, 3)] {
            let start = (chunk * CHUNK_ROWS) as u32;
            let count = (rows.len() - start).min(CHUNK_ROWS as u32);
            let chosen: Vec<u32> = (0..count).step_by(step).collect();
            let all = rows.of_chunk(chunk, &chosen);
            assert_eq!(all.offsets.len(), chosen.len());
            let mut last = None;
            for (place, row) in chosen.iter().enumerate() {
                let one = rows.get(start + row).unwrap();
                let run = all.runs.partition_point(|(first, _)| *first <= place) - 1;
                let number = all.numbers.get(place).copied().unwrap_or(0);
                let new = (run, all.runs[run].1, all.offsets[place], number);
                assert_eq!((new.1, new.2, new.3), (one.file, one.offset, one.number));
                assert!(last.is_none_or(|last: (usize, u32, u64, u32)| last.0 < run || last < new), "{row}");
                last = Some(new);
            }
        }
    }
}
