//! SHA-256 of a file as handed over and of what is in it, when nothing else is to do.

use super::{Shard, reads::For};
use crate::message::Said;
use chartroom_ingest::{
    Place,
    inner::{Inner, Pulled},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Bytes inflated in one slice.
const FUEL: usize = 512 << 10;

/// The file being hashed.
#[derive(Default)]
pub(crate) struct Hashing {
    now: Option<Task>,
}

struct Task {
    file: u32,
    /// The file as handed over: another one when this is a member of an archive.
    source: u32,
    /// One past its last byte there.
    end: u64,
    size: u64,
    outer: Sha256,
    inner: Sha256,
    bytes: Inner,
    is_packed: bool,
    failure: Option<String>,
    is_waiting: bool,
}

impl Task {
    /// Whether it is one of several in a file, whose own hash is worked out by itself.
    const fn is_member(&self) -> bool {
        self.file != self.source
    }
}

impl Hashing {
    /// No hash is wanted of these files any more.
    pub(crate) fn end(&mut self, files: &BTreeSet<u32>) {
        if self.now.as_ref().is_some_and(|task| files.contains(&task.file)) {
            self.now = None;
        }
    }

    pub(crate) fn deliver(&mut self, start: u64, bytes: Result<Vec<u8>, String>) {
        let Some(task) = &mut self.now else { return };
        match &bytes {
            Ok(bytes) if !task.is_member() => task.outer.update(bytes),
            Ok(_) => {}
            Err(reason) => task.failure = Some(reason.clone()),
        }
        task.is_waiting = false;
        task.bytes.deliver(start, bytes);
    }
}

impl Shard {
    /// Begins with a file; one at a time.
    pub(crate) fn hash(&mut self, file: u32, place: &Place, size: u64, is_packed: bool) {
        self.reads.end(For::Hash);
        let bytes = if is_packed { Inner::new(place, size) } else { Inner::range(place, 0..size) };
        self.hashing.now = Some(Task {
            file,
            source: place.source,
            end: place.start.saturating_add(size),
            size,
            outer: Sha256::new(),
            inner: Sha256::new(),
            bytes,
            is_packed,
            failure: None,
            is_waiting: false,
        });
    }

    /// Hashes on. Whether there was something to do.
    pub(crate) fn hash_some(&mut self) -> bool {
        let Some(task) = &mut self.hashing.now else { return false };
        while let Some(range) = task.bytes.wants() {
            let want = self.reads.want(For::Hash, task.source, range, task.end);
            self.outputs.push(want);
        }
        if task.is_waiting && task.failure.is_none() {
            return false;
        }
        let mut fuel = FUEL;
        match task.bytes.pull(&mut fuel) {
            Pulled::Bytes(bytes) => {
                if task.is_packed || task.is_member() {
                    task.inner.update(&bytes);
                }
                return true;
            }
            Pulled::Working => return true,
            Pulled::Waiting if task.failure.is_none() => {
                task.is_waiting = true;
                return false;
            }
            Pulled::Waiting | Pulled::End => {}
        }
        let Some(task) = self.hashing.now.take() else { return false };
        self.reads.end(For::Hash);
        // A damaged container is the reader's to tell; what came out of it has a hash all the same.
        let hashes = match task.failure {
            Some(reason) => Err(reason),
            None => {
                let has_own = task.is_packed || task.is_member();
                let outer = hex(&task.outer.finalize());
                let inner = if has_own { hex(&task.inner.finalize()) } else { outer.clone() };
                Ok((outer, inner))
            }
        };
        debug_assert!(task.size > 0 || hashes.is_ok());
        self.say(Said::Hashed { file: task.file, hashes });
        true
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        text
    })
}
