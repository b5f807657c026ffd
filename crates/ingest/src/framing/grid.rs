//! Results of queries in JSON, whose rows are arrays under named columns: the Logs REST API, Azure Data Explorer v1 and v2, and
//! any `{"columns":[…],"rows":[[…]]}`.
//!
//! A walk over what is open: it takes columns from where they stand, and each row becomes the record that it stands for, as
//! rows of text tables do. Cuts carry what the walk knows where they begin. **Invariant:** as in `framed`, what is not a row
//! of a result is between: frames, names, columns, and tables that tell of the query itself.

use super::extent::Extent;
use super::lines::too_large;
use super::rows::form::{RowColumn, RowForm, Values};
use super::rows::record::{is_number, is_tree, is_truth};
use super::wrapper::{string_end, value_end};
use super::{BOM, Layout, is_blank, is_separator, skip};
use crate::driver::{Sink, View, Walked};
use crate::reader::{Block, Read, Reader};
use crate::text::unescape::unescape_into;
use chartroom_base::json::Json;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Objects and arrays inside one another that are followed.
const DEPTH: usize = 8;
/// Keys of the first object that are looked at.
const KEYS: usize = 12;
/// Columns a result may have; Azure's have at most 500.
const COLUMNS: usize = 16_384;
/// Columns of tables that tell of the query, not of what it found (v1).
const ABOUT_QUERIES: &[&[&str]] =
    &[&["Timestamp", "Severity", "SeverityName"], &["Ordinal", "Kind", "Name", "Id"], &["Value"]];

/// What a walk through results knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridContext {
    /// The columns of the rows that come, where they live, how the file is written.
    pub(crate) form: RowForm,
    open: Vec<Open>,
    /// The columns are fit to the type of the first row.
    is_settled: bool,
    /// The rows that come tell of the query.
    is_about_query: bool,
}

/// Something that is open around rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Open {
    /// `[` of tables or frames.
    List,
    /// `{` of a table, a frame or the whole result.
    Object,
    /// `[` of rows.
    Rows,
}

/// A walk over results.
#[derive(Debug)]
pub(crate) struct Grid {
    context: GridContext,
    passing: Option<(Extent, bool)>,
    record: Vec<u8>,
}

type Next = Result<(), Walked>;

/// Whether `text` begins with a result of a query.
pub(crate) fn is_result(text: &[u8]) -> bool {
    let (text, is_list) = match text.strip_prefix(b"[") {
        Some(inside) => (inside.get(skip(inside, 0, is_blank)..).unwrap_or_default(), true),
        None => (text, false),
    };
    if text.first() != Some(&b'{') {
        return false;
    }
    let (mut at, mut has_columns) = (1, false);
    for _ in 0..KEYS {
        at = skip(text, at, is_separator);
        if text.get(at) != Some(&b'"') {
            return false;
        }
        let Some(end) = string_end(text, at) else { return false };
        let key = text.get(at.saturating_add(1)..end.saturating_sub(1)).unwrap_or_default();
        let colon = skip(text, end, is_blank);
        let value = skip(text, colon.saturating_add(1), is_blank);
        let is_array = text.get(value) == Some(&b'[');
        match key {
            b"FrameType" => return is_list,
            b"tables" | b"Tables" if is_array => {
                let inside = text.get(value..).unwrap_or_default();
                let first = inside.get(skip(inside, 1, is_blank)..).unwrap_or_default();
                return first.first() == Some(&b'{') && is_result(first);
            }
            b"columns" | b"Columns" if is_array => has_columns = true,
            b"rows" | b"Rows" if is_array => {
                let inside = text.get(value..).unwrap_or_default();
                let first = inside.get(skip(inside, 1, is_blank));
                return has_columns && matches!(first, None | Some(b'[' | b']'));
            }
            _ => {}
        }
        match value_end(text, value) {
            Some(end) => at = end,
            // The columns alone fill the head.
            None => return has_columns,
        }
    }
    false
}

impl Grid {
    /// Begins in `context`.
    pub(crate) fn new(context: GridContext) -> Self {
        Self { context, passing: None, record: Vec::new() }
    }

