//! How long an editor waits: parsing, colours, layout, proposals and hover on a query of 10 kB.
//!
//! `cargo run --release -p chartroom_kql --example edit_bench`

#![allow(clippy::print_stdout, clippy::disallowed_types, reason = "it measures and prints")]

use chartroom_kql::{Catalog, edit};
use chartroom_kql_syntax::{format, highlight::highlight, parse};
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

fn main() {
    let stage = "| where EventName in ('CreateUser', 'DeleteUser') and Time > ago(1d)\n| extend Day = startofday(Time), Who = \
                 tostring(parse_json(Identity).arn)\n| join kind=leftouter (Users | where Name has 'x' | project Name, Mail) on Name\n";
    let text = format!("let w = 1d;\nLogs\n{}| where ", stage.repeat(10_000 / stage.len()));
    let caret = u32::try_from(text.len()).unwrap_or(0);
    let catalog = Catalog::default();
    println!("{} bytes", text.len());
    time("parse", || parse(&text));
    time("highlight", || highlight(&text));
    time("format", || format(&text));
    time("complete", || edit::complete(&text, caret, &catalog));
    time("signature", || edit::signature_help(&text, caret, &catalog));
    time("hover", || edit::hover(&text, 20, &catalog));
}
