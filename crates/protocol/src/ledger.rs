//! The ledger: what became of every byte that was handed over. One row per innermost file.

use crate::FileNo;
use chartroom_base::ticks::Ticks;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One row of the ledger.
///
/// Conservation: `bytes_records + bytes_rejected + bytes_between = bytes`, `records = stored + rejected`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerFile {
    /// The file as handed over.
    pub file: FileNo,
    /// Path of the innermost file: the path in the drop, then `!/` and the member where it lay in a container.
    pub path: String,
    /// How it stands.
    pub status: FileStatus,
    /// The file as handed over: its name, size and hash.
    pub source: SourceFile,
    /// Containers peeled off, outermost first.
    pub containers: Vec<ContainerInfo>,
    /// Bytes of the innermost file (inflated).
    pub bytes: u64,
    /// SHA-256 of the innermost file's bytes, lower-case hex; `None` until known.
    pub sha256: Option<String>,
    /// Id of the log type of most records; empty when none.
    pub format: String,
    /// Why, in words: how it was recognised, or why it holds no events.
    pub why: String,
    /// The largest of `tables`; empty when none.
    pub table: String,
    /// Records stored per table.
    pub tables: BTreeMap<String, u64>,
    /// Records found.
    pub records: u64,
    /// Records stored.
    pub stored: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Records stored after a repair (a trailing comma, a bad escape, invalid UTF-8).
    pub repaired: u64,
    /// Records stored that are of an event which another record is shown for: those with a `_DuplicateOf`.
    pub duplicates: u64,
    /// Bytes of ranges cut for records that were stored.
    pub bytes_records: u64,
    /// Bytes of ranges that were rejected.
    pub bytes_rejected: u64,
    /// Bytes between records: wrappers, separators, blanks.
    pub bytes_between: u64,
    /// The oldest event.
    pub first_time: Option<Ticks>,
    /// The newest event.
    pub last_time: Option<Ticks>,
    /// The file that it is once more, byte for byte: the rows are that one's.
    pub same_as: Option<FileNo>,
    /// What came of the hashes that it lists of other files, when it is a digest; `None` until they are known.
    pub digest: Option<DigestCheck>,
    /// Problems, at most 100, in the order of the file.
    pub problems: Vec<Problem>,
    /// Problems there were in all.
    pub problem_count: u64,
    /// Share of the file that was read so far, 0.0–1.0.
    pub share: f64,
    /// How it was read, as it was recognised or as the person said.
    pub recognised: Recognised,
    /// How it was read before that, the first first: what was overruled is kept.
    pub earlier: Vec<EarlierReading>,
    /// The text of a log type of the person's own, when the file is one that is used.
    pub own_format: Option<String>,
}

/// What a file was taken for, besides its log type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    /// How its characters are written: `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`.
    pub encoding: String,
    /// What stands between a table's cells; empty for what is no table.
    pub delimiter: String,
    /// The zone of its times that name none; empty when all name one.
    pub zone: String,
    /// Whether nothing told that zone.
    pub is_zone_assumed: bool,
    /// What the file says of its zone, where that names none (`Local Time`): the person may say which, until then UTC is assumed.
    pub zone_wanted: String,
    /// `day first` or `month first`; empty when no time leaves it open.
    pub day_order: String,
    /// Whether nothing in the file told that order.
    pub is_order_guessed: bool,
    /// What of it the person said: `type`, `zone`, `day order`, `encoding`, `delimiter`.
    pub told: Vec<String>,
}

/// How a file was read before it was overruled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierReading {
    /// Id of the log type of most records.
    pub format: String,
    /// Its table.
    pub table: String,
    /// Why, in words.
    pub why: String,
    /// Records it stored.
    pub stored: u64,
    /// Records it rejected.
    pub rejected: u64,
    /// What else it was taken for.
    pub recognised: Recognised,
}

/// Files of the ledger that stand together: of one outcome, in one folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerGroup {
    /// How its files ended; of those that were read, whether records were rejected.
    pub outcome: LedgerOutcome,
    /// The folder, with its last `/`, folders that only tell the hour left out; empty for files outside any.
    pub folder: String,
    /// Files in it: so many of the list follow each other.
    pub files: u32,
    /// Records they stored.
    pub stored: u64,
    /// Records they rejected.
    pub rejected: u64,
}

/// What became of a file, in the order in which they are listed: what needs attention first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerOutcome {
    /// Could not be read.
    Failed,
    /// Read in part.
    Partial,
    /// Read, with records rejected.
    Rejected,
    /// Waiting or being read.
    #[default]
    Reading,
    /// Read.
    Done,
    /// Holds no events.
    Skipped,
}

impl LedgerOutcome {
    /// The outcome of a file that stands so.
    #[must_use]
    pub const fn of(status: FileStatus, rejected: u64) -> Self {
        match status {
            FileStatus::Failed => Self::Failed,
            FileStatus::Partial => Self::Partial,
            _ if rejected > 0 => Self::Rejected,
            FileStatus::Reading => Self::Reading,
            FileStatus::Done => Self::Done,
            FileStatus::Skipped => Self::Skipped,
        }
    }
}

/// How a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    /// Waiting or being read.
    Reading,
    /// All of it was read; there may be rejected records.
    Done,
    /// Some of it was read: cut short, cancelled, over the budget, changed on disk.
    Partial,
    /// Holds no events, and that is no fault.
    Skipped,
    /// Could not be read.
    Failed,
}

impl FileStatus {
    /// The word in `data-status` and in exports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }
}

/// The file as handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its path in the drop.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, lower-case hex; `None` until known.
    pub sha256: Option<String>,
}

/// A container that was peeled off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerInfo {
    /// `gzip`, …
    pub kind: String,
    /// The member's name, where it has one.
    pub name: String,
}

/// The files that a digest lists, against those that were handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestCheck {
    /// Files it lists.
    pub listed: u64,
    /// Those of them that are here.
    pub found: u64,
    /// Those whose SHA-256 is the one listed.
    pub matching: u64,
    /// Those that have another one.
    pub altered: u64,
    /// Those that are not here.
    pub missing: u64,
    /// Names of the first 100 that were altered, as listed.
    pub altered_files: Vec<String>,
    /// Names of the first 100 that are missing, as listed.
    pub missing_files: Vec<String>,
}

/// Something that could not be read, or was repaired.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// Where it begins, in the innermost file.
    pub offset: u64,
    /// Bytes it concerns.
    pub len: u64,
    /// Line, from 1, when known.
    pub line: Option<u64>,
    /// What is wrong, for the person.
    pub reason: String,
    /// Whether the record was lost (rejected) or kept (repaired, noted).
    pub is_loss: bool,
}
