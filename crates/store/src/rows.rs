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

    /// Calls `visit` with the identity of each of these rows; fast where they ascend.
    pub(crate) fn visit(&self, rows: impl Iterator<Item = u32>, mut visit: impl FnMut(RowAt)) {
        let mut known = 0..0;
        let mut run = Run { first_row: 0, file: 0, base: 0 };
        for row in rows {
            if !known.contains(&row) {
                let at = self.run_of(row);
                known = self.run_rows(at);
                let Some(found) = self.runs.get(at) else { continue };
                run = *found;
            }
            let (chunk, in_chunk) = place(row);
            let place = self.chunks.get(chunk).and_then(|places| places.get(in_chunk));
            let Some(place) = place else { continue };
            let number = if self.numbers.is_empty() { 0 } else { self.number_of(row) };
            visit(RowAt {
                file: run.file,
                offset: run.base + u64::from(place.offset),
                len: place.len,
                number,
            });
        }
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
