//! Queries of our own and the tables they answer, from `cases/*.txt`: as the text has it, and with its `datatable`s loaded as stored
//! tables over 1, 2, 3 and 8 shards, each with and without optimization.
//!
//! A case is a query, then either `=> name:type, …` and its rows in order, a JSON array a line, or `!> part of the message`. Cases stand
//! between empty lines; a line that begins with `##` is a remark. Where a `datatable` has no order of its own, rows keep that of the text.

#[path = "conformance/compare.rs"]
#[expect(dead_code, reason = "a case is told by its query")]
mod compare;
#[path = "conformance/stored.rs"]
mod stored;

use chartroom_base::ticks::Ticks;
use chartroom_kql::{
    Catalog, Context, Fuel, Limits, compile,
    local::{self, NoAnswer},
};
use compare::Pair;
use serde_json::{Value as Json, json};

/// 2024-06-15.
const NOW: Ticks = Ticks(638_540_064_000_000_000);

/// What a case says.
enum Expected {
    Table(Pair),
    Message(String),
}

fn cases(text: &str) -> Vec<(String, Expected)> {
    let text: Vec<&str> = text.lines().filter(|line| !line.starts_with("##")).collect();
    let cases = text.split(|line| line.trim().is_empty()).filter(|case| !case.is_empty());
    cases.map(read).collect()
}

fn read(lines: &[&str]) -> (String, Expected) {
    let is_end = |line: &&str| line.starts_with("=> ") || line.starts_with("!> ");
    let end = lines.iter().position(is_end).unwrap_or_else(|| panic!("no answer: {lines:?}"));
    let query = lines[..end].join("\n");
    if let Some(message) = lines[end].strip_prefix("!> ") {
        return (query, Expected::Message(message.to_owned()));
    }
    let columns = lines[end].trim_start_matches("=> ").split(", ").map(|column| {
        let (name, kind) = column.split_once(':').unwrap_or_else(|| panic!("no type: {column}"));
        json!({"name": name, "type": kind})
    });
    let row = |line: &&str| -> Json {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))
    };
    let pair = json!({
        "id": query,
        "query": query,
        "columns": columns.collect::<Vec<_>>(),
        "rows": lines[end + 1..].iter().map(row).collect::<Vec<_>>(),
        "ordered": true,
    });
    let pair = Pair::read(&pair.to_string()).unwrap_or_else(|| panic!("no case: {query}"));
    (query, Expected::Table(pair))
}

fn answer(query: &str, catalog: &Catalog, shards: &[Context<'_>], expected: &Expected) -> Result<(), String> {
    for ask in [local::ask, local::ask_plain] {
        let answer =
            ask(query, catalog, NOW, shards, Fuel(20_000), Limits::default()).map_err(|none| match none {
                NoAnswer::Refusal(refusal) => refusal.to_string(),
                NoAnswer::Diagnostics(diagnostics) => format!("{diagnostics:?}"),
            });
        match (expected, answer) {
            (Expected::Table(pair), Ok((plan, answer))) => pair.check(&plan, &answer)?,
            (Expected::Message(message), Err(refusal)) if refusal.contains(message) => {}
            (Expected::Message(message), Ok(_)) => {
                return Err(format!("answered, not refused with {message}"));
            }
            (_, Err(refusal)) => return Err(refusal),
        }
    }
    Ok(())
}

#[track_caller]
fn check(text: &str) {
    let mut wrong = Vec::new();
    for (query, expected) in cases(text) {
        if let Err(difference) = answer(&query, &Catalog::default(), &[], &expected) {
            wrong.push(format!("{query}\n    {difference}"));
            continue;
        }
        for shards in [1, 2, 3, 8] {
            let Some(stored) = stored::load(&query, shards, NOW) else { break };
            if let Err(difference) = answer(&stored.query, &stored.catalog, &stored.contexts(), &expected) {
                wrong.push(format!("{query}\n    over {shards} shards: {difference}"));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn make_series_lays_values_along_an_axis() {
    check(include_str!("cases/make_series.txt"));
}

#[test]
fn functions_of_several_columns_spread() {
    check(include_str!("cases/spread.txt"));
}

#[test]
fn some_values_and_rows_stand_for_all() {
    check(include_str!("cases/top_nested.txt"));
}

#[test]
fn a_sample_does_not_depend_on_shards() {
    let query = "datatable(x: long, y: string)[1, 'a', 2, 'b', 3, 'c', 4, 'd', 5, 'e', 6, 'f', 7, 'g', 8, 'h', 9, 'i'] | sample 4";
    let rows = |shards: usize| {
        let stored = stored::load(query, shards, NOW).unwrap();
        let plan = compile(&stored.query, &stored.catalog, NOW).unwrap();
        let answer = local::answer(&plan, &stored.contexts(), Fuel(20_000), Limits::default()).unwrap();
        let values = |row| {
            answer
                .values(row)
                .unwrap()
                .into_iter()
                .map(chartroom_kql::value::Value::into_owned)
                .collect::<Vec<_>>()
        };
        (0..answer.row_count()).map(values).collect::<Vec<_>>()
    };
    let one = rows(1);
    assert_eq!(one.len(), 4);
    for shards in [2, 3, 8] {
        assert_eq!(rows(shards), one, "{shards}");
    }
}

#[test]
fn sketches_merge_to_what_the_whole_gives() {
    check(include_str!("cases/sketches.txt"));
}

#[test]
fn what_the_text_makes_is_searched_and_listed() {
    check(include_str!("cases/searching.txt"));
}

#[test]
fn operators_mean_what_their_documentation_shows() {
    check(include_str!("cases/meaning.txt"));
}
