//! The directory at a zip's end, read by range: first the last 64 KiB, then the directory itself in slices.
//!
//! **Invariant:** sans-io, bounded memory: what is kept is one entry for each member, of at most [`MOST_MEMBERS`].

use super::{END, Entry, LOCAL_LEN, entry, u16_at, u32_at, u64_at};
use crate::source::{Pulled, Source};
use chartroom_base::sort;
use std::ops::Range;

/// Members listed at most; a zip of more is listed so far and says so.
pub(crate) const MOST_MEMBERS: usize = 1_000_000;
/// The record at the very end, the longest comment behind it, and the two Zip64 records in front.
const TAIL: u64 = 22 + 65_535 + 20 + 56;
const END_LEN: usize = 22;
/// Zip64: where its end record is, and that record.
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
const LOCATOR_LEN: usize = 20;
const END64: [u8; 4] = *b"PK\x06\x06";

/// A directory being read.
#[derive(Debug)]
pub(crate) struct Directory {
    size: u64,
    slice: usize,
    source: Source,
    buffer: Vec<u8>,
    /// Where the buffer begins.
    at: u64,
    state: State,
    entries: Vec<Entry>,
    /// What is added to a place as the directory counts: bytes that stand in front of the zip.
    shift: u64,
    note: Option<&'static str>,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Tail,
    /// The Zip64 end record lies in front of the tail.
    End64 {
        end: u64,
    },
    /// Entries come; so many are said to.
    Entries {
        expected: u64,
    },
}

/// How far it is.
#[derive(Debug)]
pub(crate) enum Listed {
    Working,
    Waiting,
    /// Members with the range of each, sorted by place.
    Done(Vec<(Entry, Range<u64>)>),
    /// There is no directory: why.
    Missing(String),
    /// This is not one file of its own.
    Split,
}

impl Directory {
    /// Of a zip of `size` bytes that begins at `base` of the file as handed over.
    pub(crate) fn new(base: u64, size: u64, slice: usize) -> Self {
        let at = size.saturating_sub(TAIL);
        Self {
            size,
            slice,
            source: Source::new(at..size, slice).based(base),
            buffer: Vec::new(),
            at,
            state: State::Tail,
            entries: Vec::new(),
            shift: 0,
            note: None,
        }
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    pub(crate) fn source_mut(&mut self) -> &mut Source {
        &mut self.source
    }

    /// What is odd about it.
    pub(crate) fn note(&self) -> Option<&'static str> {
        self.note
    }

    /// Goes on with what came.
    pub(crate) fn step(&mut self, fuel: &mut usize) -> Listed {
        loop {
            if *fuel == 0 {
                return Listed::Working;
            }
            let is_end = match self.source.pull() {
                Pulled::Bytes(bytes) => {
                    *fuel = fuel.saturating_sub(bytes.len());
                    self.buffer.extend_from_slice(&bytes);
                    false
                }
                Pulled::Waiting | Pulled::Working => return Listed::Waiting,
                Pulled::End => true,
            };
            if let Some(reason) = self.source.failure() {
                return Listed::Missing(reason.to_owned());
            }
            match (&self.state, is_end) {
                (State::Tail | State::End64 { .. }, false) => {}
                (State::Tail, true) => {
                    if let Some(listed) = self.find_end() {
                        return listed;
                    }
                }
                (State::End64 { end }, true) => {
                    let end = *end;
                    let Some(record) = self.buffer.get(..56).filter(|record| record.starts_with(&END64))
                    else {
                        return Listed::Missing("its Zip64 record is damaged".to_owned());
                    };
                    let Some((start, len, count)) = end64(record) else {
                        return Listed::Missing("its Zip64 record is damaged".to_owned());
                    };
                    if let Some(listed) = self.begin_entries((start, len, count), end) {
                        return listed;
                    }
                }
                (State::Entries { expected }, is_end) => {
                    let expected = *expected;
                    if let Some(listed) = self.take_entries(expected, is_end) {
                        return listed;
                    }
                }
            }
        }
    }

    /// Looks for the end record, the last first.
    fn find_end(&mut self) -> Option<Listed> {
        let mut upto = self.buffer.len();
        while let Some(found) = memchr::memmem::rfind(self.buffer.get(..upto).unwrap_or_default(), &END) {
            if let Some(end) = self.buffer.get(found..).filter(|end| end.len() >= END_LEN) {
                let comment = usize::from(u16_at(end, 20).unwrap_or(0));
                let is_exact = END_LEN.saturating_add(comment) == end.len();
                if is_exact || END_LEN.saturating_add(comment) <= end.len() {
                    if !is_exact {
                        self.note = Some("bytes after the end of the zip; not read");
                    }
                    return self.at_end(found);
                }
            }
            upto = found.saturating_add(END.len()).saturating_sub(1);
        }
        Some(Listed::Missing("its directory, which lies at its end, is missing".to_owned()))
    }

