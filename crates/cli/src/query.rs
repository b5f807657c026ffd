//! `chartroom query`.

use crate::{
    Failure,
    args::Args,
    format::{Column, writer},
    load,
};
use chartroom_base::{
    diagnostic::{Diagnostic, Severity, line_and_column},
    ticks::Ticks,
};
use chartroom_engine::native::Host;
use chartroom_protocol::{
    Reply, Request,
    clock::{self, ClockChoice, asks_clock},
    ledger::LedgerFile,
    result::{PageRow, ResultInfo},
};
use std::{
    io::Write,
    time::{SystemTime, UNIX_EPOCH},
};

/// So many rows come with one request.
const PAGE: u32 = 500;

/// Reads the files, asks, prints.
pub(crate) fn run(args: &Args, text: &str, out: &mut impl Write) -> Result<(), Failure> {
    // Rows are compared after they are in; only who asks for it waits.
    let until = if text.contains("_DuplicateOf") { load::Until::Compared } else { load::Until::Read };
    let mut host = load::load(args, until)?;
    let files = load::ledger(&mut host);
    let now = query_now(&mut host, &files, text, args.now);
    let answered = ask(&mut host, text, now, args, out);
    // Both are told: a wrong query does not hide a broken file, nor the other way round.
    let read = load::report(&files);
    answered.and(read)
}

/// What `now()` is: said when the query may ask for it and it is not the clock.
fn query_now(host: &mut Host, files: &[LedgerFile], text: &str, choice: ClockChoice) -> Ticks {
    let clock = machine_now();
    if !asks_clock(text) {
        return clock;
    }
    let newest = files.iter().filter_map(|file| file.last_time).max();
    // A record from after the clock is no reason to take it for today's.
    let newest = if newest > Some(clock) { newest_before(host, clock) } else { newest };
    let (now, is_newest) = clock::query_now(choice, newest, clock);
    if is_newest {
        eprintln!("note: now() is {now}, the time of the newest record; --now clock takes this machine's");
    }
    now
}

/// The newest record not later than the clock.
fn newest_before(host: &mut Host, clock: Ticks) -> Option<Ticks> {
    let text = "Events | where TimeGenerated <= now() | summarize tolong(max(TimeGenerated))".to_owned();
    let Reply::Result { info } = host.request(Request::Query { text, now: clock }) else { return None };
    let Reply::Rows { rows, .. } = host.request(Request::Rows { result: info.result, start: 0, count: 1 })
    else {
        return None;
    };
    rows.first()?.cells.first()?.as_ref()?.parse().ok().map(Ticks)
}

/// How often a query is asked while its answer lacks rows: a reader that ended is started anew and reads them again.
const ASKED: u32 = 3;

fn ask(host: &mut Host, text: &str, now: Ticks, args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let mut left = ASKED;
    let info = loop {
        let info = match host.request(Request::Query { text: text.to_owned(), now }) {
            Reply::Result { info } => info,
            Reply::Failed { diagnostics } => {
                tell(text, &diagnostics);
                return Err(Failure::Wrong);
            }
            other => {
                eprintln!("error: the engine answered a query with {other:?}");
                return Err(Failure::Wrong);
            }
        };
        left = left.saturating_sub(1);
        if !info.is_partial {
            break info;
        }
        if left == 0 {
            eprintln!("error: not all rows could be looked at: readers ended while the query ran; ask again");
            return Err(Failure::Wrong);
        }
        host.wait_until_read();
    };
    tell(text, &info.diagnostics);
    print(host, &info, args, out)
}

fn print(host: &mut Host, info: &ResultInfo, args: &Args, out: &mut impl Write) -> Result<(), Failure> {
    let columns = info
        .columns
        .iter()
        .map(|column| Column { name: column.name.clone(), kind: column.kind.name() })
        .collect();
    let mut writer = writer(args.format, columns);
    let mut start = 0;
    writer.begin(out)?;
    while start < info.rows {
        let Reply::Rows { generation, rows, .. } =
            host.request(Request::Rows { result: info.result, start, count: PAGE })
        else {
            eprintln!("error: row {start} of {} could not be had", info.rows);
            return Err(Failure::Wrong);
        };
        if generation != info.generation {
            eprintln!(
                "error: a reader ended while rows were printed: row {start} and those behind it are wanting; ask again"
            );
            return Err(Failure::Wrong);
        }
        if rows.is_empty() {
            eprintln!("error: row {start} of {} could not be had", info.rows);
            return Err(Failure::Wrong);
        }
        start = start.saturating_add(rows.len() as u64);
        let cells: Vec<Vec<Option<String>>> = rows.into_iter().map(|PageRow { cells, .. }| cells).collect();
        writer.rows(&cells, out)?;
    }
    writer.end(out)?;
    Ok(())
}

/// Each message with its place in the text.
fn tell(text: &str, diagnostics: &[Diagnostic]) {
    for Diagnostic { code, severity, span, message, help } in diagnostics {
        let word = match severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let (line, column) = line_and_column(text, span.start);
        eprintln!("{word}: {line}:{column}: {code}: {message}");
        if let Some(help) = help {
            eprintln!("  help: {help}");
        }
    }
}

fn machine_now() -> Ticks {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let ticks = i64::try_from(since_1970.as_nanos() / 100).unwrap_or(0);
    Ticks(chartroom_base::ticks::UNIX_EPOCH).checked_add(ticks).unwrap_or_default()
}
