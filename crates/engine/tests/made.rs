//! Queries that make rows: the same for any number of shards, during a load and after it, whoever dies meanwhile.

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_base::ticks::Ticks;
use chartroom_protocol::{Event, Reply, Request, ResultId, result::PageRow};
use world::World;

const QUERIES: [&str; 9] = [
    "print x = 1 + 1, y = 'z'",
    "Events | summarize count() by Operation | sort by count_ desc, Operation asc",
    "AWSCloudTrail | summarize n = dcount(SourceIpAddress), first = min(TimeGenerated) by EventName | sort by EventName asc",
    "Events | summarize count() by bin(TimeGenerated, 1h) | sort by TimeGenerated asc",
    "Events | distinct Operation | sort by Operation asc",
    "let busy = AWSCloudTrail | summarize n = count() by SourceIpAddress | top 3 by n; AWSCloudTrail | join kind=inner busy on SourceIpAddress | project TimeGenerated, EventName, n | sort by TimeGenerated asc, EventName asc",
    "AWSCloudTrail | where SourceIpAddress in (AWSCloudTrail | where EventName == 'CreateResource' | project SourceIpAddress) | summarize count()",
    "Events | extend n = toscalar(Events | count) | take 5 | project n",
    "datatable(a: long, b: string)[1, 'x', 2, 'y'] | extend c = a * 2",
];

fn load(shards: u32, seed: u64) -> World {
    let mut world = World::new(shards, seed);
    world.drop_files(&samples::mixed());
    world.settle();
    world
}

fn cells(rows: &[PageRow]) -> Vec<Vec<Option<String>>> {
    rows.iter().map(|row| row.cells.clone()).collect()
}

fn answers(world: &mut World) -> Vec<Vec<Vec<Option<String>>>> {
    QUERIES.iter().map(|query| cells(&world.all(query))).collect()
}

#[test]
fn made_rows_are_the_same_for_any_number_of_shards() {
    let expected = answers(&mut load(1, 1));
    assert_eq!(expected[0], [[Some("2".to_owned()), Some("z".to_owned())]]);
    assert!(expected.iter().all(|rows| !rows.is_empty()), "{expected:?}");
    let events = load(1, 1).count("Events | count");
    assert_eq!(expected[7], vec![[Some(events.to_string())]; 5]);
    for (shards, seed) in [(2, 2), (3, 3), (8, 4)] {
        let found = answers(&mut load(shards, seed));
        for (query, (found, expected)) in QUERIES.iter().zip(found.iter().zip(&expected)) {
            assert_eq!(found, expected, "{query}: {shards} shards, seed {seed}");
        }
    }
}

#[test]
fn an_answer_made_during_a_load_is_made_again_at_its_end() {
    let expected = cells(&load(1, 1).all(QUERIES[1]));
    for seed in 10..20 {
        let mut world = World::new(3, seed);
        let drop = world.begin_drop();
        world.name_files(drop, &samples::mixed());
        for _ in 0..seed * 3 {
            world.turn();
        }
        let info = world.query(QUERIES[1]);
        world.end_drop(drop);
        world.settle();
        let grown = world.events.iter().rev().find_map(|event| match event {
            Event::Grown { result, generation, rows, is_partial: false } if *result == info.result => {
                Some((*generation, *rows))
            }
            _ => None,
        });
        let (generation, rows) = world.rows(info.result, 0, 500);
        assert_eq!(cells(&rows), expected, "seed {seed}");
        if info.is_partial {
            assert_eq!(grown, Some((generation, expected.len() as u64)), "seed {seed}");
        }
    }
}

#[test]
fn a_shard_that_dies_while_rows_are_made_costs_no_rows() {
    let expected = cells(&load(1, 1).all(QUERIES[1]));
    for turns in 0..30 {
        let mut world = load(3, 40 + turns);
        let id = world.post(Request::Query { text: QUERIES[1].to_owned(), now: Ticks(0) });
        for _ in 0..turns {
            world.turn();
        }
        world.kill(1, "test");
        let Reply::Result { info } = world.wait(id) else { panic!("after {turns} turns") };
        world.settle();
        let (_, rows) = world.rows(info.result, 0, 500);
        assert_eq!(cells(&rows), expected, "after {turns} turns");
    }
}

#[test]
fn closing_a_file_is_seen_by_what_was_made_of_it() {
    let mut world = load(3, 7);
    let before = cells(&world.all("Events | summarize count()"));
    let info = world.query("Events | summarize count()");
    let file = *world.files.keys().next().unwrap();
    world.request(Request::Close { files: vec![chartroom_protocol::FileNo(file)] });
    world.settle();
    let left = world.count("Events | count");
    let info_after = world.query("Events | summarize count()");
    let (_, rows) = world.rows(info_after.result, 0, 10);
    assert_eq!(cells(&rows), [[Some(left.to_string())]]);
    assert_ne!(cells(&rows), before);
    // The one asked before the file went says the same now.
    let (_, rows) = world.rows(info.result, 0, 10);
    assert_eq!(cells(&rows), [[Some(left.to_string())]]);
}

#[test]
fn a_cancelled_query_leaves_nothing_behind() {
    for turns in 0..12 {
        let mut world = load(3, 60 + turns);
        let id = world.post(Request::Query { text: QUERIES[5].to_owned(), now: Ticks(0) });
        for _ in 0..turns {
            world.turn();
        }
        let cancel = world.post(Request::Cancel { target: id });
        let ended = world.wait(id);
        assert!(matches!(ended, Reply::Cancelled | Reply::Result { .. }), "{ended:?}");
        world.wait(cancel);
        world.settle();
        assert_eq!(world.count("Events | count"), load(1, 1).count("Events | count"));
        if matches!(ended, Reply::Cancelled) {
            let gone = world.request(Request::Rows { result: ResultId(1), start: 0, count: 1 });
            assert!(matches!(gone, Reply::Failed { .. }), "{gone:?}");
        }
    }
}
