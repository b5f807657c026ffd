//! A log type of a person's own: what is read, and which mistakes are told, where, with what to do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use chartroom_ingest::formats::own::{SampleKey, begin_own, is_meant, read_own};
use chartroom_ingest::reader::{Block, Length, Outcome, Read, Reader, RowPlace};
use chartroom_ingest::{Formats, formats};
use chartroom_schema::kind::Kind;
use chartroom_store::{Store, ValueRef};

/// Told by a `ward` and a `badge`, as the hospital's door writes it.
const DOORS: &str = r#"
id = "ward_doors"            # small letters, digits, underscores
title = "Ward doors"
first = ["TimeGenerated", "BadgeId", "Ward"]

[map]
TimeGenerated = "at"
BadgeId = { from = "badge.id", kind = "string", personal = "id" }
Ward = ["ward", "station"]
Seconds = { from = "open_ms", kind = "long" }

[shared]
ActorUserId = 'BadgeId'
Object = 'Ward'

[[rule]]
all = [{ key = "at" }, { key = "badge", is = "object" }]
any = [[{ key = "ward" }, { key = "station" }]]
"#;

const LINE: &str =
    r#"{"at":"2026-03-02T08:15:30Z","badge":{"id":"b-17"},"station":"3 West","open_ms":"4200","x":1}"#;

fn place() -> RowPlace {
    RowPlace { file: 0, offset: 0, number: 0, is_line: true, length: Length::default() }
}

#[track_caller]
fn check(file: &str, expected: &str) {
    let mistakes = read_own(file).unwrap_err();
    let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|told| told.starts_with(expected)), "{expected}\n{}", told.join("\n"));
}

#[test]
fn its_records_are_told_and_read() {
    let file = read_own(DOORS).unwrap();
    assert_eq!((file.id.as_str(), file.table.as_deref()), ("ward_doors", Some("ward_doors")));
    let formats = Formats::leak_with_own(&[file]);
    let (mut reader, mut store) = (Reader::new(formats), Store::new());
    let read = reader.read(&mut store, Block::from(LINE), 0, true, place());
    let Read::Done { outcome: Outcome::Stored { format, rule, time, .. }, .. } = read else {
        panic!("{read:?}")
    };
    assert_eq!(formats.get(format).unwrap().id(), "ward_doors");
    assert_eq!(formats.why(rule), "it has what Ward doors is told by");
    assert!(time.is_some());
    let table = store.table("ward_doors").unwrap();
    let value = |name: &str| table.columns().iter().find(|column| column.name() == name).unwrap().value(0);
    assert_eq!(value("BadgeId"), ValueRef::Text("b-17"));
    assert_eq!(value("Ward"), ValueRef::Text("3 West"));
    assert_eq!(value("Seconds"), ValueRef::Long(4200));
    assert_eq!(value("AdditionalFields"), ValueRef::Text("{\"x\":1}"));
}

#[test]
fn the_built_in_types_stay_what_they_are() {
    let with = Formats::leak_with_own(&[read_own(DOORS).unwrap()]);
    for (id, samples) in chartroom_ingest::formats::samples() {
        for sample in samples {
            let read = |formats| {
                Reader::new(formats).read(
                    &mut Store::new(),
                    Block::from(sample.line.as_str()),
                    0,
                    true,
                    place(),
                )
            };
            assert_eq!(read(with), read(formats()), "{id}: {}", sample.from);
        }
    }
}

