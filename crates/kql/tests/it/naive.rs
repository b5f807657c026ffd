//! Random queries over random tables: the engine's answer is that of a naive interpreter, which goes row by row over lists of
//! values and shares no code with it.

#![expect(clippy::unwrap_used, reason = "in a test, what is not there is a failure")]

use crate::small::{Cell, Columns, NOW, add_rows, home};
use chartroom_kql::{Catalog, Context, Fuel, Limits, NumberedFiles, compile, local, value::Value};
use chartroom_schema::kind::Kind;
use chartroom_store::Store;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const COLUMNS: Columns<'static> = &[
    ("Time", Kind::DateTime, false),
    ("A", Kind::String, false),
    ("B", Kind::String, false),
    ("N", Kind::Long, false),
    ("M", Kind::Long, false),
    ("D", Kind::Dynamic, false),
];
const HOUR: i64 = 36_000_000_000;
const START: i64 = 637_634_592_000_000_000;

/// A value; texts order byte by byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Plain {
    Null,
    Bool(bool),
    Long(i64),
    Text(String),
}

/// A row of the table, in the order of its columns.
type Row = Vec<Plain>;

/// What a query may work out of a row.
#[derive(Clone, Debug)]
enum Term {
    Column(usize),
    Number(i64),
    Word(String),
    Plus(Box<Self>, Box<Self>),
    Bin(Box<Self>, i64),
    Hour(Box<Self>),
    Lower(Box<Self>),
    Length(Box<Self>),
    Joined(Box<Self>, Box<Self>),
    Property(&'static str),
    Either(Box<Test>, Box<Self>, Box<Self>),
}

/// What may hold of a row.
#[derive(Clone, Debug)]
enum Test {
    Compared(&'static str, Term, Term),
    Contains(Term, String),
    IsEmpty(Term),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
}

impl Term {
    fn text(&self) -> String {
        match self {
            Self::Column(at) => COLUMNS[*at].0.to_owned(),
            Self::Number(number) => format!("({number})"),
            Self::Word(word) => format!("'{word}'"),
            Self::Plus(a, b) => format!("({} + {})", a.text(), b.text()),
            Self::Bin(term, size) => format!("bin({}, {size})", term.text()),
            Self::Hour(term) => format!("bin({}, 1h)", term.text()),
            Self::Lower(term) => format!("tolower({})", term.text()),
            Self::Length(term) => format!("strlen({})", term.text()),
            Self::Joined(a, b) => format!("strcat({}, {})", a.text(), b.text()),
            Self::Property(name) => format!("tostring(D.{name})"),
            Self::Either(test, a, b) => format!("iff({}, {}, {})", test.text(), a.text(), b.text()),
        }
    }

    fn value(&self, row: &Row) -> Plain {
        let long = |value: &Plain| if let Plain::Long(long) = value { Some(*long) } else { None };
        let words = |term: &Self| if let Plain::Text(text) = term.value(row) { text } else { String::new() };
        let floor = |term: &Self, size: i64| {
            long(&term.value(row)).map_or(Plain::Null, |long| Plain::Long(long.div_euclid(size) * size))
        };
        match self {
            Self::Column(at) => row[*at].clone(),
            Self::Number(number) => Plain::Long(*number),
            Self::Word(word) => Plain::Text(word.clone()),
            Self::Plus(a, b) => match (long(&a.value(row)), long(&b.value(row))) {
                (Some(a), Some(b)) => Plain::Long(a + b),
                _ => Plain::Null,
            },
            Self::Bin(term, size) => floor(term, *size),
            Self::Hour(term) => floor(term, HOUR),
            Self::Lower(term) => Plain::Text(words(term).to_lowercase()),
            Self::Length(term) => Plain::Long(words(term).chars().count() as i64),
            Self::Joined(a, b) => Plain::Text(words(a) + &words(b)),
            Self::Property(name) => {
                let Plain::Text(json) = &row[5] else { return Plain::Text(String::new()) };
                let json: serde_json::Value = serde_json::from_str(json).unwrap();
                Plain::Text(match &json[name] {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => text.clone(),
                    other => other.to_string(),
                })
            }
            Self::Either(test, a, b) => if test.holds(row) == Some(true) { a } else { b }.value(row),
        }
    }
}

impl Test {
    fn text(&self) -> String {
        let all = |tests: &[Self], word: &str| {
            format!("({})", tests.iter().map(Self::text).collect::<Vec<_>>().join(word))
        };
        match self {
            Self::Compared(operator, a, b) => format!("{} {operator} {}", a.text(), b.text()),
            Self::Contains(term, needle) => format!("{} contains_cs '{needle}'", term.text()),
            Self::IsEmpty(term) => format!("isempty({})", term.text()),
            Self::All(tests) => all(tests, " and "),
            Self::Any(tests) => all(tests, " or "),
            Self::Not(test) => format!("not({})", test.text()),
        }
    }

