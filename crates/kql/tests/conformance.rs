//! Every pair of query and expected table, as the text has it and with its `datatable`s loaded as stored tables over shards, with and
//! without all that is done to be fast.
//!
//! The pairs lie beside the repository (`../shared/kql-conformance`, see its README); without them this test skips and says so.
//! `KQL_CONFORMANCE_WRITE=1 cargo test -p chartroom_kql --test conformance` writes `docs/kql-conformance.md`, and
//! `KQL_CONFORMANCE_SHOW=part-of-id` prints what pairs come to.
//!
//! **Invariant:** the passes never fall below [`RATCHET`]; no pair gives a wrong answer (that is no refusal).

#[path = "conformance/compare.rs"]
mod compare;
#[path = "conformance/stored.rs"]
mod stored;

use chartroom_base::{
    diagnostic::{Diagnostic, Severity},
    ticks::Ticks,
};
use chartroom_kql::{
    Answer, Catalog, Context, Fuel, Limits, Plan,
    local::{self, NoAnswer},
};
use compare::Pair;
use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

/// Pairs that pass, at least.
const RATCHET: usize = 1_075;

const PART: &str = "`datetime_part` is long, and its milliseconds those of the second, in the recording `emu/datetime-part-function-00`";

/// Pairs that say otherwise than a recording of the engine, or than its documentation and reference together; those win.
const CONTRADICTED: &[(&str, &str)] = &[
    (
        "dkql/test_array_length_range/28",
        "`ColumnOrdinal` is int in the recording `emu/mv-expand-operator-05`",
    ),
    ("dkql/test_column_naming/92", "`parse_json` of a text that is no JSON gives that text"),
    ("dkql/test_type_domains/116", PART),
    ("dkql/test_type_domains/117", PART),
];

/// 2024-06-15, for queries that ask the clock.
const NOW: Ticks = Ticks(638_540_064_000_000_000);

/// What became of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Refused(String),
    Wrong(String),
    Contradicted(&'static str),
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/kql-conformance")
}

fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for file in ["engine.jsonl", "asserted.jsonl", "kusto-loco.jsonl", "docs.jsonl"] {
        let Ok(text) = std::fs::read_to_string(folder().join(file)) else { continue };
        pairs.extend(text.lines().filter_map(Pair::read));
    }
    pairs
}

/// How a query is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As always: what is small is gathered.
    Gather,
    /// Shards merge groups and join among themselves, however little it is.
    Exchange,
    /// Without anything that is done to be fast.
    Plain,
}

