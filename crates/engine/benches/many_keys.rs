//! Ten million distinct keys over four shards: what is asked of them is right, and takes bounded memory. `dcount` of one group is exact and
//! ends in one place: past the memory of an answer it may be refused by name, never wrong.
//!
//! `cargo bench -p chartroom_engine --bench many_keys -- [millions]`; `cargo xtask bench` runs it with the others. It ends with an error when
//! an answer is wrong or the process took more than [`MOST_KIB`] for each million. The keys are made by `mv-expand`, so that the records that
//! are read are few. The same with fewer keys is a test (`tests/native.rs`).

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "queries/data.rs"]
#[expect(dead_code, reason = "lines of one kind are enough")]
mod data;

use chartroom_base::ticks::Ticks;
use chartroom_engine::native::Host;
use chartroom_protocol::{Reply, Request};
use std::process::ExitCode;

const SHARDS: u32 = 4;
/// So many files pay for all shards.
const FILES: usize = 64 * SHARDS as usize;
/// Keys that are made of one record.
const PER_RECORD: u64 = 2_000;
/// The most memory that the process may have taken at a time for each million keys, where the system says it.
const MOST_KIB: u64 = 400 << 10;
/// What a refusal for its memory says.
const REFUSAL: &str = "MiB of memory";

fn main() -> ExitCode {
    let millions = std::env::args().skip(1).find_map(|argument| argument.parse::<u64>().ok()).unwrap_or(10);
    let (keys, records) = (millions * 1_000_000, millions * 1_000_000 / PER_RECORD);
    let mut host = Host::open(SHARDS, 8 << 30);
    let mut files: Vec<(String, Vec<u8>)> =
        (0..FILES).map(|file| (format!("{file}.jsonl"), Vec::new())).collect();
    let parts = files.len();
    for ((_, lines), first) in files.iter_mut().zip(0..) {
        if (first..records).step_by(parts).any(|number| data::cloudtrail(number, lines).is_err()) {
            return ExitCode::FAILURE;
        }
    }
    host.add_bytes(files);
    host.wait_until_idle();
    let rows = format!(
        "AWSCloudTrail | mv-expand i = range(1, {PER_RECORD}) to typeof(long) | extend key = strcat(AwsEventId, '/', i)"
    );
    let mut is_right = true;
    for (name, query, expected, may_be_refused) in [
        (
            "summarize by the key",
            "| summarize n = count() by key | summarize strcat(count(), ' of ', sum(n))",
            format!("{keys} of {keys}"),
            false,
        ),
        ("distinct", "| distinct key | count", keys.to_string(), false),
        ("dcount", "| summarize dcount(key)", keys.to_string(), true),
    ] {
        let started = host.now_ms();
        let found = ask(&mut host, format!("{rows} {query}"));
        let is_refused = found.as_ref().is_err_and(|why| why.contains(REFUSAL));
        is_right &= found.as_ref() == Ok(&expected) || may_be_refused && is_refused;
        println!("{name}: {found:?}, {:.1} s", (host.now_ms() - started) / 1e3);
    }
    if let Some(peak) = peak_kib() {
        println!("most memory at a time: {} MiB", peak >> 10);
        is_right &= peak < MOST_KIB * millions.max(1);
    }
    if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The only cell of an answer.
fn ask(host: &mut Host, text: String) -> Result<String, String> {
    let info = match host.request(Request::Query { text, now: Ticks(0) }) {
        Reply::Result { info } if !info.is_partial => info,
        other => return Err(format!("{other:?}")),
    };
    match host.request(Request::Rows { result: info.result, start: 0, count: 1 }) {
        Reply::Rows { rows, .. } => {
            let cell = rows.first().and_then(|row| row.cells.first().cloned().flatten());
            cell.ok_or_else(|| "no rows".to_owned())
        }
        other => Err(format!("{other:?}")),
    }
}

/// The most memory that the process took at a time, where the system says it.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
