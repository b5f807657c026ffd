//! What the ledger says about a file, in words.

use super::format::{counted, grouped, percent};
use chartroom_protocol::ledger::{FileStatus, LedgerFile};

/// Up to so many files are all in the document; beyond, only those on the screen.
pub const WHOLE: u32 = 1_000;

/// What a row of the ledger says in one glance: the number of its records, or why there are none.
#[must_use]
pub fn gist(file: &LedgerFile) -> String {
    match file.status {
        FileStatus::Reading if file.stored == 0 && file.share > 0.0 => {
            format!("reading {}", percent(file.share))
        }
        FileStatus::Reading if file.stored == 0 => "waiting".to_owned(),
        FileStatus::Skipped if file.same_as.is_some() => "again".to_owned(),
        FileStatus::Skipped => match &file.digest {
            Some(digest) => format!("{} of {} match", grouped(digest.matching), grouped(digest.listed)),
            None => "no events".to_owned(),
        },
        FileStatus::Failed if file.stored == 0 => "not read".to_owned(),
        _ => grouped(file.stored),
    }
}

/// What tells a file from all others: two drops may hold the same path.
#[must_use]
pub fn file_key(file: &LedgerFile) -> String {
    format!("{}/{}", file.file.0, file.path)
}

/// How much a trouble of a file weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Something of the file is not in the tables.
    Lost,
    /// The file ends too early; what it holds was read.
    Cut,
    /// Worth a note: nothing is missing.
    Note,
}

impl Weight {
    /// The word for it in class names.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Cut => "cut",
            Self::Note => "note",
        }
    }
}

/// What needs attention in a file, in words, the heaviest first; empty when nothing does.
#[must_use]
pub fn troubles(file: &LedgerFile) -> Vec<(Weight, String)> {
    let mut parts = Vec::new();
    if file.rejected > 0 {
        parts.push((Weight::Lost, format!("{} rejected", grouped(file.rejected))));
    }
    if file.status == FileStatus::Failed {
        parts.push((Weight::Lost, "could not be read".to_owned()));
    }
    if file.status == FileStatus::Partial {
        parts.push((Weight::Cut, "cut short".to_owned()));
    }
    if let Some(digest) = &file.digest {
        if digest.altered > 0 {
            parts.push((Weight::Lost, format!("{} altered", grouped(digest.altered))));
        }
        if digest.missing > 0 {
            parts.push((Weight::Cut, format!("{} missing", grouped(digest.missing))));
        }
    }
    if file.same_as.is_some() {
        parts.push((Weight::Note, "the same file".to_owned()));
    }
    if file.repaired > 0 {
        parts.push((Weight::Note, format!("{} repaired", grouped(file.repaired))));
    }
    if file.duplicates > 0 {
        parts.push((Weight::Note, counted(file.duplicates, "duplicate", "duplicates")));
    }
    parts
}

/// The word for a status as a person reads it.
#[must_use]
pub const fn status_title(status: FileStatus) -> &'static str {
    match status {
        FileStatus::Reading => "Reading",
        FileStatus::Done => "Read",
        FileStatus::Partial => "Read in part",
        FileStatus::Skipped => "No events",
        FileStatus::Failed => "Not read",
    }
}

/// What the screen reader hears of a file.
#[must_use]
pub fn spoken(file: &LedgerFile) -> String {
    let mut text = format!(
        "{}: {}, {}",
        file.path,
        status_title(file.status).to_lowercase(),
        counted(file.stored, "record", "records")
    );
    for (_, trouble) in troubles(file) {
        text.push_str(", ");
        text.push_str(&trouble);
    }
    text
}
