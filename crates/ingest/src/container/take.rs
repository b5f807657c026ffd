//! A part of what is in a container: so many bytes from a place on.

use super::{Layer, Peeled};
use crate::report::Container;

/// The layer.
#[derive(Debug)]
pub(crate) struct Take {
    skip: u64,
    left: u64,
    input: Vec<u8>,
    is_ended: bool,
    is_short: bool,
}

impl Take {
    pub(crate) fn new(start: u64, len: u64) -> Self {
        Self { skip: start, left: len, input: Vec::new(), is_ended: false, is_short: false }
    }
}

impl Layer for Take {
    fn container(&self) -> Option<Container> {
        None
    }

    fn push(&mut self, bytes: Vec<u8>) {
        self.input = bytes;
    }

    fn end(&mut self) {
        self.is_ended = true;
    }

    fn pull(&mut self, _fuel: &mut usize) -> Peeled {
        if self.left == 0 || self.is_short {
            return Peeled::End;
        }
        let mut bytes = std::mem::take(&mut self.input);
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
        self.skip = self.skip.saturating_sub(skipped as u64);
        bytes.drain(..skipped);
        bytes.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        if bytes.is_empty() {
            if !self.is_ended {
                return Peeled::Hungry;
            }
            // Without a length it goes on to the end, wherever that is.
            self.is_short = self.left != u64::MAX;
            self.left = 0;
            return Peeled::End;
        }
        self.left = self.left.saturating_sub(bytes.len() as u64);
        Peeled::Bytes(bytes)
    }

    fn problem(&self) -> Option<(&str, bool)> {
        self.is_short.then_some(("the archive ends within this member", true))
    }
}
