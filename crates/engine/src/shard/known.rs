//! What a shard knows of files: their rank and their path.

use chartroom_kql::Files;
use std::collections::BTreeMap;

/// Files numbered below this are looked up by place; the page numbers densely from 0.
const BY_PLACE: u32 = 1 << 22;

/// Ranks and paths by the file's number.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Looked up for every tie of a sort: by place.
    ranks: Vec<u32>,
    paths: BTreeMap<u32, Box<str>>,
}

impl Known {
    pub(crate) fn set_rank(&mut self, file: u32, rank: u32) {
        if file < BY_PLACE {
            let place = file as usize;
            if self.ranks.len() <= place {
                self.ranks.resize(place + 1, u32::MAX);
            }
            if let Some(slot) = self.ranks.get_mut(place) {
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
        match self.ranks.get(file as usize) {
            Some(&rank) if rank != u32::MAX => rank,
            _ => (1 << 31) | file,
        }
    }

    fn path(&self, file: u32) -> &str {
        self.paths.get(&file).map_or("", |path| path)
    }
}
