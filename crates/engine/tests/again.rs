//! Files read again: log types of a person's own, what a person overrules, what all of a file settles, columns that values widen.

mod world;

use chartroom_protocol::{
    FileNo, Reply, Request,
    ledger::{FileStatus, LedgerFile},
    request::Overrule,
};
use world::World;

const DOORS: &str = r#"
id = "ward_doors"
title = "Ward doors"
[map]
TimeGenerated = "at"
Badge = "badge"
Ward = "ward"
[shared]
ActorUserId = 'Badge'
[[rule]]
all = [{ key = "at" }, { key = "badge" }, { key = "ward" }]
"#;

fn doors(rows: u32) -> Vec<u8> {
    let line = |at: u32| {
        format!(
            "{{\"at\":\"2026-03-02T{:02}:{:02}:00Z\",\"badge\":\"b{at}\",\"ward\":\"3 West\"}}\n",
            at / 60 % 24,
            at % 60
        )
    };
    (0..rows).map(line).collect::<String>().into_bytes()
}

fn file(world: &mut World, path: &str) -> LedgerFile {
    world.ledger_files().remove(path).unwrap_or_else(|| panic!("no {path}"))
}

/// The cells of all rows of a query, rows with `;`, cells with `,`.
fn told(world: &mut World, query: &str) -> String {
    let rows = world.all(query);
    let row = |row: &chartroom_protocol::result::PageRow| {
        row.cells.iter().map(|cell| cell.clone().unwrap_or_default()).collect::<Vec<_>>().join(",")
    };
    rows.iter().map(row).collect::<Vec<_>>().join(";")
}

fn overrule(world: &mut World, path: &str, is_alike: bool, overrule: Overrule) {
    let file = file(world, path).file;
    assert_eq!(world.request(Request::Overrule { file, is_alike, overrule }), Reply::Done);
    world.settle();
}

#[test]
fn a_type_of_ones_own_takes_files_that_came_before_and_after() {
    for seed in [1, 2, 3, 4, 5, 6] {
        let mut world = World::new(3, seed);
        // Large enough for all shards, and one that is of no type at all.
        world.drop_files(&[("before.jsonl", doors(900)), ("other.jsonl", b"{\"x\":1}\n".to_vec())]);
        if seed % 2 == 0 {
            world.settle();
            assert_eq!(file(&mut world, "before.jsonl").format, "other", "seed {seed}");
        }
        world.drop_files(&[("doors.toml", DOORS.as_bytes().to_vec()), ("with.jsonl", doors(5))]);
        world.drop_files(&[("after.jsonl", doors(7))]);
        world.settle();
        for (path, rows) in [("before.jsonl", 900), ("with.jsonl", 5), ("after.jsonl", 7)] {
            let file = file(&mut world, path);
            assert_eq!(
                (file.format.as_str(), file.table.as_str(), file.stored),
                ("ward_doors", "ward_doors", rows),
                "{path}, seed {seed}"
            );
            assert!(file.earlier.is_empty(), "nobody overruled it");
        }
        assert_eq!(world.count("ward_doors | count"), 912, "seed {seed}");
        assert_eq!(world.count("Events | count"), 913, "seed {seed}");
        assert_eq!(world.count("Events | where ActorUserId == 'b3' | count"), 3, "seed {seed}");
        let own = file(&mut world, "doors.toml");
        assert_eq!(own.status, FileStatus::Skipped);
        assert!(own.why.starts_with("a log type of your own, ward_doors"), "{}", own.why);
        assert_eq!(own.own_format.as_deref(), Some(DOORS));
        let Reply::LogTypes { types } = world.request(Request::LogTypes) else { panic!("no types") };
        assert!(types.contains(&("ward_doors".to_owned(), "Ward doors".to_owned())));
        // Without its file it is gone, and what it read is what it was before.
        assert_eq!(world.request(Request::Close { files: vec![own.file] }), Reply::Done);
        world.settle();
        assert_eq!(file(&mut world, "after.jsonl").format, "other", "seed {seed}");
        assert_eq!(world.count("Events | count"), 913, "seed {seed}");
    }
}

#[test]
fn a_changed_type_reads_its_files_anew() {
    let mut world = World::new(2, 7);
    world.drop_files(&[("doors.toml", DOORS.as_bytes().to_vec()), ("a.jsonl", doors(5))]);
    world.settle();
    let changed = DOORS.replace("Ward = \"ward\"", "Station = \"ward\"");
    world.drop_files(&[("doors.toml", changed.into_bytes())]);
    world.settle();
    assert_eq!(told(&mut world, "ward_doors | where Badge == 'b1' | project Station"), "3 West");
}

