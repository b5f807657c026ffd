//! Every aggregate's examples, over any cut into shards and any order of rows.

use super::*;
use crate::{
    bind::tests::{constant, parts},
    value::push_export,
};

struct Example {
    aggregate: &'static Aggregate,
    setup: Setup,
    /// Per row, the arguments.
    rows: Vec<Vec<Value<'static>>>,
    columns: Vec<ResultColumn>,
}

/// Reads `datatable(x: long)[…] | summarize f(x, …)`.
fn read(query: &str) -> Example {
    let (table, call) = query.split_once(" | summarize ").unwrap();
    let (header, cells) = table.strip_prefix("datatable(").unwrap().split_once(")[").unwrap();
    let columns: Vec<(String, Kind)> = parts(header)
        .iter()
        .map(|column| column.split_once(':').unwrap())
        .map(|(name, kind)| (name.to_owned(), Kind::from_name(kind.trim()).unwrap()))
        .collect();
    let cells: Vec<Value<'static>> =
        parts(cells.strip_suffix(']').unwrap()).iter().map(|cell| constant(cell).1).collect();
    let (name, arguments) = call.strip_suffix(')').unwrap().split_once('(').unwrap();
    let aggregate = find(name).unwrap();
    let arguments: Vec<Result<usize, (Kind, Value<'static>)>> = parts(arguments)
        .iter()
        .map(|argument| {
            columns.iter().position(|column| column.0 == *argument).ok_or_else(|| constant(argument))
        })
        .collect();
    let kind = |argument: &Result<usize, (Kind, Value<'static>)>| match argument {
        Ok(at) => columns[*at].1,
        Err((kind, _)) => *kind,
    };
    let value = |argument: &Result<usize, (Kind, Value<'static>)>| {
        argument.as_ref().err().map(|constant| constant.1.clone())
    };
    let inputs: Vec<Input<'_>> = arguments
        .iter()
        .map(|argument| Input {
            name: argument.as_ref().ok().map(|at| columns[*at].0.as_str()),
            kind: kind(argument),
            constant: value(argument),
        })
        .collect();
    Example {
        aggregate,
        setup: Setup {
            kinds: arguments.iter().map(kind).collect(),
            constants: arguments.iter().map(value).collect(),
        },
        rows: cells
            .chunks(columns.len())
            .map(|row| {
                arguments
                    .iter()
                    .map(|argument| argument.as_ref().map_or_else(|c| c.1.clone(), |at| row[*at].clone()))
                    .collect()
            })
            .collect(),
        columns: aggregate.columns(&inputs).unwrap(),
    }
}

/// The answer over so many shards, rows in that rotation.
fn answer(example: &Example, shards: usize, turn: usize) -> String {
    let count = example.rows.len();
    let mut whole = example.aggregate.states(&example.setup);
    whole.grow(2);
    for shard in 0..shards {
        let mut states = example.aggregate.states(&example.setup);
        states.grow(2);
        // A prime that no example has as many rows as: a permutation.
        for at in (0..count).map(|at| (at * 97 + turn) % count) {
            if at % shards != shard {
                continue;
            }
            let values: Vec<Vec<Value<'_>>> =
                example.rows[at].iter().map(|value| vec![value.clone()]).collect();
            let arguments: Vec<Argument<'_, '_>> =
                values.iter().map(|value| Argument::Values(value)).collect();
            states.update(&Rows {
                groups: &[1],
                arguments: &arguments,
                keys: &[u128::try_from(at).unwrap()],
            });
        }
        let mut bytes = Vec::new();
        states.encode(1, &mut bytes);
        let mut reader = Reader::new(&bytes);
        whole.merge(1, &mut reader).unwrap();
        assert!(reader.rest().is_empty());
        for cut in 0..bytes.len() {
            let mut other = example.aggregate.states(&example.setup);
            other.grow(2);
            // Must not panic; a shorter text may still be a state.
            assert!(matches!(other.merge(1, &mut Reader::new(&bytes[..cut])), Ok(()) | Err(Damaged)));
        }
    }
    let shown: Vec<String> = example
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| match whole.finish(1, at) {
            Value::Null => "null".to_owned(),
            value => {
                let mut text = String::new();
                push_export(&mut text, &value, column.kind);
                text
            }
        })
        .collect();
    shown.join(", ")
}

#[test]
fn every_aggregate_is_documented_and_does_what_its_examples_say_over_any_shards() {
    for aggregate in ALL {
        assert!(
            !aggregate.about.is_empty() && aggregate.about.ends_with('.') && !aggregate.examples.is_empty(),
            "{}",
            aggregate.name
        );
        for (query, expected) in aggregate.examples {
            let example = read(query);
            assert_eq!(example.aggregate.name, aggregate.name);
            for shards in [1, 2, 3, 8] {
                for turn in 0..3 {
                    assert_eq!(answer(&example, shards, turn), *expected, "{query} over {shards} shards");
                }
            }
        }
    }
}

#[test]
fn aggregates_are_listed_once_by_name() {
    let names: Vec<&str> =
        ALL.iter().flat_map(|aggregate| aggregate.aliases.iter().copied().chain([aggregate.name])).collect();
    for name in &names {
        assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
    }
}

#[track_caller]
fn check_names(query: &str, expected: &[&str]) {
    let names: Vec<String> = read(query).columns.into_iter().map(|column| column.name).collect();
    assert_eq!(names, expected);
}

#[test]
fn columns_are_named_as_in_kusto() {
    check_names("datatable(x: long)[] | summarize count()", &["count_"]);
    check_names("datatable(x: long)[] | summarize count(x)", &["count_x"]);
    check_names("datatable(x: long)[] | summarize sum(1)", &["sum_"]);
    check_names("datatable(x: long, b: bool)[] | summarize countif(b)", &["countif_"]);
    check_names("datatable(x: string, b: bool)[] | summarize make_set_if(x, b)", &["set_x"]);
    check_names("datatable(x: long)[] | summarize percentile(x, 99.9)", &["percentile_x_99_9"]);
    check_names(
        "datatable(x: long, w: long)[] | summarize percentilesw(x, w, 50, 99.9)",
        &["percentile_x_50", "percentile_x_99_9"],
    );
    check_names("datatable(x: long, w: long)[] | summarize percentilesw_array(x, w, 50)", &["percentiles_x"]);
    check_names("datatable(x: long, y: long)[] | summarize arg_max(x, y)", &["x", "y"]);
    check_names("datatable(x: long)[] | summarize any(x)", &["any_x"]);
    check_names("datatable(x: real, y: real)[] | summarize covariance(x, y)", &["covariance_x_y"]);
}
