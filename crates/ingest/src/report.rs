//! The ledger's figures of one part of a file, and how parts add up to the whole.
//!
//! **Invariant (conservation):** `bytes_records + bytes_rejected + bytes_between` is the sum of the lengths of `pieces`,
//! and `records = stored + rejected`. Every byte of a file lies in exactly one piece of one part, so that merging the
//! reports of all parts, in any order, gives the figures of the file read in one go.

use crate::encoding::Encoding;
use crate::order::OrderSeen;
use crate::time::Seen;
use chartroom_base::{sort, ticks::Ticks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Problems kept per file; beyond that they are only counted.
pub const PROBLEMS_KEPT: usize = 100;

/// Files listed by one file that are kept.
pub const LISTED_KEPT: usize = 1 << 16;

/// What became of the bytes of one part of a file (or, after merging, of the whole file).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartReport {
    /// Whether the bytes hold events, hold none, or cannot be read.
    pub verdict: Verdict,
    /// The file ends before it should: a truncated or corrupt container, a source that could not be read to its end.
    /// What was read before counts. The reason is among the problems.
    pub is_partial: bool,
    /// Containers peeled off, outermost first; the same in every part of a file.
    pub containers: Vec<Container>,
    /// Byte ranges of the innermost file this report accounts for, sorted, not overlapping.
    pub pieces: Vec<Piece>,
    /// Records found: `stored + rejected`.
    pub records: u64,
    /// Records that became rows.
    pub stored: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Stored records that needed a repair.
    pub repaired: u64,
    /// Records stored per table.
    pub tables: BTreeMap<String, u64>,
    /// Records stored per log type, by its id.
    pub formats: BTreeMap<String, FormatCount>,
    /// Well-formed objects known to be no events (metrics, digests, resources): neither stored nor rejected; their bytes
    /// count as between records.
    pub not_events: u64,
    /// What the first of them is, and its offset.
    pub first_not_event: Option<(u64, String)>,
    /// Other files whose hashes this one lists, as digests do.
    pub listed: Vec<Listed>,
    /// Bytes of the ranges cut for stored records.
    pub bytes_records: u64,
    /// Bytes of rejected ranges.
    pub bytes_rejected: u64,
    /// Bytes between records: wrappers, separators, blanks, a byte order mark.
    pub bytes_between: u64,
    /// The oldest event.
    pub first_time: Option<Ticks>,
    /// The newest event.
    pub last_time: Option<Ticks>,
    /// The first [`PROBLEMS_KEPT`] problems, by offset.
    pub problems: Vec<PartProblem>,
    /// Problems in all.
    pub problem_count: u64,
    /// What times of its records leave open, by the path of their keys.
    pub times: BTreeMap<String, Seen>,
    /// Both readings of its times that leave open which number is the day, by the path of their keys.
    pub orders: BTreeMap<String, OrderSeen>,
    /// Whether times under a key were read with the day first, as the head of the file had it.
    pub head_orders: BTreeMap<String, bool>,
    /// The zone that a table's header names for its times; empty: none.
    pub zone_tag: String,
    /// What stands between a table's cells.
    pub delimiter: Option<u8>,
    /// How its characters are written.
    pub encoding: Encoding,
    /// The text of a log type of a person's own, when the file is one.
    pub own: Option<String>,
}

/// What the bytes turned out to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    /// Records were looked for (there may be none in this part).
    #[default]
    Events,
    /// Holds no events, and that is no fault: the reason (ledger: skipped).
    NoEvents(String),
    /// Could hold events but cannot be read by this version, or is broken: the reason (ledger: failed).
    NotRead(String),
}

/// A file as another one lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Listed {
    /// Its path where it was made.
    pub name: String,
    /// SHA-256 of its uncompressed bytes, lower-case hex.
    pub sha256: String,
}

/// A container that was peeled off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// `gzip`, …
    pub kind: String,
    /// The member's name where the container says one, else empty.
    pub name: String,
}

/// A range of the innermost file and the line breaks in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Piece {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
    /// `\n` bytes in it.
    pub newlines: u64,
}

/// Records of one log type and how they were recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatCount {
    /// Records stored.
    pub records: u64,
    /// How the first of them was recognised, in words.
    pub why: String,
    /// Offset of the first of them.
    pub first: u64,
}