#[test]
fn mistakes_in_a_type_lie_in_the_ledger_with_their_lines() {
    let mut world = World::new(1, 1);
    let wrong = DOORS.replace("TimeGenerated = \"at\"", "Tmie = \"at\"").replace("title", "titel");
    world.drop_files(&[("doors.toml", wrong.into_bytes()), ("a.jsonl", doors(5))]);
    world.settle();
    let own = file(&mut world, "doors.toml");
    assert_eq!(own.status, FileStatus::Failed);
    assert_eq!((own.problems[0].line, own.problem_count), (Some(3), 1));
    assert!(
        own.problems[0].reason.starts_with("column 1: there is no setting `titel`"),
        "{:?}",
        own.problems
    );
    assert_eq!(file(&mut world, "a.jsonl").format, "other");
}

#[test]
fn what_was_recognised_is_overruled_and_both_are_kept() {
    let mut world = World::new(2, 3);
    let table = "when;who;n\n3/4/2026 10:00;a,b;1\n5/4/2026 11:00;c;2\n";
    world.drop_files(&[("a.csv", table.as_bytes().to_vec()), ("b/a.csv", format!("{table}\n").into_bytes())]);
    world.settle();
    let read = file(&mut world, "a.csv");
    assert_eq!((read.recognised.delimiter.as_str(), read.recognised.zone.as_str()), (";", "UTC"));
    assert!(read.recognised.is_zone_assumed && read.recognised.is_order_guessed);
    assert_eq!(
        told(&mut world, "a | where _File == 'a.csv' | project when, n"),
        "2026-05-04T11:00:00.0000000Z,2;2026-03-04T10:00:00.0000000Z,1"
    );
    let zone = Some("Jerusalem".to_owned());
    overrule(&mut world, "a.csv", false, Overrule { is_day_first: Some(true), zone, ..Overrule::default() });
    assert_eq!(
        told(&mut world, "a | where _File == 'a.csv' | project when, n"),
        "2026-04-05T08:00:00.0000000Z,2;2026-04-03T07:00:00.0000000Z,1"
    );
    // The other of the same kind is as it was.
    assert_eq!(told(&mut world, "a | where _File == 'b/a.csv' | project n"), "2;1");
    assert_eq!(file(&mut world, "b/a.csv").recognised.told, Vec::<String>::new());
    let read = file(&mut world, "a.csv");
    assert_eq!(read.recognised.told, ["zone", "day order"]);
    assert_eq!(
        (read.recognised.zone.as_str(), read.recognised.day_order.as_str()),
        ("Asia/Jerusalem", "day first")
    );
    assert!(!read.recognised.is_zone_assumed && !read.recognised.is_order_guessed);
    assert_eq!(read.earlier.len(), 1);
    assert_eq!(read.earlier[0].recognised.zone, "UTC");
    // All alike, another delimiter; then as it was recognised.
    overrule(&mut world, "a.csv", true, Overrule { delimiter: Some(",".to_owned()), ..Overrule::default() });
    assert_eq!(world.count("a | where isnotempty(Column2) | count"), 2);
    overrule(&mut world, "a.csv", true, Overrule::default());
    assert_eq!(world.count("a | where n == 1 | count"), 2);
    assert_eq!(world.count("Events | count"), 4);
    assert_eq!(file(&mut world, "a.csv").earlier.len(), 3);
}

#[test]
fn a_type_and_an_encoding_can_be_said() {
    let mut world = World::new(2, 4);
    let chat = "{\"TimeGenerated\":\"2026-03-02T08:15:30Z\",\"OperationName\":\"x\",\"who\":\"Ren\u{e9}\"}\n";
    let latin: Vec<u8> = chat.chars().map(|char| char as u8).collect();
    world.drop_files(&[("a.jsonl", latin)]);
    world.settle();
    assert_eq!(file(&mut world, "a.jsonl").format, "other");
    let (format, encoding) = (Some("acs_chat".to_owned()), Some("windows-1252".to_owned()));
    overrule(&mut world, "a.jsonl", false, Overrule { format, encoding, ..Overrule::default() });
    let read = file(&mut world, "a.jsonl");
    assert_eq!((read.format.as_str(), read.why.as_str(), read.rejected), ("acs_chat", "you said so", 0));
    assert_eq!(read.bytes, chat.chars().count() as u64);
    assert_eq!(
        told(&mut world, "ACSChatIncomingOperations | project OperationName, tostring(AdditionalFields.who)"),
        "x,Ren\u{e9}"
    );
    for wrong in [
        Overrule { format: Some("nope".to_owned()), ..Overrule::default() },
        Overrule { encoding: Some("ebcdic".to_owned()), ..Overrule::default() },
        Overrule { delimiter: Some("::".to_owned()), ..Overrule::default() },
        Overrule { zone: Some("Atlantis".to_owned()), ..Overrule::default() },
    ] {
        let reply = world.request(Request::Overrule { file: FileNo(0), is_alike: false, overrule: wrong });
        assert!(matches!(reply, Reply::Failed { .. }), "{reply:?}");
    }
}

