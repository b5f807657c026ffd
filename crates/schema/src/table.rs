//! What a table looks like: its columns, in the vendor's names, and how the shared fields come from them.
//!
//! **Invariant:** a definition says nothing of how bytes become values; that is the reader's.

use crate::kind::Kind;
use crate::personal::Personal;
use serde::{Deserialize, Serialize};

/// A column a table may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnDef {
    /// Its name, exactly as the vendor spells it.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// One sentence about it.
    #[serde(default)]
    pub about: String,
    /// What is personal about it.
    #[serde(default)]
    pub personal: Personal,
    /// Found by name, absent from `*`, `getschema` and bare results.
    #[serde(default, rename = "hidden")]
    pub is_hidden: bool,
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
}
