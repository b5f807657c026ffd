//! What the coordinator answers.

use crate::{
    RowId,
    edit::EditAnswer,
    ledger::{LedgerFile, LedgerGroup},
    result::{PageRow, RecordView, ResultInfo, TimelineData},
};
use chartroom_base::diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};

/// Coordinator → page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// Share of the work done so far, 0.0–1.0. Not final.
    Progress {
        /// 0.0–1.0.
        fraction: f64,
    },
    /// Done; nothing to say.
    Done,
    /// The result's shape; rows are fetched by page.
    Result {
        /// The shape.
        info: ResultInfo,
    },
    /// Rows of a result.
    Rows {
        /// Which generation of the result they come from.
        generation: u32,
        /// First row.
        start: u64,
        /// The rows, in order; fewer than asked for at the end.
        rows: Vec<PageRow>,
    },
    /// Rows as a part of a file.
    Written {
        /// Which generation of the result they come from.
        generation: u32,
        /// So many rows; fewer than asked for at the end.
        rows: u32,
        /// The part.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Where a row stands.
    Position {
        /// The row asked for.
        row: RowId,
        /// Its index; `None` when it is not in the result.
        index: Option<u64>,
    },
    /// Counts over time.
    Timeline {
        /// The buckets.
        data: TimelineData,
    },
    /// One record.
    Record {
        /// All of it.
        record: Box<RecordView>,
    },
    /// Bytes of a file.
    Raw {
        /// What came, or why nothing did.
        raw: RawText,
    },
    /// Part of the ledger.
    Ledger {
        /// Files that pass the filter.
        total: u32,
        /// Index of the first of `files`.
        start: u32,
        /// The files: what needs attention first, then by folder.
        files: Vec<LedgerFile>,
        /// All groups of all files that pass the filter, in the order of the list; empty when there are more than 2,000.
        groups: Vec<LedgerGroup>,
    },
    /// The log types there are, by title: id and title.
    LogTypes {
        /// They.
        types: Vec<(String, String)>,
    },
    /// A text to save.
    Text {
        /// The text.
        text: String,
    },
    /// What the editor asked.
    Edit {
        /// The answer.
        answer: Box<EditAnswer>,
    },
    /// Stopped on request, or by a newer request of its kind.
    Cancelled,
    /// Not done, and why.
    Failed {
        /// For the person who asked.
        diagnostics: Vec<Diagnostic>,
    },
}

/// Bytes of a file as text, or why there are none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RawText {
    /// The bytes, invalid UTF-8 replaced; `None` when they cannot be read any more.
    pub text: Option<String>,
    /// Why not, for the person (`the file changed after it was dropped`).
    pub unavailable: Option<String>,
    /// Offset of the first byte in the innermost file.
    pub offset: u64,
    /// Line of the first byte, from 1.
    pub line: Option<u64>,
    /// Bytes there are in the range asked for; more than came when it was cut.
    pub len: u64,
    /// Whether bytes had to be replaced to show it as text.
    pub lossy: bool,
}
