//! The bytes at hand, as one slice: what is left of the last chunk bridged to the beginning of the next.
//!
//! **Invariant:** chunks are not copied together. Only a record that lies across two of them is bridged, by copying what
//! is left of the first and as much of the second as it takes, doubling.

use std::collections::VecDeque;

/// The least number of bytes a bridge takes from the next chunk.
const BRIDGE: usize = 8 << 10;

/// A sliding view of a stream of chunks.
#[derive(Debug, Default)]
pub(crate) struct Window {
    /// Absolute offset of the first byte in view.
    offset: u64,
    front: Vec<u8>,
    at: usize,
    /// Bytes at the end of `front` that are also the first of `next`.
    overlap: usize,
    next: VecDeque<Vec<u8>>,
    is_ended: bool,
}

impl Window {
    /// An empty window at `offset`.
    pub(crate) fn new(offset: u64) -> Self {
        Self { offset, ..Self::default() }
    }

    /// Absolute offset of the first byte in view.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The bytes in view.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.front.get(self.at..).unwrap_or_default()
    }

    /// Whether the view reaches the end of the stream.
    pub(crate) fn is_last(&self) -> bool {
        self.is_ended && self.next.is_empty()
    }

    /// Adds a chunk behind all others.
    pub(crate) fn push(&mut self, chunk: Vec<u8>) {
        if self.bytes().is_empty() && self.next.is_empty() {
            self.front = chunk;
            self.at = 0;
            self.overlap = 0;
        } else {
            self.next.push_back(chunk);
        }
    }

    /// No chunk comes after those pushed.
    pub(crate) fn end(&mut self) {
        self.is_ended = true;
    }

    /// All bytes that were pushed and not passed, in view or not.
    pub(crate) fn take_all(&mut self) -> Vec<u8> {
        let mut all = self.bytes().to_vec();
        let mut overlap = std::mem::take(&mut self.overlap);
        for chunk in self.next.drain(..) {
            all.extend_from_slice(chunk.get(overlap..).unwrap_or_default());
            overlap = 0;
        }
        self.front = Vec::new();
        self.at = 0;
        all
    }

    /// Drops the first `len` bytes in view.
    pub(crate) fn advance(&mut self, len: usize) {
        let len = len.min(self.bytes().len());
        self.at = self.at.saturating_add(len);
        self.offset = self.offset.saturating_add(len as u64);
        let left = self.front.len().saturating_sub(self.at);
        if left <= self.overlap {
            // All that is left also lies in the next chunk: go on there.
            let skip = self.overlap.saturating_sub(left);
            self.overlap = 0;
            match self.next.pop_front() {
                Some(chunk) => {
                    self.front = chunk;
                    self.at = skip;
                }
                None => {
                    self.front = Vec::new();
                    self.at = 0;
                }
            }
        }
    }

    /// Brings more into view, about doubling it. False when all that was pushed is in view already.
    pub(crate) fn grow(&mut self) -> bool {
        let target = self.bytes().len().saturating_mul(2).max(self.bytes().len().saturating_add(BRIDGE));
        let mut grown = false;
        while self.bytes().len() < target {
            let Some(chunk) = self.next.front() else { break };
            if self.at > 0 {
                self.front.drain(..self.at);
                self.at = 0;
            }
            let room = target.saturating_sub(self.front.len());
            let upto = self.overlap.saturating_add(room).min(chunk.len());
            let more = chunk.get(self.overlap..upto).unwrap_or_default();
            grown |= !more.is_empty();
            self.front.extend_from_slice(more);
            if upto == chunk.len() {
                self.next.pop_front();
                self.overlap = 0;
            } else {
                self.overlap = upto;
            }
        }
        grown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_view_is_the_stream(
            chunks in prop::collection::vec(1_usize..30_000, 1..6),
            steps in prop::collection::vec((0_usize..40_000, prop::bool::ANY), 1..60),
        ) {
            let all: Vec<u8> = (0..chunks.iter().sum::<usize>()).map(|i| (i % 251) as u8).collect();
            let mut window = Window::new(0);
            let (mut pushed, mut chunks) = (0, chunks.into_iter());
            for (len, push) in steps {
                if push && let Some(chunk) = chunks.next() {
                    window.push(all[pushed..pushed + chunk].to_vec());
                    pushed += chunk;
                }
                let before = window.bytes().len();
                prop_assert_eq!(window.grow(), window.bytes().len() > before);
                window.advance(len);
                let at = window.offset() as usize;
                prop_assert_eq!(window.bytes(), &all[at..at + window.bytes().len()]);
                prop_assert!(!window.bytes().is_empty() || at == pushed);
            }
        }
    }
}
