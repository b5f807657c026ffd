//! `evaluate narrow()`: a row for each cell, with the row's number, the column's name and the value as text.

use super::{Clause, call, name, named, operator};
use crate::{
    bind::{Binder, Pipe, Told},
    json::ArrayWriter,
};
use chartroom_kql_syntax::ast::{Expanded, Expr, ExprKind, Literal, Name, OperatorKind};

/// As a `mv-expand` over the names and the values in lockstep.
pub(super) fn bind(binder: &mut Binder<'_>, pipe: Pipe, clause: &Clause<'_>) -> Result<Pipe, Told> {
    /// Names that no text can hold.
    const ROW: &str = "\u{1}row";
    let span = clause.span;
    if let Some(argument) = clause.arguments.first() {
        return Err(binder.error("KQL0111", argument.span, "`narrow` takes no arguments"));
    }
    let pipe = binder.rows_in_order(pipe);
    let columns: Vec<String> =
        pipe.columns().iter().filter(|column| !column.is_hidden).map(|column| column.name.clone()).collect();
    let mut names = ArrayWriter::default();
    columns.iter().for_each(|column| names.string(column));
    let names = Expr { kind: ExprKind::Literal(Literal::Dynamic(Some(names.finish()))), span, height: 1 };
    let values = columns.iter().map(|column| call("tostring", vec![name(column, span)], span)).collect();
    let zero = Expr { kind: ExprKind::Literal(Literal::Long(Some(0))), span, height: 1 };
    let text = |item| Expanded { item, kind: Some(Name { text: "string".to_owned(), span }) };
    let stages = [
        operator(OperatorKind::Serialize(vec![named(ROW, call("row_number", vec![zero], span))]), span),
        operator(
            OperatorKind::Project(vec![
                named(ROW, name(ROW, span)),
                named("Column", names),
                named("Value", call("pack_array", values, span)),
            ]),
            span,
        ),
        operator(
            OperatorKind::MvExpand {
                is_legacy: false,
                is_bag_to_array: false,
                item_index: None,
                columns: vec![
                    text(named("Column", name("Column", span))),
                    text(named("Value", name("Value", span))),
                ],
                limit: None,
            },
            span,
        ),
        operator(
            OperatorKind::Project(vec![
                named("Row", name(ROW, span)),
                named("Column", name("Column", span)),
                named("Value", name("Value", span)),
            ]),
            span,
        ),
    ];
    binder.operators(pipe, &stages)
}