/// Something that could not be read, was repaired, or is worth knowing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartProblem {
    /// Where it begins, in the innermost file.
    pub offset: u64,
    /// Bytes it concerns.
    pub len: u64,
    /// `\n` bytes between the start of its piece and `offset`; see [`PartReport::line_of_problem`].
    pub newlines_before: u64,
    /// What is wrong, for the person.
    pub reason: String,
    /// Whether a record was lost.
    pub is_loss: bool,
}

impl PartReport {
    /// The report of a file that holds nothing to read: `piece` is all of it.
    #[must_use]
    pub fn unread(verdict: Verdict, containers: Vec<Container>, piece: Piece) -> Self {
        let bytes = piece.end.saturating_sub(piece.start);
        let (bytes_rejected, bytes_between) =
            if matches!(verdict, Verdict::NotRead(_)) { (bytes, 0) } else { (0, bytes) };
        Self { verdict, containers, pieces: vec![piece], bytes_rejected, bytes_between, ..Self::default() }
    }

    /// Whether it was not read for want of a password, or with a wrong one.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        use crate::container::codec::crypt::{NO_PASSWORD, WRONG_PASSWORD};
        matches!(&self.verdict, Verdict::NotRead(reason) if reason == WRONG_PASSWORD || reason == NO_PASSWORD)
    }

    /// Bytes accounted for. Once all parts are merged: the size of the innermost file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.pieces.iter().fold(0, |sum, piece| sum.saturating_add(piece.end.saturating_sub(piece.start)))
    }

    /// The id of the log type of most records; empty when none. Ties go to the one found first.
    #[must_use]
    pub fn main_format(&self) -> &str {
        let best =
            self.formats.iter().max_by_key(|(_, count)| (count.records, std::cmp::Reverse(count.first)));
        best.map_or("", |(id, _)| id.as_str())
    }

    /// How the main log type was recognised, or why there are no events.
    #[must_use]
    pub fn why(&self) -> &str {
        match &self.verdict {
            Verdict::NoEvents(reason) | Verdict::NotRead(reason) => reason,
            Verdict::Events => self.formats.get(self.main_format()).map_or("", |count| count.why.as_str()),
        }
    }

    /// Adds another part of the same file. Any order of merging gives the same figures.
    pub fn merge(&mut self, other: Self) {
        if self.verdict == Verdict::Events {
            self.verdict = other.verdict;
        }
        self.is_partial |= other.is_partial;
        // What is given out by a walk knows less of the way to it than the walk.
        if other.containers.len() > self.containers.len() {
            self.containers = other.containers;
        }
        self.pieces.extend(other.pieces);
        sort::sort(&mut self.pieces);
        for (sum, more) in [
            (&mut self.records, other.records),
            (&mut self.stored, other.stored),
            (&mut self.rejected, other.rejected),
            (&mut self.repaired, other.repaired),
            (&mut self.not_events, other.not_events),
            (&mut self.bytes_records, other.bytes_records),
            (&mut self.bytes_rejected, other.bytes_rejected),
            (&mut self.bytes_between, other.bytes_between),
            (&mut self.problem_count, other.problem_count),
        ] {
            *sum = sum.saturating_add(more);
        }
        for (table, count) in other.tables {
            let sum = self.tables.entry(table).or_default();
            *sum = sum.saturating_add(count);
        }
        for (id, count) in other.formats {
            self.formats.entry(id).and_modify(|sum| sum.merge(&count)).or_insert(count);
        }
        let first_not_event =
            [self.first_not_event.take(), other.first_not_event].into_iter().flatten().min();
        self.first_not_event = first_not_event;
        self.listed.extend(other.listed);
        sort::sort(&mut self.listed);
        self.listed.truncate(LISTED_KEPT);
        for (path, seen) in other.times {
            let all = self.times.entry(path).or_default();
            *all = all.and(seen);
        }
        for (path, seen) in other.orders {
            self.orders.entry(path).or_default().merge(seen);
        }
        self.head_orders.extend(other.head_orders);
        if self.zone_tag.is_empty() {
            self.zone_tag = other.zone_tag;
        }
        self.delimiter = self.delimiter.or(other.delimiter);
        if self.encoding == Encoding::Utf8 {
            self.encoding = other.encoding;
        }
        self.own = self.own.take().or(other.own);
        self.first_time = [self.first_time, other.first_time].into_iter().flatten().min();
        self.last_time = self.last_time.max(other.last_time);
        self.problems.extend(other.problems);
        sort::sort_by(&mut self.problems, |a, b| {
            (a.offset, a.len, &a.reason).cmp(&(b.offset, b.len, &b.reason))
        });
        self.problems.truncate(PROBLEMS_KEPT);
    }

    /// To be called once, when all parts of a file are merged: a file without records gets the reason as its verdict.
    pub fn settle(&mut self) {
        self.orders.values_mut().for_each(OrderSeen::join);
        if self.verdict == Verdict::Events && self.records == 0 && !self.is_partial {
            let what = self.first_not_event.as_ref().map_or("no records in it", |(_, what)| what.as_str());
            self.verdict = Verdict::NoEvents(what.to_owned());
        }
    }

    /// The line (from 1) of a problem, once every part before it has been merged.
    #[must_use]
    pub fn line_of_problem(&self, problem: &PartProblem) -> u64 {
        let lines = self.piece_of(problem.offset).map_or(0, |(before, _)| before);
        lines.saturating_add(problem.newlines_before).saturating_add(1)
    }

    /// For the line of any offset: the line breaks before the piece that holds it, and that piece. The line is then
    /// `breaks + (the \n bytes in piece.start..offset) + 1`; those bytes are read again from the file.
    #[must_use]
    pub fn piece_of(&self, offset: u64) -> Option<(u64, Piece)> {
        let mut before = 0_u64;
        for piece in &self.pieces {
            if offset < piece.end {
                return (offset >= piece.start).then_some((before, *piece));
            }
            before = before.saturating_add(piece.newlines);
        }
        // The end of the file belongs to its last piece.
        let last = self.pieces.last().filter(|piece| piece.end == offset)?;
        Some((before.saturating_sub(last.newlines), *last))
    }
}