    /// Walks on over `view`.
    pub(crate) fn walk(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Walked {
        self.tell(sink);
        loop {
            if let Err(walked) = self.next(view, sink) {
                return walked;
            }
        }
    }

    /// Notes, behind the last byte of the file, what is still open.
    pub(crate) fn finish(&self, sink: &mut Sink<'_>) {
        if !self.context.open.is_empty() {
            sink.ledger.note(0, "not every bracket is closed at the end of the file");
        }
    }

    fn tell(&self, sink: &mut Sink<'_>) {
        let form = &self.context.form;
        sink.reader.set_table(&form.table, form.kinds());
        sink.ledger.set_table(&form.table);
    }

    fn next(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Next {
        if sink.is_cut_overdue() {
            return Err(Walked::Cut);
        }
        let at = sink.at(&view);
        let bytes = view.bytes.get(at..).unwrap_or_default();
        if let Some((extent, is_row)) = &mut self.passing {
            let end = extent.feed(bytes);
            let passed = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            if *is_row {
                sink.ledger.more_rejected(passed);
            } else {
                sink.between(passed);
            }
            if end.is_none() {
                return Err(Walked::NeedMore);
            }
            if *is_row {
                sink.ledger.end_reject();
            }
            self.passing = None;
            return Ok(());
        }
        let start = skip(bytes, 0, is_separator);
        sink.between(bytes.get(..start).unwrap_or_default());
        let rest = bytes.get(start..).unwrap_or_default();
        let Some(&first) = rest.first() else { return Err(Walked::NeedMore) };
        if rest.starts_with(BOM) {
            sink.between(BOM);
            return Ok(());
        }
        let is_all = view.is_last || (at == 0 && start == 0 && view.is_full);
        match (self.context.open.last(), first) {
            (None | Some(Open::List), b'{') if self.context.open.len() < DEPTH => {
                self.context.open.push(Open::Object);
                self.context.is_about_query = false;
                sink.between(b"{");
            }
            (None, b'[') => {
                self.context.open.push(Open::List);
                sink.between(b"[");
            }
            (Some(Open::List | Open::Rows), b']') | (Some(Open::Object), b'}') => {
                self.context.open.pop();
                sink.between(rest.get(..1).unwrap_or_default());
            }
            (Some(Open::Object), b'"') => return self.member(rest, is_all, view.is_last, sink),
            (Some(Open::Rows), b'[') => return self.row(rest, is_all, view.is_last, sink),
            (Some(Open::Rows), b'{') => {
                return self.value(rest, is_all, view.is_last, "an object where a row should be", sink);
            }
            _ => return self.value(rest, is_all, view.is_last, "text that is no row", sink),
        }
        Ok(())
    }

    /// A key of a table and its value.
    fn member(&mut self, rest: &[u8], is_all: bool, is_last: bool, sink: &mut Sink<'_>) -> Next {
        let found = string_end(rest, 0).and_then(|end| {
            let colon = skip(rest, end, is_blank);
            let value = skip(rest, colon.saturating_add(1), is_blank);
            Some((end, *rest.get(colon)?, value, *rest.get(value)?))
        });
        let Some((end, colon, value, first)) = found else {
            if !is_all {
                return Err(Walked::NeedMore);
            }
            sink.reject(rest, "cut off: the file ends within a result");
            return Ok(());
        };
        if colon != b':' {
            sink.between(rest.get(..end).unwrap_or_default());
            return Ok(());
        }
        let key = rest.get(1..end.saturating_sub(1)).unwrap_or_default();
        let up_to_bracket = rest.get(..value.saturating_add(1)).unwrap_or_default();
        match (key.to_ascii_lowercase().as_slice(), first) {
            (b"tables", b'[') => {
                sink.between(up_to_bracket);
                self.context.open.push(Open::List);
                return Ok(());
            }
            (b"rows", b'[') => {
                sink.between(up_to_bracket);
                self.context.open.push(Open::Rows);
                return Ok(());
            }
            _ => {}
        }
        let Some(value_end) = value_end(rest, value) else {
            if !is_all {
                return Err(Walked::NeedMore);
            }
            if !is_last && matches!(first, b'{' | b'[') {
                sink.between(rest.get(..value).unwrap_or_default());
                self.passing = Some((Extent::of(first), false));
                return Ok(());
            }
            sink.between(rest);
            return Ok(());
        };
        let text = rest.get(value..value_end).unwrap_or_default();
        match key.to_ascii_lowercase().as_slice() {
            b"columns" if first == b'[' => {
                let columns = columns(text);
                let names: BTreeSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                let is_about = |wanted: &&[&str]| {
                    wanted.iter().all(|name| names.contains(name)) && (wanted.len() > 1 || names.len() == 1)
                };
                self.context.is_about_query |=
                    self.context.open.len() > 2 && key == b"Columns" && ABOUT_QUERIES.iter().any(is_about);
                self.context.form.columns = columns;
                self.context.is_settled = false;
            }
            b"tablekind" => self.context.is_about_query = text != b"\"PrimaryResult\"",
            _ => {}
        }
        sink.between(rest.get(..value_end).unwrap_or_default());
        Ok(())
    }

    /// A row, from its `[`.
    fn row(&mut self, rest: &[u8], is_all: bool, is_last: bool, sink: &mut Sink<'_>) -> Next {
        let Some(end) = Extent::of(b'[').feed(rest) else {
            if !is_all {
                return Err(Walked::NeedMore);
            }
            if is_last {
                sink.reject(rest, "cut off: the file ends within the row");
                return Ok(());
            }
            if sink.open_cut().is_some() {
                return Err(Walked::Cut);
            }
            sink.ledger.begin_reject(&too_large(&sink.limits));
            self.passing = Some((Extent::of(b'['), true));
            return Ok(());
        };
        let text = rest.get(..end).unwrap_or_default();
        if self.context.is_about_query {
            sink.between(text);
            return Ok(());
        }
        if !self.context.is_settled {
            self.context.is_settled = true;
            self.settle(text, sink.reader);
            self.tell(sink);
        }
        if sink.is_cutting() {
            let layout = Layout::Grid(Box::new(self.context.clone()));
            return if sink.cut_more(text, &layout) { Err(Walked::Cut) } else { Ok(()) };
        }
        self.record.clear();
        let form = &self.context.form;
        let Some(count) = write_row(&mut self.record, text, form) else {
            sink.reject(text, "a row whose values cannot be told apart");
            return Ok(());
        };
        if count != form.columns.len() {
            sink.note(text.len(), &format!("a row of {count} values under {} columns", form.columns.len()));
        }
        match sink.read_row(Block::new(&self.record), 0, text) {
            Read::Done { outcome, .. } => sink.ledger.done(text, &outcome),
            Read::Broken { fault, .. } => sink.reject(text, &fault.to_string()),
            // Cannot be: a record that is written is whole.
            Read::NeedMore => sink.reject(text, "the row cannot be read"),
        }
        Ok(())
    }

    /// Something that does not belong where it stands.
    fn value(&mut self, rest: &[u8], is_all: bool, is_last: bool, reason: &str, sink: &mut Sink<'_>) -> Next {
        let end = match rest.first() {
            Some(b'{' | b'[' | b'"') => value_end(rest, 0),
            _ => {
                let end = skip(rest, 1, |byte| {
                    !is_blank(byte) && !matches!(byte, b',' | b'[' | b']' | b'{' | b'}' | b'"')
                });
                Some(end).filter(|&end| end < rest.len())
            }
        };
        let Some(end) = end else {
            if !is_all {
                return Err(Walked::NeedMore);
            }
            if !is_last && let Some(&first @ (b'{' | b'[')) = rest.first() {
                if sink.open_cut().is_some() {
                    return Err(Walked::Cut);
                }
                sink.ledger.begin_reject(reason);
                self.passing = Some((Extent::of(first), true));
                return Ok(());
            }
            sink.reject(rest, reason);
            return Ok(());
        };
        sink.reject(rest.get(..end).unwrap_or_default(), reason);
        Ok(())
    }

    /// Fits the columns to the type that the first row is of.
    fn settle(&mut self, row: &[u8], reader: &mut Reader) {
        let mut plain = self.context.form.clone();
        for column in &mut plain.columns {
            column.values = Values::Text;
            column.keeps_empty = true;
        }
        let mut record = Vec::new();
        let is_known = write_row(&mut record, row, &plain).is_some() && reader.knows(Block::new(&record));
        self.context.form.fit(is_known, reader.formats());
    }
}

/// Appends the record of the row `text`; how many values it has. `None`: it is no array of values.
fn write_row(out: &mut Vec<u8>, text: &[u8], form: &RowForm) -> Option<usize> {
    out.push(b'{');
    let start = out.len();
    let (mut at, mut count) = (1_usize, 0_usize);
    loop {
        at = skip(text, at, is_blank);
        if text.get(at) == Some(&b']') {
            break;
        }
        let end = value_end(text, at)?;
        let value = text.get(at..end)?;
        match form.columns.get(count) {
            Some(column) => write_value(out, value, column),
            None if value == b"null" => {}
            None => {
                let name = super::rows::form::name_of_unnamed(count.saturating_add(1));
                write_value(out, value, &RowColumn::new(&name, Values::Text));
            }
        }
        count = count.saturating_add(1);
        at = skip(text, end, is_blank);
        match text.get(at) {
            Some(b',') => at = at.saturating_add(1),
            Some(b']') => break,
            _ => return None,
        }
    }
    if out.len() > start {
        out.pop();
    }
    out.push(b'}');
    Some(count)
}

/// Appends a value under the key of its column, with a comma.
fn write_value(out: &mut Vec<u8>, value: &[u8], column: &RowColumn) {
    let inside = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
    if value == b"null" || inside == Some(b"") {
        if column.keeps_empty {
            out.extend_from_slice(column.spelled.as_bytes());
            out.extend_from_slice(b"\"\",");
        }
        return;
    }
    if column.is_time {
        out.extend_from_slice(b"\"TimeGenerated\":");
        out.extend_from_slice(value);
        out.push(b',');
    }
    out.extend_from_slice(column.spelled.as_bytes());
    match (inside, column.values) {
        (Some(text), Values::Json) => {
            let mut tree = String::new();
            unescape_into(&String::from_utf8_lossy(text), &mut tree);
            if is_tree(tree.as_bytes()) {
                out.extend_from_slice(tree.as_bytes());
            } else {
                out.extend_from_slice(value);
            }
        }
        (Some(text), Values::Number) if is_number(text) => out.extend_from_slice(text),
        (Some(text), Values::Bool) if is_truth(text) => out.extend(text.iter().map(u8::to_ascii_lowercase)),
        _ => out.extend_from_slice(value),
    }
    out.push(b',');
}

/// The columns that a list of them names: objects with a name and a type, or names.
fn columns(list: &[u8]) -> Vec<RowColumn> {
    let columns = std::str::from_utf8(list).ok().and_then(Json::parse).unwrap_or_default();
    let mut found: Vec<RowColumn> = Vec::new();
    for (at, column) in columns.items().iter().take(COLUMNS).enumerate() {
        let unnamed = || super::rows::form::name_of_unnamed(at.saturating_add(1));
        let first = |names: &[&str]| names.iter().find_map(|name| column.text(name));
        let name = column.as_text().map(str::to_owned).or_else(|| first(&["name", "ColumnName", "Name"]));
        let kind = match name {
            Some(_) => first(&["type", "ColumnType", "Type", "data_type", "DataType"]).unwrap_or_default(),
            None => String::new(),
        };
        let name = name.unwrap_or_default();
        let values = match kind.to_ascii_lowercase().trim_start_matches("system.") {
            "datetime" | "date" => Values::Time,
            "long" | "int" | "int32" | "int64" | "real" | "double" | "decimal" | "sqldecimal" => {
                Values::Number
            }
            "bool" | "boolean" | "sbyte" => Values::Bool,
            "dynamic" | "object" => Values::Json,
            "string" | "guid" | "timespan" => Values::Text,
            _ => Values::Unknown,
        };
        let name = if name.is_empty() { unnamed() } else { name };
        found.push(RowColumn::new(&name, values));
    }
    super::rows::sniff::unique(&mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_told_by_their_head() {
        for text in [
            r#"{"tables":[{"name":"PrimaryResult","columns":[{"name":"a","type":"long"}],"rows":[[1]]}]}"#,
            r#"{"Tables":[{"TableName":"Table_0","Columns":[{"ColumnName":"a"}],"Rows":[]}]}"#,
            r#"[{"FrameType":"DataSetHeader","Version":"v2.0"}]"#,
            r#"{ "columns" : ["a"], "rows" : [ [1] ] }"#,
            r#"{"columns":[{"name":"a"#,
        ] {
            assert!(is_result(text.as_bytes()), "{text}");
        }
        for text in [
            r#"{"tables":["a","b"]}"#,
            r#"{"tables":3}"#,
            r#"{"columns":3,"rows":[[1]]}"#,
            r#"{"rows":[[1]]}"#,
            r#"{"columns":["a"],"rows":[{"a":1}]}"#,
            r#"{"FrameType":"x"}"#,
            r#"{"time":"x"}"#,
            "[]",
        ] {
            assert!(!is_result(text.as_bytes()), "{text}");
        }
    }
}
