//! What the page asks.

use crate::{DropNo, FileNo, RequestId, ResultId, RowId, edit::EditAsk};
use chartroom_base::ticks::Ticks;
use serde::{Deserialize, Serialize};

/// Page → coordinator. Travels packed, hence no type within it is tagged inside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Some files of a drop, at most 32; their `File` handles travel beside. Reading starts at once. Final: `Done`.
    Files {
        /// The drop they belong to.
        drop: DropNo,
        /// What is known of each without reading it.
        files: Vec<FileInfo>,
    },
    /// All files of the drop are named; ranks and the end of the load can be settled. Final: `Done`.
    DropComplete {
        /// The drop.
        drop: DropNo,
        /// Folder entries that could not be opened: path and reason. They go into the ledger.
        unreadable: Vec<(String, String)>,
    },
    /// What to do with files that do not fit, after [`crate::Event::OverBudget`]. Final: `Done`.
    Choose {
        /// The person's choice.
        choice: LoadChoice,
    },
    /// Another budget from now on. When it is larger, reading that stopped at the old one goes on. Final: `Done`.
    SetBudget {
        /// Bytes all shards together may take.
        bytes: u64,
    },
    /// The password of encrypted members, kept in memory only: those that wait for it are read. Final: `Done`.
    Password {
        /// The file as handed over; `None`: all that are locked, and those to come.
        file: Option<FileNo>,
        /// As typed.
        password: String,
    },
    /// Reads a file again in another way than it was recognised; the ledger keeps both. Final: `Done` when it waits to be read, or
    /// `Failed` when the way is none.
    Overrule {
        /// The file.
        file: FileNo,
        /// Also all files that were taken for the same, log type and table.
        is_alike: bool,
        /// The way; what it leaves out is recognised, as at first.
        overrule: Overrule,
    },
    /// The log types there are, the person's own among them. Final: `LogTypes`.
    LogTypes,
    /// Stops reading; what is in stays. Final: `Done`.
    CancelLoad,
    /// Forgets files and their rows. Final: `Done` when the rows are out of every result.
    Close {
        /// Which files; empty: all.
        files: Vec<FileNo>,
    },
    /// Runs a query and keeps its result for paging. The newest query ends the older ones. Final: `Result` or `Failed`.
    Query {
        /// KQL text as typed.
        text: String,
        /// The clock when it was asked.
        now: Ticks,
    },
    /// Rows of a result. Final: `Rows`; the newest request of this kind ends the older ones.
    Rows {
        /// The result.
        result: ResultId,
        /// First row.
        start: u64,
        /// How many; at most 500.
        count: u32,
    },
    /// Rows of a result as a part of a file to keep; the first part begins with what stands before the rows. Final:
    /// `Written`; the newest request of this kind ends the older ones.
    Write {
        /// The result.
        result: ResultId,
        /// First row.
        start: u64,
        /// How many; at most 500.
        count: u32,
        /// How they are written.
        format: RowFormat,
    },
    /// Where a row stands in a result now. Final: `Position`.
    Position {
        /// The result.
        result: ResultId,
        /// The row.
        row: RowId,
    },
    /// Counts of a result's rows over time, stacked by outcome. Final: `Timeline`.
    Timeline {
        /// The result.
        result: ResultId,
        /// At most so many buckets, 10 to 500.
        buckets: u32,
    },
    /// One record, all of it. Final: `Record`.
    Record {
        /// The row.
        row: RowId,
    },
    /// Bytes of a file around a place (a problem in the ledger, a record). Final: `Raw`.
    Raw {
        /// The file.
        file: FileNo,
        /// First byte, in the innermost file.
        offset: u64,
        /// How many; at most 256 KiB come.
        len: u64,
    },
    /// Part of the ledger. Final: `Ledger`.
    Ledger {
        /// First file.
        start: u32,
        /// How many; at most 1,000.
        count: u32,
        /// Only files whose path, format or status contains this, any case.
        filter: String,
    },
    /// The whole ledger as a file. Final: `Text`.
    ExportLedger {
        /// `csv` or `json`.
        format: LedgerFormat,
    },
    /// What the editor wants to know of a text that is being written. Final: `Edit`, or `Cancelled` when a newer one of the same
    /// kind came first.
    Edit {
        /// What is wanted.
        ask: EditAsk,
        /// The text as it stands.
        text: String,
        /// Byte in it: the caret, or what is pointed at.
        at: u32,
        /// The clock, for what is checked.
        now: Ticks,
    },
    /// Stops another request at its next step; that one ends with `Cancelled`, this one with `Done`.
    Cancel {
        /// The request to stop.
        target: RequestId,
    },
    /// A shard died or was ended by the page and a fresh one stands in its place. Final: `Done`.
    ShardRestarted {
        /// Which.
        shard: u32,
        /// What the page knows about why, for the ledger; `None` when the coordinator itself asked for it.
        reason: Option<String>,
        /// The part of a file that it was at when it died, as it left word itself: what it told the coordinator may be
        /// overtaken by this message, or lost with its port. 0: at none; `None`: it left no word.
        part: Option<u32>,
    },
    /// Shards `0..count` are up. Final: `Done`.
    ShardsReady {
        /// How many.
        count: u32,
    },
    /// The coordinator itself was started anew; the page names what it had (files follow as usual, drop by drop). Final: `Done`.
    Resume,
}

/// What is known of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// Numbered by the page.
    pub file: FileNo,
    /// Path within the drop, `/` between folders; just the name when there was none.
    pub path: String,
    /// Bytes as handed over.
    pub size: u64,
    /// Last change, milliseconds since 1970.
    pub modified: i64,
}

/// What to do when more was dropped than fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoadChoice {
    /// Read in order of path until the budget is reached, then stop and say where.
    UpToBudget,
    /// Every n-th file.
    EveryNth {
        /// 2 or more.
        n: u32,
    },
    /// Files whose path carries an hour within the span; others are left out and listed.
    TimeSpan {
        /// First hour, inclusive.
        from: Ticks,
        /// Last hour, exclusive.
        to: Ticks,
    },
    /// None of the waiting files.
    Nothing,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowFormat {
    /// As RFC 4180 has it, with a head; lines end in a line feed.
    Csv,
    /// One JSON object a line, keys in the order of the columns.
    Ndjson,
}

/// How a file is to be read, where a person knows better.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrule {
    /// Id of the log type of its records.
    pub format: Option<String>,
    /// The zone of times that name none: `UTC`, `+02:00`, `Asia/Jerusalem`, `Jerusalem`.
    pub zone: Option<String>,
    /// Whether `3/4/2025` is in April.
    pub is_day_first: Option<bool>,
    /// `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`.
    pub encoding: Option<String>,
    /// One character between the cells of a table.
    pub delimiter: Option<String>,
}

/// How a ledger is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerFormat {
    /// One line a file.
    Csv,
    /// As `chartroom inspect --format json`.
    Json,
}
