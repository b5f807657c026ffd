//! `find`: rows of any table that meet a condition, with the columns that it names and the rest as a bag.

use super::plugins::{call, name, named, operator, text};
use super::union;
use crate::bind::{Binder, Pipe, Told, children};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{
    Expr, ExprKind, Find, FindColumn, Literal, Name, Named, OperatorKind, Pattern, Query, Source, SourceKind,
    UnionLeg,
};
use chartroom_schema::kind::Kind;
use std::collections::BTreeSet;

/// Rows in which `find` looks.
struct Leg {
    /// What the result calls them.
    name: String,
    query: Query,
    /// The columns that they show.
    columns: Vec<(String, Kind)>,
    /// The columns that a condition may name, hidden ones too.
    known: BTreeSet<String>,
    /// A table that a pattern means and that has no records is not looked into.
    is_optional: bool,
}

impl Leg {
    fn has(&self, name: &str) -> bool {
        self.known.contains(name)
    }
}

/// `find withsource=… in (tables) where condition project columns`.
pub(crate) fn bind(binder: &mut Binder<'_>, find: &Find, span: Span) -> Result<Pipe, Told> {
    let everything = [UnionLeg::Tables(Pattern { text: "*".to_owned(), is_wild: true, span })];
    let legs = legs(binder, if find.tables.is_empty() { &everything } else { &find.tables }, span)?;
    // A table without a column that the condition names has no such rows.
    let mut wanted = Vec::new();
    names_in(&find.predicate, &mut wanted);
    let is_known = |wanted: &String| legs.iter().any(|leg| leg.has(wanted));
    let unknown = wanted.iter().find(|wanted| !is_known(wanted) && !binder.is_defined(wanted)).cloned();
    if let Some(unknown) = unknown {
        let message = format!("The name `{unknown}` does not refer to any column of these tables");
        return Err(binder.error("KQL0101", find.predicate.span, message));
    }
    wanted.retain(is_known);
    // Of `a == 1 or b == 2` a table with one of them may have rows; what it lacks is empty there.
    let fits = |leg: &&Leg| {
        wanted.is_empty() || looks_everywhere(&find.predicate) || wanted.iter().any(|name| leg.has(name))
    };
    let fitting: Vec<&Leg> = legs.iter().filter(|leg| !leg.is_optional).filter(fits).collect();
    let chosen: Vec<&Leg> = if fitting.is_empty() { legs.iter().take(1).collect() } else { fitting };
    let common: Vec<String> = chosen.first().map_or_else(Vec::new, |first| {
        let in_all = |column: &&(String, Kind)| chosen.iter().all(|leg| leg.columns.contains(column));
        first.columns.iter().filter(in_all).map(|(name, _)| name.clone()).collect()
    });
    let mut shown = common;
    shown.extend(wanted.iter().filter(|name| !shown.contains(name)).cloned().collect::<Vec<_>>());
    let packs = chosen.iter().any(|leg| leg.columns.iter().any(|(name, _)| !shown.contains(name)));
    let source = find.with_source.as_ref().map_or("source_", |name| name.text.as_str());
    let mut pipes = Vec::new();
    for leg in chosen {
        let missing = wanted
            .iter()
            .filter(|name| !leg.has(name))
            .map(|name| named(name, nothing(kind_of(&legs, name), span)));
        let missing: Vec<Named> = missing.collect();
        let mut stages = Vec::new();
        if !missing.is_empty() {
            stages.push(operator(OperatorKind::Extend(missing), span));
        }
        let pipe = binder.pipe(&leg.query)?;
        let pipe = binder.operators(pipe, &stages)?;
        let pipe = binder.filter(pipe, &find.predicate, find.predicate.span, Some(true))?;
        let items = OperatorKind::Project(columns_of(find, leg, &legs, &shown, packs));
        let pipe = binder.operators(pipe, &[operator(items, span)])?;
        pipes.push((binder.rows_of(pipe), leg.name.clone()));
    }
    union::unite(binder, pipes, false, Some(source), span)
}

/// The kind that a column has somewhere.
fn kind_of(legs: &[Leg], column: &str) -> Kind {
    let mut columns = legs.iter().flat_map(|leg| &leg.columns);
    columns.find(|(name, _)| name == column).map_or(Kind::String, |(_, kind)| *kind)
}

/// An empty value of a kind.
fn nothing(kind: Kind, span: Span) -> Expr {
    let empty = text("", span);
    match kind {
        Kind::String => empty,
        Kind::Dynamic => call("todynamic", vec![empty], span),
        kind => call(&format!("to{}", kind.name()), vec![empty], span),
    }
}

/// Whether some of a condition looks in all columns: `* has "x"`, or a bare text.
fn looks_everywhere(expression: &Expr) -> bool {
    let is_text = |expression: &Expr| matches!(expression.kind, ExprKind::Literal(Literal::String(_)));
    match &expression.kind {
        ExprKind::Star => true,
        ExprKind::And(operands) | ExprKind::Or(operands) => {
            operands.iter().any(|operand| is_text(operand) || looks_everywhere(operand))
        }
        _ => {
            is_text(expression) || children(expression).into_iter().any(|child| child.kind == ExprKind::Star)
        }
    }
}

