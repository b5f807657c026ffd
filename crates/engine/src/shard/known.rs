//! What a shard knows of files: their rank and their path.

use crate::message::MEMBERS_FROM;
use chartroom_kql::Files;
use std::collections::BTreeMap;

/// Files numbered below this are looked up by place; the page numbers densely from 0, the coordinator members of archives
/// from there on.
const BY_PLACE: u32 = MEMBERS_FROM * 2;

/// Ranks and paths by the file's number.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Looked up for every tie of a sort: by place.
    ranks: Vec<u32>,
    /// The same of members of archives, by their number without [`MEMBERS_FROM`].
    members: Vec<u32>,
    paths: BTreeMap<u32, Box<str>>,
}

impl Known {
    pub(crate) fn set_rank(&mut self, file: u32, rank: u32) {
        if file < BY_PLACE {
            let (ranks, place) = match file.checked_sub(MEMBERS_FROM) {
                Some(place) => (&mut self.members, place as usize),
                None => (&mut self.ranks, file as usize),
            };
            if ranks.len() <= place {
                ranks.resize(place + 1, u32::MAX);
            }
            if let Some(slot) = ranks.get_mut(place) {
                *slot = rank;
            }
        }
    }

    pub(crate) fn set_path(&mut self, file: u32, path: &str) {
        if self.paths.get(&file).is_none_or(|known| **known != *path) {
            self.paths.insert(file, path.into());
        }
    }
}

impl Files for Known {
    fn rank(&self, file: u32) -> u32 {
        // Files of a drop that is not complete stand behind all others, in the order of arrival.
        let rank = match file.checked_sub(MEMBERS_FROM) {
            Some(place) => self.members.get(place as usize),
            None => self.ranks.get(file as usize),
        };
        match rank {
            Some(&rank) if rank != u32::MAX => rank,
            _ => (1 << 31) | file,
        }
    }

    fn path(&self, file: u32) -> &str {
        self.paths.get(&file).map_or("", |path| path)
    }
}
