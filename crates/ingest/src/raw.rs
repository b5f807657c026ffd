//! The bytes of one record, read again from the file to be shown.
//!
//! **Invariant:** sans-io like [`crate::job::Job`]. Never keeps more than was asked for: of a compressed file everything in
//! front is inflated and dropped, step by step.

use crate::source::stream::Stream;
use crate::source::{Pulled, Source};
use std::ops::Range;

/// The most that is read at once; a larger record shows its beginning.
pub const MOST_RAW: usize = 256 << 10;
/// Bytes asked for at once.
const SLICE: usize = 1 << 20;

/// A range of an innermost file being read again.
#[derive(Debug)]
pub struct RawJob {
    stream: Stream,
    /// Bytes to drop before those wanted.
    skip: u64,
    len: usize,
    found: Vec<u8>,
}

/// What one step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawStep {
    /// Fuel ran out; call again.
    Working,
    /// Nothing to do until bytes are delivered.
    Waiting,
    /// The bytes, or why they cannot be had.
    Done(Result<Vec<u8>, String>),
}

impl RawJob {
    /// For `len` bytes (at most [`MOST_RAW`]) from `offset` on of the innermost file of a file of `size` bytes.
    /// `is_packed`: it has containers.
    #[must_use]
    pub fn new(size: u64, offset: u64, len: u64, is_packed: bool) -> Self {
        let len = usize::try_from(len).unwrap_or(MOST_RAW).min(MOST_RAW);
        let (stream, skip) = if is_packed {
            (Stream::peeling(Source::new(0..size, SLICE), size), offset)
        } else {
            let end = offset.saturating_add(len as u64).min(size);
            (Stream::plain(Source::new(offset..end, SLICE)), 0)
        };
        Self { stream, skip, len, found: Vec::new() }
    }

    /// See [`crate::job::Job::wants`].
    pub fn wants(&mut self) -> Option<Range<u64>> {
        if self.found.len() < self.len { self.stream.wants() } else { None }
    }

    /// See [`crate::job::Job::deliver`].
    pub fn deliver(&mut self, start: u64, bytes: Result<Vec<u8>, String>) {
        self.stream.deliver(start, bytes);
    }

    /// Works on about `fuel` bytes.
    pub fn step(&mut self, fuel: usize) -> RawStep {
        let mut fuel = fuel.max(1);
        while self.found.len() < self.len {
            let bytes = match self.stream.pull(&mut fuel) {
                Pulled::Bytes(bytes) => bytes,
                Pulled::Working => return RawStep::Working,
                Pulled::Waiting => return RawStep::Waiting,
                Pulled::End => {
                    let reason = self.stream.problems().find(|(_, is_loss)| *is_loss);
                    let reason =
                        reason.map_or("the file is shorter than when it was read", |(reason, _)| reason);
                    return RawStep::Done(Err(reason.to_owned()));
                }
            };
            let dropped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
            self.skip = self.skip.saturating_sub(dropped as u64);
            let room = self.len.saturating_sub(self.found.len());
            self.found.extend(bytes.iter().skip(dropped).take(room));
        }
        RawStep::Done(Ok(std::mem::take(&mut self.found)))
    }
}
