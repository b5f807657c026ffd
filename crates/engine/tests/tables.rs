//! Tables as text: the same rows for any number of shards, under the name of their file.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

use std::fmt::Write as _;
use world::World;

/// A table large enough for several shards, with cells over several lines.
fn staff(rows: u32) -> Vec<u8> {
    let mut out = String::from("\u{feff}id,name,joined,note\r\n");
    for row in 0..rows {
        let note = if row % 3 == 0 { "\"two\r\nlines, and \"\"quotes\"\"\"" } else { "plain" };
        write!(out, "{row},user {},2026-03-{:02} 08:00:00,{note}\r\n", row % 7, 1 + row % 28).unwrap();
    }
    out.into_bytes()
}

/// The same as a PowerShell writes it.
fn utf16(text: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(text).encode_utf16().flat_map(u16::to_le_bytes).collect()
}

const ROOMS: &str = "\"TimeGenerated [UTC]\",OperationName,RoomId,ResultType\n\"3/2/2026, 8:15:30.000 AM\",GetRoom,99466898241024408,Succeeded\n";

fn load(shards: u32, seed: u64) -> World {
    let mut world = World::new(shards, seed);
    world.drop_files(&[
        ("a/staff.csv", staff(900)),
        ("a/query_data.csv", ROOMS.as_bytes().to_vec()),
        ("b/staff (2).csv", staff(20)),
        ("c/wide.csv", utf16(&staff(600))),
        (
            "d/app.log",
            (0..700)
                .map(|n| format!("2026-03-02 08:15:{:02},000 INFO step {n}\n  more\n", n % 60))
                .collect::<String>()
                .into_bytes(),
        ),
        ("d/no.txt", b"this is no log\nat all\n".to_vec()),
    ]);
    world.settle();
    world
}

#[test]
fn a_table_is_called_after_its_file() {
    let mut world = load(3, 1);
    assert_eq!(world.count("staff | count"), 920);
    assert_eq!(world.count("ACSRoomsIncomingOperations | count"), 1);
    assert_eq!(world.count("wide | where note has \"quotes\" | count"), 200);
    assert_eq!(world.count("Events | count"), 2_221);
    assert_eq!(world.count("app | where Message has \"step 69\" and Message has \"more\" | count"), 1);
    assert_eq!(
        world.count("Events | where Type == \"staff\" and TimeGenerated < datetime(2026-03-02) | count"),
        34
    );
    assert_eq!(world.count("staff | where id == 7 and joined == datetime(2026-03-08 08:00:00) | count"), 2);
    assert_eq!(world.count("staff | where note has \"quotes\" | count"), 307);
    let files = world.ledger_files();
    assert_eq!((files["a/staff.csv"].table.as_str(), files["a/staff.csv"].stored), ("staff", 900));
}

#[test]
fn rows_are_the_same_for_any_number_of_shards() {
    let (mut world, queries) =
        (load(1, 1), ["staff", "wide", "Events | project TimeGenerated, Type, _Offset"]);
    let ledger = world.ledger();
    let expected: Vec<_> = queries.iter().map(|query| world.all(query)).collect();
    assert_eq!(expected[0].len(), 920);
    for (shards, seed) in [(2, 2), (3, 3), (8, 4)] {
        let mut world = load(shards, seed);
        assert_eq!(world.ledger(), ledger, "{shards} shards");
        for (query, expected) in queries.iter().zip(&expected) {
            assert_eq!(&world.all(query), expected, "{query}: {shards} shards, seed {seed}");
        }
    }
}