    fn holds(&self, row: &Row) -> Option<bool> {
        match self {
            Self::Compared(operator, a, b) => {
                let (a, b) = (a.value(row), b.value(row));
                let nulls = usize::from(a == Plain::Null) + usize::from(b == Plain::Null);
                match (*operator, nulls) {
                    (_, 2) => None,
                    ("==", _) => Some(nulls == 0 && a == b),
                    ("!=", _) => Some(nulls == 1 || a != b),
                    (_, 1) => None,
                    ("<", _) => Some(a < b),
                    _ => Some(a >= b),
                }
            }
            Self::Contains(term, needle) => {
                Some(matches!(term.value(row), Plain::Text(text) if text.contains(needle.as_str())))
            }
            Self::IsEmpty(term) => {
                Some(matches!(term.value(row), Plain::Null) || term.value(row) == Plain::Text(String::new()))
            }
            Self::All(tests) => {
                let truths: Vec<_> = tests.iter().map(|test| test.holds(row)).collect();
                if truths.contains(&Some(false)) {
                    return Some(false);
                }
                if truths.contains(&None) { None } else { Some(true) }
            }
            Self::Any(tests) => {
                let truths: Vec<_> = tests.iter().map(|test| test.holds(row)).collect();
                if truths.contains(&Some(true)) {
                    return Some(true);
                }
                if truths.contains(&None) { None } else { Some(false) }
            }
            Self::Not(test) => test.holds(row).map(|truth| !truth),
        }
    }
}

fn whole() -> impl Strategy<Value = Term> {
    let leaf = prop_oneof![
        3 => Just(Term::Column(3)),
        2 => Just(Term::Column(4)),
        1 => (-2_i64..4).prop_map(Term::Number),
        1 => words().prop_map(|term| Term::Length(Box::new(term))),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Term::Plus(Box::new(a), Box::new(b))),
            (inner, 1_i64..4).prop_map(|(term, size)| Term::Bin(Box::new(term), size)),
        ]
    })
}

fn words() -> impl Strategy<Value = Term> {
    let leaf = prop_oneof![
        3 => Just(Term::Column(1)),
        2 => Just(Term::Column(2)),
        1 => "[aB ]{0,2}".prop_map(Term::Word),
        1 => Just(Term::Property("a")),
        1 => Just(Term::Property("b")),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Term::Joined(Box::new(a), Box::new(b))),
            inner.prop_map(|term| Term::Lower(Box::new(term))),
        ]
    })
}

fn test() -> impl Strategy<Value = Test> {
    let operator = || prop::sample::select(vec!["==", "!=", "<", ">="]);
    let leaf = prop_oneof![
        (operator(), whole(), whole()).prop_map(|(operator, a, b)| Test::Compared(operator, a, b)),
        (prop::sample::select(vec!["==", "!="]), words(), words())
            .prop_map(|(operator, a, b)| Test::Compared(operator, a, b)),
        (words(), "[aBc]{1,2}").prop_map(|(term, needle)| Test::Contains(term, needle)),
        words().prop_map(Test::IsEmpty),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Test::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Test::Any),
            inner.prop_map(|test| Test::Not(Box::new(test))),
        ]
    })
}

