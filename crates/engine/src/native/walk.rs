//! Folders to files, sorted by path.

use super::shard_thread::{Source, changed};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders within folders that are followed: a loop of links ends here.
const DEEPEST: usize = 64;

/// A file found.
pub(crate) struct Found {
    pub(crate) path: String,
    pub(crate) size: u64,
    /// Milliseconds since 1970.
    pub(crate) modified: i64,
    pub(crate) source: Source,
}

/// What a walk found.
#[derive(Default)]
pub(crate) struct Walked {
    pub(crate) files: Vec<Found>,
    /// Path and reason.
    pub(crate) unreadable: Vec<(String, String)>,
}

/// All files under `paths`, each with the name of what was given in front.
pub(crate) fn walk(paths: &[PathBuf]) -> Walked {
    let mut walked = Walked::default();
    for path in paths {
        let name = path
            .file_name()
            .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        visit(path, &name, 0, &mut walked);
    }
    walked
}

fn visit(path: &Path, name: &str, depth: usize, walked: &mut Walked) {
    let facts = match fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) => return walked.unreadable.push((name.to_owned(), error.to_string())),
    };
    if facts.is_file() {
        let changed = changed(&facts);
        let modified = changed.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0);
        let source = Source::Path(path.to_owned(), facts.len(), changed);
        return walked.files.push(Found { path: name.to_owned(), size: facts.len(), modified, source });
    }
    if !facts.is_dir() {
        return walked.unreadable.push((name.to_owned(), "neither a file nor a folder".to_owned()));
    }
    if depth >= DEEPEST {
        return walked.unreadable.push((name.to_owned(), "folders are nested too deeply".to_owned()));
    }
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return walked.unreadable.push((name.to_owned(), error.to_string())),
    };
    let mut below: Vec<PathBuf> = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => below.push(entry.path()),
            Err(error) => walked.unreadable.push((name.to_owned(), error.to_string())),
        }
    }
    below.sort();
    for path in below {
        let last = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        visit(&path, &format!("{name}/{last}"), depth + 1, walked);
    }
}