/// Where to look.
fn legs(binder: &mut Binder<'_>, tables: &[UnionLeg], span: Span) -> Result<Vec<Leg>, Told> {
    let mut legs = Vec::new();
    for table in tables {
        match table {
            UnionLeg::Query(query) => legs.push(made(binder, None, (**query).clone(), legs.len())?),
            UnionLeg::Tables(pattern) if !pattern.is_wild && binder.is_defined(&pattern.text) => {
                let own = binder.is_view(&pattern.text).then(|| pattern.text.clone());
                legs.push(made(binder, own, of_table(&pattern.text, span), legs.len())?);
            }
            UnionLeg::Tables(pattern) => {
                for view in binder.views_like(pattern) {
                    let query = of_table(&view, span);
                    legs.push(made(binder, Some(view), query, legs.len())?);
                }
                for table in binder.tables(std::slice::from_ref(pattern), pattern.is_wild, span)? {
                    let shown = table.columns.iter().filter(|column| !column.is_hidden);
                    legs.push(Leg {
                        query: of_table(&table.name, span),
                        columns: shown.map(|column| (column.name.clone(), column.kind)).collect(),
                        known: table.columns.iter().map(|column| column.name.clone()).collect(),
                        is_optional: pattern.is_wild && !table.is_loaded,
                        name: table.name,
                    });
                }
            }
        }
    }
    Ok(legs)
}

fn of_table(table: &str, span: Span) -> Query {
    let kind = SourceKind::Table(Name { text: table.to_owned(), span });
    Query { source: Some(Source { kind, span }), operators: Vec::new(), span, height: 2 }
}

/// Rows that the text makes; without a name of their own they bear that of their place.
fn made(binder: &mut Binder<'_>, name: Option<String>, query: Query, place: usize) -> Result<Leg, Told> {
    let pipe = binder.pipe(&query)?;
    let pipe = binder.rows_of(pipe);
    let columns = pipe.columns().iter();
    Ok(Leg {
        name: name.or(pipe.name.clone()).unwrap_or_else(|| format!("union_arg{place}")),
        columns: columns
            .clone()
            .filter(|column| !column.is_hidden)
            .map(|column| (column.name.clone(), column.kind))
            .collect(),
        known: columns.map(|column| column.name.clone()).collect(),
        query,
        is_optional: false,
    })
}

fn is_without(find: &Find, column: &str) -> bool {
    find.without.iter().any(|pattern| {
        if pattern.is_wild { crate::bind::is_like(&pattern.text, column) } else { pattern.text == column }
    })
}

/// The columns of one leg: those that the text lists, else `shown`; the rest as a bag where there is one to be shown.
fn columns_of(find: &Find, leg: &Leg, legs: &[Leg], shown: &[String], packs: bool) -> Vec<Named> {
    let span = find.predicate.span;
    let mut items: Vec<Named> = Vec::new();
    let mut named_ones: BTreeSet<&str> = BTreeSet::new();
    let mut packs = packs && find.columns.is_empty();
    for column in &find.columns {
        match column {
            FindColumn::Pack(_) => packs = true,
            FindColumn::Column(declaration) => {
                let own = &declaration.name.text;
                named_ones.insert(own);
                let kind = declaration.kind.as_ref().map(|kind| kind.text.as_str());
                // Another table may have it; then it is empty here.
                let value =
                    if leg.has(own) { name(own, declaration.span) } else { text("", declaration.span) };
                let value = match kind {
                    Some("dynamic") => call("todynamic", vec![value], declaration.span),
                    Some(kind) => call(&format!("to{kind}"), vec![value], declaration.span),
                    None if leg.has(own) => value,
                    None => nothing(kind_of(legs, own), declaration.span),
                };
                items.push(named(own, value));
            }
        }
    }
    if find.columns.is_empty() {
        for own in shown.iter().filter(|own| !is_without(find, own)) {
            named_ones.insert(own);
            items.push(named(own, name(own, span)));
        }
    }
    if packs && !is_without(find, "pack_") {
        let rest = leg.columns.iter().map(|(name, _)| name.as_str());
        let rest = rest.filter(|column| !named_ones.contains(column) && !is_without(find, column));
        let rest: Vec<Expr> = rest.flat_map(|column| [text(column, span), name(column, span)]).collect();
        let bag = if rest.is_empty() {
            call("todynamic", vec![text("{}", span)], span)
        } else {
            call("bag_pack", rest, span)
        };
        items.push(named("pack_", bag));
    }
    items
}

/// The columns that a condition names, in order, each once.
fn names_in(expression: &Expr, names: &mut Vec<String>) {
    if let ExprKind::Name(name) = &expression.kind
        && !names.contains(name)
    {
        names.push(name.clone());
    }
    children(expression).into_iter().for_each(|child| names_in(child, names));
}
