//! Results, pages, records, timelines.

use crate::{ResultId, RowId, reply::RawText};
use chartroom_base::{diagnostic::Diagnostic, ticks::Ticks};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};

/// A result's shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultInfo {
    /// For paging.
    pub result: ResultId,
    /// Grows by one whenever the order of rows already given out changed (not when rows were appended).
    pub generation: u32,
    /// The columns, in order.
    pub columns: Vec<ColumnInfo>,
    /// Rows there are now.
    pub rows: u64,
    /// Whether more rows may come: a load is going on.
    pub is_partial: bool,
    /// Share of the waiting bytes that was read when this was answered, 0.0–1.0; 1.0 when nothing waits.
    pub share: f64,
    /// Whether rows are stored rows (and so have a [`RowId`], a record and a timeline).
    pub is_stored: bool,
    /// The chart that the text asks for with `render`.
    pub chart: Option<ChartWish>,
    /// Warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took, in microseconds.
    pub took_us: u64,
}

/// `render chart with (name=value, …)` as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartWish {
    /// The chart.
    pub chart: String,
    /// Its properties; several names are a list.
    pub properties: Vec<(String, Vec<String>)>,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// One sentence about it; empty when none is known.
    pub about: String,
    /// How much it wants to be seen: 1 for the first to show, larger for later ones, 0 for no opinion.
    pub rank: u32,
    /// Whether no row of the result's tables has a value here.
    pub is_empty: bool,
    /// What its numbers count, as its head says it: `ms`, `in UnitType`; empty when not known.
    pub unit: String,
    /// What is to be known of its values.
    pub mark: ColumnMark,
}

/// How the values of a column differ from what its table's documentation says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnMark {
    /// Not at all, as far as is known.
    #[default]
    Plain,
    /// They are worked out where a record does not say.
    Derived,
    /// They are of another kind than documented, for values of this load that would not fit.
    Widened,
}

/// A row on its way to the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageRow {
    /// Which row; `None` when a query made it.
    pub id: Option<RowId>,
    /// One value per column of the result, exactly as exported; `None` is null.
    pub cells: Vec<Option<String>>,
    /// Whether another record is shown for it: it has a `_DuplicateOf`.
    pub is_duplicate: bool,
}

/// Counts over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimelineData {
    /// Start of the first bucket.
    pub from: Ticks,
    /// Length of a bucket, in ticks; 0 when there are none.
    pub step: i64,
    /// How many buckets.
    pub buckets: u32,
    /// One list of counts per outcome, in the order they are stacked from below.
    pub series: Vec<TimelineSeries>,
    /// Rows without a time.
    pub without_time: u64,
}

/// Rows per bucket with one outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineSeries {
    /// `Succeeded`, `Failed`, `Pending`, `Neutral` or empty for unknown.
    pub outcome: String,
    /// One count per bucket.
    pub counts: Vec<u32>,
}

/// One record, all of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    /// Which.
    pub row: RowId,
    /// Its home table.
    pub table: String,
    /// Id of its log type, e.g. `aws_cloudtrail`.
    pub format: String,
    /// Why it was taken for that type, in words.
    pub why: String,
    /// Path of its file.
    pub path: String,
    /// Every column with a value, documented ones first, then hidden ones, then the shared fields.
    pub fields: Vec<RecordField>,
    /// The bytes it was read from.
    pub raw: RawText,
    /// The record that is shown for this one, as its `_DuplicateOf` says; `None` when there is none or its file was closed.
    pub kept: Option<RowId>,
}

/// One value of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordField {
    /// The column.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// As exported.
    pub value: String,
    /// Whether the column is hidden (found by name only), documented, or shared.
    pub origin: FieldOrigin,
    /// What is personal about it: `id`, `name`, `address`, `number`, `free_text`, or empty.
    pub personal: String,
}

/// Where a field comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldOrigin {
    /// A column the vendor documents.
    Documented,
    /// What the record has beyond them.
    Hidden,
    /// Worked out for a column where the record does not say.
    Derived,
    /// Worked out for the shared fields.
    Shared,
    /// A shared field that its service does not log; it has no value.
    Unlogged,
}
