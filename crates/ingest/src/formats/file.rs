//! A log type as its file says it; field by field what `formats/<id>.toml` may hold.

use chartroom_schema::kind::Kind;
use chartroom_schema::personal::Personal;
use chartroom_schema::table::AlsoDef;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One `formats/<id>.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormatFile {
    /// Stable name = file name.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Where the vendor documents it.
    #[serde(default)]
    pub spec: String,
    /// Home table; absent for lists of things that are no events.
    #[serde(default)]
    pub table: Option<String>,
    /// One sentence about it.
    #[serde(default)]
    pub about: String,
    /// The column whose value no two events share, when there is one: rows that share it are one event.
    #[serde(default)]
    pub unique: String,
    /// Columns to show first, at most eight.
    #[serde(default)]
    pub first: Vec<String>,
    /// An object whose members count as members of the record: every one-part `from` is looked up there too, second.
    #[serde(default)]
    pub also_in: Option<String>,
    /// Dotted paths of objects that are kept whole and only searched for further columns when one of the wanted keys, spelled as
    /// in `from`, occurs in them.
    #[serde(default)]
    pub rare: Vec<String>,
    /// Columns are the keys found (the catch-all table).
    #[serde(default)]
    pub is_found: bool,
    /// Keys that no column takes become columns, besides those of the file.
    #[serde(default)]
    pub finds_rest: bool,
    /// The kinds of found columns follow from the ends of their names: `_s`, `_d`, `_b`, `_g`, `_t`.
    #[serde(default)]
    pub has_suffixes: bool,
    /// Values of columns that a record does not give.
    #[serde(default, rename = "const")]
    pub constant: BTreeMap<String, String>,
    /// Shared field → KQL over the columns.
    #[serde(default)]
    pub shared: BTreeMap<String, String>,
    /// Which records do not carry what they were about though they were about something, as KQL over the columns.
    #[serde(default)]
    pub unlogged: String,
    /// The columns.
    #[serde(default)]
    pub column: Vec<ColumnFile>,
    /// Tables under whose names its records answer too.
    #[serde(default)]
    pub also: Vec<AlsoDef>,
    /// When a record is of this type.
    #[serde(default)]
    pub rule: Vec<RuleFile>,
    /// Records that the page offers as sample data; all samples are in [`super::samples`].
    #[serde(default)]
    pub sample: Vec<SampleFile>,
}

/// One `[[column]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnFile {
    /// The vendor's name for it.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// One sentence about it, in our words.
    #[serde(default)]
    pub about: String,
    /// What is personal about it.
    #[serde(default)]
    pub personal: Personal,
    /// Not among the vendor's documented columns.
    #[serde(default, rename = "hidden")]
    pub is_hidden: bool,
    /// Where it comes from, dotted paths from the record's root, best first; `0` is the first element of a list that is kept
    /// whole. The column's own name is always tried, last.
    #[serde(default)]
    pub from: Vec<String>,
    /// What it is where the record does not say, as KQL over the other columns.
    #[serde(default)]
    pub derived: Option<String>,
    /// The column that says what its numbers count.
    #[serde(default)]
    pub unit: String,
}

/// One `[[rule]]`: a record is of this type when all of `all`, one of each list in `any` and none of `none` hold,
/// and no rule of a lower `order` did.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// Rules of all types are tried by rising order.
    pub order: u32,
    /// Why, for the person: half a sentence that goes on from “taken for … because”.
    pub why: String,
    /// All of these.
    #[serde(default)]
    pub all: Vec<TestFile>,
    /// At least one of each list.
    #[serde(default)]
    pub any: Vec<Vec<TestFile>>,
    /// None of these.
    #[serde(default)]
    pub none: Vec<TestFile>,
    /// It only wraps records, which lie under one of these dotted paths, best first; `*` is each element of a list.
    #[serde(default)]
    pub unwrap: Vec<String>,
    /// What it is instead of an event.
    #[serde(default)]
    pub no_event: Option<String>,
    /// It lists other files: the key of the list, and in each of its objects those of the name and of the SHA-256 in hex.
    #[serde(default)]
    pub lists: Vec<String>,
    /// The key whose value names it more closely, e.g. `resourceType`.
    #[serde(default)]
    pub named_by: Option<String>,
}

/// A test of one key: that it is there with a value, and what the value is. Keys and texts compare without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestFile {
    /// A key of the record, or `properties.<key>`; several with `|` between them are tested alike.
    pub key: String,
    /// Of this type.
    #[serde(default)]
    pub is: Option<ValueType>,
    /// Equal to one of these.
    #[serde(default)]
    pub equals: Vec<String>,
    /// Begins with one of these.
    #[serde(default)]
    pub starts: Vec<String>,
    /// Holds one of these.
    #[serde(default)]
    pub contains: Vec<String>,
}

/// What a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// `"…"`
    Text,
    /// `1.5`
    Number,
    /// `true`, `false`
    Bool,
    /// `{…}`
    Object,
    /// `[…]`
    Array,
}

/// One `[[sample]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleFile {
    /// What it shows and where the form is from.
    pub from: String,
    /// The record.
    pub line: String,
    /// Columns and their values as exported; those not named are not checked.
    #[serde(default)]
    pub expect: BTreeMap<String, String>,
    /// A near miss: not of this type.
    #[serde(default)]
    pub reject: bool,
    /// What a near miss becomes: the id of another type.
    #[serde(default)]
    pub becomes: Option<String>,
    /// Rows that an envelope's sample holds: table and values of each.
    #[serde(default)]
    pub holds: Vec<BTreeMap<String, String>>,
    /// Part of the page's sample data.
    #[serde(default, rename = "show")]
    pub is_shown: bool,
}
