//! What names mean: tables, their columns, and views over them.
//!
//! **Invariant:** plain data, made by the coordinator from the formats and from what was found while reading; a query is
//! bound to one version of it. A table that is neither here nor loaded does not exist.

use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};

/// All tables that a query may name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// Tables and views, in the order in which they are suggested.
    pub tables: Vec<CatalogTable>,
    /// Records that answer under a second name, too.
    pub also: Vec<Also>,
}

/// Records of one home table that answer under the name of another table as well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Also {
    /// The other table's name.
    pub table: String,
    /// Which records, and how that table's columns come from theirs.
    pub part: ViewPart,
    /// One sentence about these records, for the note beside an answer that includes some.
    pub about: String,
}

/// A table or view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogTable {
    /// Its name, as in KQL; matched exactly.
    pub name: String,
    /// One sentence about it.
    pub about: String,
    /// Whether it has rows now. A documented table without rows is empty, not unknown.
    pub is_loaded: bool,
    /// Its columns, in the order in which a bare result shows them; hidden ones too.
    pub columns: Vec<CatalogColumn>,
    /// Where its rows are.
    pub body: TableBody,
}

/// Where a table's rows are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TableBody {
    /// Stored under this name. Each record has exactly one home.
    Home {
        /// Expression (KQL over this table's columns) of the event's time, for the default order and the timeline; empty: none.
        time: String,
        /// Expression of the outcome (`Succeeded`, `Failed`, `Pending`, `Neutral` or empty), for the timeline; empty: none.
        outcome: String,
    },
    /// Stores nothing: a union of home tables, each seen through expressions.
    View {
        /// One part per home table.
        parts: Vec<ViewPart>,
    },
    /// Stores nothing: rows that a query over other tables makes. Wildcards and searches pass it by.
    Query {
        /// The query, in KQL; its columns are the table's.
        text: String,
        /// The time column by which bare rows are ordered, newest first.
        order: String,
        /// Which rows do not carry what they were about though they were about something, as a KQL predicate; empty: none.
        unlogged: String,
    },
}

/// How a view sees one home table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewPart {
    /// The home table.
    pub table: String,
    /// Per column of the view, a KQL expression over the home table's columns. A column not named here is null (or empty)
    /// for these rows.
    pub columns: Vec<(String, String)>,
    /// Which rows belong to the view, as a KQL predicate; empty: all.
    pub filter: String,
    /// Which rows do not carry what they were about though they were about something, as a KQL predicate; empty: none.
    pub unlogged: String,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogColumn {
    /// Its name, as in KQL.
    pub name: String,
    /// Its type, as agreed over all shards.
    pub kind: Kind,
    /// Found by name only: absent from bare results and from `*` projections, present in searches.
    pub is_hidden: bool,
    /// One sentence about it; may be empty.
    pub about: String,
    /// 1 for the first to show, larger for later ones, 0 for no opinion.
    pub rank: u32,
    /// Where a value comes from.
    pub origin: ColumnOrigin,
    /// What else is known of its values.
    pub facts: ColumnFacts,
}

/// What is known of a column's values; empty texts where nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnFacts {
    /// What it is where the record does not say, as KQL over the home table's stored columns.
    pub derived: String,
    /// The column that says what its numbers count: values of different units are never added.
    pub unit: String,
    /// It names what a request was about: beside an answer that selects by it, records are counted that do not carry that.
    pub is_target: bool,
}

/// Where a column's value comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnOrigin {
    /// The store's column of that name (or the view's expression).
    #[default]
    Stored,
    /// The same, where values of this load have widened a documented kind: expressions of the data files still see that one.
    Widened {
        /// The documented kind.
        from: Kind,
    },
    /// `_File`: the path of the file that the record was read from.
    FilePath,
    /// `_Offset`: where the record begins in its innermost file.
    Offset,
    /// Known by name, but no query can read it yet (`_Record`, `_Line`): refused with a message.
    Unreadable,
}

impl Catalog {
    /// The table of exactly that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&CatalogTable> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl CatalogTable {
    /// The column of exactly that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&CatalogColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}
