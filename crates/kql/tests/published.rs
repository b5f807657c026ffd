//! Published queries over the documented tables: each binds to exactly the columns that Microsoft's analyzer gives it.
//!
//! Queries and schemas lie beside the repository (`../shared/kql-queries`, `../shared/reference/table-schemas.json`); without them this test
//! skips and says so. `KQL_PUBLISHED_SHOW=1` prints what differs.
//!
//! **Invariant:** the share of queries that bind to their recorded schema never falls below [`LEAST_PERCENT`].

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing, reason = "a test")]

use chartroom_base::{
    diagnostic::{Diagnostic, Severity},
    ticks::Ticks,
};
use chartroom_kql::{
    Catalog,
    catalog::{CatalogColumn, CatalogTable, ColumnFacts, ColumnOrigin, TableBody},
    compile,
};
use chartroom_schema::kind::Kind;
use serde_json::Value as Json;
use std::{fs, path::PathBuf};

/// Of the queries with a recorded schema, in percent.
const LEAST_PERCENT: usize = 98;

/// 2024-06-15.
const NOW: Ticks = Ticks(638_540_064_000_000_000);

fn shared(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path)
}

/// The documented tables, without records.
fn catalog(schemas: &str) -> Catalog {
    let schemas: serde_json::Map<String, Json> = serde_json::from_str(schemas).unwrap();
    let column = |column: &Json| CatalogColumn {
        name: column["name"].as_str().unwrap().to_owned(),
        kind: Kind::from_name(column["type"].as_str().unwrap()).unwrap_or(Kind::String),
        is_hidden: false,
        about: String::new(),
        rank: 0,
        origin: ColumnOrigin::Stored,
        facts: ColumnFacts::default(),
    };
    let tables = schemas.iter().map(|(name, columns)| CatalogTable {
        name: name.clone(),
        about: String::new(),
        is_loaded: false,
        columns: columns.as_array().unwrap().iter().map(column).collect(),
        body: TableBody::Home { time: "TimeGenerated".to_owned(), outcome: String::new() },
    });
    Catalog { tables: tables.collect(), ..Catalog::default() }
}

/// Why a query does not bind to its schema.
enum Difference {
    /// It names tables that the references do not describe.
    UnknownTable,
    /// It binds to other columns, or not at all.
    Other(String),
}

/// Tables that are not there.
const NO_TABLE: [&str; 2] = ["KQL0104", "KQL0132"];

/// What differs; `None` when nothing does.
fn difference(catalog: &Catalog, query: &str, schema: &[(String, String)]) -> Option<Difference> {
    let is_unknown = |diagnostics: &[Diagnostic]| {
        diagnostics.iter().any(|diagnostic| NO_TABLE.contains(&diagnostic.code.as_str()))
    };
    let plan = match compile(query, catalog, NOW) {
        Ok(plan) if is_unknown(&plan.diagnostics) => return Some(Difference::UnknownTable),
        Ok(plan) => plan,
        Err(diagnostics) if is_unknown(&diagnostics) => return Some(Difference::UnknownTable),
        Err(diagnostics) => {
            let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
            let shown = errors.map(|error| format!("{}: {}", error.code, error.message));
            return Some(Difference::Other(shown.collect::<Vec<_>>().join("; ")));
        }
    };
    let columns: Vec<(String, String)> =
        plan.columns.iter().map(|column| (column.name.clone(), column.kind.name().to_owned())).collect();
    (columns != schema).then(|| {
        let at = columns.iter().zip(schema).take_while(|(given, wanted)| given == wanted).count();
        let (given, wanted) = (columns.len(), schema.len());
        let (own, expected) = (columns.get(at), schema.get(at));
        Difference::Other(format!("column {at} of {given} ({wanted} wanted): {own:?}, expected {expected:?}"))
    })
}

#[test]
fn published_queries_bind_to_their_schema() {
    let Ok(schemas) = fs::read_to_string(shared("reference/table-schemas.json")) else {
        println!("skipped: 0 queries, the references are not beside the repository");
        return;
    };
    let catalog = catalog(&schemas);
    let (mut all, mut unknown, mut differences) = (0, 0, Vec::new());
    for file in ["health-and-communication.jsonl", "cloudtrail.jsonl"] {
        for line in fs::read_to_string(shared("kql-queries").join(file)).unwrap().lines() {
            let json: Json = serde_json::from_str(line).unwrap();
            let Some(schema) = json["result_schema"].as_array() else { continue };
            let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
            let schema: Vec<_> = schema.iter().map(|column| (text(&column[0]), text(&column[1]))).collect();
            match difference(&catalog, json["query"].as_str().unwrap(), &schema) {
                None => all += 1,
                Some(Difference::UnknownTable) => unknown += 1,
                Some(Difference::Other(difference)) => {
                    all += 1;
                    differences.push(format!("{}: {difference}", json["id"]));
                }
            }
        }
    }
    if std::env::var_os("KQL_PUBLISHED_SHOW").is_some() {
        differences.iter().for_each(|difference| println!("{difference}"));
    }
    let same = all - differences.len();
    println!(
        "{same} of {all} published queries bind to their schema; {unknown} name tables that are not described"
    );
    assert!(same * 100 >= all * LEAST_PERCENT, "{same} of {all}: {differences:#?}");
}
