//! The values of rows, exactly as exported.

use super::{Context, reader::read_row, selection::RowRef};
use crate::{
    plan::Plan,
    program::{Program, index},
    value::push_export,
};

/// Shows rows of a plan; made once per plan, used for many rows.
pub struct CellReader {
    /// Per source: its expressions, and the node of each column.
    sources: Vec<(Program, Vec<usize>)>,
}

impl CellReader {
    /// For the columns of a plan.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let source = |source: &crate::plan::Source| {
            (Program::new(source, plan.now), source.columns.iter().map(|id| index(*id)).collect())
        };
        Self { sources: plan.sources.iter().map(source).collect() }
    }

    /// One value per column of the plan; `None` is null. Strings are never null.
    #[must_use]
    pub fn cells(&self, context: Context<'_>, row: RowRef) -> Vec<Option<String>> {
        let Some((program, columns)) = self.sources.get(usize::from(row.source)) else { return Vec::new() };
        let Some(table) = context.store.table(&program.table) else { return vec![None; columns.len()] };
        let values = read_row(program, context, table, row.row, columns);
        let cell = |node: &usize| {
            let (value, instruction) = (values.get(*node)?, program.instructions().get(*node)?);
            if value.is_null() {
                return None;
            }
            let mut text = String::new();
            push_export(&mut text, value, instruction.kind);
            Some(text)
        };
        columns.iter().map(cell).collect()
    }
}

/// One value per column of the plan; `None` is null. For many rows of one plan, keep a [`CellReader`].
#[must_use]
pub fn cells(plan: &Plan, context: Context<'_>, row: RowRef) -> Vec<Option<String>> {
    CellReader::new(plan).cells(context, row)
}
