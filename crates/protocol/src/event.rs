//! What the coordinator says unasked.

use crate::{FileNo, ResultId};
use chartroom_base::{diagnostic::Diagnostic, ticks::Ticks};
use serde::{Deserialize, Serialize};

/// Coordinator → page, unasked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The first word: it listens now. A message posted earlier would have been lost.
    Ready {
        /// [`crate::VERSION`] of the worker.
        version: u32,
    },
    /// How everything stands; at most ten a second, and once more when a load ends.
    Status {
        /// The figures.
        status: Box<Status>,
    },
    /// The waiting bytes pay for more shards: the page starts them, lays their channels, and says `ShardsReady`.
    WantShards {
        /// How many there should be in all.
        count: u32,
    },
    /// End this shard and start a fresh one in its place (it hangs, or most of its memory belongs to closed files).
    RestartShard {
        /// Which.
        shard: u32,
    },
    /// What is told beside a result is other than it was: rows came or went.
    Noted {
        /// The result.
        result: ResultId,
        /// All warnings and notes, in place of those before.
        diagnostics: Vec<Diagnostic>,
    },
    /// A result has more rows, or another order; row 0 of the page's view may be asked for again.
    Grown {
        /// The result.
        result: ResultId,
        /// Its generation; a new one means that the order changed.
        generation: u32,
        /// Rows there are now.
        rows: u64,
        /// Whether more may come.
        is_partial: bool,
    },
    /// The dropped files will not fit: reading waits for [`crate::Request::Choose`].
    OverBudget {
        /// Bytes of memory it would take.
        estimate: u64,
        /// Bytes there are.
        budget: u64,
        /// Files that wait.
        files: u32,
        /// First and last hour that paths carry, when they do.
        hours: Option<(Ticks, Ticks)>,
        /// Every how many files it would fit.
        every_nth: u32,
    },
    /// Reading stopped at the budget.
    StoppedAtBudget {
        /// The file it stopped in.
        file: FileNo,
        /// Its path.
        path: String,
        /// The first byte of it that was not read, in the innermost file: all before is in.
        byte: u64,
        /// The newest event read before that byte.
        time: Option<Ticks>,
        /// Files not read at all.
        files_left: u32,
    },
    /// Members of a file are encrypted: ask the person for the password, and answer with [`crate::Request::Password`].
    /// Nothing waits for it; without one their lines of the ledger say what to do. Once for a file, and again when the
    /// password was not the one.
    PasswordWanted {
        /// The file as handed over.
        file: FileNo,
        /// Its path.
        path: String,
        /// Whether a password was given that is not the one.
        is_wrong: bool,
    },
    /// Something to tell the person, shown until they dismiss it.
    Notice {
        /// One or two sentences.
        text: String,
    },
}

/// How everything stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The load going on, if one is.
    pub load: Option<LoadProgress>,
    /// Files known, of all drops.
    pub files: u32,
    /// Records stored.
    pub records: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Records that are others once more, as far as they were compared: those with a `_DuplicateOf`.
    pub duplicates: u64,
    /// Files with times that name no zone, where nothing told which: UTC was assumed.
    pub zones_assumed: u32,
    /// Files that need attention (failed, partial).
    pub troubled: u32,
    /// Oldest and newest event.
    pub times: Option<(Ticks, Ticks)>,
    /// Tables with rows, the fullest first.
    pub tables: Vec<TableInfo>,
    /// Bytes of each worker's memory: the coordinator's first, then the shards'.
    pub memory: Vec<u64>,
    /// Bytes all shards together may take.
    pub budget: u64,
    /// Grows whenever a row of the ledger changed.
    pub ledger_version: u64,
    /// Files whose SHA-256 is still being worked out.
    pub hashing: u32,
}

/// A load as it goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LoadProgress {
    /// Files done.
    pub files_done: u32,
    /// Files named so far.
    pub files: u32,
    /// Bytes read, as handed over (compressed where they are).
    pub bytes_done: u64,
    /// Bytes named so far.
    pub bytes: u64,
    /// Milliseconds since it started.
    pub millis: u64,
    /// Files being read now: path and share done, at most eight.
    pub current: Vec<(String, f64)>,
    /// Whether the walk of folders still goes on.
    pub is_walking: bool,
    /// Whether it waits for the person's choice.
    pub is_waiting: bool,
}

/// A table with rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableInfo {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
}
