//! SHA-256 of a file as handed over and of what is in it, when nothing else is to do.

use super::{Shard, reads::For};
use crate::message::Said;
use chartroom_ingest::{
    Place,
    inner::{Inner, Pulled},
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, VecDeque};

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
    /// How much of what is packed there has come.
    at: u64,
    /// Members whose bytes have not all come.
    members: VecDeque<(u32, u64, u64)>,
    /// Of the first of them, as far as it came.
    member: Sha256,
    outer: Sha256,
    inner: Sha256,
    bytes: Inner,
    is_packed: bool,
    failure: Option<String>,
    is_waiting: bool,
}

impl Task {
    /// Takes the next bytes as those of members, where they are; the hashes of members that are whole.
    fn hash_members(&mut self, bytes: &[u8]) -> Vec<(u32, String)> {
        let (begin, end) = (self.at, self.at + bytes.len() as u64);
        self.at = end;
        let mut whole = Vec::new();
        while let Some(&(file, start, len)) = self.members.front() {
            let upto = start.saturating_add(len);
            let (from, to) = (start.clamp(begin, end), upto.clamp(begin, end));
            let part = bytes.get((from - begin) as usize..(to - begin) as usize).unwrap_or_default();
            self.member.update(part);
            if upto > end {
                break;
            }
            whole.push((file, hex(&self.member.finalize_reset())));
            self.members.pop_front();
        }
        whole
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
        members: Vec<(u32, u64, u64)>,
    ) {
        self.reads.end(For::Hash);
        let bytes = if is_packed { Inner::new(place, size) } else { Inner::range(place, 0..size) };
        self.hashing.now = Some(Task {
            file,
            source: place.source,
            end: place.start.saturating_add(size),
            size,
            at: 0,
            members: members.into(),
            member: Sha256::new(),
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
                for (file, inner) in task.hash_members(&bytes) {
                    // Its file as handed over has a hash of its own.
                    self.say(Said::Hashed { file, hashes: Ok((String::new(), inner)) });
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
        let Some(mut task) = self.hashing.now.take() else { return false };
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
        // Members that did not come whole: of the first there is what came, of the others nothing.
        for (file, _, _) in std::mem::take(&mut task.members) {
            let inner = hex(&task.member.finalize_reset());
            self.say(Said::Hashed { file, hashes: hashes.clone().map(|_| (String::new(), inner)) });
        }
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
