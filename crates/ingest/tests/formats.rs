//! What every log type's file promises, checked on its own samples.
//!
//! A failure names the type and the sample.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use chartroom_base::json::Json;
use chartroom_ingest::formats::FormatFile;
use chartroom_ingest::reader::{Block, Length, Outcome, Read, Reader, RowPlace};
use chartroom_ingest::{Formats, formats};
use chartroom_schema::fields::find_field;
use chartroom_store::Store;
use common::exported;
use std::collections::{BTreeMap, BTreeSet};

fn place(offset: u64) -> RowPlace {
    RowPlace { file: 0, offset, number: 0, is_line: true, length: Length::default() }
}

/// Tables and rows of what an envelope held.
fn open(reader: &mut Reader, store: &mut Store, line: &str) -> Vec<BTreeMap<String, String>> {
    let read = reader.read(store, Block::from(line), 0, true, place(0));
    let Read::Done { end, outcome: Outcome::Several(outcomes) } = read else { panic!("{read:?}: {line}") };
    assert_eq!(end, line.len());
    let mut rows = Vec::new();
    for (at, outcome) in outcomes.iter().enumerate() {
        let Outcome::Stored { format, .. } = outcome else { panic!("{outcome:?}") };
        let table = reader.formats().get(*format).unwrap().table().unwrap();
        let number = u32::try_from(at).unwrap() + 1;
        let found = store.table(table).unwrap();
        let place = (0..found.row_count()).find(|&row| found.row_at(row).unwrap().number == number).unwrap();
        assert_eq!(found.row_at(place).unwrap().len as usize, line.len(), "bytes are the envelope's");
        let mut row = exported(store, table, place);
        row.insert("_table".to_owned(), table.to_owned());
        rows.push(row);
    }
    rows
}

#[test]
fn envelopes_are_opened() {
    for (id, sample) in samples().filter(|(_, sample)| !sample.holds.is_empty()) {
        let rows = open(&mut Reader::new(formats()), &mut Store::new(), &sample.line);
        assert_eq!(rows.len(), sample.holds.len(), "{id}: {}", sample.from);
        for (row, expected) in rows.iter().zip(&sample.holds) {
            for (column, expected) in expected {
                assert_eq!(row.get(column), Some(expected), "{id}: {}: {column} of {row:#?}", sample.from);
            }
        }
    }
}

/// Type id, table and row of one record read by `reader`; `not_events` has no row.
fn read(reader: &mut Reader, store: &mut Store, line: &str) -> (String, BTreeMap<String, String>) {
    match reader.read(store, Block::from(line), 0, true, place(0)) {
        Read::Done { end, outcome: Outcome::Stored { format, rule, .. } } => {
            assert_eq!(end, line.trim_end().len(), "{line}");
            assert!(!reader.formats().why(rule).is_empty());
            let format = reader.formats().get(format).unwrap();
            let table = format.table().unwrap();
            let last = store.table(table).unwrap().row_count() - 1;
            (format.id().to_owned(), exported(store, table, last))
        }
        Read::Done { outcome: Outcome::NotEvent { what, .. }, .. } => {
            assert!(!what.is_empty());
            ("not_events".to_owned(), BTreeMap::new())
        }
        Read::Done { outcome: Outcome::Several(outcomes), .. } if !outcomes.is_empty() => {
            ("envelopes".to_owned(), BTreeMap::new())
        }
        other => (format!("{other:?}"), BTreeMap::new()),
    }
}

fn samples() -> impl Iterator<Item = (&'static str, &'static chartroom_ingest::formats::SampleFile)> {
    chartroom_ingest::formats::samples()
        .iter()
        .flat_map(|(id, samples)| samples.iter().map(move |sample| (id.as_str(), sample)))
}

