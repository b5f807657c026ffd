//! The native host: threads that trap, leak and hang; files that change on disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

#[path = "world/samples.rs"]
mod samples;

use chartroom_engine::native::Host;
use chartroom_protocol::{
    Reply, Request,
    ledger::{FileStatus, LedgerFile},
    start::Fault,
};
use std::{fs, path::PathBuf};

fn ledger(host: &mut Host) -> Vec<LedgerFile> {
    match host.request(Request::Ledger { start: 0, count: 1_000, filter: String::new() }) {
        Reply::Ledger { files, .. } => files,
        other => panic!("{other:?}"),
    }
}

fn check_fault(fault: Fault) {
    let mut host = Host::open_with_fault(2, 8 << 30, Some(fault));
    // One of more than 32 MiB would take long without optimisation: 6 MiB whole is large enough for a fault.
    host.add_bytes(vec![
        ("big.jsonl".to_owned(), samples::lines(0..12_000)),
        ("small.jsonl".to_owned(), samples::lines(0..20)),
    ]);
    host.wait_until_idle();
    let files = ledger(&mut host);
    let of = |path: &str| files.iter().find(|file| file.path == path).unwrap().clone();
    assert_eq!((of("small.jsonl").stored, of("small.jsonl").status), (20, FileStatus::Done));
    let big = of("big.jsonl");
    assert_eq!((big.stored, big.rejected, big.status), (0, 1, FileStatus::Failed), "{big:?}");
    assert_eq!(big.bytes, big.bytes_rejected);
    assert!(big.problems.first().is_some_and(|problem| problem.is_loss), "{:?}", big.problems);
}

#[test]
fn a_reader_that_traps_costs_its_part_alone() {
    check_fault(Fault::Trap);
}

#[test]
fn a_reader_that_leaks_costs_its_part_alone() {
    check_fault(Fault::Leak);
}

#[test]
fn a_reader_that_hangs_costs_its_part_alone() {
    check_fault(Fault::Hang);
}

#[test]
fn folders_are_walked_and_a_file_that_changed_is_not_read_again() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("folder");
    fs::create_dir_all(folder.join("deep")).unwrap();
    fs::write(folder.join("deep/a.jsonl"), samples::lines(0..10)).unwrap();
    fs::write(folder.join("b.json.gz"), samples::gzip(&samples::records(10..30))).unwrap();
    let mut host = Host::open(2, 8 << 30);
    host.add_paths(&[folder.clone(), folder.join("missing")]);
    host.wait_until_idle();
    let files = ledger(&mut host);
    let found: Vec<(&str, FileStatus, u64)> =
        files.iter().map(|file| (file.path.as_str(), file.status, file.stored)).collect();
    assert_eq!(
        found,
        [
            ("missing", FileStatus::Failed, 0),
            ("folder/b.json.gz", FileStatus::Done, 20),
            ("folder/deep/a.jsonl", FileStatus::Done, 10),
        ]
    );
    assert!(files[1..].iter().all(|file| file.sha256.is_some() && file.source.sha256.is_some()));
    assert_ne!(files[1].sha256, files[1].source.sha256);
    fs::write(folder.join("deep/a.jsonl"), b"other").unwrap();
    let Reply::Raw { raw } = host.request(Request::Raw { file: files[2].file, offset: 0, len: 10 }) else {
        panic!()
    };
    assert!(raw.unavailable.is_some_and(|reason| reason.contains("changed")));
    let file = ledger(&mut host).into_iter().find(|file| file.file == files[2].file).unwrap();
    assert_eq!((file.status, file.stored), (FileStatus::Done, 10));
    assert!(file.why.contains("cannot be read any more"), "{}", file.why);
}

/// Rows of a query, at most `count` of them, as cells.
fn answer(host: &mut Host, text: &str, count: u32) -> (u64, Vec<Vec<Option<String>>>) {
    let query = Request::Query { text: text.to_owned(), now: chartroom_base::ticks::Ticks(0) };
    let Reply::Result { info } = host.request(query) else { panic!("{text}") };
    assert!(!info.is_partial, "a shard was silent for longer than it may be");
    let Reply::Rows { rows, .. } = host.request(Request::Rows { result: info.result, start: 0, count })
    else {
        panic!("{text}")
    };
    (info.rows, rows.into_iter().map(|row| row.cells).collect())
}

#[test]
fn more_keys_than_a_shard_holds_at_a_time_are_merged_by_their_hash() {
    // 300 records, each a thousand keys: beyond what a first part holds, and what the coordinator gathers.
    let keys = "AWSCloudTrail | mv-expand i = range(1, 1000) to typeof(long) | extend key = strcat(i, '-', AwsRequestId_)";
    let mut one = Host::open(1, 8 << 30);
    let mut three = Host::open(3, 8 << 30);
    for host in [&mut one, &mut three] {
        // So many files pay for three shards.
        let part = |from: u32| (format!("{from}.jsonl"), samples::lines(from..from + 2));
        host.add_bytes((0..300).step_by(2).map(part).collect());
        host.wait_until_idle();
        let count = answer(host, &format!("{keys} | distinct key | count"), 1);
        assert_eq!(count.1, [[Some("300000".to_owned())]]);
    }
    let groups = format!("{keys} | summarize n = count(), s = sum(i * 0.1) by key | where s > 99.85");
    let (rows, cells) = answer(&mut three, &groups, 500);
    assert_eq!((rows, cells), answer(&mut one, &groups, 500));
    assert_eq!(rows, 600);
}