fn key() -> impl Strategy<Value = Term> {
    prop_oneof![
        whole(),
        words(),
        Just(Term::Column(0)),
        Just(Term::Hour(Box::new(Term::Column(0)))),
        (test(), words(), words()).prop_map(|(test, a, b)| Term::Either(
            Box::new(test),
            Box::new(a),
            Box::new(b)
        )),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let word = || "[aBc]{0,2}".prop_map(Plain::Text);
    let long = || prop_oneof![1 => Just(Plain::Null), 4 => (-3_i64..5).prop_map(Plain::Long)];
    let json =
        prop::sample::select(vec!["", r#"{"a":1,"b":"x"}"#, r#"{"a":"B\u0061","c":[]}"#, r#"{"b":{"b":2}}"#]);
    let json = json.prop_map(|json| if json.is_empty() { Plain::Null } else { Plain::Text(json.to_owned()) });
    let time =
        prop_oneof![1 => Just(Plain::Null), 5 => (0_i64..9).prop_map(|n| Plain::Long(START + n * HOUR / 3))];
    (time, word(), word(), long(), long(), json)
        .prop_map(|(time, a, b, n, m, json)| vec![time, a, b, n, m, json])
}

fn stores(rows: &[Row], shards: usize) -> Vec<Store> {
    let cell = |value: &Plain| match value {
        Plain::Null => Cell::Null,
        Plain::Bool(truth) => Cell::Bool(*truth),
        Plain::Long(long) => Cell::Long(*long),
        Plain::Text(text) => Cell::Text(text.clone()),
    };
    let mut stores: Vec<Store> = (0..shards).map(|_| Store::new()).collect();
    for (number, store) in stores.iter_mut().enumerate() {
        let own: Vec<Vec<Cell>> =
            rows.iter().skip(number).step_by(shards).map(|row| row.iter().map(cell).collect()).collect();
        add_rows(store, "T", COLUMNS, &own, u32::try_from(number).unwrap());
    }
    stores
}

/// The rows that a query gives, in no order: cell by cell what the naive interpreter must give.
#[track_caller]
fn check(text: &str, rows: &[Row], expected: Vec<Row>, shards: &[usize]) {
    let catalog = Catalog { tables: vec![home("T", COLUMNS, "Time")], ..Catalog::default() };
    let plan = compile(text, &catalog, NOW).unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"));
    let mut expected = expected;
    expected.sort();
    for shards in shards {
        let stores = stores(rows, *shards);
        let contexts: Vec<_> = stores.iter().map(|store| Context { store, files: &NumberedFiles }).collect();
        let answer = local::answer(&plan, &contexts, Fuel(500), Limits::default()).unwrap();
        let plain = |value: Value<'_>| match value {
            Value::Null => Plain::Null,
            Value::Bool(truth) => Plain::Bool(truth),
            Value::Long(long) => Plain::Long(long),
            Value::Real(real) => Plain::Text(real.to_string()),
            Value::Text(text) => Plain::Text(text.into_owned()),
        };
        let mut given: Vec<Row> = (0..answer.row_count())
            .map(|row| answer.values(row).unwrap().into_iter().map(plain).collect())
            .collect();
        given.sort();
        assert_eq!(given, expected, "{text} over {shards} shards");
    }
}

fn kept<'r>(rows: &'r [Row], test: &Test) -> impl Iterator<Item = &'r Row> {
    rows.iter().filter(move |row| test.holds(row) == Some(true))
}

/// The groups by these keys, with their rows.
fn groups<'r>(rows: impl Iterator<Item = &'r Row>, keys: &[Term]) -> BTreeMap<Row, Vec<&'r Row>> {
    let mut groups = BTreeMap::<Row, Vec<&Row>>::new();
    for row in rows {
        groups.entry(keys.iter().map(|key| key.value(row)).collect()).or_default().push(row);
    }
    groups
}

/// What aggregates come to: count, sum, least, greatest, distinct texts, distinct numbers, the median, those that a test holds of.
fn figures(rows: &[&Row], number: &Term, word: &Term, test: &Test) -> Row {
    let mut numbers: Vec<i64> = rows
        .iter()
        .filter_map(|row| if let Plain::Long(long) = number.value(row) { Some(long) } else { None })
        .collect();
    numbers.sort_unstable();
    let count = |count: usize| Plain::Long(count as i64);
    let at = |place: Option<&i64>| place.map_or(Plain::Null, |long| Plain::Long(*long));
    let middle = numbers.len().div_ceil(2).checked_sub(1).and_then(|at| numbers.get(at));
    vec![
        count(rows.len()),
        Plain::Long(numbers.iter().sum()),
        at(numbers.first()),
        at(numbers.last()),
        count(rows.iter().map(|row| word.value(row)).collect::<BTreeSet<_>>().len()),
        count(numbers.iter().collect::<BTreeSet<_>>().len()),
        at(middle),
        count(rows.iter().filter(|row| test.holds(row) == Some(true)).count()),
    ]
}