/// What a query comes to over shards.
fn ask(pair: &Pair, text: &str, catalog: &Catalog, shards: &[Context<'_>], fuel: Fuel, way: Way) -> Outcome {
    let usual = Limits::default();
    let limits = if way == Way::Exchange { Limits { groups: 0, side: 0, ..usual } } else { usual };
    let ask = if way == Way::Plain { local::ask_plain } else { local::ask };
    match ask(text, catalog, NOW, shards, fuel, limits) {
        Ok((plan, answer)) => judge(pair, &plan, &answer),
        Err(NoAnswer::Refusal(refusal)) => Outcome::Refused(refusal.to_string()),
        Err(NoAnswer::Diagnostics(diagnostics)) => {
            let mut errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
            let shown = |first: &Diagnostic| format!("{}: {}", first.code, first.message);
            Outcome::Refused(errors.next().map_or_else(String::new, shown))
        }
    }
}

fn direct(pair: &Pair) -> Outcome {
    ask(pair, &pair.query, &Catalog::default(), &[], Fuel::UNBOUNDED, Way::Gather)
}

fn judge(pair: &Pair, plan: &Plan, answer: &Answer) -> Outcome {
    match pair.check(plan, answer) {
        Ok(()) => Outcome::Passed,
        Err(difference) => Outcome::Wrong(difference),
    }
}

/// The pair with its `datatable`s loaded, over so many shards; `None` when it has none that can be loaded.
fn over_shards(pair: &Pair, shards: usize, way: Way) -> Option<Outcome> {
    let stored = stored::load(&pair.query, shards, NOW)?;
    Some(ask(pair, &stored.query, &stored.catalog, &stored.contexts(), Fuel(20_000), way))
}

#[test]
fn the_pairs_pass() {
    let pairs = pairs();
    if pairs.is_empty() {
        println!("skipped: 0 pairs, {} is not there", folder().display());
        return;
    }
    let show = std::env::var("KQL_CONFORMANCE_SHOW").ok();
    let mut outcomes: Vec<(&Pair, Outcome)> = Vec::new();
    let mut stored_wrong: Vec<String> = Vec::new();
    for pair in &pairs {
        let mut outcome = direct(pair);
        let is_it = |(id, _): &&(&str, &str)| pair.id.starts_with(id);
        if let (Outcome::Wrong(_), Some((_, reason))) = (&outcome, CONTRADICTED.iter().find(is_it)) {
            outcome = Outcome::Contradicted(reason);
        }
        if show.as_ref().is_some_and(|show| pair.id.contains(show)) {
            println!("{}\n{}\n{outcome:?}\n", pair.id, pair.query);
        }
        if outcome == Outcome::Passed {
            let plain = ask(pair, &pair.query, &Catalog::default(), &[], Fuel::UNBOUNDED, Way::Plain);
            if plain != Outcome::Passed {
                stored_wrong.push(format!("{} without optimization: {plain:?}", pair.id));
            }
            let ways = [Way::Gather, Way::Exchange, Way::Plain];
            for (shards, way) in [1, 2, 3, 8].into_iter().flat_map(|shards| ways.map(|way| (shards, way))) {
                match over_shards(pair, shards, way) {
                    Some(Outcome::Passed) | None => {}
                    Some(other) => {
                        stored_wrong.push(format!("{} over {shards} shards, {way:?}: {other:?}", pair.id));
                        break;
                    }
                }
            }
        }
        outcomes.push((pair, outcome));
    }
    let mut areas: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for (pair, outcome) in &outcomes {
        let counts = areas.entry(&pair.area).or_default();
        counts[match outcome {
            Outcome::Passed => 0,
            Outcome::Refused(_) => 1,
            Outcome::Wrong(_) => 2,
            Outcome::Contradicted(_) => 3,
        }] += 1;
    }
    for (area, [passed, refused, wrong, contradicted]) in &areas {
        println!("{area}: {passed} passed, {refused} refused, {wrong} wrong, {contradicted} contradicted");
    }
    println!("stored forms that differ: {}", stored_wrong.len());
    if std::env::var_os("KQL_CONFORMANCE_WRITE").is_some() {
        write_report(&areas, &outcomes, &stored_wrong).unwrap();
    }
    let total = |at: usize| areas.values().map(|counts| counts[at]).sum::<usize>();
    assert!(total(0) >= RATCHET, "{} pairs pass, fewer than {RATCHET}", total(0));
    assert_eq!(total(2), 0, "pairs that give another answer than expected");
    assert!(stored_wrong.is_empty(), "{} stored forms differ", stored_wrong.len());
}

fn write_report(
    areas: &BTreeMap<&str, [usize; 4]>,
    outcomes: &[(&Pair, Outcome)],
    stored_wrong: &[String],
) -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::from(
        "# KQL conformance\n\nMade by `KQL_CONFORMANCE_WRITE=1 cargo test -p chartroom_kql --test conformance`. Each pair is a query and the table that it is\nknown to answer; most were recorded from the Kusto engine. Each also runs with its `datatable`s loaded as stored tables over 1, 2, 3 and 8\nshards, gathered, exchanged, and without optimization.\n\n| area | passed | refused | wrong | contradicted by others |\n|---|---|---|---|---|\n",
    );
    for (area, [passed, refused, wrong, contradicted]) in areas {
        writeln!(text, "| {area} | {passed} | {refused} | {wrong} | {contradicted} |")?;
    }
    writeln!(text, "\n## Contradicted by a recording of the engine\n")?;
    for (pair, outcome) in outcomes {
        if let Outcome::Contradicted(reason) = outcome {
            writeln!(text, "- `{}`: {reason}", pair.id)?;
        }
    }
    for (title, is_wrong) in [("Wrong", true), ("Refused", false)] {
        writeln!(text, "\n## {title}\n")?;
        for (pair, outcome) in outcomes {
            let reason = match outcome {
                Outcome::Wrong(reason) if is_wrong => reason,
                Outcome::Refused(reason) if !is_wrong => reason,
                _ => continue,
            };
            let reason: String = reason.chars().take(160).collect();
            writeln!(text, "- `{}`: {}", pair.id, reason.replace('\n', " "))?;
        }
    }
    writeln!(text, "\n## Another answer over stored tables\n")?;
    for line in stored_wrong {
        let line: String = line.chars().take(240).collect();
        writeln!(text, "- {}", line.replace('\n', " "))?;
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/kql-conformance.md");
    std::fs::write(path, text)?;
    Ok(())
}
