//! What only a whole file can tell is the same in the end for any number of shards: the types of a table's columns, which number is
//! the day, what is in doubt about times.

mod world;

use world::World;

/// The cells of all rows of a query, rows with `;`, cells with `,`.
fn told(world: &mut World, query: &str) -> String {
    let rows = world.all(query);
    let row = |row: &chartroom_protocol::result::PageRow| {
        row.cells
            .iter()
            .map(|cell| cell.clone().unwrap_or_else(|| "null".to_owned()))
            .collect::<Vec<_>>()
            .join(",")
    };
    rows.iter().map(row).collect::<Vec<_>>().join(";")
}

/// What a query says of one file.
#[track_caller]
fn check(path: &str, text: &str, kql: &str, expected: &str) {
    for shards in [1, 3] {
        let mut world = World::new(shards, 7);
        world.drop_files(&[(path, text.as_bytes().to_vec())]);
        world.settle();
        assert_eq!(told(&mut world, kql), expected, "{path} on {shards}");
    }
}

/// A header and rows; more than are looked at to judge a table.
fn rows(header: &str, row: impl Fn(usize) -> String) -> String {
    let rows = (1..=3_000).map(|at| row(at) + "\n");
    std::iter::once(format!("{header}\n")).chain(rows).collect()
}

#[test]
fn types_of_a_table_are_those_of_all_its_cells() {
    let last = |last: &str| rows("id,v", |at| format!("{at},{at}.50")) + "9999," + last + "\n";
    let kind = "t | getschema | where ColumnName == 'v' | project ColumnType";
    check("t.csv", &last("3.50"), kind, "real");
    check("t.csv", &last("few"), kind, "string");
    // Each is written as it was.
    check("t.csv", &last("few"), "t | where id in (7, 9999) | sort by id asc | project v", "7.50;few");
    check("t.csv", &last("-"), "t | where id in (7, 9999) | sort by id asc | project v", "7.5;null");
    let late = |cell: &str| rows("id,v", |at| format!("{at},{}", if at < 2_900 { "" } else { cell }));
    check("t.csv", &late("2.50"), kind, "real");
    check("t.csv", &late("2026-03-02 08:00:00Z"), kind, "datetime");
    check(
        "t.csv",
        &late("2026-03-02 08:00:00Z"),
        "t | summarize max(TimeGenerated)",
        "2026-03-02T08:00:00.0000000Z",
    );
    check("t.csv", &late("true"), kind, "bool");
    check("t.csv", &late("word"), kind, "string");
    check("t.csv", &(late("12") + "9999,word\n"), kind, "string");
}

#[test]
fn the_day_is_found_by_all_of_a_file() {
    let days =
        rows("when,n", |at| format!("{:02}/{:02}/2026 10:00,{at}", 1 + (at - 1) / 250, 4 + at / 9_999));
    let first = "t | summarize min(TimeGenerated)";
    let quality = "Events | summarize count() by TimeQuality | sort by TimeQuality asc";
    // In order by both readings, and nothing else to go by.
    check("t.csv", &days, first, "2026-01-04T10:00:00.0000000Z");
    check("t.csv", &days, quality, "ambiguous_order,2750;assumed_zone,250");
    // The path tells.
    check("2026-04-12/t.csv", &days, first, "2026-04-01T10:00:00.0000000Z");
    check("2026-04-12/t.csv", &days, quality, "assumed_zone,3000");
    // A day that is none of a month's, far behind.
    let more = format!("{days}23/04/2026 10:00,1\n");
    check("t.csv", &more, first, "2026-04-01T10:00:00.0000000Z");
    let other = format!("{days}04/23/2026 10:00,1\n");
    check("t.csv", &other, first, "2026-01-04T10:00:00.0000000Z");
    check("t.csv", &other, quality, "assumed_zone,3001");
}

#[test]
fn a_file_that_mixes_says_of_each_record_how_sure_its_time_is() {
    let lines = [
        r#"{"time":"2026-03-02T08:15:30.1234567Z","n":1}"#,
        r#"{"time":"2026-03-02T08:15:31.000","n":2}"#,
        r#"{"time":"2020-05-13, 04:52:01 PM","n":3}"#,
        r#"{"time":"3/4/2026 10:00:00 +00:00","n":4}"#,
        r#"{"time":"3/4/2026 10:00:00 AM +00:00","n":5}"#,
        r#"{"n":6}"#,
    ];
    let text = lines.join("\n");
    let kql = "Events | summarize count() by TimeQuality | sort by TimeQuality asc";
    check("a.jsonl", &text, kql, "assumed_zone,1;exact,3;local_unknown,1;missing,1");
    let path = "resourceId=/SUBSCRIPTIONS/1/X/A/y=2026/m=03/d=02/h=08/m=00/PT1H.json";
    check(path, &text, kql, "assumed_zone,1;exact,3;from_path,1;local_unknown,1");
    check(path, lines[5], "Events | project TimeGenerated", "2026-03-02T08:00:00.0000000Z");
    let log = r#"{"category":"RoomsOperational","operationName":"GetRoom","properties":{"RoomId":"1"}}"#;
    let path = "resourceId=/SUBSCRIPTIONS/1/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.COMMUNICATION/COMMUNICATIONSERVICES/A/y=2026/m=03/d=02/h=08/m=00/PT1H.json";
    check(
        path,
        log,
        "ACSRoomsIncomingOperations | project _ResourceId, TimeGenerated",
        "/SUBSCRIPTIONS/1/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.COMMUNICATION/COMMUNICATIONSERVICES/A,2026-03-02T08:00:00.0000000Z",
    );
}

#[test]
fn the_zone_of_a_header_is_that_of_all_its_times() {
    let table = |tag: &str| {
        format!(
            "\"TimeGenerated [{tag}]\",OperationName,\"at [{tag}]\"\n\"3/27/2026, 3:00:00.123 AM\",x,\"12/1/2026, 12:10:00 AM\"\n"
        )
    };
    let kql = "t | project TimeGenerated, at";
    check("t.csv", &table("UTC"), kql, "2026-03-27T03:00:00.1230000Z,2026-12-01T00:10:00.0000000Z");
    // The night in which summer time begins; an afternoon in winter.
    check("t.csv", &table("Jerusalem"), kql, "2026-03-27T00:00:00.1230000Z,2026-11-30T22:10:00.0000000Z");
    let quality = "Events | project TimeQuality";
    check("t.csv", &table("UTC"), quality, "exact");
    check("t.csv", &table("Jerusalem"), quality, "exact");
    check("t.csv", &table("Local Time"), quality, "local_unknown");
    check("t.csv", &table("Local"), quality, "local_unknown");
    check("t.csv", &table("Atlantis"), quality, "assumed_zone");
}