const FIGURES: &str =
    "count(), sum(Number), min(Number), max(Number), dcount(Word), dcount(Number), percentile(Number, 50)";

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn rows_are_kept_and_worked_out_alike(
        rows in prop::collection::vec(row(), 0..40), kept_by in test(), again in test(), terms in prop::collection::vec(key(), 1..4),
    ) {
        let names: Vec<String> = (0..terms.len()).map(|at| format!("X{at}")).collect();
        let extended: Vec<String> = names.iter().zip(&terms).map(|(name, term)| format!("{name} = {}", term.text())).collect();
        // Behind `as` and a second `where` the rows are made rows: frames, not stored columns.
        let text = format!(
            "T | where {} | extend Twice = pack_array(1, 2) | mv-expand Twice | where {} | extend {} | project {}",
            kept_by.text(), again.text(), extended.join(", "), names.join(", "),
        );
        let expected = kept(&rows, &kept_by).filter(|row| again.holds(row) == Some(true));
        let expected = expected.flat_map(|row| {
            let row: Row = terms.iter().map(|term| term.value(row)).collect();
            [row.clone(), row]
        });
        check(&text, &rows, expected.collect(), &[1, 2, 3, 8]);
    }

    #[test]
    fn groups_come_to_the_same_figures(
        rows in prop::collection::vec(row(), 0..40), kept_by in test(), keys in prop::collection::vec(key(), 0..4),
        number in whole(), word in words(), counted in test(),
    ) {
        let by: Vec<String> = keys.iter().enumerate().map(|(at, key)| format!("K{at} = {}", key.text())).collect();
        let text = format!(
            "T | where {} | extend Number = {}, Word = {} | summarize {FIGURES}, countif({}) by {}",
            kept_by.text(), number.text(), word.text(), counted.text(), by.join(", "),
        );
        let text = text.trim_end_matches(" by ");
        let mut groups = groups(kept(&rows, &kept_by), &keys);
        if keys.is_empty() {
            groups.entry(Vec::new()).or_default();
        }
        let expected = groups.into_iter().map(|(mut row, members)| {
            row.extend(figures(&members, &number, &word, &counted));
            row
        });
        check(text, &rows, expected.collect(), &[1, 2, 3, 8]);
    }

    #[test]
    fn joined_rows_are_the_pairs_of_equal_keys(
        rows in prop::collection::vec(row(), 0..25), left in test(), right in test(), key in words(), other in whole(),
    ) {
        let side = |test: &Test, name: &str| {
            format!("T | where {} | project Key = {}, {name} = {}", test.text(), key.text(), other.text())
        };
        let text = format!("{} | join kind=inner ({}) on Key | project Key, Left, Right", side(&left, "Left"), side(&right, "Right"));
        let mut expected = Vec::new();
        for a in kept(&rows, &left) {
            for b in kept(&rows, &right).filter(|b| key.value(a) == key.value(b)) {
                expected.push(vec![key.value(a), other.value(a), other.value(b)]);
            }
        }
        check(&text, &rows, expected, &[1, 2, 3, 8]);
    }
}

/// More rows than a chunk holds, more texts than are kept as one dictionary.
#[test]
fn many_chunks_answer_as_rows_do() {
    let row = |number: i64| -> Row {
        let word = |text: String| Plain::Text(text);
        let json = Plain::Text(format!(r#"{{"a":{},"b":"x"}}"#, number % 5));
        vec![
            Plain::Long(START + number * HOUR / 500),
            word(format!("word {}", number * 7 % 69_001)),
            word(format!("{}", number % 11)),
            if number % 13 == 0 { Plain::Null } else { Plain::Long(number % 97) },
            Plain::Long(number),
            json,
        ]
    };
    let rows: Vec<Row> = (0..70_500).map(row).collect();
    let test = Test::Not(Box::new(Test::Compared("==", Term::Column(3), Term::Number(5))));
    for keys in [
        vec![],
        vec![Term::Column(2)],
        vec![Term::Column(1)],
        vec![Term::Column(2), Term::Column(3), Term::Property("a")],
    ] {
        let by: Vec<String> =
            keys.iter().enumerate().map(|(at, key)| format!("K{at} = {}", key.text())).collect();
        let text = format!(
            "T | where {} | extend Number = M, Word = A | summarize {FIGURES}, countif(B == '3') by {}",
            test.text(),
            by.join(", ")
        );
        let counted = Test::Compared("==", Term::Column(2), Term::Word("3".to_owned()));
        let expected = groups(kept(&rows, &test), &keys).into_iter().map(|(mut row, members)| {
            row.extend(figures(&members, &Term::Column(4), &Term::Column(1), &counted));
            row
        });
        check(text.trim_end_matches(" by "), &rows, expected.collect(), &[1, 3]);
    }
}
