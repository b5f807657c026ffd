//! Laws of the reader, on generated records and on real files where they are at hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use chartroom_ingest::formats;
use chartroom_ingest::reader::{Block, Length, Outcome, Read, Reader, Repair, RowPlace};
use chartroom_store::{Store, ValueRef};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn place(is_line: bool) -> RowPlace {
    RowPlace { file: 0, offset: 0, number: 0, is_line, length: Length::default() }
}

/// Where the bracket that opens at 0 closes, by quotes, escapes and depth alone.
fn framed(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut is_string, mut is_escaped) = (0_u32, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            b'{' | b'[' if !is_string => depth += 1,
            b'}' | b']' if !is_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The row of one record of the catch-all table, as JSON values.
fn other_row(line: &[u8]) -> Option<BTreeMap<String, Value>> {
    let mut store = Store::new();
    let mut reader = Reader::new(formats());
    let Read::Done { outcome: Outcome::Stored { .. }, .. } =
        reader.read(&mut store, Block::new(line), 0, true, place(false))
    else {
        return None;
    };
    let table = store.table("Other")?;
    let values = table.columns().iter().filter_map(|column| {
        let value = match column.value(0) {
            ValueRef::Null | ValueRef::Text("") => return None,
            ValueRef::Bool(value) => value.into(),
            ValueRef::Long(value) => value.into(),
            ValueRef::Real(value) => value.into(),
            ValueRef::Text(text) if column.kind().name() == "dynamic" => serde_json::from_str(text).unwrap(),
            ValueRef::Text(text) => text.into(),
        };
        Some((column.name().to_owned(), value))
    });
    Some(values.collect())
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~é\"\\\\\n\t😀{}\\[\\],:]{0,24}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-c\"\\\\é]{0,3}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_record_of_no_known_type_keeps_every_value(
        fields in prop::collection::btree_map("[p-z]{2,6}", json(), 1..8), is_pretty in any::<bool>(),
    ) {
        let wanted: BTreeMap<String, Value> = fields
            .iter()
            .filter(|(_, value)| !value.is_null() && *value != "")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let record = Value::Object(fields.into_iter().collect());
        let text = if is_pretty { serde_json::to_string_pretty(&record) } else { serde_json::to_string(&record) };
        let mut row = other_row(text.unwrap().as_bytes()).unwrap();
        // A key such as `ts` may happen to be drawn, and be taken for the time besides.
        row.remove("TimeGenerated");
        prop_assert_eq!(row, wanted);
    }

    #[test]
    fn what_is_read_ends_where_a_framer_says(text in r#"\{("[a-z]{0,2}"|[:,{}\[\] 0-9]|true|null|"(\\.|[a-z}])*"){0,24}\}?"#) {
        let bytes = text.as_bytes();
        let mut reader = Reader::new(formats());
        match reader.read(&mut Store::new(), Block::new(bytes), 0, true, place(false)) {
            Read::Done { end, .. } => prop_assert_eq!(Some(end), framed(bytes)),
            Read::NeedMore => prop_assert!(false, "nothing more comes"),
            Read::Broken { .. } => {}
        }
    }

    #[test]
    fn no_bytes_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        bytes.insert(0, b'{');
        let mut store = Store::new();
        let mut reader = Reader::new(formats());
        for is_last in [false, true] {
            let _read = reader.read(&mut store, Block::new(&bytes), 0, is_last, place(true));
        }
        prop_assert_eq!(store.live_rows(), if framed(&bytes).is_some() { store.live_rows() } else { 0 });
    }

    #[test]
    fn a_changed_byte_never_panics_and_rows_stay_whole(at in 0_usize..1_500, byte in any::<u8>()) {
        let line = formats().find("aws_cloudtrail").unwrap().1.sample_lines().next().unwrap();
        let mut bytes = line.as_bytes().to_vec();
        let Some(changed) = bytes.get_mut(at) else { return Ok(()) };
        *changed = byte;
        let mut store = Store::new();
        let mut reader = Reader::new(formats());
        for _ in 0..2 {
            if let Read::Done { end, .. } = reader.read(&mut store, Block::new(&bytes), 0, true, place(true)) {
                prop_assert_eq!(Some(end), framed(&bytes));
            }
        }
    }
}

