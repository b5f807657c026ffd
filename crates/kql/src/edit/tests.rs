//! Texts with the caret as `▮`: what is proposed, what a call takes, what a word is.

use super::{complete, hover, signature_help};
use crate::catalog::{Catalog, CatalogColumn, CatalogTable, ColumnFacts, ColumnOrigin, TableBody};
use chartroom_kql_syntax::token::slice;
use chartroom_schema::kind::Kind;

fn table(name: &str, is_loaded: bool, columns: &[(&str, Kind)]) -> CatalogTable {
    let column = |(name, kind): &(&str, Kind)| CatalogColumn {
        name: (*name).to_owned(),
        kind: *kind,
        is_hidden: name.starts_with('_'),
        about: String::new(),
        rank: 0,
        origin: ColumnOrigin::Stored,
        facts: ColumnFacts::default(),
    };
    CatalogTable {
        name: name.to_owned(),
        about: format!("Records of {name}."),
        is_loaded,
        columns: columns.iter().map(column).collect(),
        body: TableBody::Home { time: String::new(), outcome: String::new() },
    }
}

fn catalog() -> Catalog {
    let logs = [
        ("Time", Kind::DateTime),
        ("Name", Kind::String),
        ("Code", Kind::Long),
        ("Ok", Kind::Bool),
        ("Bag", Kind::Dynamic),
        ("_File", Kind::String),
    ];
    let users = [("Name", Kind::String), ("Mail", Kind::String)];
    Catalog {
        tables: vec![
            table("Nothing", false, &users),
            table("Logs", true, &logs),
            table("Users", true, &users),
        ],
        ..Catalog::default()
    }
}

fn cut(marked: &str) -> (String, u32) {
    let at = marked.find('▮').unwrap();
    (marked.replace('▮', ""), u32::try_from(at).unwrap())
}

fn labels(marked: &str) -> Vec<String> {
    let (text, caret) = cut(marked);
    complete(&text, caret, &catalog()).items.into_iter().map(|item| item.label).collect()
}

/// The first proposals are these.
#[track_caller]
fn check(marked: &str, expected: &[&str]) {
    let labels = labels(marked);
    assert_eq!(labels.iter().take(expected.len()).collect::<Vec<_>>(), expected, "{marked}");
}

/// These are proposed, and those are not.
#[track_caller]
fn check_some(marked: &str, there: &[&str], absent: &[&str]) {
    let labels = labels(marked);
    let has = |word: &&&str| labels.iter().any(|label| label == **word);
    assert_eq!(
        there.iter().filter(|word| !has(word)).collect::<Vec<_>>(),
        [&""; 0],
        "{marked} in {labels:?}"
    );
    assert_eq!(absent.iter().filter(has).collect::<Vec<_>>(), [&""; 0], "{marked}");
}

#[test]
fn queries_begin_with_tables() {
    check("▮", &["Logs", "Users", "Nothing", "union"]);
    check("Lo▮", &["Logs"]);
    check_some("let a = 1; ▮", &["Logs", "let", "print"], &["a", "where"]);
    check_some("let T = Logs | take 1; ▮", &["T", "Logs"], &[]);
    check("Logs | join kind=inner (▮", &["Logs", "Users"]);
    check_some("union ▮", &["Logs", "withsource="], &["where"]);
    check_some("union Logs, ▮", &["Users"], &["where"]);
    check("// Lo▮", &[]);
    check("Logs | where Name == \"Lo▮\"", &[]);
}

#[test]
fn operators_follow_a_pipe() {
    check("Logs | ▮", &["where", "summarize", "extend", "project"]);
    check("Logs | project-a▮", &["project-away"]);
    check("Logs\n▮", &["where"]);
    check("Logs | where Name has 'x' | s▮", &["summarize", "sort"]);
    check("Logs | mv-apply Bag on (▮", &["where", "summarize"]);
    check("Logs | join (Users | ▮", &["where"]);
}

