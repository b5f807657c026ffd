//! `datatable`, `print`: rows that stand in the text.

use super::{Body, Operator, Pulled, Refusal, Run, Setup};
use crate::{
    bind::{Binder, Given, Names, Pipe, Told},
    convert::convert,
    frame::{BATCH_ROWS, Frame, Vector},
    plan::Constant,
    relation::Column,
    value::Value,
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{ColumnDeclaration, Expr, Named};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Constant rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// How many.
    pub count: u64,
    /// The values, column by column, of the columns' kinds.
    pub columns: Vec<Vec<Constant>>,
}

/// `print a = 1, 2`.
pub(crate) fn bind_print(binder: &mut Binder<'_>, items: &[Named]) -> Result<Pipe, Told> {
    let relation = binder.relation(Body::Rows(Rows { count: 1, columns: Vec::new() }), Vec::new(), Vec::new());
    let mut pipe = binder.restart(relation, 0);
    let spread = binder.spread(&mut pipe, items, false)?;
    binder.check_names(items)?;
    let mut names = Names::new(items.iter().flat_map(|item| item.name.iter().chain(&item.more_names)));
    let place = |value: &Expr| items.iter().position(|item| item.value.span == value.span).unwrap_or_default();
    let given = spread.into_iter().map(|item| {
        let name = item.name.map(|name| name.text.clone()).or(item.own);
        let name = name.unwrap_or_else(|| format!("print_{}", place(item.value)));
        Given::new(names.next(Some(name)), item.cells)
    });
    let given = given.collect();
    binder.show_given(&mut pipe, given);
    Ok(pipe)
}

/// `datatable(a: long) [1, 2]`.
pub(crate) fn bind_datatable(
    binder: &mut Binder<'_>,
    declared: &[ColumnDeclaration],
    values: &[Expr],
    span: Span,
) -> Result<Pipe, Told> {
    let mut columns: Vec<Column> = Vec::new();
    for declaration in declared {
        let kind = match &declaration.kind {
            Some(kind) => binder.kind_named(kind)?,
            None => return Err(binder.error("KQL0125", declaration.span, "The column needs a type")),
        };
        columns.push(Column::new(declaration.name.text.clone(), kind));
    }
    if columns.is_empty() || !values.len().is_multiple_of(columns.len()) {
        let message = format!("{} values do not fill rows of {} columns", values.len(), columns.len());
        return Err(binder.error("KQL0035", span, message));
    }
    let mut rows = Rows { count: (values.len() / columns.len()) as u64, columns: vec![Vec::new(); columns.len()] };
    for (at, value) in values.iter().enumerate() {
        let Some(column) = columns.get(at % columns.len()) else { continue };
        let (kind, constant) = binder.constant(value)?;
        let value = convert(Value::from(&constant), kind, column.kind());
        if let Some(values) = rows.columns.get_mut(at % columns.len()) {
            values.push(Constant::from(value));
        }
    }
    let count = columns.len();
    let relation = binder.relation(Body::Rows(rows), Vec::new(), columns);
    Ok(binder.restart(relation, count))
}

/// `getschema`: a row per column.
pub(crate) fn bind_getschema(binder: &mut Binder<'_>, pipe: Pipe) -> Pipe {
    let pipe = binder.rows_of(pipe);
    let shown: Vec<Column> =
        pipe.given().into_iter().map(|given| given.column).filter(|column| !column.is_hidden).collect();
    let text = |text: &str| Constant::Text(text.to_owned());
    let columns = vec![
        shown.iter().map(|column| text(&column.shown.name)).collect(),
        (0_i64..).zip(&shown).map(|(at, _)| Constant::Long(at)).collect(),
        shown.iter().map(|column| text(data_type(column.kind()))).collect(),
        shown.iter().map(|column| text(column.kind().name())).collect(),
    ];
    let names = [("ColumnName", Kind::String), ("ColumnOrdinal", Kind::Int), ("DataType", Kind::String), ("ColumnType", Kind::String)];
    let rows = Rows { count: shown.len() as u64, columns };
    let columns: Vec<Column> = names.iter().map(|(name, kind)| Column::new(*name, *kind)).collect();
    let count = columns.len();
    let relation = binder.relation(Body::Rows(rows), Vec::new(), columns);
    Pipe { is_serialized: true, ..binder.restart(relation, count) }
}

/// What Kusto calls the type in `getschema`.
const fn data_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "System.SByte",
        Kind::Int => "System.Int32",
        Kind::Long => "System.Int64",
        Kind::Real => "System.Double",
        Kind::Decimal => "System.Data.SqlTypes.SqlDecimal",
        Kind::DateTime => "System.DateTime",
        Kind::TimeSpan => "System.TimeSpan",
        Kind::Guid => "System.Guid",
        Kind::String => "System.String",
        Kind::Dynamic => "System.Object",
    }
}

impl Operator for Rows {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Giving { rows: self.clone(), kinds: setup.output_kinds(), next: 0 })
    }
}

struct Giving {
    rows: Rows,
    kinds: Vec<Kind>,
    next: usize,
}

impl Run for Giving {
    fn push(&mut self, _: usize, _: Frame) -> Result<(), Refusal> {
        Ok(())
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        let count = usize::try_from(self.rows.count).unwrap_or(usize::MAX);
        let range = self.next..count.min(self.next.saturating_add(BATCH_ROWS));
        if range.is_empty() {
            return Ok(Pulled::Nothing);
        }
        self.next = range.end;
        let column = |(column, kind): (&Vec<Constant>, &Kind)| {
            let constants = column.get(range.clone()).unwrap_or_default();
            Rc::new(Vector::from_values(*kind, constants.iter().map(Value::from)))
        };
        let columns = self.rows.columns.iter().zip(&self.kinds).map(column).collect();
        Ok(Pulled::Frame(Frame::new(range.len(), columns)))
    }
}