#[track_caller]
fn check_other(line: &[u8], column: &str, expected: &str) {
    let row = other_row(line).unwrap();
    let found = match row.get(column) {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    assert_eq!(found, expected, "{row:?}");
}

#[test]
fn the_last_of_duplicate_keys_wins() {
    check_other(br#"{"x":"a","x":"b"}"#, "x", "b");
    check_other(br#"{"x":"a","x":null}"#, "x", "");
    check_other(br#"{"x":1,"y":0,"x":2}"#, "x", "2");
    let mut store = Store::new();
    let line = r#"{"eventVersion":"1","eventSource":"s","eventName":"a","userIdentity":{"type":"Root","arn":"x"},"userIdentity":{"type":"IAMUser"},"eventName":"b"}"#;
    Reader::new(formats()).read(&mut store, Block::from(line), 0, true, place(true));
    let table = store.table("AWSCloudTrail").unwrap();
    let value = |name: &str| table.find(name).and_then(|id| table.column(id)).map(|column| column.value(0));
    assert_eq!(value("EventName"), Some(ValueRef::Text("b")));
    assert_eq!(value("UserIdentityType"), Some(ValueRef::Text("IAMUser")));
    assert_eq!(value("UserIdentityArn"), Some(ValueRef::Text("")));
}

#[test]
fn damage_is_mended_and_noted() {
    check_other(b"{\"x\":\"a\xffb\"}", "x", "a\u{fffd}b");
    check_other(br#"{"x":"\ud83d"}"#, "x", "\u{fffd}");
    check_other(b"{\"x\":\"a\nb\"}", "x", "a\nb");
    check_other(b"{\"x\":[\"a\xffb\", 1,],}", "x", "[\"a\u{fffd}b\",1]");
    let mut store = Store::new();
    let read = Reader::new(formats()).read(&mut store, Block::from(r#"{"x":[1,],}"#), 0, true, place(true));
    let Read::Done { end: 11, outcome: Outcome::Stored { repaired: Some(repair), .. } } = read else {
        panic!("{read:?}")
    };
    assert_eq!(repair.to_string(), "a comma before the closing bracket was ignored");
}

#[test]
fn kinds_of_found_columns_widen() {
    let mut store = Store::new();
    let mut reader = Reader::new(formats());
    for line in [r#"{"x":1}"#, r#"{"x":2.5}"#, r#"{"x":"three"}"#, r#"{"x":{"n":4}}"#, r#"{"x":5}"#] {
        reader.read(&mut store, Block::from(line), 0, true, place(true));
    }
    let table = store.table("Other").unwrap();
    let column = table.column(table.find("x").unwrap()).unwrap();
    assert_eq!(column.kind().name(), "dynamic");
    let texts: Vec<String> = (0..5).map(|row| format!("{:?}", column.value(row))).collect();
    assert_eq!(texts.join(" "), r#"Text("1") Text("2.5") Text("\"three\"") Text("{\"n\":4}") Text("5")"#);
}

#[test]
fn a_record_met_again_and_again_is_judged_as_the_first_time() {
    let line = |address: &str| {
        format!(
            "{{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-03-02T08:15:30Z\",\"eventSource\":\"s3.amazonaws.com\",\
             \"eventName\":\"GetObject\",\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"{address}\",\
             \"eventID\":\"e\",\"userIdentity\":{{\"type\":\"Role\"}}}}"
        )
    };
    // Behind bytes that are no text nothing is known to be one.
    for (before, address, wanted) in
        [("", "192.0.2.1", None), ("", "a\tb", Some(Repair::ControlCharacter)), ("\u{ff}", "192.0.2.1", None)]
    {
        let (mut store, mut reader) = (Store::new(), Reader::new(formats()));
        // `ÿ` as one byte is no UTF-8.
        let bytes: Vec<u8> =
            before.chars().map(|char| char as u8).chain(line(address).into_bytes()).collect();
        for round in 0..6 {
            let read = reader.read(&mut store, Block::new(&bytes), before.chars().count(), true, place(true));
            let Read::Done { outcome: Outcome::Stored { repaired, .. }, .. } = read else {
                panic!("{read:?}")
            };
            assert_eq!(repaired, wanted, "{address} in round {round}");
        }
        let table = store.table("AWSCloudTrail").unwrap();
        let column = table.column(table.find("SourceIpAddress").unwrap()).unwrap();
        for row in 0..6 {
            assert_eq!(column.value(row), ValueRef::Text(address));
        }
    }
}

/// The kind of the found column `x` and its values, by the values read in the order of `picked`.
fn found(values: &[&str], picked: &[usize]) -> (String, BTreeMap<usize, String>) {
    let mut store = Store::new();
    let mut reader = Reader::new(formats());
    for &number in picked {
        let line = format!("{{\"x\":{},\"fixed\":1}}", values[number]);
        let place = RowPlace { offset: number as u64, ..place(true) };
        let read = reader.read(&mut store, Block::from(line.as_str()), 0, true, place);
        assert!(matches!(read, Read::Done { .. }), "{line}: {read:?}");
    }
    let table = store.table("Other").unwrap();
    let column = table.column(table.find("x").unwrap()).unwrap();
    let rows = (0..).zip(picked).map(|(row, &number)| (number, format!("{:?}", column.value(row))));
    (column.kind().name().to_owned(), rows.collect())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_found_column_is_the_same_in_any_order(
        picked in prop::sample::subsequence((0..FOUND.len()).collect::<Vec<_>>(), 1..8).prop_shuffle(),
    ) {
        let mut sorted = picked.clone();
        sorted.sort_unstable();
        prop_assert_eq!(found(&FOUND, &picked), found(&FOUND, &sorted));
    }
}

/// What a key may hold: alike in one kind, different in another.
const FOUND: [&str; 27] = [
    "1",
    "1.0",
    "1.50",
    "1e0",
    "-0",
    "-0.0",
    "0.1",
    "9007199254740993",
    "9223372036854775807",
    "1152921504606846976",
    "18446744073709551616",
    "-18446744073709551616",
    "1e18",
    "1e300",
    "1e999",
    "true",
    "\"1\"",
    "\"1.0\"",
    "\"x\"",
    "\"true\"",
    "\"1e999\"",
    "\"a\\n\\\"b\"",
    "\"{}\"",
    "{\"n\":1}",
    "[1.0]",
    "false",
    "\"\"",
];

#[test]
fn hostile_records_are_refused_in_time() {
    let mut reader = Reader::new(formats());
    let mut store = Store::new();
    let deep = format!("{{\"x\":{}", "[".repeat(1_000_000));
    assert!(matches!(
        reader.read(&mut store, Block::from(deep.as_str()), 0, true, place(true)),
        Read::Broken { .. }
    ));
    // Keys that never come twice: bounded memory, bounded time.
    for round in 0..30_000 {
        let line = format!("{{\"k{round}\":{round},\"fixed\":1}}");
        assert!(matches!(
            reader.read(&mut store, Block::from(line.as_str()), 0, true, place(true)),
            Read::Done { .. }
        ));
    }
    assert!(store.table("Other").unwrap().columns().len() <= 503);
    assert_eq!(store.live_rows(), 30_000);
}

/// Every `{…}` of `bytes` that stands for itself or lies in a list or a wrapper of one key.
fn records(bytes: &[u8]) -> Vec<usize> {
    let wrappers: [&[u8]; 3] = [b"{\"Records\":[", b"{\"records\":[", b"{\n  \"Records\": ["];
    let mut starts = Vec::new();
    let mut at =
        wrappers.iter().find(|wrapper| bytes.starts_with(wrapper)).map_or(0, |wrapper| wrapper.len());
    while let Some(offset) = bytes.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == b'{')) {
        starts.push(at + offset);
        match bytes.get(at + offset..).and_then(framed) {
            Some(length) => at += offset + length,
            None => break,
        }
    }
    starts
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

#[test]
fn every_record_of_the_real_files_is_accounted_for() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths
        .retain(|path| path.extension().is_some_and(|extension| extension == "json" || extension == "jsonl"));
    if paths.is_empty() {
        println!("skipped: 0 real files are here");
        return;
    }
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut reader = Reader::new(formats());
    let mut store = Store::new();
    let mut stored = 0;
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        let block = Block::new(&bytes);
        for start in records(&bytes) {
            let word = match reader.read(&mut store, block, start, true, place(false)) {
                Read::Done { end, outcome: Outcome::Stored { format, time, .. } } => {
                    assert_eq!(Some(end - start), framed(&bytes[start..]), "{}", path.display());
                    stored += 1;
                    let id = reader.formats().get(format).unwrap().id();
                    let raw = String::from_utf8_lossy(&bytes[start..end]);
                    let is_timed = time.is_some() || id == "other" || !raw.contains("eventTime\"");
                    assert!(is_timed, "{} at {start} has no time", path.display());
                    id.to_owned()
                }
                Read::Done { outcome: Outcome::NotEvent { .. }, .. } => "not_events".to_owned(),
                Read::Done { outcome: Outcome::Several(outcomes), .. } => {
                    stored +=
                        outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Stored { .. })).count()
                            as u64;
                    "envelopes".to_owned()
                }
                Read::Broken { fault, .. } => format!("broken: {fault}"),
                Read::NeedMore => panic!("nothing more comes"),
            };
            *counts.entry(word).or_default() += 1;
        }
    }
    println!("{} files: {counts:?}", paths.len());
    assert_eq!(store.live_rows(), stored);
    assert!(counts.get("aws_cloudtrail").is_some_and(|&count| count > 4_000), "{counts:?}");
}

/// A text that came twice in a row is recognised where it stands, by its code: also when the column has given up its dictionary
/// and begun another one since.
#[test]
fn a_text_that_is_recognised_is_the_text_whatever_became_of_its_dictionary() {
    let mut store = Store::new();
    let mut reader = Reader::new(formats());
    let texts: Vec<String> = (0..70_000_u32)
        .map(|row| match row {
            0..8 | 65_600.. if row.is_multiple_of(2) => "recognised".to_owned(),
            0..8 => "recognised".to_owned(),
            8..65_536 => format!("{:08x}", row.wrapping_mul(2_654_435_761)),
            _ => format!("another-{}", row % 3),
        })
        .collect();
    for text in &texts {
        let line = format!(
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"Root"}},"eventTime":"2026-03-01T00:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"{text}","requestID":"1","eventID":"2"}}"#
        );
        let read = reader.read(&mut store, Block::new(line.as_bytes()), 0, true, place(false));
        assert!(matches!(read, Read::Done { outcome: Outcome::Stored { .. }, .. }), "{read:?}");
    }
    let table = store.table("AWSCloudTrail").unwrap();
    let column = table.column(table.find("UserAgent").unwrap()).unwrap();
    for (row, text) in (0..).zip(&texts) {
        assert_eq!(column.value(row), ValueRef::Text(text), "row {row}");
    }
}

/// Pieces that records are put together from: objects that come again, and what may stand in their way.
const CALLERS: &[&str] = &[
    r#"{"type":"AssumedRole","principalId":"AROAEXAMPLE:nurse1","arn":"arn:aws:sts::012345678901:assumed-role/Clinic/nurse1","accountId":"012345678901","sessionContext":{"sessionIssuer":{"type":"Role","userName":"Clinic"},"attributes":{"creationDate":"2026-03-02T07:00:00Z","mfaAuthenticated":"false"}}}"#,
    r#"{"type":"AssumedRole","principalId":"AROAEXAMPLE:nurse2","arn":"arn:aws:sts::012345678901:assumed-role/Clinic/nurse2","accountId":"012345678901","sessionContext":{"sessionIssuer":{"type":"Role","userName":"Clinic"},"attributes":{"creationDate":"2026-03-02T08:00:00Z","mfaAuthenticated":"true"}}}"#,
    r#"{"type":"IAMUser","principalId":"AIDAEXAMPLE0000000000","arn":"","accountId":"012345678901","userName":"one \"two\" \u00e9"}"#,
    r#"{"type":"IAMUser", "principalId":"AIDAEXAMPLE0000000000","arn":null,"accountId":"012345678901","userName":"é"}"#,
    r#"{"type":"Root","type":"IAMUser","principalId":"AIDAEXAMPLE0000000000","accountId":"012345678901","newKey":{"a":1}}"#,
    r#"{"type":"Root","principalId":"AIDAEXAMPLE0000000000","accountId":"012345678901","sessionContext":{"attributes":{"creationDate":"no time","mfaAuthenticated":"false"},}}"#,
    r#"{"type":"AWSService","principalId":"AIDAEXAMPLE0000000000","sessionContext":{"attributes":{"mfaAuthenticated":"false"}},"sessionContext":{"sessionIssuer":{"userName":"last"}}}"#,
    r#"{"type":"Directory","principalId":"AIDAEXAMPLE0000000000 \ud83d","accountId":"012345678901"}"#,
];
const TLS: &[&str] = &[
    r#"{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"s3.us-east-1.amazonaws.com"}"#,
    r#"{"tlsVersion":"TLSv1.2","cipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","clientProvidedHostHeader":"kms.us-east-1.amazonaws.com"}"#,
];
const EXTRA: &[&str] = &[
    "",
    r#""UserIdentityArn":"a worse source","#,
    r#""userIdentity":{"arn":"an earlier one","accountId":"1"},"#,
    r#""UserIdentity":{"arn":"spelled otherwise"},"#,
    r#""TlsVersion":"TLSv9","#,
];

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::with_cases(64)
    })]

    #[test]
    fn an_object_that_comes_again_gives_what_it_gave_alone(
        records in prop::collection::vec((0..CALLERS.len(), 0..TLS.len(), 0..EXTRA.len() * 3, 0..EXTRA.len() * 3), 1..60),
    ) {
        let extra = |at: usize| EXTRA.get(at).copied().unwrap_or_default();
        let line = |(caller, tls, before, after): (usize, usize, usize, usize)| format!(
            r#"{{"eventVersion":"1.11",{}"userIdentity":{},{}"eventTime":"2026-03-01T00:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","requestID":"1","eventID":"2","tlsDetails":{}}}"#,
            extra(before), CALLERS[caller], extra(after), TLS[tls],
        );
        let read = |store: &mut Store, reader: &mut Reader, line: &str| {
            reader.read(store, Block::new(line.as_bytes()), 0, true, place(false))
        };
        let row = |store: &Store, row: u32| -> BTreeMap<String, String> {
            let table = store.table("AWSCloudTrail").unwrap();
            let values = table.columns().iter().map(|column| (column.name().to_owned(), column.value(row)));
            let held = values.filter(|(_, value)| !matches!(value, ValueRef::Null | ValueRef::Text("")));
            held.map(|(name, value)| (name, format!("{value:?}"))).collect()
        };
        let (mut store, mut reader) = (Store::new(), Reader::new(formats()));
        for (number, record) in (0..).zip(&records) {
            let line = line(*record);
            let (mut alone, mut fresh) = (Store::new(), Reader::new(formats()));
            prop_assert_eq!(read(&mut store, &mut reader, &line), read(&mut alone, &mut fresh, &line));
            prop_assert_eq!(row(&store, number), row(&alone, 0), "{}", line);
        }
    }
}

