//! Queries, pages, places, records: the same for any number of shards.

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_engine::message::Sizes;
use chartroom_protocol::{Reply, Request, result::PageRow};
use std::collections::BTreeSet;
use world::{ROWS, World};

const QUERIES: [&str; 6] = [
    "Events",
    "AWSCloudTrail | project TimeGenerated, EventName, SourceIpAddress",
    "AWSCloudTrail | where EventName == \"CreateResource\"",
    "Events | where * has \"u3\" | sort by SrcIpAddr asc",
    "AWSCloudTrail | sort by EventName asc, SourceIpAddress desc | take 70",
    "Events | take 11",
];

fn load(shards: u32, seed: u64) -> World {
    let mut world = World::new(shards, seed);
    world.drop_files(&samples::mixed());
    world.settle();
    world
}

fn answers(world: &mut World) -> Vec<Vec<PageRow>> {
    QUERIES.iter().map(|query| world.all(query)).collect()
}

#[test]
fn rows_and_their_order_are_the_same_for_any_number_of_shards() {
    let expected = answers(&mut load(1, 1));
    assert!(expected[0].len() > 1_000, "{}", expected[0].len());
    assert_eq!(expected[4].len(), 70);
    assert_eq!(expected[5].len(), 11);
    assert_eq!(expected[5][..], expected[0][..11]);
    for (shards, seed) in [(2, 2), (3, 3), (8, 4)] {
        let found = answers(&mut load(shards, seed));
        for (query, (found, expected)) in QUERIES.iter().zip(found.iter().zip(&expected)) {
            assert_eq!(found.len(), expected.len(), "{query}: {shards} shards, seed {seed}");
            for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
                assert_eq!(found, expected, "{query}, row {at}: {shards} shards, seed {seed}");
            }
        }
    }
}

#[test]
fn pages_cover_a_result_exactly_once_and_places_find_their_rows() {
    let mut world = load(3, 5);
    let all = world.all(ROWS);
    let ids: BTreeSet<_> = all.iter().map(|row| row.id.unwrap()).collect();
    assert_eq!(ids.len(), all.len());
    let info = world.query(ROWS);
    for at in [0, 1, 500, all.len() - 1] {
        let row = all[at].id.unwrap();
        let reply = world.request(Request::Position { result: info.result, row });
        assert_eq!(reply, Reply::Position { row, index: Some(at as u64) });
    }
}

#[test]
fn counts_agree_with_the_ledger() {
    let mut world = load(2, 9);
    let stored: u64 = world.ledger_files().values().map(|file| file.stored).sum();
    assert_eq!(world.count("Events | count"), stored);
    assert_eq!(world.status.records, stored);
}

#[test]
fn a_timeline_counts_every_row_once() {
    let mut world = load(3, 11);
    let info = world.query("Events");
    let Reply::Timeline { data } = world.request(Request::Timeline { result: info.result, buckets: 60 })
    else {
        panic!()
    };
    let sum: u64 = data.series.iter().flat_map(|series| &series.counts).map(|&count| u64::from(count)).sum();
    assert_eq!(sum + data.without_time, info.rows);
    assert!(data.series.iter().any(|series| series.outcome == "Failure"), "{:?}", data.series);
}

#[test]
fn a_timeline_counts_the_rows_that_are_shown() {
    for shards in [1, 3] {
        let mut world = load(shards, 12);
        let all = world.query("Events").rows;
        for (query, rows) in [
            ("Events | take 40", 40),
            ("Events | sort by Operation asc | take 123", 123),
            ("Events | top 7 by TimeGenerated asc", 7),
            ("Events | take 0", 0),
            ("Events | take 1000000", all),
        ] {
            let info = world.query(query);
            assert_eq!(info.rows, rows, "{query}");
            let shown = world.all(query);
            let info = world.query(query);
            let request = Request::Timeline { result: info.result, buckets: 60 };
            let Reply::Timeline { data } = world.request(request) else { panic!("{query}") };
            let counts =
                || data.series.iter().flat_map(|series| &series.counts).map(|&count| u64::from(count));
            assert_eq!(counts().sum::<u64>() + data.without_time, rows, "{query} on {shards} shards");
            let at = info.columns.iter().position(|column| column.name == "TimeGenerated").unwrap();
            let timed = shown.iter().filter(|row| row.cells[at].is_some()).count() as u64;
            assert_eq!(counts().sum::<u64>(), timed, "{query} on {shards} shards");
        }
    }
}

