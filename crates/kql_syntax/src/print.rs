//! A tree as text, on one line a statement: what was read is read again as the same tree, places aside.
//!
//! Comments and line breaks are no part of a tree: to lay out what a person wrote, see [`crate::format()`].

mod expression;
mod operator;

use crate::{
    ast::{
        ColumnDeclaration, Expr, FindColumn, Function, LetValue, Name, Named, Ordered, Parameter,
        ParameterKind, Pattern, Query, Search, Source, SourceKind, Statement, StatementKind, Union, UnionLeg,
    },
    keyword::{SOURCES, STATEMENTS, is_clause_word, is_operator, is_typed_literal, is_word_operator},
    lex::is_name_char,
    literal::quote,
};

/// The statements, one a line.
#[must_use]
pub fn print(statements: &[Statement]) -> String {
    let lines: Vec<String> = statements.iter().map(statement).collect();
    lines.join(";\n")
}

/// A query on one line.
#[must_use]
pub fn print_query(query: &Query) -> String {
    let source = query.source.iter().map(source);
    let stages = query.operators.iter().map(|operator| operator::operator(&operator.kind));
    source.chain(stages).collect::<Vec<_>>().join(" | ")
}

/// An expression.
#[must_use]
pub fn print_expression(expression: &Expr) -> String {
    expression::expression(expression)
}

/// A column's or variable's name as it has to be written: in brackets where it would mean something else.
#[must_use]
pub fn print_name(text: &str) -> String {
    let is_word =
        text.chars().all(is_name_char) && text.starts_with(|c: char| !c.is_ascii_digit() && is_name_char(c));
    let means_more = is_word_operator(text)
        || is_clause_word(text)
        || is_typed_literal(text)
        || matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE" | "not" | "dynamic");
    if is_word && !means_more { text.to_owned() } else { format!("[{}]", quote(text)) }
}

/// A table's name as it has to be written.
#[must_use]
pub fn print_table(text: &str) -> String {
    if is_operator(text) || SOURCES.contains(&text) || STATEMENTS.contains(&text) {
        return format!("[{}]", quote(text));
    }
    print_name(text)
}

fn statement(statement: &Statement) -> String {
    match &statement.kind {
        StatementKind::Query(query) => print_query(query),
        StatementKind::Let { name, value } => {
            let value = match value {
                LetValue::Expression(value) => expression::argument(value),
                LetValue::Function(value) => function(value),
            };
            format!("let {} = {value}", name_of(name))
        }
        StatementKind::Set { name, value: None } => format!("set {}", name_of(name)),
        StatementKind::Set { name, value: Some(value) } => {
            format!("set {} = {}", name_of(name), print_expression(value))
        }
        StatementKind::Declare(parameters) => {
            format!("declare query_parameters({})", declarations(parameters))
        }
        StatementKind::Other(name) => name.text.clone(),
        StatementKind::Error => String::new(),
    }
}

fn function(function: &Function) -> String {
    let parameters = function.parameters.iter().map(|parameter| {
        let kind = match &parameter.kind {
            ParameterKind::Scalar(kind) => kind.text.clone(),
            ParameterKind::Table(columns) if columns.is_empty() => "(*)".to_owned(),
            ParameterKind::Table(columns) => format!("({})", declarations(columns)),
        };
        format!("{}: {kind}{}", name_of(&parameter.name), default(parameter.default.as_ref()))
    });
    let parameters: Vec<String> = parameters.collect();
    let before: String = function.statements.iter().map(|inner| statement(inner) + "; ").collect();
    format!(
        "{}({}) {{ {before}{} }}",
        if function.is_view { "view " } else { "" },
        parameters.join(", "),
        expression::argument(&function.result)
    )
}

