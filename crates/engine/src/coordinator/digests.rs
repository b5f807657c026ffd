//! Digests: files that list the hashes of log files, held against those that were handed over.
//!
//! A listed file is known by its name, for folders differ from the bucket's, and `.gz` may have been peeled off on the way.
//! **Invariant:** only told once every hash that can be had is known; nothing is said of a file whose hash is not.

use super::{Coordinator, files::Hashes};
use chartroom_protocol::ledger::DigestCheck;
use std::collections::{BTreeMap, BTreeSet};

/// Names kept of each kind.
const NAMES: usize = 100;

impl Coordinator {
    /// Holds all digests against all files, when no hash is under way.
    pub(crate) fn check_digests(&mut self) {
        let is_hashing = self.shards.iter().any(|shard| shard.hashing.is_some());
        if is_hashing || !self.unhashed.is_empty() || self.load.is_active {
            return;
        }
        let digests: Vec<u32> = self
            .files
            .values()
            .filter(|file| !file.merged.listed.is_empty())
            .map(|file| file.number())
            .collect();
        for file in self.files.values_mut() {
            file.digest = None;
            file.altered = None;
        }
        if digests.is_empty() {
            return;
        }
        let mut by_name: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for file in self.files.values().filter(|file| file.merged.listed.is_empty() && file.is_shown()) {
            by_name.entry(bare(&file.info.path).to_owned()).or_default().push(file.number());
        }
        let mut altered: BTreeMap<u32, String> = BTreeMap::new();
        let mut proved: BTreeSet<u32> = BTreeSet::new();
        for digest in digests {
            let Some(state) = self.files.get(&digest) else { continue };
            let mut check = DigestCheck::default();
            for listed in &state.merged.listed {
                check.listed += 1;
                let here = by_name.get(bare(&listed.name)).map(Vec::as_slice).unwrap_or_default();
                if here.is_empty() {
                    note(&mut check.missing, &mut check.missing_files, &listed.name);
                    continue;
                }
                check.found += 1;
                let known: Vec<(u32, bool)> = here
                    .iter()
                    .filter_map(|file| {
                        let (outer, inner) =
                            self.files.get(file).map(|state| &state.hashes).and_then(Hashes::known)?;
                        Some((*file, [outer, inner].contains(&listed.sha256.as_str())))
                    })
                    .collect();
                if known.iter().any(|(_, is_same)| *is_same) {
                    check.matching += 1;
                } else if !known.is_empty() {
                    note(&mut check.altered, &mut check.altered_files, &listed.name);
                }
                for (file, is_same) in known {
                    if is_same {
                        proved.insert(file);
                    } else {
                        altered.entry(file).or_insert_with(|| bare(&state.info.path).to_owned());
                    }
                }
            }
            if let Some(state) = self.files.get_mut(&digest) {
                state.digest = Some(check);
            }
        }
        for (file, digest) in altered {
            if !proved.contains(&file)
                && let Some(state) = self.files.get_mut(&file)
            {
                let reason = format!(
                    "its SHA-256 is not the one that {digest} lists: it is not the file as it was delivered"
                );
                state.altered = Some(reason);
            }
        }
        self.touch_ledger();
    }
}

fn note(count: &mut u64, names: &mut Vec<String>, name: &str) {
    *count += 1;
    if names.len() < NAMES {
        names.push(name.to_owned());
    }
}

/// A file's name without folders, archives around it, and the ending of a packed file.
fn bare(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    name.strip_suffix(".gz").unwrap_or(name)
}

/// What a check came to, for the ledger.
pub(crate) fn in_words(check: &DigestCheck) -> String {
    let DigestCheck { listed, found, matching, altered, missing, .. } = check;
    let unknown = match found - matching - altered {
        0 => String::new(),
        count => format!(", {count} could not be checked"),
    };
    format!(
        "of {listed} listed {found} are here: {matching} match, {altered} do not{unknown}; {missing} missing"
    )
}
