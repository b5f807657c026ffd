//! Coordinators that die: a fresh one takes over what the shards hold, and only what is missing is read.

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::{FileNo, Reply, Request, result::PageRow};
use chartroom_testkit::zip::zip;
use world::{ROWS, TINY, World};

fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("lines.jsonl", samples::lines(0..30)),
        (
            "members.zip",
            zip(&[("a.jsonl", &samples::lines(500..530)), ("b/c.json", &samples::records(530..534))]),
        ),
        ("packed.json.gz", samples::gzip(&samples::records(100..160))),
        ("records.json", samples::records(200..224)),
        ("small.json", samples::records(400..403)),
        ("turncoat.jsonl", samples::turncoat()),
    ]
}

fn fresh_world(seed: u64) -> World {
    World::with(3, seed, TINY, 1 << 40, None)
}

/// Ledger, rows, and how many actions a load takes.
fn expected() -> (String, Vec<PageRow>, u64) {
    let mut world = fresh_world(1);
    world.drop_files(&files());
    world.settle();
    let actions = world.actions;
    (world.ledger(), world.all(ROWS), actions)
}

#[test]
fn after_a_load_nothing_is_read_again() {
    let mut world = World::new(3, 99);
    world.drop_files(&[
        ("a/lines.jsonl", samples::lines(0..120)),
        ("b/small.json", samples::records(200..203)),
    ]);
    world.settle();
    let (ledger, rows) = (world.ledger(), world.all(ROWS));
    let size: u64 = world.files.values().map(|bytes| bytes.len() as u64).sum();
    for _ in 0..2 {
        world.bytes_read = 0;
        world.restart_coordinator();
        world.settle();
        assert_eq!(world.restarts, 0);
        // Only to be hashed.
        assert!(world.bytes_read <= size, "{} of {size}", world.bytes_read);
        assert_eq!(world.ledger(), ledger);
        assert_eq!(world.all(ROWS), rows);
    }
    // What comes then is as ever.
    assert_eq!(world.request(Request::Close { files: vec![FileNo(0)] }), Reply::Done);
    world.settle();
    assert_eq!(world.all(ROWS).len(), 3);
}

#[test]
fn whenever_a_coordinator_dies_its_successor_ends_with_the_same_rows_and_ledger() {
    let (ledger, rows, actions) = expected();
    for at in (0..actions).step_by(9) {
        let mut world = fresh_world(100 + at);
        world.drop_files(&files());
        for _ in 0..at {
            world.turn();
        }
        world.restart_coordinator();
        world.settle();
        assert_eq!(world.ledger(), ledger, "after {at} actions");
        assert_eq!(world.all(ROWS), rows, "after {at} actions");
    }
}

#[test]
fn a_coordinator_and_a_shard_may_die_at_once() {
    let (_, rows, actions) = expected();
    for at in (0..actions).step_by(41) {
        for is_shard_first in [true, false] {
            let mut world = fresh_world(500 + at);
            world.drop_files(&files());
            for _ in 0..at {
                world.turn();
            }
            if is_shard_first {
                world.replace(0, None);
            }
            world.restart_coordinator();
            if !is_shard_first {
                world.replace(0, None);
            }
            world.settle();
            let case = format!("after {at} actions, {is_shard_first}");
            let lost: u64 = world.ledger_files().values().map(|file| file.rejected).sum();
            // A part that the shard was at may be given up; nothing comes twice.
            let found = world.all(ROWS);
            assert!(found.len() == rows.len() || lost > 1, "{case}: {} rows", found.len());
            let mut rest = rows.iter();
            for row in &found {
                assert!(rest.any(|other| other.cells == row.cells), "{case}: {row:?}");
            }
        }
    }
}

#[test]
fn rows_of_files_that_were_closed_meanwhile_go() {
    let mut world = fresh_world(7);
    world.drop_files(&files());
    world.settle();
    world.unname(FileNo(0));
    world.restart_coordinator();
    world.settle();
    let rows = world.all(ROWS);
    assert!(!rows.is_empty() && rows.iter().all(|row| row.id.unwrap().file != FileNo(0)));
    assert_eq!(world.status.tables.iter().map(|table| table.rows).sum::<u64>(), rows.len() as u64);
}

#[test]
fn rows_that_moved_are_read_again() {
    let mut world = World::new(2, 43);
    world.drop_files(&[("keep.jsonl", samples::lines(0..60)), ("large.jsonl", samples::lines(1_000..1_300))]);
    world.settle();
    world.request(Request::Close { files: vec![FileNo(1)] });
    world.unname(FileNo(1));
    world.settle();
    let rows = world.all(ROWS);
    assert!(world.restarts > 0);
    world.restart_coordinator();
    world.settle();
    assert_eq!(world.all(ROWS), rows);
}
