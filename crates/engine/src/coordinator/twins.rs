//! Files dropped twice: told by size and SHA-256 before the second one is read.
//!
//! A file of the size of one that is here waits until both are hashed as they were handed over; the same bytes are not read
//! again. Two logs of one size that share nothing else are common among small files, and hashing each before it is read costs
//! a look at it: beyond [`SMALL`] of them in a load, small files wait only for those of their own name. What is not told here
//! is told by its events. **Invariant:** a file waits for files that came before it, so that no two wait for each other.

use super::{
    Coordinator,
    files::{FileState, Hashes, Stage},
    shards::Phase,
};
use crate::{message::ToShard, output::Output};
use chartroom_ingest::{
    PartReport,
    report::{Piece, Verdict},
};
use std::collections::{BTreeMap, BTreeSet};

/// Files of this size and more wait for any other of their size.
const LARGE: u64 = 256 << 10;
/// Smaller files that may wait for one of another name, in one load.
const SMALL: u32 = 256;
/// Files of one size that are compared at most.
const MOST: usize = 16;

/// Files that wait for others of their size.
#[derive(Debug, Default)]
pub(crate) struct Twins {
    /// Files as handed over, by size; some may be closed.
    by_size: BTreeMap<u64, Vec<u32>>,
    /// What each waits for.
    waiting: BTreeMap<u32, Vec<u32>>,
    /// To be hashed as handed over.
    wanted: BTreeSet<u32>,
    /// Those being hashed, and by whom.
    under_way: BTreeMap<u32, u32>,
    /// Small files that wait, or waited, for one of another name.
    small: u32,
}

impl Twins {
    /// Shards hold rows of the file already: it was another one when it was read.
    pub(crate) fn claimed(&mut self, file: u32) {
        self.waiting.remove(&file);
    }
}

impl Coordinator {
    /// Whether a file that was just named waits until it is known to be another one than those that are here.
    pub(crate) fn is_held_for_twin(&mut self, file: u32) -> bool {
        let Some(state) = self.files.get(&file) else { return false };
        let (size, name) = (state.info.size, name_of(&state.info.path));
        if size == 0 || !state.parts.is_empty() {
            return false;
        }
        if !self.load.is_active || self.load.files.len() <= 1 {
            self.twins.small = 0;
        }
        let here = self.twins.by_size.get(&size).map(Vec::as_slice).unwrap_or_default();
        let (mut others, mut small) = (Vec::new(), self.twins.small);
        for other in here {
            let Some(other) = self.files.get(other).filter(|other| other.same_as.is_none()) else { continue };
            let is_namesake = name_of(&other.info.path) == name || size >= LARGE;
            if !is_namesake && small >= SMALL {
                continue;
            }
            small += u32::from(!is_namesake);
            others.push(other.number());
        }
        self.twins.small = small;
        let known = self.twins.by_size.entry(size).or_default();
        if known.len() < MOST {
            known.push(file);
        }
        if others.is_empty() {
            return false;
        }
        let is_unknown = |file: &u32| self.files.get(file).is_some_and(|file| file.outer.is_none());
        let unknown: Vec<u32> = others.iter().copied().chain([file]).filter(is_unknown).collect();
        self.twins.wanted.extend(unknown.into_iter().filter(|file| !self.twins.under_way.contains_key(file)));
        self.twins.waiting.insert(file, others);
        true
    }

    /// Gives shards that hash nothing files that others wait for.
    pub(crate) fn hash_twins(&mut self) {
        for index in 0..self.shards.len() {
            let Some(&file) = self.twins.wanted.first() else { return };
            let Some(shard) = self.shards.get_mut(index).filter(|shard| shard.phase == Phase::Up) else {
                continue;
            };
            if shard.hashing.is_some() {
                continue;
            }
            self.twins.wanted.remove(&file);
            let Some(state) = self.files.get(&file) else { continue };
            let at = index as u32;
            shard.hashing = Some(file);
            self.twins.under_way.insert(file, at);
            let place = chartroom_ingest::Place::whole(file);
            let message =
                ToShard::Hash { file, size: state.handed_over, is_packed: false, place, members: Vec::new() };
            let files = self.lend(file, at).into_iter().collect();
            self.outputs.push(Output::ToShard { shard: at, message, files });
        }
    }

