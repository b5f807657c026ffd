//! Queries that make rows: the same for any number of shards, during a load and after it, whoever dies meanwhile.

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_base::ticks::Ticks;
use chartroom_engine::Sizes;
use chartroom_protocol::{Event, Reply, Request, ResultId, result::PageRow};
use world::{LastWords, SMALL, World};

const QUERIES: [&str; 14] = [
    "print x = 1 + 1, y = 'z'",
    "Events | summarize count() by Operation | sort by count_ desc, Operation asc",
    "AWSCloudTrail | summarize n = dcount(SourceIpAddress), first = min(TimeGenerated) by EventName | sort by EventName asc",
    "Events | summarize count() by bin(TimeGenerated, 1h) | sort by TimeGenerated asc",
    "Events | distinct Operation | sort by Operation asc",
    "let busy = AWSCloudTrail | summarize n = count() by SourceIpAddress | top 3 by n; AWSCloudTrail | join kind=inner busy on SourceIpAddress | project TimeGenerated, EventName, n | sort by TimeGenerated asc, EventName asc",
    "AWSCloudTrail | where SourceIpAddress in (AWSCloudTrail | where EventName == 'CreateResource' | project SourceIpAddress) | summarize count()",
    "Events | extend n = toscalar(Events | count) | take 5 | project n",
    "datatable(a: long, b: string)[1, 'x', 2, 'y'] | extend c = a * 2",
    "AWSCloudTrail | sort by TimeGenerated asc | project d = bag_pack(EventName, 1, 'At', SourceIpAddress) | evaluate bag_unpack(d)",
    "Events | summarize n = count() by Type, Operation | sort by Operation asc | evaluate pivot(Type, sum(n))",
    "Events | sort by TimeGenerated asc | scan declare (n: long = 0) with (step s: true => n = s.n + 1;) | project n | take 5",
    "AWSCloudTrail | extend text = strcat('name=', EventName, ' ip=', SourceIpAddress) | parse-kv text as (name: string, ip: string) with (pair_delimiter=' ', kv_delimiter='=') | summarize count() by name, ip | sort by name asc, ip asc",
    "AWSCloudTrail | project EventName, SourceIpAddress | evaluate basket(0.2)",
];

/// Queries whose groups and joins shards work out among themselves when they are large. None ends in an order of its own.
const EXCHANGED: [&str; 16] = [
    "AWSCloudTrail | summarize n = count(), last = max(TimeGenerated), s = sum(strlen(EventName) * 0.1) by SourceIpAddress, EventName",
    "Events | summarize take_any(Operation), arg_max(TimeGenerated, Operation), make_set(Operation) by bin(TimeGenerated, 1s)",
    "AWSCloudTrail | summarize n = count() by EventName, SourceIpAddress | summarize sum(n), dcount(EventName), take_any(EventName) by SourceIpAddress",
    "AWSCloudTrail | summarize n = count() by TimeGenerated | where n > 0 | extend twice = n * 2 | top 5 by twice",
    "AWSCloudTrail | distinct TimeGenerated, EventName | count",
    "AWSCloudTrail | distinct EventName, TimeGenerated | sort by EventName desc",
    "AWSCloudTrail | summarize percentiles(strlen(EventName), 50, 95), dcount(TimeGenerated) by EventName",
    "AWSCloudTrail | mv-expand i = range(1, 3) | summarize n = count(), take_any(EventName) by TimeGenerated, tolong(i)",
    "AWSCloudTrail | mv-expand i = range(1, 3) | sort by tolong(i) desc | project EventName, i",
    "AWSCloudTrail | where SourceIpAddress endswith '1' | join kind=inner (AWSCloudTrail | where EventName startswith 'C' | project SourceIpAddress, Other = EventName) on SourceIpAddress | project TimeGenerated, Other | take 500",
    "AWSCloudTrail | join kind=innerunique (AWSCloudTrail | where EventName startswith 'C') on TimeGenerated | project TimeGenerated, EventName1",
    "AWSCloudTrail | where strlen(EventName) % 2 == 0 | join kind=fullouter (AWSCloudTrail | where EventName startswith 'C') on TimeGenerated | project TimeGenerated, TimeGenerated1, EventName",
    "AWSCloudTrail | where EventName startswith 'C' | join kind=rightanti (AWSCloudTrail | where SourceIpAddress endswith '1') on TimeGenerated | project TimeGenerated",
    "AWSCloudTrail | join kind=leftsemi (AWSCloudTrail | where EventName startswith 'C') on EventName | project TimeGenerated, EventName",
    "AWSCloudTrail | where EventName startswith 'C' | join kind=rightsemi (AWSCloudTrail | where SourceIpAddress endswith '1') on EventName | project TimeGenerated",
    "AWSCloudTrail | join kind=leftouter (AWSCloudTrail | summarize n = count() by EventName) on EventName | project TimeGenerated, n",
];

