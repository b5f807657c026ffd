//! What the rows of a table mean: which key each cell stands under, what kind of value it holds.
//!
//! Found once, at the head of a file, and handed on with every cut, so that all shards read alike.

use crate::encoding::Encoding;
use crate::text::compact::quote_into;
use crate::time::Seen;
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the rows of a file become records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowForm {
    pub(crate) shape: Shape,
    /// Offset of the first row; what lies before is the mark, the header and what is in front of it.
    pub(crate) first_row: u64,
    /// The header as it lies in the file: files that were joined have it again.
    pub(crate) header: Vec<u8>,
    pub(crate) columns: Vec<RowColumn>,
    /// Where rows live that are of no known type.
    pub(crate) table: String,
    /// How the file is written.
    pub(crate) encoding: Encoding,
    /// What the header says behind the name of a column of times: `UTC`, `Jerusalem`. All of one file share it.
    pub(crate) zone_tag: String,
    /// Whether the times under a key begin with the day, where the head shows it.
    pub(crate) orders: BTreeMap<String, bool>,
}

/// How a row is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Shape {
    /// Cells between delimiters, in quotes where they need it.
    Delimited(u8),
    /// Fields between blanks, named by lines that begin with `#Fields:`.
    Fields,
    /// `key=value` pairs.
    Logfmt,
    /// Plain lines.
    Text,
}

impl Default for Shape {
    fn default() -> Self {
        Self::Delimited(b',')
    }
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RowColumn {
    /// Its key, without the zone that its header may name.
    pub(crate) name: String,
    /// The key as JSON, with its colon.
    pub(crate) spelled: String,
    pub(crate) values: Values,
    /// An empty cell still shows that there is such a column; rules go by that.
    pub(crate) keeps_empty: bool,
    /// Also the time of the row, of which no key tells.
    pub(crate) is_time: bool,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Values {
    /// Texts, whatever they look like.
    #[default]
    Text,
    /// Nothing was seen in it: numbers and truths that can be written back exactly are such.
    Unknown,
    /// Numbers.
    Number,
    /// Truths.
    Bool,
    /// Points in time.
    Time,
    /// Objects and arrays as JSON.
    Json,
}

impl Values {
    /// Whether a word for nothing, such as `-`, is none of its values.
    pub(crate) const fn skips_nothing(self) -> bool {
        matches!(self, Self::Number | Self::Bool | Self::Time)
    }

    /// What a column holds of which all of the file showed this; `None`: it was read as what it is.
    pub(crate) fn of_all(seen: Seen) -> Option<Self> {
        if seen.has(Seen::MISFIT) {
            return Some(Self::Text);
        }
        let kinds =
            [Seen::NUMBER, Seen::TRUTH, Seen::TIME, Seen::TREE, Seen::WORDS].map(|kind| seen.has(kind));
        match kinds {
            // Without a word for nothing they were taken for what they are.
            [true, false, false, false, false] if seen.has(Seen::INEXACT) || seen.has(Seen::NOTHING) => {
                Some(Self::Number)
            }
            [false, true, false, false, false] if seen.has(Seen::NOTHING) => Some(Self::Bool),
            [false, false, true, false, false] => Some(Self::Time),
            [false, false, false, true, false] => Some(Self::Json),
            [true, false, false, false, false] | [false, true, false, false, false] => None,
            [number, truth, ..] if number || truth => Some(Self::Text),
            _ => None,
        }
    }
}

impl RowColumn {
    /// A column under `name`.
    pub(crate) fn new(name: &str, values: Values) -> Self {
        let mut spelled = String::new();
        quote_into(name, &mut spelled);
        spelled.push(':');
        Self { name: name.to_owned(), spelled, values, keeps_empty: false, is_time: false }
    }
}

impl RowForm {
    /// What stands between its cells, if it has such.
    pub(crate) fn delimiter(&self) -> Option<u8> {
        if let Shape::Delimited(delimiter) = self.shape { Some(delimiter) } else { None }
    }

    /// The kinds of columns that do not follow from the values as written.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.columns
            .iter()
            .filter(|column| column.values == Values::Time)
            .map(|column| (column.name.as_str(), Kind::DateTime))
    }
}

/// The name under which cells beyond the header are kept; `number` counts from 1.
pub(crate) fn name_of_unnamed(number: usize) -> String {
    format!("Column{number}")
}
