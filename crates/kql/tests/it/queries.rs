//! Queries and the tables they answer.

use crate::small::{Cell, NOW, add_rows, context, home, run, select, view};
use chartroom_kql::{Catalog, Counter, ExtentFinder, Filter, Fuel, compile};
use chartroom_schema::kind::Kind;
use chartroom_store::Store;
use std::{collections::BTreeSet, rc::Rc};

const COLUMNS: &[(&str, Kind, bool)] = &[
    ("Time", Kind::DateTime, false),
    ("Name", Kind::String, false),
    ("Code", Kind::Long, false),
    ("Took", Kind::Real, false),
    ("Ok", Kind::Bool, false),
    ("Props", Kind::Dynamic, false),
    ("Note", Kind::String, true),
];

fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Null } else { Cell::Text(text.to_owned()) }
}

fn store() -> (Store, Catalog) {
    let mut store = Store::new();
    let day = 637_634_592_000_000_000; // 2021-08-02
    let row = |minute: i64,
               name: &str,
               code: Option<i64>,
               took: Option<f64>,
               ok: Option<bool>,
               props: &str,
               note: &str| {
        vec![
            if minute < 0 { Cell::Null } else { Cell::Long(day + minute * 600_000_000) },
            text(name),
            code.map_or(Cell::Null, Cell::Long),
            took.map_or(Cell::Null, Cell::Real),
            ok.map_or(Cell::Null, Cell::Bool),
            text(props),
            text(note),
        ]
    };
    let rows = [
        row(
            1,
            "CreateUser",
            Some(200),
            Some(1.5),
            Some(true),
            r#"{"user":{"name":"Alice","ids":[7,8]},"path":"a\\b"}"#,
            "",
        ),
        row(2, "DeleteUser", Some(404), None, Some(false), r#"{"user":{"name":"Bob"}}"#, "denied for alice"),
        row(3, "createuser", None, Some(-2.0), None, "", ""),
        row(3, "", Some(0), Some(0.25), Some(true), r#"["x","\u00fcber"]"#, "C:\\temp"),
        row(-1, "List_Users", Some(-5), Some(1e300), Some(false), "12", ""),
    ];
    add_rows(&mut store, "Logs", COLUMNS, &rows, 0);
    let other: Columns2 = &[("When", Kind::DateTime, false), ("Word", Kind::String, false)];
    add_rows(&mut store, "Other", other, &[vec![Cell::Long(day + 1_500_000_000), text("alice too")]], 1);
    let events = view(
        "Events",
        &[
            ("TimeGenerated", Kind::DateTime, false),
            ("What", Kind::String, false),
            ("Took", Kind::Real, false),
        ],
        &[
            (
                "Logs",
                &[
                    ("TimeGenerated", "Time"),
                    ("What", "iff(isempty(Name), 'none', tolower(Name))"),
                    ("Took", "Took"),
                ],
            ),
            ("Other", &[("TimeGenerated", "When"), ("What", "Word")]),
        ],
    );
    let mut logs = home("Logs", COLUMNS, "Time");
    if let chartroom_kql::catalog::TableBody::Home { outcome, .. } = &mut logs.body {
        *outcome = "case(Ok, 'Succeeded', not(Ok), 'Failed', '')".to_owned();
    }
    (store, Catalog { tables: vec![events, logs, home("Other", other, "When")], ..Catalog::default() })
}
type Columns2 = &'static [(&'static str, Kind, bool)];

