//! The same event read twice is told, counted and linked, however the rows are spread.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::{FileNo, Request};
use chartroom_testkit::zip::zip;
use world::World;

fn loaded(files: &[(&str, Vec<u8>)], shards: u32) -> World {
    let mut world = World::new(shards, u64::from(shards) + 11);
    world.drop_files(files);
    world.settle();
    world
}

fn cells(world: &mut World, query: &str) -> Vec<String> {
    let text = |row: chartroom_protocol::result::PageRow| {
        row.cells.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join(" | ")
    };
    world.all(query).into_iter().map(text).collect()
}

/// What queries and ledger say, the same for any number of shards.
#[track_caller]
fn check(files: &[(&str, Vec<u8>)], query: &str, expected: &[&str], counts: &[(&str, u64)]) {
    for shards in [1, 2, 3, 8] {
        let mut world = loaded(files, shards);
        assert_eq!(cells(&mut world, query), expected, "{shards} shards");
        let ledger = world.ledger_files();
        let found: Vec<(&str, u64)> = ledger
            .iter()
            .filter(|(_, file)| file.duplicates > 0)
            .map(|(name, file)| (name.as_str(), file.duplicates))
            .collect();
        assert_eq!(found, counts, "{shards} shards");
        assert_eq!(world.status.duplicates, counts.iter().map(|(_, count)| count).sum::<u64>());
    }
}

#[test]
fn events_of_one_id_are_one() {
    let files = [("a.jsonl", samples::lines(0..40)), ("b.json", samples::records(30..50))];
    let mut world = loaded(&files, 2);
    assert_eq!(world.count("AWSCloudTrail | count"), 60);
    assert_eq!(world.count("AWSCloudTrail | where isempty(_DuplicateOf) | count"), 50);
    assert_eq!(world.count("Events | where isempty(_DuplicateOf) | count"), 50);
    check(
        &files,
        "AWSCloudTrail | where isnotempty(_DuplicateOf) | distinct AwsEventId | sort by AwsEventId asc | take 2",
        &["e30", "e31"],
        &[("b.json", 10)],
    );
    // Files that come later, and files that go.
    world.drop_files(&[("c.jsonl", samples::lines(0..5))]);
    world.settle();
    assert_eq!(world.count("AWSCloudTrail | where isempty(_DuplicateOf) | count"), 50);
    world.request(Request::Close { files: vec![FileNo(0)] });
    world.settle();
    assert_eq!(world.count("AWSCloudTrail | where isempty(_DuplicateOf) | count"), 25);
    assert_eq!(world.count("AWSCloudTrail | where isnotempty(_DuplicateOf) | count"), 0);
}

/// One event in the archive's form, and as the portal exports it: its time cut to the millisecond, the resource in small letters.
fn room(number: u32) -> (String, String) {
    let (correlation, ticks) = (format!("c{}", number / 2), 1_234_567 + number);
    let time = format!("2026-03-02T08:15:30.{ticks}Z");
    let raw = format!(
        r#"{{"time":"{time}","resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.COMMUNICATION/COMMUNICATIONSERVICES/ACS1","operationName":"GetRoom","category":"RoomsOperational","resultType":"Succeeded","resultSignature":200,"correlationId":"{correlation}","level":"Informational","properties":{{"RoomId":"9946689824102440{number}"}}}}"#
    );
    let row = format!(
        "\"3/2/2026, 8:15:30.123 AM\",GetRoom,9946689824102440{number},Succeeded,200,{correlation},/subscriptions/s/resourcegroups/rg/providers/microsoft.communication/communicationservices/acs1"
    );
    (raw, row)
}

#[test]
fn a_support_zip_of_archive_and_portal_export_counts_each_event_once() {
    let (raw, rows): (Vec<String>, Vec<String>) = (0..6).map(room).unzip();
    let head =
        "\"TimeGenerated [UTC]\",OperationName,RoomId,ResultType,ResultSignature,CorrelationId,_ResourceId\n";
    let portal = format!("\u{feff}{head}{}\n", rows.join("\n")).into_bytes();
    let archive = (raw.join("\n") + "\n").into_bytes();
    let support = zip(&[
        ("y=2026/m=03/d=02/h=08/m=00/PT1H.json", archive.as_slice()),
        ("query_data.csv", portal.as_slice()),
    ]);
    check(
        &[("support.zip", support)],
        "ACSRoomsIncomingOperations | summarize Rows=count(), Shown=countif(isempty(_DuplicateOf)), Rooms=dcountif(RoomId, isempty(_DuplicateOf))",
        &["12 | 6 | 6"],
        &[("support.zip!/query_data.csv", 6)],
    );
}
