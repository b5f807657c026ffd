//! The bytes of the outer file, asked for slice by slice and handed on in order.
//!
//! **Invariant:** at most two slices are under way or waiting to be read, so that the next is fetched while one is
//! scanned and memory stays bounded.

pub(crate) mod stream;
pub(crate) mod window;

use std::collections::VecDeque;
use std::ops::Range;

/// Slices asked for ahead.
const AHEAD: usize = 2;

/// A range of the outer file as a sequence of slices.
#[derive(Debug)]
pub(crate) struct Source {
    /// Added to every place of the range: where the bytes begin in the file as handed over.
    base: u64,
    start: u64,
    next: u64,
    end: u64,
    slice: u64,
    asked: VecDeque<Range<u64>>,
    ready: VecDeque<Vec<u8>>,
    failure: Option<String>,
    taken: u64,
    /// Bytes are pushed, and more may come.
    is_fed: bool,
}

/// What comes out of a stage of the pipeline.
#[derive(Debug)]
pub(crate) enum Pulled {
    /// The next bytes, never empty.
    Bytes(Vec<u8>),
    /// Worked without result yet; call again with fuel.
    Working,
    /// Nothing until more is delivered.
    Waiting,
    /// No more bytes will come.
    End,
}

impl Source {
    /// Reads `range` in slices of at most `slice` bytes.
    ///
    /// A little more than some slices is shared out among them: a last slice of a few bytes costs as much time as any.
    pub(crate) fn new(range: Range<u64>, slice: usize) -> Self {
        let slice = (slice as u64).max(1);
        let len = range.end.saturating_sub(range.start);
        let (slices, rest) = (len / slice, len % slice);
        let slice = if slices > 0 && rest < slice / 8 { len.div_ceil(slices) } else { slice };
        Self {
            base: 0,
            start: range.start,
            next: range.start,
            end: range.end,
            slice,
            asked: VecDeque::new(),
            ready: VecDeque::new(),
            failure: None,
            taken: 0,
            is_fed: false,
        }
    }

    /// The same for bytes that begin at `base` of the file as handed over: its ranges count from there.
    pub(crate) fn based(mut self, base: u64) -> Self {
        self.base = base;
        self
    }

    /// Bytes that are here already.
    pub(crate) fn given(bytes: Vec<u8>) -> Self {
        let mut source = Self::new(0..0, 1);
        if !bytes.is_empty() {
            source.ready.push_back(bytes);
        }
        source
    }

    /// Bytes that somebody else has, and pushes one after the other.
    pub(crate) fn fed() -> Self {
        Self { is_fed: true, ..Self::new(0..0, 1) }
    }

    /// More of them.
    pub(crate) fn push(&mut self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.ready.push_back(bytes);
        }
    }

    /// No more of them will come.
    pub(crate) fn close(&mut self) {
        self.is_fed = false;
    }

    /// The next slice of the file as handed over to fetch, if there is one and room for it.
    pub(crate) fn wants(&mut self) -> Option<Range<u64>> {
        let is_full = self.asked.len().saturating_add(self.ready.len()) >= AHEAD;
        if is_full || self.next >= self.end || self.failure.is_some() {
            return None;
        }
        let range = self.next..self.next.saturating_add(self.slice).min(self.end);
        self.next = range.end;
        self.asked.push_back(range.clone());
        Some(self.base.saturating_add(range.start)..self.base.saturating_add(range.end))
    }

    /// Hands over a slice. Slices come in the order they were asked for; what was not asked for is dropped.
    pub(crate) fn deliver(&mut self, start: u64, bytes: Result<Vec<u8>, String>) {
        let Some(range) = self.asked.front() else { return };
        if self.base.saturating_add(range.start) != start {
            return;
        }
        let expected = range.end.saturating_sub(range.start);
        self.asked.pop_front();
        if self.failure.is_some() {
            return;
        }
        match bytes {
            Ok(mut bytes) => {
                // More than was asked for would be counted twice.
                bytes.truncate(usize::try_from(expected).unwrap_or(usize::MAX));
                if (bytes.len() as u64) < expected {
                    self.failure = Some("the file is shorter than when it was dropped".to_owned());
                }
                if !bytes.is_empty() {
                    self.ready.push_back(bytes);
                }
            }
            Err(reason) => self.failure = Some(reason),
        }
    }

    /// The next bytes.
    pub(crate) fn pull(&mut self) -> Pulled {
        if let Some(bytes) = self.ready.pop_front() {
            self.taken = self.taken.saturating_add(bytes.len() as u64);
            return Pulled::Bytes(bytes);
        }
        let is_over = self.next >= self.end && self.asked.is_empty() && !self.is_fed;
        if self.failure.is_some() || is_over {
            return Pulled::End;
        }
        Pulled::Waiting
    }

    /// Goes on at `to`, when nothing before it is needed and nothing behind it was asked for. Whether it did.
    pub(crate) fn leap(&mut self, to: u64) -> bool {
        if to <= self.next || to > self.end || self.failure.is_some() {
            return false;
        }
        self.asked.clear();
        self.ready.clear();
        self.next = to;
        true
    }

    /// Reads on, to `end`.
    pub(crate) fn extend(&mut self, end: u64, slice: usize) {
        self.end = self.end.max(end);
        self.slice = (slice as u64).max(1);
    }

    /// Bytes that were handed on.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Where its places count from.
    pub(crate) fn base(&self) -> u64 {
        self.base
    }

    /// The first byte of its range.
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// One past the last byte that was asked for or will be.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// The same in the file as handed over.
    pub(crate) fn outer_end(&self) -> u64 {
        self.base.saturating_add(self.end)
    }

    /// Why reading stopped before the end, if it did.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }
}