#[test]
fn every_file_is_read_and_says_what_it_must() {
    let formats = formats();
    assert!(formats.all().len() >= 5, "{}", formats.all().len());
    let mut ids = BTreeSet::new();
    for format in formats.all() {
        let file = &format.file;
        assert!(ids.insert(format.id()), "{} twice", format.id());
        assert!(!file.rule.is_empty(), "{} has no rule", file.id);
        assert!(file.first.len() <= 8, "{} shows more than eight columns first", file.id);
        let columns: BTreeSet<&str> = file.column.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(columns.len(), file.column.len(), "{} has a column twice", file.id);
        for name in file.first.iter().chain(file.constant.keys()) {
            assert!(columns.contains(name.as_str()), "{}: no column {name}", file.id);
        }
        for (field, kql) in &file.shared {
            assert!(find_field(field).is_some(), "{}: no shared field {field}", file.id);
            assert!(!kql.trim().is_empty(), "{}: {field}", file.id);
        }
        for column in &file.column {
            assert!(!column.about.is_empty() && !column.about.ends_with('.'), "{}: {}", file.id, column.name);
        }
        if format.table().is_some() {
            assert!(!file.spec.is_empty(), "{} has no spec", file.id);
            assert!(file.shared.contains_key("TimeGenerated"), "{} has no time", file.id);
            let count = samples().filter(|(id, _)| *id == file.id).count();
            assert!(count >= 2, "{} has too few samples", file.id);
        }
    }
}

#[test]
fn columns_named_as_the_vendor_names_them_have_its_kinds() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/table-schemas.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: 1 file of table schemas is not here");
        return;
    };
    let schemas: BTreeMap<String, Vec<BTreeMap<String, String>>> = serde_json::from_str(&text).unwrap();
    for (name, table) in formats().tables() {
        let Some(schema) = schemas.get(name) else { continue };
        if schema.iter().any(|wanted| wanted["type"] == "def") {
            // The columns listed are examples: each service adds its own.
            continue;
        }
        for wanted in schema {
            let column = table.columns.iter().find(|column| column.name == wanted["name"]);
            let column = column.unwrap_or_else(|| panic!("{name} lacks {}", wanted["name"]));
            assert_eq!(column.kind.name(), wanted["type"], "{name}.{}", column.name);
            assert!(!column.is_hidden, "{name}.{}", column.name);
        }
        for column in table.columns.iter().filter(|column| !column.is_hidden) {
            assert!(schema.iter().any(|wanted| wanted["name"] == column.name), "{name}.{}", column.name);
        }
    }
}

