//! Every pair of query and expected table, as the text has it and with its `datatable`s loaded as stored tables over shards.
//!
//! The pairs lie beside the repository (`../shared/kql-conformance`, see its README); without them this test skips and says so.
//! `KQL_CONFORMANCE_WRITE=1 cargo test -p chartroom_kql --test conformance` writes `docs/kql-conformance.md`, and
//! `KQL_CONFORMANCE_SHOW=part-of-id` prints what pairs come to.
//!
//! **Invariant:** the passes never fall below [`RATCHET`]; wrong answers (that are no refusals) never rise above [`WRONG`].

#[path = "conformance/compare.rs"]
mod compare;
#[path = "conformance/stored.rs"]
mod stored;

use chartroom_base::ticks::Ticks;
use chartroom_kql::{Answer, Catalog, Fuel, Limits, Plan, compile, local};
use compare::Pair;
use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

/// Pairs that pass, at least.
const RATCHET: usize = 1_033;

/// Pairs that give another answer than expected, at most.
const WRONG: usize = 19;

/// 2024-06-15, for queries that ask the clock.
const NOW: Ticks = Ticks(638_540_064_000_000_000);

/// What became of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Refused(String),
    Wrong(String),
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

fn plan(text: &str, catalog: &Catalog) -> Result<Plan, String> {
    compile(text, catalog, NOW).map_err(|diagnostics| {
        let first = diagnostics
            .iter()
            .find(|diagnostic| diagnostic.severity == chartroom_base::diagnostic::Severity::Error);
        first.map_or_else(String::new, |first| format!("{}: {}", first.code, first.message))
    })
}

fn direct(pair: &Pair) -> Outcome {
    let plan = match plan(&pair.query, &Catalog::default()) {
        Ok(plan) => plan,
        Err(refusal) => return Outcome::Refused(refusal),
    };
    match local::answer(&plan, &[], Fuel::UNBOUNDED, Limits::default()) {
        Ok(answer) => judge(pair, &plan, &answer),
        Err(refusal) => Outcome::Refused(refusal.to_string()),
    }
}

fn judge(pair: &Pair, plan: &Plan, answer: &Answer) -> Outcome {
    match pair.check(plan, answer) {
        Ok(()) => Outcome::Passed,
        Err(difference) => Outcome::Wrong(difference),
    }
}

/// The pair with its `datatable`s loaded, over so many shards, which gather or exchange; `None` when it has none that can be loaded.
fn over_shards(pair: &Pair, shards: usize, exchange: bool) -> Option<Outcome> {
    let stored = stored::load(&pair.query, shards, NOW)?;
    let plan = match plan(&stored.query, &stored.catalog) {
        Ok(plan) => plan,
        Err(refusal) => return Some(Outcome::Refused(refusal)),
    };
    let usual = Limits::default();
    let limits = if exchange { Limits { groups: 0, side: 0, ..usual } } else { usual };
    Some(match local::answer(&plan, &stored.contexts(), Fuel(20_000), limits) {
        Ok(answer) => judge(pair, &plan, &answer),
        Err(refusal) => Outcome::Refused(refusal.to_string()),
    })
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
        let outcome = direct(pair);
        if show.as_ref().is_some_and(|show| pair.id.contains(show)) {
            println!("{}\n{}\n{outcome:?}\n", pair.id, pair.query);
        }
        if outcome == Outcome::Passed {
            for (shards, exchange) in
                [1, 2, 3, 8].into_iter().flat_map(|shards| [(shards, false), (shards, true)])
            {
                match over_shards(pair, shards, exchange) {
                    Some(Outcome::Passed) | None => {}
                    Some(other) => {
                        stored_wrong.push(format!(
                            "{} over {shards} shards, exchange {exchange}: {other:?}",
                            pair.id
                        ));
                        break;
                    }
                }
            }
        }
        outcomes.push((pair, outcome));
    }
    let mut areas: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (pair, outcome) in &outcomes {
        let counts = areas.entry(&pair.area).or_default();
        counts[match outcome {
            Outcome::Passed => 0,
            Outcome::Refused(_) => 1,
            Outcome::Wrong(_) => 2,
        }] += 1;
    }
    for (area, [passed, refused, wrong]) in &areas {
        println!("{area}: {passed} passed, {refused} refused, {wrong} wrong");
    }
    println!("stored forms that differ: {}", stored_wrong.len());
    if std::env::var_os("KQL_CONFORMANCE_WRITE").is_some() {
        write_report(&areas, &outcomes, &stored_wrong).unwrap();
    }
    let total = |at: usize| areas.values().map(|counts| counts[at]).sum::<usize>();
    assert!(total(0) >= RATCHET, "{} pairs pass, fewer than {RATCHET}", total(0));
    assert!(total(2) <= WRONG, "{} pairs are wrong, more than {WRONG}", total(2));
    assert!(stored_wrong.is_empty(), "{} stored forms differ", stored_wrong.len());
}

fn write_report(
    areas: &BTreeMap<&str, [usize; 3]>,
    outcomes: &[(&Pair, Outcome)],
    stored_wrong: &[String],
) -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::from(
        "# KQL conformance\n\nMade by `KQL_CONFORMANCE_WRITE=1 cargo test -p chartroom_kql --test conformance`. Each pair is a query and the table that it is\nknown to answer; most were recorded from the Kusto engine.\n\n| area | passed | refused | wrong |\n|---|---|---|---|\n",
    );
    for (area, [passed, refused, wrong]) in areas {
        writeln!(text, "| {area} | {passed} | {refused} | {wrong} |")?;
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