#[test]
fn columns_are_followed_through_the_pipe() {
    check("Logs | where ▮", &["Time", "Name", "Code", "Ok", "Bag", "_File"]);
    check("Logs | where Name == 'x' and C▮", &["Code"]);
    check("Logs | summarize n = count() by Name | where ▮", &["Name", "n", "abs"]);
    check(
        "Logs | summarize count(), dcount(Code) by bin(Time, 1h) | where ▮",
        &["Time", "count_", "dcount_Code"],
    );
    check("Logs | project a = Code, Name | extend b = 1 | project-away a | where ▮", &["Name", "b", "abs"]);
    check("Logs | project-rename What = Name | project-keep W*, C* | where ▮", &["What", "Code", "abs"]);
    check("Logs | join kind=inner (Users | where ▮) on Name", &["Name", "Mail", "abs"]);
    check("Logs | project Name | join kind=inner Users on Name | where ▮", &["Name", "Name1", "Mail"]);
    check("Logs | project Name | join kind=leftanti Users on Name | where ▮", &["Name", "abs"]);
    check("Logs | project Name | lookup Users on Name | where ▮", &["Name", "Mail", "abs"]);
    check("Logs | project Name | parse Name with 'a' x:long 'b' y | where ▮", &["Name", "x", "y", "abs"]);
    check("Logs | project Bag | mv-apply e = Bag to typeof(string) on (where ▮", &["Bag", "e", "abs"]);
    check("Logs | project Bag | mv-expand e = Bag | where ▮", &["Bag", "e", "abs"]);
    check("Logs | count | where ▮", &["Count", "abs"]);
    check("print a = 1, 'x' | where ▮", &["a", "print_1", "abs"]);
    check("range x from 1 to 3 step 1 | extend ▮", &["x", "abs"]);
    check("datatable(a: long, b: string) [1, 'x'] | where ▮", &["a", "b", "abs"]);
    check("let T = Logs | project Code;\nT | where ▮", &["Code"]);
    check("let T = materialize(Logs | project Code); T | where ▮", &["Code"]);
    check("let f = (n: long) { Logs | project Code, n }; f(1) | where ▮", &["Code", "n"]);
    check("let f = (n: long) { Logs | where ▮ }; f(1)", &["Time"]);
    check_some("let f = (n: long) { Logs | where ▮ }; f(1)", &["n", "Code"], &["f"]);
    check("let T = Logs | project Code | where ▮", &["Code", "abs"]);
    check("Logs | make-series n = count() on Time step 1h by Name | extend ▮", &["Name", "n", "Time"]);
    check("Logs | summarize arg_max(Time, *) by Name | project ▮", &["Name", "Time", "Code", "Ok", "Bag"]);
    check("Logs | where Code in ((Users | project ▮", &["Name", "Mail"]);
    check("Logs | where Code in (▮", &["Time"]);
    check("Logs | where iff(▮", &["Time"]);
    check("Logs | scan declare (s: long) with (step a: ▮", &["Time"]);
}

#[test]
fn clauses_have_their_words() {
    check("Logs | join kind=▮", &["inner", "leftouter"]);
    check("Logs | lookup kind=l▮", &["leftouter"]);
    check("Logs | join kind=inner Users ▮", &["on"]);
    check("Logs | join kind=inner (Users) on ▮", &["Name", "$left.", "$right."]);
    check("Logs | join kind=inner (Users) on $right.▮", &["Name", "Mail"]);
    check("Logs | join kind=inner (Users) on $left.▮", &["Time", "Name"]);
    check("Logs | sort ▮", &["by"]);
    check("Logs | sort by Name ▮", &["asc", "desc"]);
    check("Logs | summarize ▮", &["count", "dcount", "sum"]);
    check_some("Logs | summarize count() ▮", &["by"], &["Name"]);
    check("Logs | summarize count() by ▮", &["Time", "Name"]);
    check("Logs | render t▮", &["timechart", "table", "treemap", "timepivot"]);
    check("Logs | render timechart ▮", &["with"]);
    check("Logs | render timechart with (▮", &["title", "kind"]);
    check("Logs | render columnchart with (kind=▮", &["default", "stacked"]);
    check("Logs | evaluate b▮", &["bag_unpack", "basket"]);
    check("Logs | extend x = tolong(Name, typeof(lo▮", &["long"]);
    check("Logs | mv-expand ▮", &["Bag"]);
    check_some("Logs | mv-expand Bag ▮", &["to typeof("], &["Bag"]);
    check("datatable(a: ▮", &["string", "long"]);
    check("Logs | top 5 ▮", &["by"]);
    check("Logs | where Bag.▮", &[]);
}

#[test]
fn operators_between_expressions_fit_their_kind() {
    check_some("Logs | where Name ▮", &["==", "has", "in", "where"], &["<", "+", "Name"]);
    check_some("Logs | where Code ▮", &["==", ">", "between", "+"], &["has", "contains"]);
    check_some("Logs | where Ok ▮", &["and", "or", "=="], &["has", "+", "<"]);
    check("Logs | where Name h▮", &["has"]);
    check("Logs | where Name !h▮", &["!has"]);
}