/// Groups and joins are worked out by the coordinator.
const GATHERED: Sizes = Sizes { groups: u32::MAX, side: u32::MAX, ..SMALL };

fn load(shards: u32, seed: u64) -> World {
    load_with(shards, seed, SMALL)
}

fn load_with(shards: u32, seed: u64, sizes: Sizes) -> World {
    let mut world = World::with(shards, seed, sizes, 1 << 40, None);
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
fn shards_answer_among_themselves_as_the_coordinator_does() {
    let answers = |mut world: World| EXCHANGED.map(|query| cells(&world.all(query)));
    let expected = answers(load_with(1, 1, GATHERED));
    for (query, expected) in EXCHANGED.iter().zip(&expected) {
        assert!(!expected.is_empty(), "{query}");
    }
    // Sides of joins are broadcast where only the left one is large.
    let broadcast = Sizes { side: 1_000, ..SMALL };
    for (shards, seed, sizes) in
        [(3, 2, GATHERED), (1, 3, SMALL), (2, 4, SMALL), (3, 5, SMALL), (8, 6, SMALL), (3, 7, broadcast)]
    {
        let found = answers(load_with(shards, seed, sizes));
        for (query, (found, expected)) in EXCHANGED.iter().zip(found.iter().zip(&expected)) {
            assert_eq!(found, expected, "{query}: {shards} shards, {sizes:?}");
        }
    }
}

#[test]
fn a_shard_that_dies_while_rows_are_passed_costs_no_rows() {
    let expected = cells(&load_with(1, 1, GATHERED).all(EXCHANGED[0]));
    for (nth, last_words) in (1..25)
        .zip([LastWords::After, LastWords::Never, LastWords::Before, LastWords::Twice].into_iter().cycle())
    {
        let mut world = load(3, 80 + u64::from(nth));
        // Its words and those under way to others may be lost with it.
        world.kill_at = Some((world.said + nth, last_words));
        let id = world.post(Request::Query { text: EXCHANGED[0].to_owned(), now: Ticks(0) });
        let Reply::Result { info } = world.wait(id) else { panic!("message {nth}, {last_words:?}") };
        world.settle();
        let mut found = cells(&world.rows(info.result, 0, 500).1);
        found.extend(cells(&world.rows(info.result, 500, 500).1));
        assert_eq!(found, expected, "message {nth}, {last_words:?}");
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

#[test]
fn an_answer_without_rows_says_why() {
    let mut world = load(3, 9);
    let mut said = |query: &str| -> Vec<String> {
        let info = world.query(query);
        assert_eq!(info.rows, 0, "{query}");
        info.diagnostics.into_iter().map(|reason| format!("{} {}", reason.code, reason.message)).collect()
    };
    // Over stored rows, and over made ones.
    for query in [
        "AWSCloudTrail | where EventName == 'createresource'",
        "AWSCloudTrail | where EventName == 'createresource' | summarize count() by SourceIpAddress",
    ] {
        let said = said(query);
        assert!(said[0].starts_with("KQL0201") && said[0].ends_with("none goes on"), "{said:?}");
        assert!(said[1].contains("`CreateResource` occurs"), "{said:?}");
    }
    assert_eq!(
        said("ACSRoomsIncomingOperations | where true"),
        ["KQL0200 `ACSRoomsIncomingOperations` has no records"]
    );
    let ago = said("AWSCloudTrail | where TimeGenerated > datetime(2100-01-01)");
    assert!(ago[1].contains("runs from"), "{ago:?}");
}
