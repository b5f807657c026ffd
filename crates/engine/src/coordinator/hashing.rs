//! SHA-256 of files, one per shard at a time, when nothing is left to read.

use super::{Coordinator, files::Hashes, shards::Phase};
use crate::{message::ToShard, output::Output};
use chartroom_ingest::{
    nested::way_from,
    place::{Hop, Password},
};
use chartroom_protocol::FileNo;

/// Files looked at for one that a shard has the handle of.
const NEAR: usize = 64;

impl Coordinator {
    /// Gives idle shards files to hash.
    pub(crate) fn hash_some(&mut self) {
        self.hash_twins();
        if self.load.is_active {
            return;
        }
        for index in 0..self.shards.len() {
            let Some(shard) = self.shards.get_mut(index).filter(|shard| shard.phase == Phase::Up) else {
                continue;
            };
            if shard.hashing.is_some() {
                continue;
            }
            let at = index as u32;
            // One of its own files if that is near: it has their handles.
            let source = |file: &u32| self.files.get(file).map(|state| state.place.source);
            let is_own = |file: &&u32| {
                source(file)
                    .and_then(|source| self.files.get(&source))
                    .is_some_and(|source| source.holders.contains(&at))
            };
            let near = self.unhashed.iter().take(NEAR);
            let Some(wanted) = near.clone().find(is_own).or_else(|| near.clone().next()).copied() else {
                return;
            };
            if !self.files.contains_key(&wanted) {
                self.unhashed.remove(&wanted);
                continue;
            }
            let file = self.packed_around(wanted);
            self.unhashed.remove(&file);
            let Some(shard) = self.shards.get_mut(index) else { continue };
            shard.hashing = Some(file);
            let Some(state) = self.files.get_mut(&file) else { continue };
            state.hashes = Hashes::UnderWay(at);
            let (place, size) = (state.place.clone(), state.info.size);
            let (is_archive, source) = (state.is_archive, place.source);
            let mut is_packed = state.is_packed();
            let mut members = Vec::new();
            if is_archive {
                members = self.hashed_along(file, at);
                is_packed |= !members.is_empty();
            }
            if self.unhashed.remove(&wanted)
                && let Some(state) = self.files.get_mut(&wanted)
            {
                // The archive around it does not lead to it any more.
                state.hashes = Hashes::None;
            }
            let message = ToShard::Hash { file, size, is_packed, place, members };
            let files = self.lend(source, at).into_iter().collect();
            self.outputs.push(Output::ToShard { shard: at, message, files });
        }
    }

    /// The archive whose bytes have to pass for those of a file to be had; the file itself, when they can be had without.
    fn packed_around(&self, file: u32) -> u32 {
        let state = self.files.get(&file);
        let archive = state.filter(|state| state.place.is_within_packed()).and_then(|state| state.archive);
        archive.map_or(file, |(archive, _)| self.packed_around(archive))
    }

    /// Files in an archive that is packed as a whole, however deep: they are hashed as its bytes pass by, once for all of
    /// them.
    fn hashed_along(&mut self, archive: u32, shard: u32) -> Vec<(u32, Vec<Hop>, Option<Password>)> {
        let Some(state) = self.files.get(&archive) else { return Vec::new() };
        let (around, mut below) = (state.place.clone(), state.members.clone());
        let mut found = Vec::new();
        while let Some(number) = below.pop() {
            let Some(state) = self.files.get_mut(&number) else { continue };
            let Some(way) = way_from(&around, &state.place) else { continue };
            below.extend(&state.members);
            if self.unhashed.remove(&number) {
                state.hashes = Hashes::UnderWay(shard);
                found.push((number, way, state.place.password.clone()));
            }
        }
        found
    }

    /// The handle of a file as handed over, when that shard does not have it yet.
    pub(crate) fn lend(&mut self, source: u32, shard: u32) -> Option<FileNo> {
        let is_new = self.files.get_mut(&source)?.holders.insert(shard);
        is_new.then_some(FileNo(source))
    }

    pub(crate) fn on_hashed(&mut self, shard: u32, file: u32, hashes: Result<(String, String), String>) {
        if let Some(state) = self.shards.get_mut(shard as usize)
            && state.hashing == Some(file)
        {
            state.hashing = None;
        }
        if self.on_twin_hashed(file, hashes.as_ref().ok().map(|(outer, _)| outer.as_str())) {
            return;
        }
        let Some(state) = self.files.get_mut(&file) else { return };
        match hashes {
            Ok((source, inner)) => state.hashes = Hashes::Known(source, inner),
            Err(reason) => {
                state.hashes = Hashes::None;
                self.note_unreadable(file, &reason);
            }
        }
        self.touch_ledger();
        self.hash_some();
        self.check_digests();
    }

    /// A file cannot be read again: what is in stays, and the ledger says once that the file is not what it was.
    pub(crate) fn note_unreadable(&mut self, file: u32, reason: &str) {
        let Some(state) = self.files.get_mut(&file) else { return };
        if state.gone.is_none() {
            state.gone = Some(format!("the file cannot be read any more: {reason}"));
            self.touch_ledger();
        }
    }
}
