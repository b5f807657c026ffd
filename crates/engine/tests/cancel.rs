//! Every operator, ended at any stage of its work, also during a load: the answer to a cancel comes at once, and no shard goes on.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_base::ticks::Ticks;
use chartroom_protocol::{Reply, Request};
use world::{SMALL, World};

/// One query per operator; that none is missing is tested in `chartroom_kql`.
const CASES: &str = include_str!("../../kql/tests/operators.txt");

/// What they run over.
const TABLE: &str = "let T = AWSCloudTrail | extend i = tolong(hash(strcat(EventName, SourceIpAddress, TimeGenerated), 9000)), t = TimeGenerated \
    | extend k = i % 500, s = strcat('word', i % 7, ' x=', i % 100), r = i * 0.5, b = bag_pack('a', i % 5, 'c', i), l = range(1, i % 4) \
    | project i, k, s, t, r, b, l; ";

/// Moves of messages and steps before the cancel.
const STAGES: [u32; 6] = [0, 4, 15, 40, 100, 250];
/// And the most after it until nobody does anything: each shard hears that it is over, and says that it heard.
const MOST: u64 = 250;

fn queries() -> impl Iterator<Item = String> {
    let cases = CASES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
    cases.filter(|(_, query)| *query != "-").map(|(_, query)| format!("{TABLE}{query}"))
}

/// Asks, and cancels after so many turns; whether there was no answer yet.
#[track_caller]
fn check(world: &mut World, query: &str, turns: u32) -> bool {
    let id = world.post(Request::Query { text: query.to_owned(), now: Ticks(0) });
    for _ in 0..turns {
        world.turn();
    }
    let cancel = world.post(Request::Cancel { target: id });
    // Nobody is waited for.
    assert_eq!(world.replies.remove(&cancel), Some(Reply::Done), "{query} after {turns} turns");
    match world.replies.remove(&id) {
        Some(Reply::Cancelled) => true,
        Some(Reply::Result { .. }) => false,
        other => panic!("{query} after {turns} turns: {other:?}"),
    }
}

#[test]
fn every_operator_ends_at_any_stage() {
    let mut world = World::with(3, 5, SMALL, 1 << 40, None);
    world.drop_files(&samples::mixed());
    world.settle();
    let rows = world.count("Events | count");
    let mut cancelled = 0;
    for query in queries() {
        for turns in STAGES {
            cancelled += u32::from(check(&mut world, &query, turns));
            let before = world.actions;
            world.settle();
            let after = world.actions - before;
            assert!(after <= MOST, "{query} after {turns} turns: {after} more");
        }
    }
    assert!(cancelled as usize > queries().count() * 2, "{cancelled}");
    assert_eq!(world.count("Events | count"), rows);
}

#[test]
fn every_operator_ends_during_a_load() {
    let mut cancelled = 0;
    for (number, query) in (0_u32..).zip(queries()) {
        let mut world = World::with(3, 700 + u64::from(number), SMALL, 1 << 40, None);
        world.drop_files(&samples::mixed());
        for _ in 0..100 + number * 3 {
            world.turn();
        }
        cancelled += u32::from(check(&mut world, &query, number % 50));
        if number % 10 == 0 {
            world.settle();
            assert!(world.count("Events | count") > 0);
        }
    }
    assert!(cancelled as usize > queries().count() / 2, "{cancelled}");
}