#[test]
fn a_record_comes_with_its_bytes_and_its_line() {
    let mut world = load(3, 13);
    let rows = world.all(ROWS);
    let files = world.ledger_files();
    let paths = ["b/large.jsonl", "d/packed.json.gz", "c/array.json"];
    for path in paths {
        let row =
            rows.iter().filter_map(|row| row.id).filter(|row| row.file == files[path].file).nth(40).unwrap();
        let Reply::Record { record } = world.request(Request::Record { row }) else { panic!() };
        assert_eq!((record.path.as_str(), record.table.as_str()), (path, "AWSCloudTrail"));
        let text = record.raw.text.unwrap();
        assert!(text.starts_with("{\"eventVersion\"") && text.ends_with('}'), "{text}");
        assert!(record.fields.iter().any(|field| field.name == "EventName"), "{:?}", record.fields);
        if path.ends_with("jsonl") {
            let before = &world.files[&row.file.0][..row.offset as usize];
            let line = before.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
            assert_eq!(record.raw.line, Some(line));
        }
    }
}

/// Every so many rows of a file, looked at as a record and as bytes, against its bytes counted here.
#[track_caller]
fn check_lines(world: &mut World, path: &str, inside: &[u8], file_rows: &[PageRow]) {
    let file = world.ledger_files()[path].file;
    let rows: Vec<_> = file_rows.iter().filter_map(|row| row.id).filter(|row| row.file == file).collect();
    for row in rows.iter().step_by(9).chain(rows.last()) {
        let before = &inside[..row.offset as usize];
        let line = Some(before.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1);
        let Reply::Record { record } = world.request(Request::Record { row: *row }) else {
            panic!("{row:?}")
        };
        assert_eq!(record.raw.line, line, "{path}, record at {}", row.offset);
        let raw = Request::Raw { file, offset: row.offset, len: 256 << 10 };
        let Reply::Raw { raw } = world.request(raw) else { panic!("{row:?}") };
        assert_eq!((raw.offset, raw.line), (row.offset, line), "{path}, bytes at {}", row.offset);
    }
}

#[test]
fn lines_are_right_however_a_file_was_read() {
    let packed = (samples::lines(600..720), samples::array(720..800));
    let files = [
        ("lines.jsonl", samples::lines(0..150), None),
        ("array.json", samples::array(150..300), None),
        ("wrapped.json", samples::records(300..340), None),
        ("lines.jsonl.gz", samples::gzip(&packed.0), Some(packed.0)),
        ("array.json.gz", samples::gzip(&packed.1), Some(packed.1)),
    ];
    let named: Vec<(&str, Vec<u8>)> = files.iter().map(|(path, bytes, _)| (*path, bytes.clone())).collect();
    for (shards, sizes) in [(1, Sizes::default()), (3, world::SMALL)] {
        let mut world = World::with(shards, 17, sizes, 1 << 40, None);
        world.drop_files(&named);
        world.settle();
        let rows = world.all(ROWS);
        for (path, bytes, inside) in &files {
            check_lines(&mut world, path, inside.as_ref().unwrap_or(bytes), &rows);
        }
    }
}

#[test]
fn what_is_wrong_with_a_query_is_said() {
    let mut world = load(1, 1);
    let reply = world.request(Request::Query {
        text: "Nowhere | take 1".to_owned(),
        now: chartroom_base::ticks::Ticks(0),
    });
    assert!(matches!(reply, Reply::Failed { diagnostics } if !diagnostics.is_empty()));
}

/// A load above 16 MiB, whose parts are small enough for both shards to be busy with several.
fn large_lines() -> Vec<(&'static str, Vec<u8>)> {
    vec![("large.jsonl", samples::lines((0..17_500).map(|number| number % 300)).repeat(4))]
}

fn large_world(shards: u32, seed: u64) -> World {
    let sizes =
        Sizes { large: 4 << 20, lines_part: 2 << 20, cut: 1 << 20, slice: 1 << 20, ..Sizes::default() };
    World::with(shards, seed, sizes, 1 << 40, None).with_head_start()
}

#[test]
fn the_first_rows_come_before_a_tenth_is_read() {
    let files = large_lines();
    let size = files[0].1.len() as u64;
    assert!(size > 16 << 20, "{size}");
    let mut world = large_world(2, 3);
    let drop = world.begin_drop();
    world.name_files(drop, &files);
    world.end_drop(drop);
    let info = world.query("Events");
    let (_, mut rows) = world.rows(info.result, 0, 50);
    while rows.is_empty() {
        world.turn();
        rows = world.rows(info.result, 0, 50).1;
    }
    let load = world.status.load.clone().unwrap_or_default();
    assert!(load.bytes_done < size / 10, "{} of {size}", load.bytes_done);
    world.settle();
    assert_eq!(world.count("Events | count"), 70_000);
}

#[test]
fn a_load_goes_on_when_nobody_asks_for_rows() {
    let mut world = large_world(2, 4);
    world.drop_files(&large_lines());
    world.settle();
    assert_eq!(world.count("Events | count"), 70_000);
}

#[test]
fn the_shared_fields_of_every_log_type_bind() {
    // Without rows the view has all tables; with some, those that have rows.
    let mut world = World::new(1, 9);
    assert_eq!(world.query("Events").diagnostics, Vec::new());
}
