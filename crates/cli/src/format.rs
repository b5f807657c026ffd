//! How rows are printed: table, CSV, NDJSON, JSON. Each in a file of its own, listed once here; CSV and NDJSON are written by
//! the engine, as the page saves them.
//!
//! Cells come as text exactly as exported (times with seven digits, timespans `[-][d.]hh:mm:ss[.fffffff]`); `None` is null.

mod json;
mod table;
mod written;

use chartroom_protocol::request::RowFormat;
use std::{
    io::{self, Write},
    str::FromStr,
};

/// A way to print rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Csv,
    Ndjson,
    Json,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "table" => Ok(Self::Table),
            "csv" => Ok(Self::Csv),
            "ndjson" => Ok(Self::Ndjson),
            "json" => Ok(Self::Json),
            other => Err(format!("there is no format {other}, only table, csv, ndjson and json")),
        }
    }
}

/// A column of what is printed.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// KQL's name of its type.
    pub(crate) kind: &'static str,
}

/// Rows of cells, `None` is null.
pub(crate) type Rows = [Vec<Option<String>>];

/// Prints rows as they come.
pub(crate) trait RowWriter<W: Write> {
    /// What stands before the first row.
    fn begin(&mut self, out: &mut W) -> io::Result<()>;
    /// Some rows.
    fn rows(&mut self, rows: &Rows, out: &mut W) -> io::Result<()>;
    /// What stands after the last row.
    fn end(&mut self, out: &mut W) -> io::Result<()>;
}

/// The writer of a format.
pub(crate) fn writer<W: Write>(format: Format, columns: Vec<Column>) -> Box<dyn RowWriter<W>> {
    match format {
        Format::Json => Box::new(json::Json::new(columns)),
        Format::Table => Box::new(table::Table::new(columns)),
        Format::Csv => Box::new(written::Written::new(RowFormat::Csv, &columns)),
        Format::Ndjson => Box::new(written::Written::new(RowFormat::Ndjson, &columns)),
    }
}

/// All of it as text, for tests.
#[cfg(test)]
fn printed(format: Format, columns: &[(&str, &'static str)], rows: &[&[Option<&str>]]) -> String {
    let columns = columns.iter().map(|&(name, kind)| Column { name: name.to_owned(), kind }).collect();
    let rows: Vec<Vec<Option<String>>> =
        rows.iter().map(|row| row.iter().map(|cell| cell.map(str::to_owned)).collect()).collect();
    let mut writer = writer(format, columns);
    let mut out = Vec::new();
    writer.begin(&mut out).unwrap();
    writer.rows(&rows, &mut out).unwrap();
    writer.end(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}
