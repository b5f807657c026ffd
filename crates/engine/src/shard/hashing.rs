//! SHA-256 of a file as handed over and of what is in it, when nothing else is to do.

use super::{Shard, reads::For};
use crate::message::Said;
use chartroom_ingest::{
    Place,
    inner::{Inner, Pulled},
    nested::Nested,
    place::{Hop, Password},
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes inflated in one slice.
const FUEL: usize = 512 << 10;

/// A file whose bytes all came, and its hash.
type Whole = (u32, Result<String, String>);

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
    /// Files in it, hashed on the way.
    members: Nested,
    /// Those of them that have begun.
    begun: BTreeMap<u32, Sha256>,
    outer: Sha256,
    inner: Sha256,
    bytes: Inner,
    is_packed: bool,
    failure: Option<String>,
    is_waiting: bool,
}

impl Task {
    /// Hashes on in files of which bytes came: whether there is more to do, and the hashes of those that are whole.
    fn hash_members(&mut self, fuel: &mut usize) -> (bool, Vec<Whole>) {
        let Self { members, begun, .. } = self;
        let mut whole = Vec::new();
        let is_busy = members.step(fuel, &mut |file, bytes| match bytes {
            Some(bytes) => begun.entry(file).or_default().update(bytes),
            None => whole.push((file, Ok(hex(&begun.remove(&file).unwrap_or_default().finalize())))),
        });
        (is_busy, whole)
    }

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
    pub(crate) fn hash(
        &mut self,
        file: u32,
        place: &Place,
        (size, is_packed): (u64, bool),
        members: Vec<(u32, Vec<Hop>, Option<Password>)>,
    ) {
        self.reads.end(For::Hash);
        let bytes = if is_packed { Inner::new(place, size) } else { Inner::range(place, 0..size) };
        self.hashing.now = Some(Task {
            file,
            source: place.source,
            end: place.start.saturating_add(size),
            size,
            members: Nested::new(members, size),
            begun: BTreeMap::new(),
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
        let (is_busy, whole) = task.hash_members(&mut fuel);
        self.say_members(whole);
        if is_busy {
            return true;
        }
        let Some(task) = &mut self.hashing.now else { return false };
        match task.bytes.pull(&mut fuel) {
            Pulled::Bytes(bytes) => {
                if task.is_packed || task.is_member() {
                    task.inner.update(&bytes);
                }
                task.members.push(bytes);
                return true;
            }
            Pulled::Working => return true,
            Pulled::Waiting if task.failure.is_none() => {
                task.is_waiting = true;
                return false;
            }
            Pulled::Waiting | Pulled::End => {}
        }
        // Of what did not come whole there is what came.
        task.members.end();
        let (is_busy, whole) = task.hash_members(&mut fuel);
        let failure = task.failure.clone();
        self.say_members(
            whole.into_iter().map(|(file, hash)| (file, failure.clone().map_or(hash, Err))).collect(),
        );
        if is_busy {
            return true;
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

    fn say_members(&mut self, whole: Vec<Whole>) {
        for (file, inner) in whole {
            // Its file as handed over has a hash of its own.
            self.say(Said::Hashed { file, hashes: inner.map(|inner| (String::new(), inner)) });
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        text
    })
}
