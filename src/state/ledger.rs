//! What the ledger says about a file, in words.

use super::format::{counted, grouped};
use chartroom_protocol::ledger::{FileStatus, LedgerFile};

/// Up to so many files are all in the document; beyond, only those on the screen.
pub const WHOLE: u32 = 1_000;

/// What a row of the ledger says in one glance: the number of its records, or why there are none.
#[must_use]
pub fn gist(file: &LedgerFile) -> String {
    match file.status {
        FileStatus::Reading if file.stored == 0 => "waiting".to_owned(),
        FileStatus::Skipped => "no events".to_owned(),
        FileStatus::Failed if file.stored == 0 => "not read".to_owned(),
        _ => grouped(file.stored),
    }
}

/// What needs attention in a file, in words; empty when nothing does.
#[must_use]
pub fn trouble(file: &LedgerFile) -> String {
    let mut parts = Vec::new();
    if file.rejected > 0 {
        parts.push(format!("{} rejected", grouped(file.rejected)));
    }
    if file.repaired > 0 {
        parts.push(format!("{} repaired", grouped(file.repaired)));
    }
    if file.status == FileStatus::Partial {
        parts.push("cut short".to_owned());
    }
    if file.status == FileStatus::Failed {
        parts.push("could not be read".to_owned());
    }
    parts.join(", ")
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
    let trouble = trouble(file);
    if !trouble.is_empty() {
        text.push_str(", ");
        text.push_str(&trouble);
    }
    text
}
