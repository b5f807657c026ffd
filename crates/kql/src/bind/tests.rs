//! Queries against a small catalogue.

use super::*;
use crate::catalog::{CatalogColumn, CatalogTable, ColumnFacts, ColumnOrigin, TableBody, ViewPart};
use crate::functions;
use crate::plan::{Node, Op};
use crate::program::index;
use crate::value::{Value, push_export};
use chartroom_schema::kind::Kind;

/// Splits at commas outside brackets and quotes.
pub(crate) fn parts(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quote) = (vec![String::new()], 0_i32, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 && quote.is_none() {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push(c);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

pub(crate) fn column(name: &str, kind: Kind, is_hidden: bool) -> CatalogColumn {
    CatalogColumn {
        name: name.to_owned(),
        kind,
        is_hidden,
        about: String::new(),
        rank: 0,
        origin: ColumnOrigin::Stored,
        facts: ColumnFacts::default(),
    }
}

pub(crate) fn catalog() -> Catalog {
    let logs = CatalogTable {
        name: "Logs".to_owned(),
        about: String::new(),
        is_loaded: true,
        columns: vec![
            column("TimeGenerated", Kind::DateTime, false),
            column("Level", Kind::String, false),
            column("Code", Kind::Long, false),
            column("Took", Kind::Real, false),
            column("Ok", Kind::Bool, false),
            column("Props", Kind::Dynamic, false),
            column("AwsRequestId", Kind::String, false),
            column("awsRequestID", Kind::String, true),
            column("Secret", Kind::String, true),
            CatalogColumn { origin: ColumnOrigin::Unreadable, ..column("_Record", Kind::Dynamic, true) },
            CatalogColumn { origin: ColumnOrigin::Offset, ..column("_Offset", Kind::Long, true) },
        ],
        body: TableBody::Home {
            time: "TimeGenerated".to_owned(),
            outcome: r#"iff(Ok, "Succeeded", "Failed")"#.to_owned(),
        },
    };
    let other = CatalogTable {
        name: "Other".to_owned(),
        columns: vec![column("Time", Kind::DateTime, false), column("Level", Kind::Long, false)],
        body: TableBody::Home { time: "Time".to_owned(), outcome: String::new() },
        is_loaded: false,
        ..logs.clone()
    };
    let part = |table: &str, columns: &[(&str, &str)], filter: &str| ViewPart {
        table: table.to_owned(),
        columns: columns.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        filter: filter.to_owned(),
        unlogged: String::new(),
    };
    let events = CatalogTable {
        name: "Events".to_owned(),
        columns: vec![column("TimeGenerated", Kind::DateTime, false), column("What", Kind::String, false)],
        body: TableBody::View {
            parts: vec![
                part("Logs", &[("TimeGenerated", "TimeGenerated"), ("What", "tolower(Level)")], "Code > 0"),
                part("Other", &[("TimeGenerated", "Time"), ("What", "Level")], ""),
            ],
        },
        ..logs.clone()
    };
    Catalog { tables: vec![events, logs, other], ..Catalog::default() }
}

const NOW: Ticks = Ticks(637_635_168_890_000_000);

#[track_caller]
fn plan(text: &str) -> Plan {
    compile(text, &catalog(), NOW).unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"))
}

#[track_caller]
fn check_error(text: &str, code: &str, at: &str, message: &str) {
    let diagnostics = compile(text, &catalog(), NOW).expect_err(text);
    let shown: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| {
            let at = text.get(diagnostic.span.start as usize..diagnostic.span.end as usize).unwrap_or("?");
            (diagnostic.code.as_str(), at, diagnostic.message.as_str(), diagnostic.help.clone())
        })
        .collect();
    assert!(
        shown.iter().any(|(c, a, m, h)| *c == code
            && *a == at
            && (m.contains(message) || h.as_deref().is_some_and(|h| h.contains(message)))),
        "{text}: {shown:#?}"
    );
}

/// The columns of a query as `name:kind`.
#[track_caller]
fn check_columns(text: &str, expected: &str) {
    let plan = plan(text);
    let shown: Vec<String> =
        plan.columns.iter().map(|column| format!("{}:{}", column.name, column.kind.name())).collect();
    assert_eq!(shown.join(" "), expected);
    for source in &plan.sources {
        assert_eq!(source.columns.len(), if plan.is_count { 0 } else { plan.columns.len() });
        for (node, column) in source.columns.iter().zip(&plan.columns) {
            assert_eq!(source.node(*node).unwrap().kind, column.kind, "{}", column.name);
        }
        for (at, node) in source.nodes.iter().enumerate() {
            assert!(node.op.operands().iter().all(|operand| index(*operand) < at));
        }
    }
}

#[test]
fn results_have_the_columns_kusto_gives() {
    check_columns(
        "Logs",
        "TimeGenerated:datetime Level:string Code:long Took:real Ok:bool Props:dynamic AwsRequestId:string",
    );
    check_columns("Logs | project Level, Secret, C = Code + 1.5", "Level:string Secret:string C:real");
    check_columns("Logs | project level", "Level:string");
    check_columns(
        "Logs | project Code | extend Code = tostring(Code), 1 + 1, strlen(\"x\")",
        "Code:string Column1:long strlen_:long",
    );
    check_columns(
        "Logs | project Props.a.b[0], tostring(Props.a), Props[\"x\"], Code + 1",
        "Props_a_b_0:dynamic Props_a:string Props_x:dynamic Column1:long",
    );
}

#[test]
fn counts_unions_and_views() {
    check_columns("Logs | count", "Count:long");
    check_columns("Events", "TimeGenerated:datetime What:string");
    check_columns(
        "union Logs, Other | project Level_string, Level_long, Time",
        "Level_string:string Level_long:long Time:datetime",
    );
    check_columns("union Log* | project Level", "Level:string");
    let plan = plan("Events | where What == 'x' | where TimeGenerated > ago(1d)");
    assert_eq!(plan.sources.len(), 2);
    assert_eq!((plan.selections.len(), plan.where_count()), (3, 2));
    assert_eq!(plan.sources[0].filter.len(), 1);
    assert!(plan.diagnostics.is_empty(), "{:?}", plan.diagnostics);
}

#[test]
fn equal_selections_have_equal_texts() {
    let key = |text: &str| plan(text).selections.pop().unwrap();
    assert_eq!(
        key("Logs | where Code > 1 and Ok"),
        key("Logs | where Code > 1 | extend x = 5 | where Ok | project x | take 5")
    );
    assert_ne!(key("Logs | where Code > 1"), key("Logs | where Code > 2"));
    assert_eq!(plan("Logs | where Code > 1 | where Ok").selections[1], key("Logs | where Code > 1"));
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    check_error("Logs | where Levle == 'x'", "KQL0101", "Levle", "Did you mean `Level`");
    check_error("Lgos", "KQL0104", "Lgos", "loaded are `Events`, `Logs`");
    check_error("Lgos", "KQL0104", "Lgos", "Did you mean `Logs`");
    check_error(
        "Logs | where awsrequestid == 'x'",
        "KQL0102",
        "awsrequestid",
        "`AwsRequestId` or `awsRequestID`",
    );
    check_error("Logs | where Code has 'x'", "KQL0151", "Code", "tostring");
    check_error("Logs | where Code", "KQL0124", "Code", "bool");
    check_error("Logs | where TimeGenerated > '2021-01-01'", "KQL0142", ">", "datetime(");
    check_error("Logs | where Level + 'x' == 'y'", "KQL0143", "+", "strcat");
    check_error(
        "Logs | where Level matches regex '('",
        "KQL0123",
        "Level matches regex '('",
        "regular expression",
    );
    check_error("Logs | where frobnicate(Level)", "KQL0110", "frobnicate", "no function");
    check_error("Logs | where strlen() > 1", "KQL0111", "strlen()", "1 arguments, not 0");
    check_error("Logs | summarize Code", "KQL0170", "Code", "aggregate");
    check_error("Logs | where count() > 1", "KQL0114", "count", "not allowed");
    check_error("Logs | wher Ok", "KQL0012", "wher", "`where`");
    check_error("Logs | project _Record", "KQL0103", "_Record", "cannot be used");
    check_error("Logs | sort by Props", "KQL0164", "Props", "dynamic");
    check_error("let x = 1; let x = 2; Logs", "KQL0028", "x", "already");
    check_error("Logs | where Code = 5", "KQL0014", "=", "compares");
    check_error("Logs | where * !has 'x'", "KQL0150", "* !has 'x'", "not(* has");
    check_error("", "KQL0010", "", "no query");
    let both = compile("Logs | where A == 1 and B == 2 | project C", &catalog(), NOW).unwrap_err();
    assert_eq!(both.len(), 3);
}

/// The codes of all errors, each with the part of the text that it is about.
#[track_caller]
fn check_errors(query: &str, expected: &[(&str, &str)]) {
    let told = compile(query, &catalog(), NOW).unwrap_err();
    let errors = told.iter().filter(|told| told.severity == chartroom_base::diagnostic::Severity::Error);
    let place = |span: chartroom_base::diagnostic::Span| &query[span.start as usize..span.end as usize];
    let errors: Vec<_> = errors.map(|error| (error.code.as_str(), place(error.span))).collect();
    assert_eq!(errors, expected, "{told:#?}");
}

#[test]
fn all_that_is_wrong_is_told_at_once_and_each_mistake_once() {
    // Behind each operator that fails the others are bound.
    check_errors(
        "Logs | extend a = nope(Level), b = Levle | where Code has 'x' | project Other = strlen(), Code | take 'x'",
        &[("KQL0110", "nope"), ("KQL0101", "Levle"), ("KQL0151", "Code"), ("KQL0111", "strlen()")],
    );
    // What a failed operator would have made is not missed, and nothing is told of its kind.
    check_errors(
        "Logs | extend a = nope(1) | where a has 'x' and a > 5 | summarize b = sum(a) by a | sort by b, a | where c == 1",
        &[("KQL0110", "nope")],
    );
    // What it leaves as it is keeps its kind.
    check_errors(
        "Logs | extend a = nope(1) | where Code has 'x'",
        &[("KQL0110", "nope"), ("KQL0151", "Code")],
    );
    // Behind a table that is not there only what is wrong in any case.
    check_errors(
        "Lgos | where Anything == 1 and frobnicate(x) | summarize sum(strlen()) by y | project z",
        &[("KQL0104", "Lgos"), ("KQL0110", "frobnicate"), ("KQL0111", "strlen()")],
    );
    // A query within begins anew, and what is behind it goes on.
    check_errors(
        "Logs | extend a = nope(1) | join (Logs | where Levle == 1 | project Level) on b | where frobnicate(a)",
        &[("KQL0110", "nope"), ("KQL0101", "Levle"), ("KQL0110", "frobnicate")],
    );
    check_errors(
        "let T = Lgos | where foo(1); Logs | where Level in (T) or Levle == 'x'",
        &[("KQL0104", "Lgos"), ("KQL0110", "foo"), ("KQL0101", "Levle")],
    );
    // A mistake of the parser and those of the binder.
    check_errors(
        "Logs | wher Ok | where Levle == 'x' | where bar(1)",
        &[("KQL0012", "wher"), ("KQL0110", "bar")],
    );
}

#[test]
fn a_column_that_was_left_out_is_said_to_be() {
    check_error(
        "Logs | summarize count() by Level | where Code == 1",
        "KQL0101",
        "Code",
        "`summarize` left it out",
    );
    check_error("Logs | project Level | extend x = Code", "KQL0101", "Code", "`project` left it out");
}

#[test]
fn constants_are_worked_out_while_binding() {
    let source = plan("Logs | where TimeGenerated > ago(1d) + 2h - 1m and Code in (1 + 1, toint('7'))")
        .sources
        .remove(0);
    assert!(source.nodes.iter().all(
        |node| !matches!(node.op, Op::Call { ref function, .. } if function == "ago" || function == "toint")
    ));
}

/// Kinds and values of the columns of a constant expression, or what is wrong with it.
fn try_columns(expression: &str) -> Result<Vec<(Kind, Value<'static>)>, String> {
    let query = format!("Logs | project x = {expression}");
    let plan = compile(&query, &catalog(), NOW)
        .map_err(|errors| format!("{:?}", errors.first().map(|error| &error.message)))?;
    let source = plan.sources.first().ok_or("no source")?;
    let column = |id| match source.node(id) {
        Some(Node { kind, op: Op::Constant(constant) }) => Ok((*kind, Value::from(constant))),
        _ => Err("is no constant".to_owned()),
    };
    source.columns.iter().map(|id| column(*id)).collect()
}

/// Kind and value of a constant expression, or what is wrong with it.
pub(crate) fn try_constant(expression: &str) -> Result<(Kind, Value<'static>), String> {
    try_columns(expression)?.into_iter().next().ok_or_else(|| "no column".to_owned())
}

/// Kind and value of a constant expression.
#[track_caller]
pub(crate) fn constant(expression: &str) -> (Kind, Value<'static>) {
    try_constant(expression).unwrap_or_else(|message| panic!("{expression}: {message}"))
}

#[test]
fn every_function_is_documented_and_does_what_its_examples_say() {
    let mut wrong = Vec::new();
    for function in functions::ALL {
        assert!(!function.about.is_empty() && !function.examples.is_empty(), "{}", function.name);
        assert!(function.about.ends_with('.'), "{}", function.name);
        for (expression, expected) in function.examples {
            let columns = match try_columns(expression) {
                Ok(columns) => columns,
                Err(message) => {
                    wrong.push(format!("{expression}: {message}"));
                    continue;
                }
            };
            let shown = columns.iter().map(|(kind, value)| {
                let mut shown = String::new();
                push_export(&mut shown, value, *kind);
                if value.is_null() { "null".to_owned() } else { shown }
            });
            // A function of several columns shows them all.
            let shown = shown.collect::<Vec<_>>().join(", ");
            if shown != *expected {
                wrong.push(format!("{expression}\n    is       {shown}\n    expected {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn functions_are_listed_once_by_name() {
    let names: Vec<&str> = functions::ALL
        .iter()
        .flat_map(|function| function.aliases.iter().copied().chain([function.name]))
        .collect();
    for name in &names {
        assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
    }
}
