//! What a log type of one's own read of a sample: each column, how often it has a value, and the first of them.

use crate::{
    Failure,
    format::{Column, Format, writer},
};
use chartroom_base::ticks::Ticks;
use chartroom_engine::native::{Host, SampleKey, begin_own};
use chartroom_protocol::{
    Reply, Request,
    ledger::LedgerFile,
    result::{ColumnInfo, ResultInfo},
};
use std::{collections::BTreeSet, io::Write};

/// Records of each table that are looked at.
const ROWS: u32 = 500;
/// What no column takes.
const REST: &str = "AdditionalFields";

/// Prints the columns of every table that the files went to.
pub(super) fn print(
    format: Format,
    host: &mut Host,
    files: &[LedgerFile],
    out: &mut impl Write,
) -> Result<(), Failure> {
    let tables: BTreeSet<&String> = files.iter().flat_map(|file| file.tables.keys()).collect();
    let columns = [
        ("Table", "string"),
        ("Column", "string"),
        ("Kind", "string"),
        ("Records", "long"),
        ("First value", "string"),
    ];
    let columns = columns.into_iter().map(|(name, kind)| Column { name: name.to_owned(), kind }).collect();
    let mut writer = writer(format, columns);
    writer.begin(out)?;
    for table in tables {
        let mut rows = Vec::new();
        let rest = format!("{table} | project {REST}");
        for text in [table.clone(), rest] {
            rows.extend(told(host, table, &text));
        }
        writer.rows(&rows, out)?;
    }
    writer.end(out)?;
    for file in files.iter().filter(|file| file.own_format.is_none()) {
        eprintln!("note: {}: {} records in {}, because {}", file.path, file.stored, file.table, file.why);
    }
    Ok(())
}

/// Prints the beginning of a log type for the sample's records.
pub(super) fn begin(
    id: &str,
    host: &mut Host,
    files: &[LedgerFile],
    out: &mut impl Write,
) -> Result<(), Failure> {
    let Some(file) = files.iter().filter(|file| file.stored > 0).max_by_key(|file| file.stored) else {
        eprintln!("error: no records in the sample");
        return Err(Failure::Wrong);
    };
    if file.format != "other" {
        eprintln!("error: these are known already: {} ({}), because {}", file.format, file.table, file.why);
        return Err(Failure::Wrong);
    }
    let keys: Vec<SampleKey> = seen(host, &file.table)
        .into_iter()
        .filter(|(column, count, _)| column.name != "TimeGenerated" && *count > 0)
        .map(|(column, _, value)| SampleKey { path: column.name, kind: column.kind, value })
        .collect();
    write!(out, "{}", begin_own(id, &keys))?;
    Ok(())
}

/// A row for each column of a query's result.
fn told(host: &mut Host, table: &str, text: &str) -> Vec<Vec<Option<String>>> {
    let row = |(column, count, value): (ColumnInfo, usize, String)| {
        let kind = column.kind.name().to_owned();
        vec![Some(table.to_owned()), Some(column.name), Some(kind), Some(count.to_string()), Some(value)]
    };
    seen(host, text).into_iter().map(row).collect()
}

/// Each column of a query's result: how many of its first rows have a value, and the first of them.
fn seen(host: &mut Host, text: &str) -> Vec<(ColumnInfo, usize, String)> {
    let query = Request::Query { text: text.to_owned(), now: Ticks(0) };
    let Reply::Result { info: ResultInfo { result, columns, .. } } = host.request(query) else {
        return Vec::new();
    };
    let Reply::Rows { rows, .. } = host.request(Request::Rows { result, start: 0, count: ROWS }) else {
        return Vec::new();
    };
    let column = |(at, column): (usize, ColumnInfo)| {
        let cells = rows.iter().filter_map(|row| row.cells.get(at)?.as_deref());
        let mut values = cells.filter(|value| !value.is_empty());
        let first = values.next();
        let count = first.map_or(0, |_| values.count() + 1);
        (column, count, first.unwrap_or_default().to_owned())
    };
    columns.into_iter().enumerate().map(column).collect()
}
