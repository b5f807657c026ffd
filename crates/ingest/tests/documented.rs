//! Every documented field of every documented table comes back cell by cell, in every form rows are handed on in.
//!
//! The fields are read from the reference beside the repository; without it the tests say that they were skipped.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use chartroom_ingest::framing::Limits;
use chartroom_ingest::{Reader, formats};
use chartroom_store::Store;
use common::{exported, run};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Name and kind of each documented column, by table.
type Tables = BTreeMap<String, Vec<(String, String)>>;

fn reference(name: &str) -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/");
    std::fs::read_to_string(format!("{path}{name}")).ok()
}

/// The documented tables that have a log type here; none where the reference is not at hand.
fn tables() -> Tables {
    let Some(text) = reference("table-schemas.json") else { return Tables::new() };
    let all: BTreeMap<String, Vec<BTreeMap<String, String>>> = serde_json::from_str(&text).unwrap();
    let known = formats().tables();
    all.into_iter()
        .filter(|(name, columns)| {
            known.contains_key(name) && columns.iter().all(|column| column["type"] != "def")
        })
        .map(|(name, columns)| {
            (
                name,
                columns.into_iter().map(|column| (column["name"].clone(), column["type"].clone())).collect(),
            )
        })
        .collect()
}

/// A value of its own for each column, and how it is shown.
fn value(table: &str, column: &str, kind: &str, number: usize) -> (Value, String) {
    let minute = number % 60;
    match kind {
        "bool" => (json!(number.is_multiple_of(2)), number.is_multiple_of(2).to_string()),
        "int" | "long" => (json!(1_000 + number), (1_000 + number).to_string()),
        "real" => (json!(number as f64 + 0.25), format!("{number}.25")),
        "datetime" => (
            json!(format!("2026-03-02T08:{minute:02}:30.1234567Z")),
            format!("2026-03-02T08:{minute:02}:30.1234567Z"),
        ),
        "dynamic" => (json!({ "of": column }), format!(r#"{{"of":"{column}"}}"#)),
        _ if column == "Type" => (json!(table), table.to_owned()),
        _ if column == "OperationName" && table == "AWSCloudTrail" => {
            (json!("CloudTrail"), "CloudTrail".to_owned())
        }
        _ => (json!(format!("{column} {number}")), format!("{column} {number}")),
    }
}

/// Reads a file and gives the rows of a table, as exported; empty cells are left out.
fn rows(table: &str, bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let (mut store, mut reader) = (Store::default(), Reader::new(formats()));
    let part = chartroom_ingest::Part::Whole;
    run(bytes, part, Limits::default(), (&mut store, &mut reader), |_| panic!("a cut")).done();
    let count = store.table(table).map_or(0, chartroom_store::Table::row_count);
    (0..count).map(|row| exported(&store, table, row)).collect()
}

/// A row with every documented field, and what is expected of it.
fn full_row(table: &str, columns: &[(String, String)]) -> (Map<String, Value>, BTreeMap<String, String>) {
    let mut row = Map::new();
    let mut expected = BTreeMap::new();
    for (number, (column, kind)) in columns.iter().enumerate() {
        let (value, shown) = value(table, column, kind, number);
        row.insert(column.clone(), value);
        expected.insert(column.clone(), shown);
    }
    (row, expected)
}

/// What is wrong with the row that was read from `bytes`.
fn wrong(form: &str, table: &str, bytes: &[u8], expected: &BTreeMap<String, String>) -> Vec<String> {
    let found = rows(table, bytes);
    let [found] = found.as_slice() else { return vec![format!("{table} as {form}: {} rows", found.len())] };
    let differ = expected.iter().filter(|(column, expected)| found.get(*column) != Some(expected));
    let differ = differ.map(|(column, expected)| {
        format!("{table}.{column} as {form}: {:?}, not {expected:?}", found.get(column))
    });
    // A value that feeds two columns, one of which has a better source, is kept here too; nothing else may be.
    let rest: Map<String, Value> =
        found.get("AdditionalFields").map(|rest| serde_json::from_str(rest).unwrap()).unwrap_or_default();
    let rest = rest.into_iter().filter(|(_, value)| !found.values().any(|cell| value.as_str() == Some(cell)));
    let rest = rest.map(|(key, value)| format!("{table} as {form} leaves {key}: {value}"));
    differ.chain(rest).collect()
}

#[test]
fn every_documented_field_comes_back_in_every_form() {
    let tables = tables();
    if tables.is_empty() {
        println!("skipped: 1 file of table schemas is not here");
    }
    let mut all_wrong = Vec::new();
    for (table, columns) in &tables {
        let mut check = |form: &str, table: &str, bytes: &[u8], expected: &BTreeMap<String, String>| {
            all_wrong.extend(wrong(form, table, bytes, expected));
        };
        let (row, expected) = full_row(table, columns);
        // Values as a workspace's export types them: dynamic columns are JSON in a text.
        let export = |value: &Value| if value.is_object() { json!(value.to_string()) } else { value.clone() };
        let exported: Map<String, Value> =
            row.iter().map(|(key, value)| (key.clone(), export(value))).collect();
        let text = |value: &Value| match value {
            Value::String(text) => json!(text),
            value => json!(value.to_string()),
        };
        let texts: Map<String, Value> = row.iter().map(|(key, value)| (key.clone(), text(value))).collect();
        let line = serde_json::to_string(&exported).unwrap();
        check("a line of data export", table, format!("{line}\n").as_bytes(), &expected);
        check(
            "a message of a hub",
            table,
            json!({ "records": [exported] }).to_string().as_bytes(),
            &expected,
        );
        check("objects in place of texts", table, json!([row]).to_string().as_bytes(), &expected);
        check(
            "an answer of az",
            table,
            serde_json::to_string_pretty(&json!([texts])).unwrap().as_bytes(),
            &expected,
        );
        let captured = json!([{ "PartitionId": 0, "records": [exported], "EventEnqueuedUtcTime": "2026-03-02T08:16:00Z" }]);
        check("a captured message", table, captured.to_string().as_bytes(), &expected);
        let other: Map<String, Value> =
            exported.iter().map(|(key, value)| (key.to_lowercase(), value.clone())).collect();
        check("small letters", table, json!(other).to_string().as_bytes(), &expected);
    }
    assert!(all_wrong.is_empty(), "{}", all_wrong.join("\n"));
    println!("{} tables", tables.len());
}

/// The fenced pieces of a document that hold objects.
fn fenced(text: &str) -> Vec<&str> {
    text.split("```")
        .skip(1)
        .step_by(2)
        .filter(|piece| piece.contains("{\n") || piece.contains("{ "))
        .collect()
}

#[test]
fn every_example_of_the_documents_reads_as_printed_alone_and_within_its_document() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/source-documents");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("skipped: 5 documents are not here");
        return;
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let pieces = fenced(&text);
        let mut all = 0;
        for table in ["MicrosoftHealthcareApisAuditLogs", "AWSCloudTrail", "ACSRoomsIncomingOperations"] {
            let alone: Vec<_> = pieces
                .iter()
                .flat_map(|piece| {
                    let body = piece.trim_start_matches(|c: char| c.is_ascii_lowercase());
                    rows(table, body.as_bytes())
                })
                .collect();
            all += alone.len();
            *counts.entry(table).or_default() += alone.len();
            assert!(alone.iter().all(|row| row.contains_key("TimeGenerated")), "{alone:?}");
            if !alone.is_empty() {
                assert_eq!(rows(table, text.as_bytes()), alone, "{table}: the whole document");
            }
        }
        assert_eq!(all, pieces.len(), "{pieces:?}");
    }
    let expected =
        [("ACSRoomsIncomingOperations", 6), ("AWSCloudTrail", 1), ("MicrosoftHealthcareApisAuditLogs", 1)];
    assert_eq!(counts, BTreeMap::from(expected));
}