fn source(source: &Source) -> String {
    match &source.kind {
        SourceKind::Table(name) => print_table(&name.text),
        SourceKind::Call { name, arguments } => expression::call(name, arguments),
        SourceKind::Union(with) => union(with),
        SourceKind::Search(with) => search(with),
        SourceKind::Find(find) => {
            let mut text = "find".to_owned();
            if let Some(name) = &find.with_source {
                text.push_str(&format!(" withsource={}", name_of(name)));
            }
            push_parameters(&mut text, &find.parameters);
            push_tables(&mut text, &find.tables);
            text.push_str(&format!(" where {}", print_expression(&find.predicate)));
            if !find.columns.is_empty() {
                let columns = find.columns.iter().map(|column| match column {
                    FindColumn::Column(column) => declaration(column),
                    FindColumn::Pack(_) => "pack(*)".to_owned(),
                });
                text.push_str(&format!(" project {}", columns.collect::<Vec<_>>().join(", ")));
            }
            if !find.without.is_empty() {
                text.push_str(&format!(" project-away {}", patterns(&find.without)));
            }
            text
        }
        SourceKind::Print(items) => format!("print {}", named_list(items)),
        SourceKind::Range { name, from, to, step } => format!(
            "range {} from {} to {} step {}",
            name_of(name),
            print_expression(from),
            print_expression(to),
            print_expression(step)
        ),
        SourceKind::DataTable { columns, values } => {
            format!("datatable({}) [{}]", declarations(columns), expression::list(values))
        }
        SourceKind::ExternalData { columns, locations, properties } => {
            let with = if properties.is_empty() {
                String::new()
            } else {
                format!(" with ({})", properties.iter().map(parameter).collect::<Vec<_>>().join(", "))
            };
            format!("externaldata({}) [{}]{with}", declarations(columns), expression::list(locations))
        }
        SourceKind::Remote(path) => print_expression(path),
    }
}

fn union(union: &Union) -> String {
    let mut text = "union".to_owned();
    if union.is_inner {
        text.push_str(" kind=inner");
    }
    if let Some(name) = &union.with_source {
        text.push_str(&format!(" withsource={}", name_of(name)));
    }
    if union.is_fuzzy {
        text.push_str(" isfuzzy=true");
    }
    push_parameters(&mut text, &union.parameters);
    format!("{text} {}", legs(&union.legs))
}

fn search(search: &Search) -> String {
    let mut text = "search".to_owned();
    if search.is_case_sensitive {
        text.push_str(" kind=case_sensitive");
    }
    push_tables(&mut text, &search.tables);
    format!("{text} {}", print_expression(&search.predicate))
}

fn push_tables(text: &mut String, tables: &[UnionLeg]) {
    if !tables.is_empty() {
        text.push_str(&format!(" in ({})", legs(tables)));
    }
}

fn legs(legs: &[UnionLeg]) -> String {
    let legs = legs.iter().map(|leg| match leg {
        UnionLeg::Tables(tables) => table_pattern(tables),
        UnionLeg::Query(query) => format!("({})", print_query(query)),
    });
    legs.collect::<Vec<_>>().join(", ")
}

fn push_parameters(text: &mut String, parameters: &[Parameter]) {
    for with in parameters {
        text.push(' ');
        text.push_str(&parameter(with));
    }
}

fn parameter(parameter: &Parameter) -> String {
    format!("{}={}", parameter.name.text, print_expression(&parameter.value))
}

fn name_of(name: &Name) -> String {
    print_name(&name.text)
}

fn table_pattern(pattern: &Pattern) -> String {
    if pattern.is_wild { pattern.text.clone() } else { print_table(&pattern.text) }
}

fn pattern(pattern: &Pattern) -> String {
    if pattern.is_wild { pattern.text.clone() } else { print_name(&pattern.text) }
}

fn patterns(items: &[Pattern]) -> String {
    items.iter().map(pattern).collect::<Vec<_>>().join(", ")
}

fn declaration(column: &ColumnDeclaration) -> String {
    let kind = column.kind.as_ref().map_or_else(String::new, |kind| format!(": {}", kind.text));
    format!("{}{kind}{}", name_of(&column.name), default(column.default.as_ref()))
}

fn declarations(columns: &[ColumnDeclaration]) -> String {
    columns.iter().map(declaration).collect::<Vec<_>>().join(", ")
}

fn default(value: Option<&Expr>) -> String {
    value.map_or_else(String::new, |value| format!(" = {}", print_expression(value)))
}

fn named(item: &Named) -> String {
    let value = print_expression(&item.value);
    match &item.name {
        None => value,
        Some(name) if item.more_names.is_empty() => format!("{} = {value}", name_of(name)),
        Some(name) => {
            let names: Vec<String> = std::iter::once(name).chain(&item.more_names).map(name_of).collect();
            format!("({}) = {value}", names.join(", "))
        }
    }
}

fn named_list(items: &[Named]) -> String {
    items.iter().map(named).collect::<Vec<_>>().join(", ")
}

/// The order always; the place of nulls where it is not the order's own.
fn ordered(key: &Ordered) -> String {
    let order = if key.is_ascending { "asc" } else { "desc" };
    let nulls = match (key.is_ascending, key.nulls_first) {
        (true, false) => " nulls last",
        (false, true) => " nulls first",
        _ => "",
    };
    format!("{} {order}{nulls}", named(&key.key))
}

fn ordered_list(keys: &[Ordered]) -> String {
    keys.iter().map(ordered).collect::<Vec<_>>().join(", ")
}