#[test]
fn mistakes_are_told_with_their_place_and_what_to_do() {
    check("id = \"x\ntitle = 1", "line 1, column 6: this text has no end on its line");
    check("id = \"x\"\nid = \"y\"", "line 2, column 1: `id` stands here a second time");
    check("id = 2026-03-02", "line 1, column 6: `2026-03-02` is no value");
    check("id = \"x\"\n[map]\nA = [\"a\"", "line 3, column 5: this list has no end");
    check("id = \"x\"\nfirst = \"A\"", "line 2, column 9: `first` wants a list");
    check(
        "id = \"x\"\nfrist = [\"A\"]",
        "line 2, column 1: there is no setting `frist` here; known are id, title",
    );
    check("id = \"X!\"\n[map]\nTimeGenerated = \"t\"", "line 1, column 6: an `id` is small letters");
    check("id = \"x\"\n[map]\nA = \"a\"", "line 3, column 1: no column TimeGenerated: say under [map]");
    check("id = \"x\"\n[map]\nTimeGenerated = \"t\"", "line 1, column 6: it has no [[rule]]");
    check("id = \"x\"\n[map]\nA = 3", "line 3, column 5: `A` wants the record's key it comes from");
    check(
        "id = \"x\"\n[map]\nA = { from = \"a\", kind = \"number\" }",
        "line 3, column 26: `kind` wants one of bool, int",
    );
    check(
        "id = \"x\"\nfirst = [\"Nope\"]\n[map]\nTimeGenerated = \"t\"",
        "line 2, column 10: there is no column \"Nope\"",
    );
    check(
        "id = \"x\"\n[map]\nTimeGenerated = \"t\"\n[[rule]]\nwhy = \"so\"",
        "line 4, column 1: a rule that tests nothing",
    );
    check(
        "id = \"x\"\n[map]\nT = \"t\"\n[[rule]]\nall = [{ is = \"text\" }]",
        "line 5, column 8: a test without `key`",
    );
    check("id = \"x\"\nlike = [\"azure\"]\n[map]\nT = \"t\"", "line 2, column 9: there is no base \"azure\"");
    let rest = "[map]\nTimeGenerated = \"t\"\n[[rule]]\nall = [{ key = \"t\" }]";
    check(&format!("id = \"acs_chat\"\n{rest}"), "line 1, column 6: the id \"acs_chat\" is taken");
    check(
        &format!("id = \"x\"\ntable = \"Events\"\n{rest}"),
        "line 2, column 9: the table \"Events\" is taken",
    );
    check(
        &format!("id = \"x\"\n{rest}\n[shared]\nWho = 'A'"),
        "line 7, column 1: there is no shared field \"Who\"",
    );
    check(
        &format!("id = \"x\"\n{rest}\n[shared]\nObject = '{{{{me}}}}'"),
        "line 7, column 10: there is no word \"me\"",
    );
}

#[test]
fn what_is_meant_as_a_type_is_told_by_its_content() {
    assert!(is_meant(DOORS, "notes.txt"));
    assert!(is_meant("id=\"x\"", "x.TOML"));
    assert!(!is_meant("id = 3\nname = x", "settings.ini"));
    assert!(!is_meant("[map]\na = 1", "settings.ini"));
    assert!(!is_meant(LINE, "x.toml"));
}

#[test]
fn what_is_begun_from_a_sample_is_read_without_mistakes() {
    let key =
        |path: &str, kind, value: &str| SampleKey { path: path.to_owned(), kind, value: value.to_owned() };
    let keys = [
        key("id", Kind::Long, "1772439330"),
        key("when", Kind::String, "2026-03-02T08:15:30Z"),
        key("user name", Kind::String, "a\nb"),
        key("door", Kind::Dynamic, r#"{"ward":"3 West","open_ms":4200}"#),
        key("a\"b", Kind::Dynamic, "[1]"),
    ];
    let text = begin_own("mine", &keys);
    let file = read_own(&text).unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{text}"));
    let columns: Vec<String> = file
        .column
        .iter()
        .map(|column| format!("{}:{}:{}", column.name, column.kind.name(), column.from.join("|")))
        .collect();
    assert_eq!(
        columns,
        [
            "TimeGenerated:datetime:when",
            "id:long:id",
            "user_name:string:user name",
            "door_open_ms:long:door.open_ms",
            "door_ward:string:door.ward",
            "a_b:dynamic:a\"b"
        ]
    );
}

#[test]
fn kinds_and_marks_are_those_of_the_schema() {
    let rest = "TimeGenerated = \"t\"\n[[rule]]\nall = [{ key = \"t\" }]";
    for kind in
        ["bool", "int", "long", "real", "datetime", "timespan", "guid", "string", "dynamic", "decimal"]
    {
        let file = read_own(&format!("id = \"x\"\n[map]\nA = {{ from = \"a\", kind = \"{kind}\" }}\n{rest}"))
            .unwrap();
        assert_eq!(file.column[0].kind.name(), kind);
    }
    for personal in ["id", "name", "address", "number", "free_text"] {
        let text = format!("id = \"x\"\n[map]\nA = {{ from = \"a\", personal = \"{personal}\" }}\n{rest}");
        assert_eq!(read_own(&text).unwrap().column[0].personal.word(), personal);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "[a-z\\[\\]{}=\"'#.,\\\\ \n0-9é]{0,60}") {
        let _read = read_own(&text);
    }
}
