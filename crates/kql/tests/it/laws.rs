//! Random tables, random queries: the kernels against one row at a time, any cutting against any other.

use crate::small::{Cell, Columns, NOW, add_rows, context, home, rows, select};
use chartroom_kql::{Catalog, Counter, KeyBlock, Plan, catalog::TableBody, cells, compile};
use chartroom_schema::kind::Kind;
use chartroom_store::Store;
use proptest::prelude::*;
use std::rc::Rc;

const COLUMNS: Columns<'static> = &[
    ("Time", Kind::DateTime, false),
    ("A", Kind::String, false),
    ("B", Kind::String, false),
    ("N", Kind::Long, false),
    ("R", Kind::Real, false),
    ("K", Kind::Bool, false),
    ("D", Kind::Dynamic, false),
];

fn row() -> impl Strategy<Value = Vec<Cell>> {
    let text = prop_oneof![
        3 => "[abkK\u{e4}\u{212a}_ ]{0,4}".prop_map(|text| if text.is_empty() { Cell::Null } else { Cell::Text(text) }),
        1 => Just(Cell::Text(r#"{"ab":"b\u0061 k"}"#.to_owned())),
    ];
    let long = || prop_oneof![1 => Just(Cell::Null), 4 => (-3_i64..4).prop_map(Cell::Long)];
    (
        prop_oneof![1 => Just(Cell::Null), 3 => (0_i64..5).prop_map(|n| Cell::Long(637_634_592_000_000_000 + n))],
        text.clone(),
        text,
        long(),
        prop_oneof![1 => Just(Cell::Null), 4 => (-2_i32..3).prop_map(|n| Cell::Real(f64::from(n) / 2.0))],
        prop_oneof![1 => Just(Cell::Null), 2 => any::<bool>().prop_map(Cell::Bool)],
        prop_oneof![
            Just(Cell::Null),
            Just(Cell::Text(r#"{"a":1,"b":"ka"}"#.to_owned())),
            Just(Cell::Text(r#"{"a":"x","b":["\u0061b",2]}"#.to_owned())),
            Just(Cell::Text("\"ab\"".to_owned())),
        ],
    )
        .prop_map(|(time, a, b, n, r, k, d)| vec![time, a, b, n, r, k, d])
}

fn predicate() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (0..6_usize, -2_i64..3)
            .prop_map(|(op, n)| format!("N {} {n}", ["==", "!=", "<", "<=", ">", ">="][op])),
        (0..6_usize, -2_i64..3)
            .prop_map(|(op, n)| format!("{n} {} N + 0", ["==", "!=", "<", "<=", ">", ">="][op])),
        (0..6_usize, -2_i64..3)
            .prop_map(|(op, n)| format!("R {} {n}", ["==", "!=", "<", "<=", ">", ">="][op])),
        ("[AB]", 0..10_usize, "[ab k]{0,2}").prop_map(|(column, op, needle)| {
            let ops = [
                "==",
                "!=",
                "=~",
                "has",
                "!has",
                "contains",
                "contains_cs",
                "startswith",
                "endswith",
                "hassuffix",
            ];
            format!("{column} {} '{needle}'", ops[op])
        }),
        ("[abkK\u{e4} 1-]{1,2}", 0..3_usize)
            .prop_map(|(needle, op)| format!("* {} '{needle}'", ["contains", "has", "contains_cs"][op])),
        Just("* matches regex '^(ab|k)$'".to_owned()),
        Just("A == B".to_owned()),
        Just("strcat(A, B) contains 'ka'".to_owned()),
        Just("strlen(A) > N".to_owned()),
        Just("D.a == 1".to_owned()),
        Just("D.b[0] has 'ab'".to_owned()),
        Just("K".to_owned()),
        Just("isnull(N)".to_owned()),
        Just("N in (1, 2) or A in~ ('K', 'a')".to_owned()),
        Just("Time > datetime(2021-08-02)".to_owned()),
        Just("iff(K, N, 5) > 1".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" and "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.prop_map(|part| format!("not({part})")),
        ]
    })
}

fn plan(text: &str) -> Rc<Plan> {
    let catalog = Catalog { tables: vec![home("T", COLUMNS, "Time")], ..Catalog::default() };
    Rc::new(compile(text, &catalog, NOW).unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}")))
}

proptest! {
    #[test]
    fn kernels_answer_as_one_row_at_a_time_does(rows in prop::collection::vec(row(), 0..60), predicate in predicate()) {
        let mut store = Store::new();
        add_rows(&mut store, "T", COLUMNS, &rows, 0);
        let filtered = plan(&format!("T | where {predicate}"));
        let selection = select(&store, &filtered);
        // The same predicate as a column goes row by row.
        let shown = plan(&format!("T | extend keep = iff({predicate}, 'yes', 'no') | project keep"));
        // `project` keeps the meaning of `*`, because `extend` worked before it.
        for row in select(&store, &shown).iter() {
            let keep = cells(&shown, context(&store), row);
            prop_assert_eq!(keep == [Some("yes".to_owned())], selection.contains(row), "{} {:?}", predicate, rows[row.row as usize]);
        }
    }

    #[test]
    fn the_timeline_counts_what_the_cells_say(
        table in prop::collection::vec(row(), 0..60),
        conditions in prop::collection::vec(predicate(), 3),
        is_made in any::<bool>(),
    ) {
        let [first, second, third] = conditions.as_slice() else { return Ok(()) };
        // Constants behind the conditions go by classes, anything else row by row.
        let other = if is_made { "strcat(A, 'd')" } else { "'d'" };
        let outcome = format!("case({first}, 'a', {second}, iff({third}, 'a', 'c'), {other})");
        let mut home = home("T", COLUMNS, "Time");
        home.body = TableBody::Home { time: "Time".to_owned(), outcome: outcome.clone() };
        let catalog = Catalog { tables: vec![home], ..Catalog::default() };
        let bind = |text: &str| Rc::new(compile(text, &catalog, NOW).unwrap());
        let mut store = Store::new();
        add_rows(&mut store, "T", COLUMNS, &table, 0);
        let (plan, shown) = (bind("T"), bind(&format!("T | extend outcome = {outcome} | project Time, outcome")));
        let mut expected = std::collections::BTreeMap::<String, Vec<u32>>::new();
        for row in select(&store, &shown).iter() {
            let cells = cells(&shown, context(&store), row);
            if let Cell::Long(time) = table[row.row as usize][0] {
                let counts = expected.entry(cells[1].clone().unwrap_or_default()).or_insert_with(|| vec![0; 5]);
                counts[usize::try_from(time % 5).unwrap()] += 1;
            }
        }
        let from = 637_634_592_000_000_000;
        let mut counter = Counter::new(Rc::clone(&plan), select(&store, &plan), from, 1, 5);
        while !counter.step(context(&store), &mut chartroom_kql::Fuel(50)) {}
        let counts = counter.finish();
        prop_assert_eq!(counts.by_outcome, expected);
        let without = table.iter().filter(|row| matches!(row[0], Cell::Null)).count();
        prop_assert_eq!(counts.without_time, without as u64);
    }

    #[test]
    fn merging_shards_gives_the_order_of_one(
        table in prop::collection::vec(row(), 0..40),
        cut in 0..40_usize,
        order in prop::sample::select(vec!["", "| sort by N", "| sort by A asc, R", "| sort by R asc nulls last, B", "| sort by K, D.a == 1 asc"]),
    ) {
        let plan = plan(&format!("T {order}"));
        let mut whole = Store::new();
        add_rows(&mut whole, "T", COLUMNS, &table, 0);
        // The second half comes as a file of its own on another shard.
        let cut = cut.min(table.len());
        let (mut left, mut right, mut both) = (Store::new(), Store::new(), Store::new());
        add_rows(&mut left, "T", COLUMNS, &table[..cut], 0);
        add_rows(&mut right, "T", COLUMNS, &table[cut..], 1);
        add_rows(&mut both, "T", COLUMNS, &table[..cut], 0);
        add_rows(&mut both, "T", COLUMNS, &table[cut..], 1);
        let show = |store: &Store, row| cells(&plan, context(store), row);
        let expected: Vec<_> = rows(&both, &plan).into_iter().map(|row| show(&both, row)).collect();
        let (a, b) = (rows(&left, &plan), rows(&right, &plan));
        let (keys_a, keys_b) = (KeyBlock::new(&plan, context(&left), &a), KeyBlock::new(&plan, context(&right), &b));
        let (mut i, mut j, mut merged) = (0, 0, Vec::new());
        while i < a.len() || j < b.len() {
            let takes_left = j >= b.len() || (i < a.len() && keys_a.compare(i, &keys_b, j).is_lt());
            if takes_left {
                merged.push(show(&left, a[i]));
                i += 1;
            } else {
                merged.push(show(&right, b[j]));
                j += 1;
            }
        }
        prop_assert_eq!(merged, expected);
        let limited = self::plan(&format!("T {order} | take 7"));
        let top: Vec<_> = rows(&both, &limited);
        prop_assert_eq!(&top[..], &rows(&both, &plan)[..top.len()]);
    }
}

#[test]
fn many_chunks_answer_as_few_do() {
    let columns: Columns<'static> =
        &[("Time", Kind::DateTime, false), ("Id", Kind::String, false), ("Level", Kind::String, false)];
    let mut seed = 7_u64;
    let table: Vec<Vec<Cell>> = (0..150_000_i64)
        .map(|row| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let id = if row % 100 == 0 { Cell::Null } else { Cell::Text(format!("{seed:016X}-\u{e4}")) };
            vec![
                Cell::Long((seed >> 40) as i64),
                id,
                Cell::Text(["info", "warn", "error"][(seed >> 33) as usize % 3].to_owned()),
            ]
        })
        .collect();
    let mut store = Store::new();
    add_rows(&mut store, "T", columns, &table, 0);
    let catalog = Catalog { tables: vec![home("T", columns, "Time")], ..Catalog::default() };
    let id = |row: &[Cell]| if let Cell::Text(id) = &row[1] { id.to_lowercase() } else { String::new() };
    let check = |query: &str, keep: &dyn Fn(&[Cell]) -> bool| {
        let plan = Rc::new(compile(query, &catalog, NOW).unwrap());
        let expected: Vec<u32> = (0..).zip(&table).filter(|(_, row)| keep(row)).map(|(at, _)| at).collect();
        let found: Vec<u32> = select(&store, &plan).iter().map(|row| row.row).collect();
        assert_eq!(found, expected, "{query}");
        let time = |row: u32| if let Cell::Long(time) = table[row as usize][0] { time } else { 0 };
        let sorted = rows(&store, &plan);
        assert_eq!(sorted.len(), found.len());
        assert!(
            sorted
                .windows(2)
                .all(|pair| (-time(pair[0].row), pair[0].row) < (-time(pair[1].row), pair[1].row))
        );
    };
    check("T", &|_| true);
    check("T | where Id contains 'abc'", &|row| id(row).contains("abc"));
    check("T | where * contains 'ABC'", &|row| id(row).contains("abc"));
    check("T | where * contains '\u{c4}' and Level == 'warn'", &|row| {
        !id(row).is_empty() && matches!(&row[2], Cell::Text(level) if level == "warn")
    });
    check("T | where Id matches regex '^[0-4]+[A-C]'", &|row| {
        let id = id(row);
        let rest = id.trim_start_matches(|c| ('0'..='4').contains(&c));
        rest.len() < id.len() && rest.starts_with(['a', 'b', 'c'])
    });
    check("T | where isempty(Id) or Id startswith '00'", &|row| {
        id(row).is_empty() || id(row).starts_with("00")
    });
}
