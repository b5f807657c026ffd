//! `fork` and `facet`: several results from the same rows.
//!
//! Kusto gives one table each. Here they stand in one, one below the other, with a first column that says which, and a warning says so.

use super::{
    plugins::{name, named, operator},
    union,
};
use crate::bind::{Binder, Pipe, Told};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{Expr, ExprKind, ForkLeg, Name, OperatorKind, Query};

/// The column that says which result a row is of.
const WHICH: &str = "$table";

/// `fork name=(query) …`.
pub(crate) fn bind(binder: &mut Binder<'_>, pipe: Pipe, legs: &[ForkLeg], span: Span) -> Result<Pipe, Told> {
    let relation = binder.seal_all(pipe);
    let all = binder.columns_of(relation).len();
    let mut pipes = Vec::new();
    let mut result = Ok(());
    for (number, leg) in legs.iter().enumerate() {
        let pipe = binder.restart(relation, all);
        match binder.operators(pipe, &leg.body.operators) {
            Ok(pipe) => {
                let name =
                    leg.name.as_ref().map_or_else(|| format!("fork_{number}"), |name| name.text.clone());
                pipes.push((binder.rows_of(pipe), name));
            }
            Err(told) => result = Err(told),
        }
    }
    result?;
    together(binder, pipes, span)
}

/// `facet by columns with (query)`.
pub(crate) fn bind_facet(
    binder: &mut Binder<'_>,
    pipe: Pipe,
    by: &[Name],
    with: Option<&Query>,
    span: Span,
) -> Result<Pipe, Told> {
    let relation = binder.seal_all(pipe);
    let all = binder.columns_of(relation).len();
    let mut pipes = Vec::new();
    let mut result = Ok(());
    for column in by {
        let count = Expr {
            kind: ExprKind::Call {
                name: Name { text: "count".to_owned(), span: column.span },
                arguments: Vec::new(),
            },
            span: column.span,
            height: 1,
        };
        let stage = OperatorKind::Summarize {
            aggregates: vec![named(&format!("count_{}", column.text), count)],
            by: vec![named(&column.text, name(&column.text, column.span))],
            parameters: Vec::new(),
        };
        let pipe = binder.restart(relation, all);
        match binder.operators(pipe, &[operator(stage, column.span)]) {
            Ok(pipe) => pipes.push((pipe, column.text.clone())),
            Err(told) => result = Err(told),
        }
    }
    if let Some(with) = with {
        let pipe = binder.restart(relation, all);
        match binder.operators(pipe, &with.operators) {
            Ok(pipe) => pipes.push((binder.rows_of(pipe), "with".to_owned())),
            Err(told) => result = Err(told),
        }
    }
    result?;
    together(binder, pipes, span)
}

fn together(binder: &mut Binder<'_>, pipes: Vec<(Pipe, String)>, span: Span) -> Result<Pipe, Told> {
    if pipes.len() > 1 {
        let message = format!("{} results stand one below the other here; `{WHICH}` says which", pipes.len());
        binder.warn("KQL0191", span, message);
    }
    union::unite(binder, pipes, false, Some(WHICH), span)
}