#[test]
fn a_proposal_replaces_the_word_and_puts_the_caret() {
    let (text, caret) = cut("Logs | where str▮len");
    let completion = complete(&text, caret, &catalog());
    let item = completion.items.first().unwrap();
    assert_eq!(slice(&text, completion.replaces), "strlen");
    assert_eq!((item.insert.as_str(), item.caret), ("strcat()", 7));
    let (text, caret) = cut("Logs ▮");
    let item =
        complete(&text, caret, &catalog()).items.into_iter().find(|item| item.label == "count").unwrap();
    assert_eq!(item.insert, "| count");
}

#[track_caller]
fn check_signature(marked: &str, expected: Option<(&str, &str, usize)>) {
    let (text, caret) = cut(marked);
    let found = signature_help(&text, caret, &catalog());
    let found = found.map(|help| (help.name, help.parameters.join(", "), help.active.unwrap_or(usize::MAX)));
    let expected =
        expected.map(|(name, parameters, active)| (name.to_owned(), parameters.to_owned(), active));
    assert_eq!(found, expected, "{marked}");
}

#[test]
fn calls_say_what_they_take() {
    check_signature(
        "Logs | where substring(Name, ▮",
        Some(("substring", "text, whole number, [whole number]", 1)),
    );
    check_signature("Logs | where substring(Name, strlen(▮), 3)", Some(("strlen", "text", 0)));
    check_signature(
        "Logs | where substring(Name, strlen(Name), ▮)",
        Some(("substring", "text, whole number, [whole number]", 2)),
    );
    check_signature("Logs | summarize countif(▮", Some(("countif", "condition", 0)));
    check_signature(
        "let f = (n: long, s: string = 'x') { n }; print f(1, ▮",
        Some(("f", "n: long, s: string = 'x'", 1)),
    );
    check_signature("Logs | where Name ▮", None);
    check_signature("Logs | where Name in (▮", None);
    check_signature("Logs | join (▮", None);
    check_signature("Logs | evaluate bag_unpack(Bag, ▮", Some(("bag_unpack", "column, \"prefix_\"", 1)));
}

#[track_caller]
fn check_hover(marked: &str, expected: &str) {
    let (text, at) = cut(marked);
    let found = hover(&text, at, &catalog())
        .map_or_else(String::new, |found| format!("{} → {}", slice(&text, found.span), found.title));
    assert_eq!(found, expected, "{marked}");
}

#[test]
fn words_say_what_they_are() {
    check_hover("▮Logs | where Name == 'x'", "Logs → Logs: table of 5 columns");
    check_hover(
        "Lo▮gs | mv-▮expand Bag".replacen('▮', "", 1).as_str(),
        "mv-expand → mv-expand column to typeof(type)",
    );
    check_hover("Logs | where Na▮me == 'x'", "Name → Name: string");
    check_hover("Logs | summarize n = count() by Name | where ▮n > 1", "n → n: long");
    check_hover("Logs | where str▮len(Name) > 1", "strlen → strlen(text)");
    check_hover("Logs | summarize co▮unt()", "count → count([value])");
    check_hover("let w = 1d; Logs | where Time > ago(▮w)", "w → w: timespan");
    check_hover("Logs | where Name h▮as 'x'", "has → text has \"term\"");
    check_hover("Logs | render ti▮mechart", "timechart → timechart");
    check_hover("Logs | join kind=left▮anti Users on Name", "leftanti → leftanti");
    check_hover("Logs | where Other▮ == 1", "");
    check_hover("Logs | where Name == 'Na▮me'", "");
    check_hover("let f = (n: long) { n }; print ▮f(1)", "f → f(n: long)");
}

#[test]
fn any_place_of_a_broken_text_is_answered() {
    let text = "let f = (n: long, T: (*)) { T | where x > n }; Logs | join kind=inner (Users | mv-apply e = Bag on (where e.x \
                has 'a' | summarize make_set(e)) | partition by Name (top 1 by Code)) on $left.a == $right.b | render piechart \
                with (title='x', kind=stacked) | parse-kv Name as (a: long) with (x='y') | évaluate ]})( typeof(lon";
    let catalog = catalog();
    for at in 0..=text.len() {
        for text in [text, text.get(..at).unwrap_or(text), text.get(at..).unwrap_or(text)] {
            let at = u32::try_from(at).unwrap();
            let completion = complete(text, at, &catalog);
            assert!(completion.items.len() < 1_000);
            let _ = (hover(text, at, &catalog), signature_help(text, at, &catalog));
        }
    }
}
