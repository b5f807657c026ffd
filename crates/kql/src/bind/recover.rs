//! What is bound behind a mistake: all errors of a query are told at once, but one mistake once.
//!
//! **Invariant:** behind an operator (or source) that could not be bound the pipe is *open*: it has the columns that the operator leaves
//! as they were, and a name that is none of them may be one that the operator would have made. So nothing is told of such names, and of
//! the rest only what holds whatever the operator would have given ([`SURE`]). A query of its own within (the right side of a join)
//! begins anew.

use super::{Binder, Pipe, Told};
use crate::{
    operators::{Body, rows::Rows},
    relation::Column,
};
use chartroom_kql_syntax::ast::{ExprKind, Named, Operator, OperatorKind, Query};
use chartroom_schema::kind::Kind;

/// Mistakes that are ones however the columns came about.
const SURE: &[&str] = &[
    "KQL0020", "KQL0022", "KQL0101", "KQL0102", "KQL0104", "KQL0110", "KQL0111", "KQL0112", "KQL0113",
    "KQL0114", "KQL0115", "KQL0124", "KQL0125", "KQL0142", "KQL0143", "KQL0144", "KQL0151", "KQL0152",
];

/// Names and kinds of columns.
type Columns = Vec<(String, Kind)>;

/// What is known of mistakes and lost columns at one place of a pipe.
#[derive(Default)]
pub(crate) struct Recovery {
    /// Whether something before could not be bound.
    pub(super) is_open: bool,
    /// Columns that an operator left out, and which.
    lost: Vec<(String, String)>,
}

impl Recovery {
    /// Which operator left a column out.
    pub(super) fn lost(&self, name: &str) -> Option<&str> {
        self.lost.iter().rev().find(|(lost, _)| lost == name).map(|(_, operator)| operator.as_str())
    }
}

/// Whether an operator may leave columns out that one could still want.
const fn leaves_out(operator: &OperatorKind) -> bool {
    matches!(
        operator,
        OperatorKind::Project(_)
            | OperatorKind::ProjectAway(_)
            | OperatorKind::ProjectKeep(_)
            | OperatorKind::ProjectRename(_)
            | OperatorKind::Summarize { .. }
            | OperatorKind::Distinct(_)
            | OperatorKind::Count(_)
            | OperatorKind::MakeSeries { .. }
            | OperatorKind::TopNested(_)
    )
}

impl Binder<'_> {
    /// Binds a query of its own: what went wrong outside says nothing of its names.
    pub(super) fn anew(&mut self, query: &Query) -> Result<Pipe, Told> {
        let outside = std::mem::take(&mut self.recovery);
        let pipe = self.pipe_of(query);
        self.recovery = outside;
        pipe
    }

    /// The operators of a query, one after the other; behind one that cannot be bound the others are, for what is wrong with them.
    pub(crate) fn operators(&mut self, mut pipe: Pipe, operators: &[Operator]) -> Result<Pipe, Told> {
        let was_open = self.recovery.is_open;
        let mut result = Ok(());
        for operator in operators {
            let before: Columns =
                pipe.columns().iter().map(|column| (column.name.clone(), column.kind)).collect();
            let (told, graph, around) = (self.diagnostics.len(), self.graph, self.aggregates.clone());
            self.depth += 1;
            let next = self.operator(pipe, operator);
            self.depth -= 1;
            if self.recovery.is_open {
                self.keep_sure(told);
            }
            pipe = match next {
                Ok(pipe) => {
                    if leaves_out(&operator.kind) {
                        self.remember(before, &pipe, operator.kind.word());
                    }
                    pipe
                }
                // The data is asked for columns first, and the text then bound again.
                Err(Told) if self.unknown.is_some() => {
                    self.recovery.is_open = was_open;
                    return Err(Told);
                }
                Err(Told) => {
                    (self.graph, self.aggregates) = (graph, around);
                    self.recovery.is_open = true;
                    result = Err(Told);
                    self.behind(before, &operator.kind)
                }
            };
        }
        self.recovery.is_open = was_open;
        result.map(|()| pipe)
    }

    /// Binds the operators behind a source that could not be bound, for what is wrong with them.
    pub(super) fn behind_nothing(&mut self, operators: &[Operator]) -> Told {
        if self.unknown.is_none() {
            self.recovery.is_open = true;
            let pipe = self.rows_with(Vec::new());
            // Told is told: there is no pipe to go on with.
            drop(self.operators(pipe, operators));
        }
        Told
    }

    fn remember(&mut self, before: Columns, pipe: &Pipe, operator: &str) {
        let left = pipe.columns();
        let lost = before.into_iter().filter(|(name, _)| left.iter().all(|column| column.name != *name));
        self.recovery.lost.extend(lost.map(|(name, _)| (name, operator.to_owned())));
    }

    /// Leaves out errors told since then that may come from the mistake before.
    fn keep_sure(&mut self, told: usize) {
        let since = self.diagnostics.split_off(told.min(self.diagnostics.len()));
        self.diagnostics.extend(since.into_iter().filter(|told| SURE.contains(&told.code.as_str())));
    }

    /// The columns that are certain behind an operator that could not be bound.
    fn behind(&mut self, mut columns: Columns, operator: &OperatorKind) -> Pipe {
        let is_made = |items: &[Named], name: &String| {
            items
                .iter()
                .flat_map(|item| item.name.iter().chain(&item.more_names))
                .any(|made| made.text == *name)
        };
        let is_kept = |items: &[Named], name: &String| {
            let is_it = |item: &Named| matches!(&item.value.kind, ExprKind::Name(kept) if kept == name);
            items.iter().any(|item| item.name.is_none() && is_it(item))
        };
        match operator {
            OperatorKind::Project(items) | OperatorKind::Distinct(items) => {
                columns.retain(|(name, _)| is_kept(items, name) && !is_made(items, name));
            }
            OperatorKind::Summarize { aggregates, by, .. } => {
                columns.retain(|(name, _)| {
                    is_kept(by, name) && !is_made(by, name) && !is_made(aggregates, name)
                });
            }
            OperatorKind::Extend(items) | OperatorKind::Serialize(items) => {
                columns.retain(|(name, _)| !is_made(items, name));
            }
            OperatorKind::Sort(_)
            | OperatorKind::Top { .. }
            | OperatorKind::Take(_)
            | OperatorKind::Where(_)
            | OperatorKind::ProjectReorder(_) => {}
            // Others may change any column.
            _ => columns.clear(),
        }
        self.rows_with(columns)
    }

    /// Rows with these columns; they never run.
    fn rows_with(&mut self, columns: Columns) -> Pipe {
        let count = columns.len();
        let columns = columns.into_iter().map(|(name, kind)| Column::new(name, kind)).collect();
        let rows = Body::Rows(Rows { count: 0, columns: Vec::new() });
        let relation = self.relation(rows, Vec::new(), columns);
        let mut pipe = self.restart(relation, count);
        pipe.is_serialized = true;
        pipe
    }
}
