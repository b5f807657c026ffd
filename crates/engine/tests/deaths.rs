//! Shards that die at any message, whatever becomes of their last words: the part they were at is lost, and nothing else.

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::{
    ledger::{FileStatus, LedgerFile},
    result::PageRow,
};
use std::{collections::BTreeMap, sync::LazyLock};
use world::{LastWords, ROWS, TINY, World};

/// One of every way of being read: by lines, in cuts read from the file and in cuts that a walk holds, at first by lines
/// and then not, whole.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("lines.jsonl", samples::lines(0..30)),
        ("packed.json.gz", samples::gzip(&samples::records(100..160))),
        ("records.json", samples::records(200..224)),
        ("small.json", samples::records(400..403)),
        ("turncoat.jsonl", samples::turncoat()),
    ]
}

fn fresh_world(seed: u64) -> World {
    World::with(2, seed, TINY, 1 << 40, None)
}

struct Expected {
    ledger: BTreeMap<String, LedgerFile>,
    rows: Vec<PageRow>,
    /// Messages of a load that nothing befell.
    said: u32,
}

fn expected() -> Expected {
    let mut world = fresh_world(1);
    world.drop_files(&files());
    world.settle();
    let said = world.said;
    Expected { ledger: world.ledger_files(), rows: world.all(ROWS), said }
}

/// Loads with a death at message number `at`; whether a part was lost to it.
#[track_caller]
fn check(expected: &Expected, at: u32, last_words: LastWords) -> bool {
    let mut world = fresh_world(100 + u64::from(at));
    world.kill_at = Some((at, last_words));
    world.drop_files(&files());
    world.settle();
    // Another seed, fewer messages.
    world.kill_at = None;
    let case = format!("message {at}, {last_words:?}");
    let was_at_work = world.last_part > 0 && !world.killed.is_empty();
    let found = world.ledger_files();
    let mut hurt = 0;
    for (path, file) in &found {
        assert_eq!(file.bytes, file.bytes_records + file.bytes_rejected + file.bytes_between, "{case}");
        let figures = |file: &LedgerFile| (file.stored, file.rejected, file.bytes);
        if figures(file) != figures(&expected.ledger[path]) {
            hurt += 1;
            let says_why = file.problems.iter().any(|problem| problem.reason.contains("it trapped"));
            assert!(says_why, "{case}: {file:?}");
            let status = if file.stored == 0 { FileStatus::Failed } else { FileStatus::Partial };
            assert_eq!(file.status, status, "{case}");
        }
    }
    assert!(hurt <= u32::from(was_at_work), "{case}: {hurt} files lost something");
    let of_death = |reason: &str| reason.contains("it trapped");
    let was_lost =
        found.values().flat_map(|file| &file.problems).filter(|problem| of_death(&problem.reason)).count();
    assert!(was_lost <= usize::from(was_at_work), "{case}");
    // What is there, is there once and in the same order.
    let rows = world.all(ROWS);
    assert_eq!(rows.len() as u64, found.values().map(|file| file.stored).sum::<u64>(), "{case}");
    let mut rest = expected.rows.iter();
    for row in &rows {
        assert!(rest.any(|other| other.cells == row.cells), "{case}: {row:?}");
    }
    was_lost > 0
}

/// What a load without deaths gives, and at which messages a death costs a part when all it said is heard.
static HEARD: LazyLock<(Expected, Vec<bool>)> = LazyLock::new(|| {
    let expected = expected();
    let costs = (1..=expected.said).map(|at| check(&expected, at, LastWords::Before)).collect();
    (expected, costs)
});

/// It costs the same part however the news of the death arrives.
fn check_every(nth: usize, last_words: LastWords) {
    let (expected, costs) = &*HEARD;
    assert!(costs.iter().any(|costs| *costs));
    for (at, costs) in (1..).zip(costs).step_by(nth) {
        assert_eq!(check(expected, at, last_words), *costs, "message {at}, {last_words:?}");
    }
}

#[test]
fn a_death_that_overtakes_its_last_words_costs_the_part_at_work() {
    check_every(1, LastWords::After);
}

#[test]
fn a_death_whose_last_words_are_lost_costs_the_part_at_work() {
    check_every(2, LastWords::Never);
}

#[test]
fn a_death_that_is_told_twice_costs_the_part_at_work() {
    check_every(3, LastWords::Twice);
}
