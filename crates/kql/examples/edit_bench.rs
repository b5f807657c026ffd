//! How long an editor waits: parsing, colours, layout, proposals, hover and what is wrong, on a query of 10 kB over two tables of 300
//! columns.
//!
//! `cargo run --release -p chartroom_kql --example edit_bench`

#![allow(clippy::print_stdout, clippy::disallowed_types, reason = "it measures and prints")]

use chartroom_base::ticks::Ticks;
use chartroom_kql::{
    Catalog,
    catalog::{CatalogColumn, CatalogTable, ColumnFacts, ColumnOrigin, TableBody},
    compile, edit,
};
use chartroom_kql_syntax::{format, highlight::highlight, parse};
use chartroom_schema::kind::Kind;
use std::time::Instant;

/// The mean time of one call, in microseconds.
fn time<T>(name: &str, call: impl Fn() -> T) {
    const TIMES: u32 = 50;
    let start = Instant::now();
    for _ in 0..TIMES {
        std::hint::black_box(call());
    }
    println!("{name:10} {:>8} µs", (start.elapsed() / TIMES).as_micros());
}

/// A table with the columns that the query names, and some more.
fn table(name: &str) -> CatalogTable {
    let named = [("EventName", Kind::String), ("Time", Kind::DateTime), ("Identity", Kind::String)];
    let users = [("Name", Kind::String), ("Mail", Kind::String)];
    let own = named.into_iter().chain(users).map(|(name, kind)| (name.to_owned(), kind));
    let more = (0..295).map(|at| (format!("Column{at}"), Kind::String));
    let column = |(name, kind)| CatalogColumn {
        name,
        kind,
        is_hidden: false,
        about: String::new(),
        rank: 0,
        origin: ColumnOrigin::Stored,
        facts: ColumnFacts::default(),
    };
    CatalogTable {
        name: name.to_owned(),
        about: String::new(),
        is_loaded: true,
        columns: own.chain(more).map(column).collect(),
        body: TableBody::Home { time: "Time".to_owned(), outcome: String::new() },
    }
}

fn main() {
    let stage = "| where EventName in ('CreateUser', 'DeleteUser') and Time > ago(1d)\n| extend Day = startofday(Time), Who = \
                 tostring(parse_json(Identity).arn)\n| join kind=leftouter (Users | where Name has 'x' | project Name, Mail) on Name\n";
    let text = format!("let w = 1d;\nLogs\n{}| where ", stage.repeat(10_000 / stage.len()));
    let caret = u32::try_from(text.len()).unwrap_or(0);
    let catalog = Catalog { tables: vec![table("Logs"), table("Users")], ..Catalog::default() };
    println!("{} bytes", text.len());
    time("parse", || parse(&text));
    time("highlight", || highlight(&text));
    time("format", || format(&text));
    time("complete", || edit::complete(&text, caret, &catalog));
    time("signature", || edit::signature_help(&text, caret, &catalog));
    time("hover", || edit::hover(&text, 20, &catalog));
    time("check", || compile(&text, &catalog, Ticks(0)));
}