    /// Takes the hash of a file as handed over, if it was wanted here; whether it was.
    pub(crate) fn on_twin_hashed(&mut self, file: u32, outer: Option<&str>) -> bool {
        if self.twins.under_way.remove(&file).is_none() {
            return false;
        }
        if let Some(state) = self.files.get_mut(&file) {
            // What cannot be read is the same as nothing; reading it says why.
            state.outer = Some(outer.unwrap_or_default().to_owned());
        }
        self.decide_twins();
        self.hash_twins();
        true
    }

    /// Files whose hashing ended with their shard are hashed anew.
    pub(crate) fn unhash_twins(&mut self, shard: u32) {
        let lost: Vec<u32> =
            self.twins.under_way.iter().filter(|(_, by)| **by == shard).map(|(&file, _)| file).collect();
        for file in lost {
            self.twins.under_way.remove(&file);
            self.twins.wanted.insert(file);
        }
    }

    /// Reads those that are other files, and settles those that are not.
    fn decide_twins(&mut self) {
        let outer = |file: u32| self.files.get(&file).and_then(|state| state.outer.as_deref());
        let mut decided: Vec<(u32, Option<u32>)> = Vec::new();
        for (&file, others) in &self.twins.waiting {
            let Some(own) = outer(file) else { continue };
            let others = others.iter().copied().filter(|other| self.files.contains_key(other));
            let hashes: Vec<(u32, Option<&str>)> = others.map(|other| (other, outer(other))).collect();
            let same = hashes.iter().find(|(_, hash)| !own.is_empty() && *hash == Some(own));
            if same.is_some() || hashes.iter().all(|(_, hash)| hash.is_some()) {
                decided.push((file, same.map(|(other, _)| *other)));
            }
        }
        for (file, same) in decided {
            self.twins.waiting.remove(&file);
            match same {
                Some(other) => self.settle_twin(file, other),
                None => self.queue.files.push_back(file),
            }
        }
        self.touch_ledger();
    }

    /// The file is the other one once more.
    fn settle_twin(&mut self, file: u32, other: u32) {
        let Some(first) = self.files.get(&other) else { return };
        let first = first.same_as.unwrap_or(other);
        let Some(name) = self.files.get(&first).map(|first| first.info.path.clone()) else { return };
        let Some(state) = self.files.get_mut(&file) else { return };
        let why = format!("the same as {name}, byte for byte: its rows are not counted twice");
        let piece = Piece { start: 0, end: state.info.size, newlines: 0 };
        state.merged = PartReport::unread(Verdict::NoEvents(why), Vec::new(), piece);
        state.stage = Stage::Settled;
        state.same_as = Some(first);
        state.bytes_done = state.info.size;
        let hash = state.outer.clone().unwrap_or_default();
        state.hashes = Hashes::Known(hash.clone(), hash);
    }

    /// Nothing more is read: files that wait are told apart no more; which they are.
    pub(crate) fn give_up_twins(&mut self) -> Vec<u32> {
        self.twins.wanted.clear();
        std::mem::take(&mut self.twins.waiting).into_keys().collect()
    }

    /// Files were closed: those that were the same as one of them are read now.
    pub(crate) fn twins_of_closed(&mut self, closed: &[u32]) {
        let closed: BTreeSet<u32> = closed.iter().copied().collect();
        for file in &closed {
            self.twins.waiting.remove(file);
            self.twins.wanted.remove(file);
            self.twins.under_way.remove(file);
        }
        let is_left = |file: &&FileState| file.same_as.is_some_and(|first| closed.contains(&first));
        let left: Vec<u32> = self.files.values().filter(is_left).map(FileState::number).collect();
        let Some((&next, others)) = left.split_first() else {
            self.decide_twins();
            return;
        };
        for &file in others {
            if let Some(state) = self.files.get_mut(&file) {
                state.same_as = Some(next);
            }
            self.settle_twin(file, next);
        }
        if let Some(state) = self.files.get_mut(&next) {
            state.reset();
            state.same_as = None;
            state.stage = Stage::Waiting;
            state.hashes = Hashes::Wanted;
            self.begin_load();
            self.load.files.insert(next);
            self.queue.files.push_back(next);
        }
        self.decide_twins();
        self.hand_out();
    }
}

/// A path's last part.
fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