/// What a record gives a column, and `AdditionalFields`; nothing is the empty text.
#[track_caller]
fn check_keys(record: &str, table: &str, column: &str, expected: (&str, &str)) {
    // Read first as well: what was learned from other spellings must not matter.
    for before in [None, Some(record.replace("RoomId", "room-id")), Some(record.to_uppercase())] {
        let mut store = Store::new();
        let mut reader = Reader::new(formats());
        for line in before.iter().map(String::as_str).chain([record]) {
            reader.read(&mut store, Block::new(line.as_bytes()), 0, true, place(false));
        }
        let table = store.table(table).unwrap();
        let row = table.row_count() - 1;
        let cell = |name: &str| {
            let column = table.find(name).and_then(|id| table.column(id));
            match column.map(|column| column.value(row)) {
                Some(ValueRef::Text(text)) => text.to_owned(),
                _ => String::new(),
            }
        };
        assert_eq!((cell(column).as_str(), cell("AdditionalFields").as_str()), expected, "{record}");
    }
}

#[test]
fn raw_keys_match_exactly_then_without_case_blanks_and_underscores_to_one_column() {
    let room = |members: &str| {
        format!(
            r#"{{"time":"2026-03-02T08:15:30Z","resourceId":"/SUBSCRIPTIONS/1/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.COMMUNICATION/COMMUNICATIONSERVICES/A","category":"RoomsOperational","operationName":"GetRoom",{members}}}"#
        )
    };
    let rooms = "ACSRoomsIncomingOperations";
    for key in ["RoomId", "roomID", "Room Id", "room_id", "ROOM_ID", " Room_ Id "] {
        check_keys(&room(&format!(r#""{key}":"7""#)), rooms, "RoomId", ("7", ""));
        check_keys(&room(&format!(r#""properties":{{"{key}":"7"}}"#)), rooms, "RoomId", ("7", ""));
    }
    // The exact key takes the column, wherever it stands; the other keeps its own name.
    check_keys(&room(r#""RoomId":"8","room_id":"7""#), rooms, "RoomId", ("8", r#"{"room_id":"7"}"#));
    check_keys(&room(r#""room_id":"7","RoomId":"8""#), rooms, "RoomId", ("8", r#"{"room_id":"7"}"#));
    check_keys(&room(r#""Room ID":"7","room_id":"8""#), rooms, "RoomId", ("7", r#"{"room_id":"8"}"#));
    check_keys(&room(r#""room_id":"7","RoomId":"7""#), rooms, "RoomId", ("7", ""));
    check_keys(&room(r#""RoomId":"","room_id":"7""#), rooms, "RoomId", ("7", ""));
    check_keys(&room(r#""room_id":"7","RoomId":null"#), rooms, "RoomId", ("7", ""));
    // Of one key the last counts.
    check_keys(&room(r#""RoomId":"7","RoomId":"8""#), rooms, "RoomId", ("8", ""));
    // The envelope's key goes before another's.
    let resource =
        "/SUBSCRIPTIONS/1/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.COMMUNICATION/COMMUNICATIONSERVICES/A";
    check_keys(&room(r#""ResourceId":"b""#), rooms, "_ResourceId", (resource, r#"{"ResourceId":"b"}"#));
    // What could be two columns is neither.
    let event = r#"{"eventVersion":"1.11","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventID":"e1","aws_request_id":"r"}"#;
    check_keys(event, "AWSCloudTrail", "AwsRequestId", ("", r#"{"aws_request_id":"r"}"#));
    check_keys(event, "AWSCloudTrail", "AwsRequestId_", ("", r#"{"aws_request_id":"r"}"#));
}