#[test]
fn the_order_of_day_and_month_is_settled_by_all_of_a_file() {
    for seed in 1..5 {
        let mut world = World::new(3, seed);
        // The head could be either; only far behind it is a day above twelve.
        let mut table = String::from("when,n\n");
        for at in 0..4_000 {
            table.push_str(&format!("0{}/04/2026 10:00,{at}\n", at % 9 + 1));
        }
        table.push_str("25/04/2026 10:00,4000\n");
        let lines = "{\"time\":\"03/04/2026 10:00\",\"n\":1}\n{\"time\":\"25/04/2026 10:00\",\"n\":2}\n";
        world.drop_files(&[("t.csv", table.into_bytes()), ("l.jsonl", lines.as_bytes().to_vec())]);
        world.settle();
        assert_eq!(
            world.count("t | where when between (datetime(2026-04-01) .. datetime(2026-04-30)) | count"),
            4_001,
            "seed {seed}"
        );
        assert_eq!(
            told(&mut world, "Other | project TimeGenerated"),
            "2026-04-25T10:00:00.0000000Z;2026-04-03T10:00:00.0000000Z"
        );
        let read = file(&mut world, "t.csv");
        assert_eq!(
            (read.recognised.day_order.as_str(), read.recognised.is_order_guessed),
            ("day first", false)
        );
        assert!(read.earlier.is_empty() && read.recognised.told.is_empty());
    }
}

#[test]
fn a_zone_that_the_header_names_is_used_or_asked_for() {
    let mut world = World::new(1, 1);
    let table =
        |tag: &str| format!("TimeGenerated [{tag}],a,b\n\"3/2/2026, 8:15:30.000 AM\",1,2\n").into_bytes();
    world.drop_files(&[
        ("utc.csv", table("UTC")),
        ("east.csv", table("UTC+02:00")),
        ("city.csv", table("Jerusalem")),
        ("here.csv", table("Local Time")),
    ]);
    world.settle();
    let zone = |world: &mut World, path| {
        let read = file(world, path).recognised;
        (read.zone, read.is_zone_assumed, read.zone_wanted)
    };
    assert_eq!(zone(&mut world, "utc.csv"), ("UTC".to_owned(), false, String::new()));
    assert_eq!(zone(&mut world, "east.csv"), ("UTC+02:00".to_owned(), false, String::new()));
    assert_eq!(zone(&mut world, "city.csv"), ("Asia/Jerusalem".to_owned(), false, String::new()));
    assert_eq!(zone(&mut world, "here.csv"), ("UTC".to_owned(), true, "Local Time".to_owned()));
    assert_eq!(told(&mut world, "east | project TimeGenerated"), "2026-03-02T06:15:30.0000000Z");
}

#[test]
fn a_value_that_does_not_fit_widens_its_column_for_this_load() {
    let line = |status: &str, id: u32| {
        format!(
            "{{\"TimeGenerated\":\"2026-03-02T08:15:0{id}Z\",\"OperationName\":\"Microsoft.HealthcareApis/services/fhir-R4/read\",\
             \"ResultType\":\"Failed\",\"StatusCode\":{status},\"Type\":\"MicrosoftHealthcareApisAuditLogs\"}}\n"
        )
    };
    let mut world = World::new(2, 1);
    world.drop_files(&[
        ("a.jsonl", line("404", 1).into_bytes()),
        ("b.jsonl", line("\"Unauthorized\"", 2).into_bytes()),
    ]);
    world.settle();
    let table = "MicrosoftHealthcareApisAuditLogs";
    assert_eq!(
        told(&mut world, &format!("{table} | sort by TimeGenerated asc | project StatusCode")),
        "404;Unauthorized"
    );
    // The fields that all tables share still go by the documented kind.
    assert_eq!(told(&mut world, "Events | sort by TimeGenerated asc | project StatusCode"), "404;");
    let column = world.query(table).columns.into_iter().find(|column| column.name == "StatusCode").unwrap();
    assert_eq!(column.kind.name(), "string");
    assert!(column.about.starts_with("Widened to string"), "{}", column.about);
    // Chat's message ids do not fit the kind that is documented.
    let chat = "{\"TimeGenerated\":\"2026-03-02T08:15:30Z\",\"OperationName\":\"SendChatMessage\",\"ChatThreadId\":\"19:x\",\
                \"ChatMessageId\":1695164000123,\"Type\":\"ACSChatIncomingOperations\"}\n";
    world.drop_files(&[("c.jsonl", chat.as_bytes().to_vec())]);
    world.settle();
    assert_eq!(told(&mut world, "ACSChatIncomingOperations | project ChatMessageId"), "1695164000123");
}
