//! Questions about rows, and their answers.

use chartroom_base::ticks::Ticks;
use chartroom_ingest::Place;
use chartroom_kql::{Counts, Extent, Plan};
use chartroom_protocol::{RowId, reply::RawText, result::PageRow, result::RecordField};
use serde::{Deserialize, Serialize};

/// A result in one of its orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResultKey {
    /// The result.
    pub result: u32,
    /// Its generation: another order of its rows.
    pub generation: u32,
}

/// A part of a query that makes rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MakeKey {
    /// The result.
    pub result: u32,
    /// How often its answer was begun.
    pub generation: u32,
    /// Which step of its plan.
    pub step: u32,
}

/// A question to a shard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Ask {
    /// Rows of a result by local index.
    Rows {
        /// The result.
        key: ResultKey,
        /// First local index and count of each stretch.
        stretches: Vec<(u64, u32)>,
    },
    /// The local index of a row in a result.
    Place {
        /// The result.
        key: ResultKey,
        /// The row.
        row: RowId,
    },
    /// Oldest and newest time of a result's rows.
    Span {
        /// The result.
        key: ResultKey,
        /// Only of the first so many local rows: the others are not shown.
        first: Option<u64>,
    },
    /// Rows of a result per bucket of time and outcome.
    Buckets {
        /// The result.
        key: ResultKey,
        /// Start of the first bucket.
        from: Ticks,
        /// Ticks of a bucket.
        step: i64,
        /// How many.
        count: u32,
        /// As in [`Self::Span`].
        first: Option<u64>,
    },
    /// Everything about one row but its bytes.
    Record {
        /// The row.
        row: RowId,
        /// `Events`, bound: the shared fields.
        shared: Option<Box<Plan>>,
        /// Per table, its columns that are worked out where a record does not say.
        derived: Vec<Plan>,
    },
    /// Bytes of a file.
    Raw {
        /// The file.
        file: u32,
        /// Where it lies.
        place: Place,
        /// Bytes from there on.
        size: u64,
        /// Whether its bytes do not lie there as they are.
        is_packed: bool,
        /// First byte, in the innermost file.
        offset: u64,
        /// How many.
        len: u64,
        /// A place before `offset` and its line (from 1), to count from.
        line: Option<(u64, u64)>,
    },
}

/// An answer of a shard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Answer {
    /// Rows, stretch by stretch.
    Rows(Vec<PageRow>),
    /// The local index, if it has the row.
    Place(Option<u64>),
    /// Oldest and newest time, and rows without one.
    Span(Extent),
    /// Per outcome, rows per bucket.
    Buckets(Counts),
    /// The row, if it has it.
    Record(Option<Box<Sighting>>),
    /// Bytes of a file.
    Raw(RawText),
    /// The result is not here (any more).
    Gone,
}

/// What a shard knows of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// Its home table.
    pub table: String,
    /// Bytes of its record.
    pub len: u32,
    /// Every column with a value: documented ones, hidden ones, shared ones.
    pub fields: Vec<RecordField>,
}
