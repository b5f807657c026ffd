//! An answer that lacks rows says so, whatever keeps them away; and it is worked out again once they are back.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_base::ticks::Ticks;
use chartroom_protocol::{Event, FileNo, Reply, Request, ResultId};
use world::{ROWS, SMALL, World};

/// Stored rows, their number, and rows that are made.
const QUERIES: [&str; 3] = [ROWS, "Events | count", "Events | summarize count()"];

fn load(seed: u64) -> World {
    let mut world = World::with(3, seed, SMALL, 1 << 40, None);
    world.drop_files(&samples::mixed());
    world.settle();
    world
}

/// What a query found: its rows, or the number that its only row says.
fn found(world: &mut World, query: &str, (result, rows): (ResultId, u64)) -> u64 {
    if query == ROWS {
        return rows;
    }
    let (_, rows) = world.rows(result, 0, 1);
    rows[0].cells[0].as_ref().unwrap().parse().unwrap()
}

/// Asks: all rows are looked at, or it is said that they were not.
#[track_caller]
fn check(world: &mut World, query: &str, all: u64) -> (ResultId, bool) {
    let id = world.post(Request::Query { text: query.to_owned(), now: Ticks(0) });
    for _ in 0..2_000 {
        if !world.replies.contains_key(&id) {
            world.turn();
        }
    }
    // It may wait for a shard that was there when it was asked.
    world.start_anew();
    let Reply::Result { info } = world.wait(id) else { panic!("{query}") };
    if !info.is_partial {
        let found = found(world, query, (info.result, info.rows));
        assert!(found >= all, "{query}: {found} of {all} rows and not a word");
    }
    (info.result, info.is_partial)
}

/// The result that was asked for holds all rows in the end, and the page was told so.
#[track_caller]
fn check_end(world: &mut World, query: &str, (result, was_partial): (ResultId, bool), all: u64) {
    world.settle();
    let told = world.events.iter().rev().find_map(|event| match event {
        Event::Grown { result: of, rows, is_partial, .. } if *of == result => Some((*rows, *is_partial)),
        _ => None,
    });
    if was_partial {
        assert!(told.is_some_and(|(_, is_partial)| !is_partial), "{query}: {told:?}");
    }
    let rows = told.map_or(all, |(rows, _)| rows);
    assert_eq!(found(world, query, (result, rows)), all, "{query}");
}

#[test]
fn while_a_shard_that_hung_is_on_its_way_back() {
    for (query, seed) in QUERIES.into_iter().zip(1..) {
        let mut world = load(seed);
        let all = world.count("Events | count");
        world.is_page_slow = true;
        world.hang(1);
        // Nobody waits for this one; the shard that hangs does not answer it.
        let id =
            world.post(Request::Query { text: "Events | summarize by Operation".to_owned(), now: Ticks(0) });
        while world.to_restart.is_empty() {
            world.turn();
        }
        assert!(!matches!(world.replies.get(&id), Some(Reply::Result { .. })));
        let asked = check(&mut world, query, all);
        assert!(asked.1, "{query}: the others answered for it");
        world.start_anew();
        check_end(&mut world, query, asked, all);
    }
}

#[test]
fn while_rows_move_to_a_fresh_worker() {
    let mut partial = 0;
    for (query, first) in QUERIES.into_iter().zip(0..) {
        for turns in (first..120).step_by(16) {
            let mut world = load(20 + turns);
            let files: Vec<u32> = world.files.keys().copied().collect();
            // What the file holds that stays.
            let kept = world.ledger_files().into_values().find(|file| Some(&file.file.0) == files.first());
            let all = kept.unwrap().stored;
            world.is_page_slow = turns % 32 >= 16;
            let closing: Vec<FileNo> = files.iter().skip(1).map(|file| FileNo(*file)).collect();
            // Answered once all shards have forgotten them, those that are started anew included.
            let close = world.post(Request::Close { files: closing });
            for _ in 0..turns {
                world.turn();
            }
            let asked = check(&mut world, query, all);
            partial += u32::from(asked.1);
            world.start_anew();
            world.wait(close);
            check_end(&mut world, query, asked, all);
        }
    }
    assert!(partial > 0, "no query came while rows were away");
}

#[test]
fn while_shards_die() {
    for (query, first) in QUERIES.into_iter().zip(0..) {
        for turns in (first..60).step_by(12) {
            let mut world = load(200 + turns);
            let all = world.count("Events | count");
            world.kill(turns as u32 % 3, "test");
            for _ in 0..turns {
                world.turn();
            }
            let asked = check(&mut world, query, all);
            check_end(&mut world, query, asked, all);
        }
    }
}
