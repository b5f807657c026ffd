//! `evaluate pivot(column, aggregate, keys …)`: a column for each value of one column.

use super::{Clause, call, column_of, name, named, operator, text};
use crate::{
    aggregates,
    bind::{Binder, Given, Pipe, Told, children},
    operators::{Body, summarize},
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{BinaryOperator, Expr, ExprKind, OperatorKind};
use chartroom_schema::kind::Kind;
use std::collections::BTreeSet;

/// Names that no text can hold.
const VALUE: &str = "\u{1}value";
const CELL: &str = "\u{1}cell";

/// As two `summarize`s: the aggregate by keys and value, then one column per value by keys.
pub(super) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &Clause<'_>) -> Result<Pipe, Told> {
    let span = clause.span;
    let column = column_of(binder, clause, clause.arguments.first())?;
    let rest = clause.arguments.get(1..).unwrap_or_default();
    let (aggregate, rest) = match rest.split_first() {
        Some((first, rest)) if matches!(first.kind, ExprKind::Call { .. }) => (first.clone(), rest),
        _ => (call("count", Vec::new(), span), rest),
    };
    let is_aggregate = |expression: &Expr| match &expression.kind {
        ExprKind::Call { name, .. } => aggregates::find(&name.text).is_some(),
        _ => false,
    };
    if !is_aggregate(&aggregate) {
        return Err(binder.error(
            "KQL0112",
            aggregate.span,
            "`pivot` needs an aggregate here, such as `count()`",
        ));
    }
    let relation = binder.seal_all(pipe);
    let all = binder.columns_of(relation).len();
    let mut pipe = binder.restart(relation, all);
    let cells =
        binder.cells(&mut pipe, &call("tostring", vec![name(&column.text, column.span)], column.span))?;
    let mut keys: Vec<String> = Vec::new();
    for key in rest {
        keys.push(column_of(binder, clause, Some(key))?.text);
    }
    if rest.is_empty() {
        let mut used = BTreeSet::from([column.text.clone()]);
        names_in(&aggregate, &mut used);
        let shown = pipe.columns().iter().filter(|column| !column.is_hidden && !used.contains(&column.name));
        keys.extend(shown.map(|column| column.name.clone()));
    }
    let values = match clause.schema {
        Some(schema) => {
            let declared = schema.columns.iter().map(|column| column.name.text.clone());
            declared.filter(|name| !keys.contains(name)).collect()
        }
        None => {
            let found = binder.seal(pipe, vec![Given::new("", cells)]);
            let columns = binder.columns_of(found);
            let distinct = binder.relation(
                Body::Summarize(summarize::Summarize::distinct(vec![0])),
                vec![found],
                columns,
            );
            let shape = binder.shape(distinct, span)?;
            shape.into_iter().flatten().collect::<BTreeSet<String>>().into_iter().collect::<Vec<_>>()
        }
    };
    let by = |keys: &[String]| keys.iter().map(|key| named(key, name(key, span))).collect::<Vec<_>>();
    let mut inner = by(&keys);
    inner.push(named(VALUE, call("tostring", vec![name(&column.text, column.span)], span)));
    // Where there is nothing to count or add up stands 0, else null.
    let is_sum = match &aggregate.kind {
        ExprKind::Call { name, .. } => {
            matches!(
                name.text.as_str(),
                "count"
                    | "countif"
                    | "dcount"
                    | "dcountif"
                    | "count_distinct"
                    | "count_distinctif"
                    | "sum"
                    | "sumif"
            )
        }
        _ => false,
    };
    let pick = if is_sum { "sumif" } else { "take_anyif" };
    let mut names = BTreeSet::from_iter(keys.iter().cloned());
    let outer = values.iter().map(|value| {
        // A value that is called like a key gets a number.
        let mut own = value.clone();
        let mut number = 1_u32;
        while !names.insert(own.clone()) {
            own = format!("{value}{number}");
            number = number.saturating_add(1);
        }
        named(&own, call(pick, vec![name(CELL, span), equal(VALUE, value, span)], span))
    });
    let aggregates = outer.collect();
    let stages =
        [summarized(vec![named(CELL, aggregate)], inner, span), summarized(aggregates, by(&keys), span)];
    let pipe = binder.restart(relation, all);
    let mut pipe = binder.operators(pipe, &stages)?;
    if let Some(schema) = clause.schema {
        for declared in &schema.columns {
            let Some(kind) = &declared.kind else { continue };
            let kind = binder.kind_named(kind)?;
            let own = pipe.columns().iter().find(|own| own.name == declared.name.text).map(|own| own.kind);
            if own.is_some_and(|own| own != kind) {
                let function =
                    if kind == Kind::Dynamic { "todynamic".to_owned() } else { format!("to{}", kind.name()) };
                let value = call(&function, vec![name(&declared.name.text, declared.span)], declared.span);
                let extended = operator(OperatorKind::Extend(vec![named(&declared.name.text, value)]), span);
                pipe = binder.operators(pipe, &[extended])?;
            }
        }
    }
    Ok(pipe)
}

fn summarized(
    aggregates: Vec<chartroom_kql_syntax::ast::Named>,
    by: Vec<chartroom_kql_syntax::ast::Named>,
    span: Span,
) -> chartroom_kql_syntax::ast::Operator {
    operator(OperatorKind::Summarize { aggregates, by, parameters: Vec::new() }, span)
}

/// `column == "value"`.
fn equal(column: &str, value: &str, span: Span) -> Expr {
    let kind = ExprKind::Binary {
        operator: BinaryOperator::Equal,
        at: span,
        left: Box::new(name(column, span)),
        right: Box::new(text(value, span)),
    };
    Expr { kind, span, height: 2 }
}

/// The names in an expression.
fn names_in(expression: &Expr, names: &mut BTreeSet<String>) {
    if let ExprKind::Name(name) = &expression.kind {
        names.insert(name.clone());
    }
    children(expression).into_iter().for_each(|child| names_in(child, names));
}
