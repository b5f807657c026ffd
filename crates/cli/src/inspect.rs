//! `chartroom inspect`: the ledger, one row per innermost file.

mod columns;

use crate::{
    Failure,
    args::Args,
    format::{Column, Format, writer},
    load,
};
use chartroom_protocol::{Reply, Request, ledger::LedgerFile, request::LedgerFormat};
use std::io::Write;

/// Columns of the table and of CSV: name and type.
const COLUMNS: &[(&str, &str)] = &[
    ("File", "string"),
    ("Status", "string"),
    ("Format", "string"),
    ("Table", "string"),
    ("Records", "long"),
    ("Stored", "long"),
    ("Rejected", "long"),
    ("Repaired", "long"),
    ("Bytes", "long"),
    ("From", "datetime"),
    ("To", "datetime"),
    ("Why", "string"),
];

/// Reads the files and prints the ledger.
pub(crate) fn run(args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let mut host = load::load(args, load::Until::Hashed)?;
    let files = load::ledger(&mut host);
    if let Some(id) = &args.begin {
        return columns::begin(id, &mut host, &files, out);
    }
    if args.own.is_some() {
        columns::print(args.format, &mut host, &files, out)?;
        return load::report(&files);
    }
    match args.format {
        Format::Table | Format::Csv => print(args.format, &files, out)?,
        Format::Json => {
            let Reply::Text { text } = host.request(Request::ExportLedger { format: LedgerFormat::Json })
            else {
                eprintln!("error: the ledger could not be had");
                return Err(Failure::Wrong);
            };
            writeln!(out, "{}", text.trim_end())?;
        }
        Format::Ndjson => lines(&mut host, out)?,
    }
    load::report(&files)
}

fn print(format: Format, files: &[LedgerFile], out: &mut impl Write) -> Result<(), Failure> {
    let columns = COLUMNS.iter().map(|&(name, kind)| Column { name: name.to_owned(), kind }).collect();
    let rows: Vec<Vec<Option<String>>> = files
        .iter()
        .map(|file| {
            let time = |time: Option<chartroom_base::ticks::Ticks>| time.map(|time| time.to_string());
            vec![
                Some(file.path.clone()),
                Some(file.status.word().to_owned()),
                Some(file.format.clone()),
                Some(file.table.clone()),
                Some(file.records.to_string()),
                Some(file.stored.to_string()),
                Some(file.rejected.to_string()),
                Some(file.repaired.to_string()),
                Some(file.bytes.to_string()),
                time(file.first_time),
                time(file.last_time),
                Some(file.why.clone()),
            ]
        })
        .collect();
    let mut writer = writer(format, columns);
    writer.begin(out)?;
    writer.rows(&rows, out)?;
    Ok(writer.end(out)?)
}

/// The entries of the JSON ledger, one a line.
fn lines(host: &mut chartroom_engine::native::Host, out: &mut impl Write) -> Result<(), Failure> {
    let text = match host.request(Request::ExportLedger { format: LedgerFormat::Json }) {
        Reply::Text { text } => text,
        _ => String::new(),
    };
    let Ok(ledger) = serde_json::from_str::<serde_json::Value>(&text) else {
        eprintln!("error: the ledger could not be had");
        return Err(Failure::Wrong);
    };
    for file in ledger["files"].as_array().map(Vec::as_slice).unwrap_or_default() {
        writeln!(out, "{file}")?;
    }
    Ok(())
}