/// Rows as `a b c`, `-` for null, `''` for the empty text.
#[track_caller]
fn check(query: &str, expected: &[&str]) {
    let (store, catalog) = store();
    let rows = run(&store, &catalog, query).unwrap_or_else(|diagnostics| panic!("{query}: {diagnostics:?}"));
    let show = |cell: &Option<String>| match cell.as_deref() {
        None => "-".to_owned(),
        Some("") => "''".to_owned(),
        Some(text) => text.to_owned(),
    };
    let shown: Vec<String> =
        rows.iter().map(|row| row.iter().map(show).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(shown, expected, "{query}");
}

#[test]
fn the_default_order_is_newest_first_then_identity_and_times_missing_last() {
    check(
        "Logs | project Name, Code",
        &["createuser -", "'' 0", "DeleteUser 404", "CreateUser 200", "List_Users -5"],
    );
    check("Logs | take 2 | project Code", &["-", "0"]);
    check("Logs | project Time | take 1", &["2021-08-02T00:03:00.0000000Z"]);
}

#[test]
fn comparisons_keep_kustos_null_rules() {
    check("Logs | where Code != 200 | count", &["4"]);
    check("Logs | where not(Code == 200) | count", &["4"]);
    check("Logs | where Code > 0 | count", &["2"]);
    check("Logs | where not(Code > 0) | count", &["2"]);
    check("Logs | where Code < 0 or Code >= 404 | sort by Code asc | project Code", &["-5", "404"]);
    check("Logs | where 0 <= Code and 200 >= Code | count", &["2"]);
    check("Logs | where isnull(Code) or isempty(Name) | count", &["2"]);
    check("Logs | where Took == 1.5 or Took == -2 | count", &["2"]);
    check("Logs | where Code between (0 .. 200) | count", &["2"]);
    check("Logs | where Code !between (0 .. 200) | count", &["2"]);
    check("Logs | where Code in (200, 0.0, 7) | count", &["2"]);
    check("Logs | where Code !in (200, 0) | count", &["3"]);
    check("Logs | where Ok | count", &["2"]);
    check("Logs | where not(Ok) | count", &["2"]);
    check("Logs | where Ok == false or Code == 200 | count", &["3"]);
    check("Logs | where Code / 0 == 1 or Code % 3 == 1 | project Code", &["-5"]);
}

#[test]
fn texts_compare_as_kusto_does() {
    check("Logs | where Name == 'CreateUser' | count", &["1"]);
    check("Logs | where Name =~ 'createUSER' | count", &["2"]);
    check("Logs | where Name !~ 'createUSER' | count", &["3"]);
    check("Logs | where Name has 'users' | project Name", &["List_Users"]);
    check("Logs | where Name contains 'USER' | count", &["4"]);
    check("Logs | where Name contains_cs 'User' | count", &["3"]);
    check(
        "Logs | where Name startswith 'create' and Name !endswith_cs 'user' | project Name",
        &["CreateUser"],
    );
    check("Logs | where Name in~ ('CREATEUSER', 'x') | count", &["2"]);
    check("Logs | where Name has_any ('List', 'nothing') | count", &["1"]);
    check("Logs | where Name has_all ('List', 'users') | count", &["1"]);
    check(r#"Logs | where Name matches regex "^[A-Z][a-z]+User$" | count"#, &["2"]);
    check("Logs | where Name == '' | count", &["1"]);
}

#[test]
fn paths_and_functions_reach_into_dynamics() {
    check(
        "Logs | where Props.user.name == 'Alice' | project Props.user.ids[-1], tostring(Props.path)",
        &["8 a\\b"],
    );
    check("Logs | where Props['user']['name'] has 'bob' | project Code", &["404"]);
    check("Logs | where Props.user.ids[0] == 7 | count", &["1"]);
    check("Logs | where Props == 12 | count", &["1"]);
    check("Logs | where tolong(Props) > 11 | count", &["1"]);
    check("Logs | extend n = tostring(Props.user.name) | where n != '' | project n", &["Bob", "Alice"]);
    check("Logs | extend l = strlen(Name) | where l == Code - 190 | project l", &["10"]);
}

#[test]
fn anywhere_looks_into_values_and_not_into_keys() {
    check("Logs | where * contains 'alice' | count", &["2"]);
    check("Logs | where * has 'ALICE' | count", &["2"]);
    check("Logs | where * contains 'name' | count", &["0"]);
    check("Logs | where * contains 'über' | count", &["1"]);
    check("Logs | where * contains 'a\\\\b' | count", &["1"]);
    check("Logs | where * contains 'a\\\\\\\\b' | count", &["0"]);
    check("Logs | where * contains 'c:\\\\TEMP' | count", &["1"]);
    check("Logs | where * contains '00:02' | count", &["1"]);
    check("Logs | where * has '404' | count", &["1"]);
    check("Logs | where * contains 'true' | count", &["2"]);
    check("Logs | where not(* contains 'user') | count", &["1"]);
    check(r#"Logs | where * matches regex "(?i)^bob$" | count"#, &["1"]);
    check("Logs | project Code | where * contains 'alice' | count", &["0"]);
    check("Logs | extend x = strcat(Name, 'zz') | where * contains 'zz' | count", &["5"]);
    check("search 'alice' | count", &["3"]);
    check("search in (Logs) 'alice' and not('denied') | count", &["1"]);
    check("Logs | search 'alice' or Code == 0 | count", &["3"]);
}

#[test]
fn views_show_all_records_through_shared_columns() {
    check(
        "Events | project What",
        &["createuser", "none", "alice too", "deleteuser", "createuser", "list_users"],
    );
    check("Events | where What == 'createuser' | count", &["2"]);
    check("Events | where * contains 'alice' | count", &["3"]);
    check(
        "Events | where TimeGenerated > datetime(2021-08-02 00:02:15) | project What, Took",
        &["createuser -2.0", "none 0.25", "alice too -"],
    );
    check("union Logs, Other | count", &["6"]);
    check(
        "union * | where * has 'alice' | project Name, Word",
        &["'' alice too", "DeleteUser ''", "CreateUser ''"],
    );
}

#[test]
fn sorting_puts_nulls_where_they_belong() {
    check("Logs | sort by Code | project Code", &["404", "200", "0", "-5", "-"]);
    check("Logs | sort by Code asc | project Code", &["-", "-5", "0", "200", "404"]);
    check("Logs | sort by Code asc nulls last | project Code", &["-5", "0", "200", "404", "-"]);
    check(
        "Logs | order by Name asc, Code | project Name",
        &["''", "CreateUser", "DeleteUser", "List_Users", "createuser"],
    );
    check(
        "Logs | sort by tolower(Name), Took asc | project Name, Took",
        &["List_Users 1e300", "DeleteUser -", "createuser -2.0", "CreateUser 1.5", "'' 0.25"],
    );
    check("Logs | top 2 by Took | project Took", &["1e300", "1.5"]);
    check("Events | top 3 by What asc | project What", &["alice too", "createuser", "createuser"]);
}

#[test]
fn a_selection_goes_on_from_another_and_takes_in_new_rows() {
    let (mut store, catalog) = store();
    let plan = Rc::new(compile("Logs | where Code >= 0 | where Ok", &catalog, NOW).unwrap());
    let all = select(&store, &plan);
    let mut first = Filter::new(Rc::clone(&plan), 1);
    assert!(first.step(context(&store), &mut Fuel(i64::MAX)));
    let first = first.finish();
    assert_eq!((first.count(), all.count()), (3, 2));
    let mut more = Filter::continued(Rc::clone(&plan), 2, first.clone(), 1);
    assert!(more.step(context(&store), &mut Fuel(i64::MAX)));
    assert_eq!(more.finish(), all);
    assert!(all.is_current(&store));

    let row = vec![Cell::Null, text("New"), Cell::Long(1), Cell::Null, Cell::Bool(true)];
    add_rows(&mut store, "Logs", COLUMNS, &[row], 2);
    assert!(!all.is_current(&store));
    for (base, done) in [(all, 2), (first, 1)] {
        let mut grown = Filter::continued(Rc::clone(&plan), 2, base, done);
        assert!(grown.step(context(&store), &mut Fuel(i64::MAX)));
        assert_eq!(grown.finish(), select(&store, &plan));
    }
    store.close_files(&BTreeSet::from([0]));
    assert_eq!(select(&store, &plan).count(), 1);
}

#[test]
fn the_timeline_counts_by_outcome() {
    let (store, catalog) = store();
    let plan = Rc::new(compile("Logs", &catalog, NOW).unwrap());
    let selection = select(&store, &plan);
    let mut finder = ExtentFinder::new(Rc::clone(&plan), selection.clone());
    assert!(finder.step(context(&store), &mut Fuel(i64::MAX)));
    let extent = finder.finish();
    let (first, last) = extent.times.unwrap();
    assert_eq!(((last - first) / 600_000_000, extent.without_time), (2, 1));
    let mut counter = Counter::new(Rc::clone(&plan), selection, first, 1_200_000_000, 2);
    assert!(counter.step(context(&store), &mut Fuel(i64::MAX)));
    let counts = counter.finish();
    let shown: Vec<String> =
        counts.by_outcome.iter().map(|(outcome, counts)| format!("{outcome}:{counts:?}")).collect();
    assert_eq!(shown, [":[0, 1]", "Failed:[1, 0]", "Succeeded:[1, 1]"]);
    assert_eq!(counts.without_time, 1);
}

/// Chunks that cannot hold one of the first rows are passed over; the first rows are those of the whole order all the same.
#[test]
fn the_first_rows_of_many_chunks_are_those_of_the_whole_order() {
    let columns: &[(&str, Kind, bool)] = &[("Time", Kind::DateTime, false), ("Id", Kind::Long, false)];
    let catalog = Catalog { tables: vec![home("T", columns, "Time")], ..Catalog::default() };
    let count = 200_000_i64;
    type Time = fn(i64) -> Option<i64>;
    let times: [(&str, Time); 5] = [
        ("forwards", |n| Some(n)),
        ("backwards", |n| Some(200_000 - n)),
        ("all over, in ties", |n| Some(n * 7_919 % 1_000)),
        ("by chunk", |n| Some(n / 65_536 % 2 * 10 + n % 7)),
        ("some null", |n| (n % 1_000 != 0).then_some(n)),
    ];
    for (name, time) in times {
        let mut store = Store::new();
        let rows: Vec<Vec<Cell>> =
            (0..count).map(|n| vec![time(n).map_or(Cell::Null, Cell::Long), Cell::Long(n)]).collect();
        add_rows(&mut store, "T", columns, &rows, 0);
        for way in ["asc", "desc"] {
            // Kusto's: nulls first going up, last going down.
            let mut expected: Vec<(Option<i64>, i64)> = (0..count).map(|n| (time(n), n)).collect();
            expected.sort_by(|a, b| {
                let by_time = a.0.cmp(&b.0);
                (if way == "asc" { by_time } else { by_time.reverse() }).then(a.1.cmp(&b.1))
            });
            let found =
                run(&store, &catalog, &format!("T | top 100 by Time {way} | project Id")).expect("it runs");
            let found: Vec<String> = found.into_iter().flatten().flatten().collect();
            let expected: Vec<String> = expected.iter().take(100).map(|(_, id)| id.to_string()).collect();
            assert_eq!(found, expected, "{name}, {way}");
        }
    }
}
