//! `find`: rows of any table that meet a condition, with the columns that it names and the rest as a bag.

use super::plugins::{call, name, named, operator, text};
use super::union;
use crate::bind::{Binder, Pipe, Told, children};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{
    Expr, ExprKind, Find, FindColumn, Name, Named, OperatorKind, Pattern, Query, Source, SourceKind,
};
use std::collections::BTreeSet;

/// `find withsource=… in (tables) where condition project columns`.
pub(crate) fn bind(binder: &mut Binder<'_>, find: &Find, span: Span) -> Result<Pipe, Told> {
    let everything = [Pattern { text: "*".to_owned(), is_wild: true, span }];
    let patterns = if find.tables.is_empty() { &everything[..] } else { &find.tables };
    let tables = binder.tables(patterns, find.tables.is_empty(), span)?;
    // A table without a column that the condition names has no such rows.
    let mut wanted = Vec::new();
    names_in(&find.predicate, &mut wanted);
    let has = |columns: &[crate::catalog::CatalogColumn], wanted: &str| {
        columns.iter().any(|column| column.name == wanted)
    };
    let is_known = |wanted: &String| tables.iter().any(|table| has(&table.columns, wanted));
    let unknown = wanted.iter().find(|wanted| !is_known(wanted) && !binder.is_defined(wanted)).cloned();
    if let Some(unknown) = unknown {
        let message = format!("The name `{unknown}` does not refer to any column of these tables");
        return Err(binder.error("KQL0101", find.predicate.span, message));
    }
    wanted.retain(|name| tables.iter().any(|table| has(&table.columns, name)));
    let fitting: Vec<_> = tables
        .iter()
        .filter(|table| table.is_loaded || find.tables.iter().any(|pattern| !pattern.is_wild))
        .filter(|table| wanted.iter().all(|wanted| has(&table.columns, wanted)))
        .collect();
    let chosen = if fitting.is_empty() { tables.iter().take(1).collect() } else { fitting };
    let source = find.with_source.as_ref().map_or("source_", |name| name.text.as_str());
    let mut legs = Vec::new();
    for table in chosen {
        // Documented tables without records have no rows to find, and may lack the columns.
        let columns: BTreeSet<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let mut stages = Vec::new();
        if wanted.iter().all(|wanted| columns.contains(wanted.as_str())) {
            stages.push(operator(OperatorKind::Where(find.predicate.clone()), find.predicate.span));
        }
        let hidden =
            |column: &&crate::catalog::CatalogColumn| !column.is_hidden && !is_without(find, &column.name);
        let items = shown(
            find,
            &wanted,
            &columns,
            table.columns.iter().filter(hidden).map(|column| column.name.as_str()),
        );
        stages.push(operator(OperatorKind::Project(items), span));
        let own = Name { text: table.name.clone(), span };
        let query = Query {
            source: Some(Source { kind: SourceKind::Table(own), span }),
            operators: stages,
            span,
            height: find.predicate.height.saturating_add(2),
        };
        let pipe = binder.pipe(&query)?;
        let pipe = binder.rows_of(pipe);
        legs.push((pipe, table.name.clone()));
    }
    union::unite(binder, legs, false, Some(source), span)
}

fn is_without(find: &Find, column: &str) -> bool {
    find.without.iter().any(|pattern| {
        if pattern.is_wild { crate::bind::is_like(&pattern.text, column) } else { pattern.text == column }
    })
}

/// The columns of one table.
fn shown<'c>(
    find: &Find,
    wanted: &[String],
    columns: &BTreeSet<&str>,
    all: impl Iterator<Item = &'c str>,
) -> Vec<Named> {
    let span = find.predicate.span;
    let mut items: Vec<Named> = Vec::new();
    let mut named_ones: BTreeSet<String> = BTreeSet::new();
    let mut packs = find.columns.is_empty();
    for column in &find.columns {
        match column {
            FindColumn::Pack(_) => packs = true,
            FindColumn::Column(declaration) => {
                let own = &declaration.name.text;
                named_ones.insert(own.clone());
                let kind = declaration.kind.as_ref().map(|kind| kind.text.as_str());
                let value = if columns.contains(own.as_str()) {
                    name(own, declaration.span)
                } else {
                    text("", declaration.span)
                };
                let value = match kind {
                    Some("dynamic") => call("todynamic", vec![value], declaration.span),
                    Some(kind) => call(&format!("to{kind}"), vec![value], declaration.span),
                    None if columns.contains(own.as_str()) => value,
                    // Another table has it; here it is empty.
                    None => continue,
                };
                items.push(named(own, value));
            }
        }
    }
    if find.columns.is_empty() {
        for wanted in
            wanted.iter().filter(|wanted| !is_without(find, wanted) && columns.contains(wanted.as_str()))
        {
            named_ones.insert(wanted.clone());
            items.push(named(wanted, name(wanted, span)));
        }
    }
    if packs && !is_without(find, "pack_") {
        let rest = all.filter(|column| !named_ones.contains(*column));
        let rest: Vec<Expr> = rest.flat_map(|column| [text(column, span), name(column, span)]).collect();
        items.push(named("pack_", call("bag_pack", rest, span)));
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