    fn at_end(&mut self, found: usize) -> Option<Listed> {
        let record = self.buffer.get(found..).unwrap_or_default();
        let disk = u16_at(record, 4).unwrap_or(0);
        let count = u64::from(u16_at(record, 10).unwrap_or(0));
        let len = u64::from(u32_at(record, 12).unwrap_or(0));
        let start = u64::from(u32_at(record, 16).unwrap_or(0));
        let end = self.at.saturating_add(found as u64);
        let locator = found
            .checked_sub(LOCATOR_LEN)
            .and_then(|at| self.buffer.get(at..found))
            .filter(|locator| locator.starts_with(&LOCATOR));
        if let Some(locator) = locator {
            let place = u64_at(locator, 8).unwrap_or(0);
            let end = end.saturating_sub(LOCATOR_LEN as u64);
            // With bytes in front of the zip the place is off by their number: then it lies right before the locator.
            let near = end.saturating_sub(56);
            let record = [place, near].into_iter().find_map(|place| {
                let from = usize::try_from(place.checked_sub(self.at)?).ok()?;
                let record = self.buffer.get(from..from.checked_add(56)?)?;
                record.starts_with(&END64).then(|| (place, end64(record)))
            });
            match record {
                Some((place, Some(found))) => return self.begin_entries(found, place),
                Some((_, None)) => return Some(Listed::Missing("its Zip64 record is damaged".to_owned())),
                None => {
                    self.read(place, 56);
                    self.state = State::End64 { end: place };
                    return None;
                }
            }
        }
        if disk != 0 && disk != 0xFFFF {
            return Some(Listed::Split);
        }
        self.begin_entries((start, len, count), end)
    }

    fn read(&mut self, start: u64, len: u64) {
        let end = start.saturating_add(len).min(self.size);
        let base = self.source.base();
        self.source = Source::new(start.min(end)..end, self.slice).based(base);
        self.buffer = Vec::new();
        self.at = start;
    }

    /// The directory of `len` bytes is said to begin at `start` and does end at `end`.
    fn begin_entries(&mut self, (start, len, expected): (u64, u64, u64), end: u64) -> Option<Listed> {
        let Some(real) = end.checked_sub(len) else {
            return Some(Listed::Missing(
                "its directory is longer than the file: the beginning is missing".to_owned(),
            ));
        };
        let Some(shift) = real.checked_sub(start) else {
            return Some(Listed::Missing("its directory does not fit it: bytes are missing".to_owned()));
        };
        self.shift = shift;
        self.read(real, len);
        self.state = State::Entries { expected };
        None
    }

    fn take_entries(&mut self, expected: u64, is_end: bool) -> Option<Listed> {
        let mut at = 0_usize;
        let mut is_over = is_end;
        while self.entries.len() < MOST_MEMBERS {
            let rest = self.buffer.get(at..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            match entry(rest) {
                Ok(Some((entry, len))) => {
                    self.entries.push(entry);
                    at = at.saturating_add(len);
                }
                Ok(None) => break,
                Err(_) if self.entries.is_empty() => {
                    return Some(Listed::Missing("its directory is damaged".to_owned()));
                }
                // A signature or other things may follow the last one.
                Err(reason) => {
                    if (self.entries.len() as u64) < expected && expected != 0xFFFF {
                        self.note = Some(reason);
                    }
                    is_over = true;
                    break;
                }
            }
        }
        self.buffer.drain(..at.min(self.buffer.len()));
        if self.entries.len() >= MOST_MEMBERS {
            self.note = Some("more than a million members; the rest is not listed");
            is_over = true;
        }
        if !is_over {
            return None;
        }
        Some(Listed::Done(self.ranges()))
    }

    /// Each member's range: from its local header to the next one, or the directory.
    fn ranges(&mut self) -> Vec<(Entry, Range<u64>)> {
        let mut entries = std::mem::take(&mut self.entries);
        for entry in &mut entries {
            entry.header = entry.header.saturating_add(self.shift);
        }
        sort::sort_by(&mut entries, |a, b| a.header.cmp(&b.header).then_with(|| a.name.cmp(&b.name)));
        let limit = self.source.start().min(self.size);
        let mut next = limit;
        let mut ranges = Vec::with_capacity(entries.len());
        let mut before = None;
        for entry in entries.into_iter().rev() {
            // Two entries of one member have the same end.
            if before != Some(entry.header) {
                next = before.unwrap_or(next).min(limit);
            }
            before = Some(entry.header);
            let range = entry.header..next.max(entry.header);
            ranges.push((entry, range));
        }
        ranges.reverse();
        ranges
    }
}

/// Start and length of the directory and its number of entries, as the Zip64 end record has them.
fn end64(record: &[u8]) -> Option<(u64, u64, u64)> {
    Some((u64_at(record, 48)?, u64_at(record, 40)?, u64_at(record, 32)?))
}

/// Bytes that a member takes at least, its header included.
pub(crate) fn least_len(entry: &Entry) -> u64 {
    entry.member.packed.unwrap_or(0).saturating_add(LOCAL_LEN as u64)
}