#[test]
fn every_sample_reads_as_it_says() {
    let mut wrong = Vec::new();
    for (id, sample) in samples() {
        let mut store = Store::new();
        let mut reader = Reader::new(formats());
        let (is, row) = read(&mut reader, &mut store, &sample.line);
        let wanted = if sample.reject { sample.becomes.as_deref().unwrap_or("?") } else { id };
        if is != wanted {
            wrong.push(format!("{id}: {}: became {is}", sample.from));
            continue;
        }
        for (column, expected) in &sample.expect {
            let found = row.get(column).map_or("", String::as_str);
            if found != expected {
                wrong.push(format!("{id}: {}: {column} is {found:?}, not {expected:?}", sample.from));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_sample() {
    let mut unused: BTreeSet<(&str, &str)> = BTreeSet::new();
    // Which rule opened an envelope is not told; each has a sample of its own below it.
    for format in formats().all().iter().filter(|format| format.id() != "envelopes") {
        unused.extend(format.file.rule.iter().map(|rule| (format.id(), rule.why.as_str())));
    }
    for (_, sample) in samples() {
        let (mut reader, mut store) = (Reader::new(formats()), Store::new());
        let read = reader.read(&mut store, Block::from(sample.line.as_str()), 0, true, place(0));
        if let Read::Done { outcome: Outcome::Stored { rule, .. } | Outcome::NotEvent { rule, .. }, .. } =
            read
        {
            let why = formats().why(rule);
            unused.retain(|(_, known)| *known != why);
        }
    }
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn no_record_depends_on_the_records_before_it() {
    let alone: Vec<_> = samples()
        .map(|(_, sample)| read(&mut Reader::new(formats()), &mut Store::new(), &sample.line))
        .collect();
    let lines: Vec<&str> = samples().map(|(_, sample)| sample.line.as_str()).collect();
    // Every sample after those at some distance, in one reader and one store.
    let mut reader = Reader::new(formats());
    let mut store = Store::new();
    for (at, (&second, expected)) in lines.iter().zip(&alone).enumerate() {
        for distance in [0, 1, 2, 3, 7, 31, 61, 97] {
            let before = (at + lines.len() - distance) % lines.len();
            let (first, known) = (lines[before], &alone[before]);
            assert_eq!(read(&mut reader, &mut store, first).0, known.0, "{first}");
            let (is, row) = read(&mut reader, &mut store, second);
            assert_eq!(is, expected.0, "{second}");
            // Kinds of found columns widen with what came before; their texts are as they were.
            if is != "other" {
                assert_eq!(row, expected.1, "{second} after {first}");
            }
        }
    }
}

#[test]
fn a_record_cut_short_asks_for_more_and_leaves_nothing() {
    for (id, sample) in samples() {
        let mut reader = Reader::new(formats());
        let mut store = Store::new();
        read(&mut reader, &mut store, &sample.line);
        let rows: u64 = store.live_rows();
        let line = sample.line.trim_end();
        for end in 1..line.len() {
            let bytes = line.as_bytes().get(..end).unwrap();
            let read = reader.read(&mut store, Block::new(bytes), 0, false, place(0));
            assert_eq!(read, Read::NeedMore, "{id}: {} cut at {end}", sample.from);
        }
        assert_eq!(store.live_rows(), rows, "{id}: {}", sample.from);
    }
}

#[test]
fn other_spellings_of_the_same_bytes_give_the_same_row() {
    for (id, sample) in samples() {
        let expected = read(&mut Reader::new(formats()), &mut Store::new(), &sample.line);
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&sample.line) else { continue };
        for spelled in
            [serde_json::to_string_pretty(&value).unwrap(), value.to_string().replace(",\"", " ,\r\n\t\"")]
        {
            // Keys come in another order, blanks between tokens.
            if sample.line.contains("\\\"") {
                continue;
            }
            let (is, row) = read(&mut Reader::new(formats()), &mut Store::new(), &spelled);
            assert_eq!(is, expected.0, "{id}: {}", sample.from);
            let sorted = |row: &BTreeMap<String, String>| -> BTreeMap<String, serde_json::Value> {
                row.iter()
                    .map(|(name, text)| {
                        (name.clone(), serde_json::from_str(text).unwrap_or_else(|_| text.clone().into()))
                    })
                    .collect()
            };
            assert_eq!(sorted(&row), sorted(&expected.1), "{id}: {}", sample.from);
        }
    }
}

#[test]
fn the_pages_sample_data_covers_every_table_but_the_catch_all() {
    for format in formats().all().iter().filter(|format| format.table().is_some() && format.id() != "other") {
        assert!(format.sample_lines().count() >= 1, "{}", format.id());
    }
}

#[test]
fn a_format_of_ones_own_needs_no_code() {
    let files = Json::parse(
        r#"[
        {"id": "mine", "title": "Mine", "table": "Mine",
         "column": [{"name": "When", "kind": "datetime", "from": ["w"]}, {"name": "Size", "kind": "long", "from": ["a.b"]}],
         "rule": [{"order": 1, "why": "it has w", "all": [{"key": "w"}]}]},
        {"id": "rest", "title": "Rest", "table": "Rest", "is_found": true, "rule": [{"order": 2, "why": "else"}]}
    ]"#,
    );
    let files = files.unwrap().items().iter().map(FormatFile::read).collect();
    let formats: &'static Formats = Box::leak(Box::new(Formats::new(files)));
    let mut reader = Reader::new(formats);
    let mut store = Store::new();
    assert_eq!(read(&mut reader, &mut store, r#"{"W":"2026-03-02","a":{"b":"7"}}"#).1["Size"], "7");
    assert_eq!(read(&mut reader, &mut store, r#"{"x":1}"#).0, "rest");
}

/// What these logs hold of people, item by item of the reference's list: columns that must say so.
const PERSONAL: [(&str, &[(&str, &str)]); 13] = [
    (
        "ids, search terms and study UIDs in addresses",
        &[
            ("MicrosoftHealthcareApisAuditLogs", "RequestUri"),
            ("AHDSDicomAuditLogs", "Uri"),
            ("AHDSDeidAuditLogs", "Uri"),
            ("AzureDiagnostics", "URI"),
        ],
    ),
    (
        "identifiers of DICOM",
        &[("AHDSDicomDiagnosticLogs", "Properties"), ("AHDSDicomDiagnosticLogs", "Message")],
    ),
    (
        "addresses of clients",
        &[
            ("MicrosoftHealthcareApisAuditLogs", "CallerIPAddress"),
            ("AHDSDicomAuditLogs", "CallerIpAddress"),
            ("ACSSMSIncomingOperations", "CallerIpAddress"),
            ("AWSCloudTrail", "SourceIpAddress"),
            ("SigninLogs", "IPAddress"),
            ("AzureActivity", "CallerIpAddress"),
        ],
    ),
    (
        "object ids",
        &[
            ("MicrosoftHealthcareApisAuditLogs", "CallerIdentityObjectId"),
            ("MicrosoftHealthcareApisAuditLogs", "CallerIdentity"),
            ("AHDSDicomAuditLogs", "Identity"),
            ("AHDSDeidAuditLogs", "Identity"),
            ("SigninLogs", "UserId"),
        ],
    ),
    (
        "telephone numbers",
        &[
            ("ACSSMSIncomingOperations", "PhoneNumber"),
            ("ACSOptOutManagementOperations", "PhoneNumber"),
            ("ACSBillingUsage", "UserIdA"),
            ("ACSBillingUsage", "UserIdB"),
        ],
    ),
    (
        "mail addresses",
        &[
            ("ACSEmailStatusUpdateOperational", "RecipientId"),
            ("ACSEmailUserEngagementOperational", "RecipientId"),
            ("ACSEmailStatusUpdateOperational", "SenderUsername"),
        ],
    ),
    (
        "chat threads and their users",
        &[
            ("ACSChatIncomingOperations", "ChatThreadId"),
            ("ACSChatIncomingOperations", "UserId"),
            ("ACSChatIncomingOperations", "ChatMessageId"),
            ("ACSCallSummary", "TeamsThreadId"),
        ],
    ),
    (
        "calls and who takes part",
        &[
            ("ACSCallSummary", "CorrelationId"),
            ("ACSCallDiagnostics", "CorrelationId"),
            ("ACSCallSummary", "Identifier"),
            ("ACSCallSummary", "ParticipantId"),
            ("ACSCallClientOperations", "CallId"),
            ("ACSCallAutomationIncomingOperations", "ServerCallId"),
            ("ACSCallRecordingSummary", "RecordingId"),
        ],
    ),
    ("rooms", &[("ACSRoomsIncomingOperations", "RoomId")]),
    ("links that were followed", &[("ACSEmailUserEngagementOperational", "EngagementContext")]),
    ("who an insight is about", &[("AWSCloudTrail", "InsightDetails"), ("AWSCloudTrail", "EventContext")]),
    (
        "parameters of requests",
        &[
            ("AWSCloudTrail", "RequestParameters"),
            ("AWSCloudTrail", "ResponseElements"),
            ("AWSCloudTrail", "AdditionalEventData"),
            ("AWSCloudTrail", "Resources"),
        ],
    ),
    (
        "names of sessions and ids of keys",
        &[
            ("AWSCloudTrail", "UserIdentityPrincipalid"),
            ("AWSCloudTrail", "UserIdentityArn"),
            ("AWSCloudTrail", "UserIdentityUserName"),
            ("AWSCloudTrail", "UserIdentityAccessKeyId"),
            ("AWSCloudTrail", "SessionIssuerUserName"),
            ("AWSCloudTrail", "SessionIssuerArn"),
            ("AWSCloudTrail", "SessionSourceIdentity"),
        ],
    ),
];

#[test]
fn columns_say_what_is_personal_about_them() {
    use chartroom_schema::personal::Personal;
    let tables = formats().tables();
    for (item, columns) in PERSONAL {
        for (table, name) in columns {
            let column = tables[*table].columns.iter().find(|column| column.name == *name);
            let column = column.unwrap_or_else(|| panic!("{item}: no column {name} in {table}"));
            assert_ne!(column.personal, Personal::No, "{item}: {table}.{name}");
        }
    }
    // Whatever takes all else may hold any of it, and so may the fields that show it.
    for (name, table) in tables {
        let rest = table.columns.iter().find(|column| column.name == "AdditionalFields");
        assert_eq!(rest.map(|rest| rest.personal), Some(Personal::FreeText), "{name}");
    }
    for name in [
        "EventMessage",
        "ActorUserId",
        "ActorUsername",
        "SrcIpAddr",
        "SrcAddress",
        "Url",
        "Object",
        "PatientIds",
    ] {
        assert_ne!(find_field(name).map(|field| field.personal), Some(Personal::No), "{name}");
    }
}