impl FormatCount {
    fn merge(&mut self, other: &Self) {
        self.records = self.records.saturating_add(other.records);
        if other.first < self.first {
            self.first = other.first;
            self.why.clone_from(&other.why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(start: u64, end: u64, newlines: u64, offset: u64, newlines_before: u64) -> PartReport {
        let problem =
            PartProblem { offset, len: 1, newlines_before, reason: "odd".to_owned(), is_loss: true };
        let pieces = vec![Piece { start, end, newlines }];
        let counts = FormatCount { records: 1, why: format!("at {start}"), first: start };
        let formats = BTreeMap::from([("x".to_owned(), counts)]);
        PartReport {
            pieces,
            problems: vec![problem],
            problem_count: 1,
            formats,
            records: 1,
            ..PartReport::default()
        }
    }

    #[test]
    fn parts_add_up_in_any_order() {
        let parts = [part(0, 10, 3, 4, 1), part(10, 20, 5, 15, 2), part(20, 25, 0, 24, 0)];
        let merge = |order: [usize; 3]| {
            let mut sum = PartReport::default();
            order.into_iter().for_each(|at| sum.merge(parts[at].clone()));
            sum
        };
        let sum = merge([0, 1, 2]);
        assert_eq!(sum, merge([2, 0, 1]));
        assert_eq!((sum.bytes(), sum.records, sum.why()), (25, 3, "at 0"));
        let lines: Vec<u64> = sum.problems.iter().map(|problem| sum.line_of_problem(problem)).collect();
        assert_eq!(lines, [2, 6, 9]);
        assert_eq!(sum.piece_of(25), Some((8, Piece { start: 20, end: 25, newlines: 0 })));
        assert_eq!(sum.piece_of(26), None);
    }

    #[test]
    fn a_file_without_records_says_so() {
        let mut report = PartReport { not_events: 2, ..PartReport::default() };
        report.first_not_event = Some((0, "a digest".to_owned()));
        report.settle();
        assert_eq!(report.verdict, Verdict::NoEvents("a digest".to_owned()));
    }
}
