//! What a table looks like: its columns, in the vendor's names, and how the shared fields come from them.
//!
//! **Invariant:** a definition says nothing of how bytes become values; that is the reader's.

use crate::kind::Kind;
use crate::personal::Personal;
use chartroom_base::json::Json;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A column a table may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnDef {
    /// Its name, exactly as the vendor spells it.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// One sentence about it.
    pub about: String,
    /// What is personal about it.
    pub personal: Personal,
    /// Found by name, absent from `*`, `getschema` and bare results.
    pub is_hidden: bool,
    /// What it is where the record does not say, as KQL over the other columns: such a value is marked as derived.
    pub derived: Option<String>,
    /// The column that says what its numbers count, where that differs from record to record; empty: none.
    pub unit: String,
}

/// A table under whose name records answer too: a view over their home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlsoDef {
    /// The other table.
    pub table: String,
    /// One sentence about those records, for the note beside an answer that includes them.
    pub about: String,
    /// Which records, as KQL over the home table's columns; all when empty.
    pub when: String,
    /// The other table's columns, as KQL over the home table's; absent ones are empty.
    pub columns: BTreeMap<String, String>,
}

impl AlsoDef {
    /// As a log type's description says it.
    #[must_use]
    pub fn read(json: &Json) -> Self {
        let text = |name: &str| json.text(name).unwrap_or_default();
        Self {
            table: text("table"),
            about: text("about"),
            when: text("when"),
            columns: json.words("columns").collect(),
        }
    }
}

/// How a shared field comes from a table's columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedDef {
    /// The shared field's name.
    pub field: String,
    /// The expression, as KQL over the table's columns.
    pub kql: String,
}

/// A table and what is known of it before any record came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDef {
    /// Its name, e.g. `AWSCloudTrail`.
    pub name: String,
    /// One sentence about it.
    pub about: String,
    /// Documented and hidden columns, in order.
    pub columns: Vec<ColumnDef>,
    /// Columns to show first, at most eight.
    pub first: Vec<String>,
    /// The shared fields, in the order of [`crate::fields::shared_fields`]; absent ones are empty.
    pub shared: Vec<SharedDef>,
    /// Tables under whose names its records answer too.
    pub also: Vec<AlsoDef>,
    /// Which records do not carry what they were about though they were about something, as KQL over the columns; empty: none.
    pub unlogged: String,
}
