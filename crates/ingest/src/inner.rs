//! The bytes of an innermost file, one after the other: for hashing it, and for showing a part of it.
//!
//! **Invariant:** sans-io like [`crate::job::Job`]; nothing is kept but what was delivered and not yet pulled.

use crate::place::Place;
use crate::source::stream::Stream;
use crate::source::{self, Source};
use std::ops::Range;

/// Bytes asked for at once.
const SLICE: usize = 4 << 20;

/// A file being read with its containers peeled off.
#[derive(Debug)]
pub struct Inner {
    stream: Stream,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// The next bytes, never empty.
    Bytes(Vec<u8>),
    /// Fuel ran out; call again.
    Working,
    /// Nothing until more is delivered.
    Waiting,
    /// No more bytes will come.
    End,
}

impl Inner {
    /// All of what is packed in the `size` bytes of `place`.
    #[must_use]
    pub fn new(place: &Place, size: u64) -> Self {
        Self { stream: Stream::peeling(Source::new(0..size, SLICE), place, size) }
    }

    /// A range of what lies at `place` as it is.
    #[must_use]
    pub fn range(place: &Place, range: Range<u64>) -> Self {
        Self { stream: Stream::plain(Source::new(range, SLICE), place) }
    }

    /// See [`crate::job::Job::wants`].
    pub fn wants(&mut self) -> Option<Range<u64>> {
        self.stream.wants()
    }

    /// See [`crate::job::Job::deliver`].
    pub fn deliver(&mut self, start: u64, bytes: Result<Vec<u8>, String>) {
        self.stream.deliver(start, bytes);
    }

    /// The next bytes. Takes from `fuel` what was inflated.
    pub fn pull(&mut self, fuel: &mut usize) -> Pulled {
        match self.stream.pull(fuel) {
            source::Pulled::Bytes(bytes) => Pulled::Bytes(bytes),
            source::Pulled::Working => Pulled::Working,
            source::Pulled::Waiting => Pulled::Waiting,
            source::Pulled::End => Pulled::End,
        }
    }

    /// Why bytes are missing at the end, if some are: they cannot be read, or the container is damaged.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.stream.problems().find(|(_, is_loss)| *is_loss).map(|(reason, _)| reason.to_owned())
    }
}
