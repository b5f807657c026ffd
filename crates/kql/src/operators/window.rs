//! Window functions (`row_number`, `prev`, …): a column that depends on the order of the rows.
//!
//! All rows are held: what a row shows may depend on the first and on the last. Values are worked out a batch at a time.

use super::{Body, Operator, Pulled, Refusal, Run, Setup, flags, set};
use crate::{
    bind::{Binder, Given, Pipe, Told, children},
    frame::{Frame, Vector},
    plan::NodeId,
    relation::Column,
    windows::{self, Carried, WindowCall},
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::{Expr, ExprKind, Name};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The input's columns, and what a window function gives behind them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its name.
    pub function: String,
    /// Where its arguments are.
    pub arguments: Vec<usize>,
    /// Columns of the input that come out.
    pub shown: usize,
}

/// What a column of a window function is called while the expressions around it are bound: no name that a text can hold.
const MARK: char = '\0';

/// Works out the window functions in expressions. The calls by their place, for [`Binder::begin_around`].
pub(crate) fn bind(
    binder: &mut Binder<'_>,
    mut pipe: Pipe,
    expressions: &[&Expr],
) -> Result<(Pipe, Vec<(Span, NodeId)>), Told> {
    let mut calls = Vec::new();
    for expression in expressions {
        find(binder, expression, &mut calls);
    }
    if calls.is_empty() {
        return Ok((pipe, Vec::new()));
    }
    if let Some((name, ..)) = calls.first().filter(|_| !pipe.is_serialized) {
        let message = format!("`{}` needs rows in an order", name.text);
        let help = "Put `| serialize` or `| sort by …` before it";
        return Err(binder.error_with_help("KQL0177", name.span, message, help));
    }
    let mut places: Vec<(Span, NodeId)> = Vec::new();
    for (number, (name, arguments, span)) in calls.iter().enumerate() {
        let before = binder.begin_around(places);
        let mut over = binder.rows_in_order(pipe);
        let cells: Result<Vec<_>, Told> =
            arguments.iter().map(|argument| binder.cells(&mut over, argument)).collect();
        binder.end_around(before);
        let cells = cells?;
        let Some(function) = windows::find(&name.text) else { return Err(Told) };
        let most = function.parameters.len();
        if cells.len() > most || cells.len() < most.saturating_sub(function.optional) {
            let message = format!("`{}` takes at most {most} arguments, not {}", name.text, cells.len());
            return Err(binder.error("KQL0111", *span, message));
        }
        let kinds: Vec<Kind> = cells.iter().map(|cells| cells.kind).collect();
        let kind = match (function.returns)(&kinds) {
            Ok(kind) => kind,
            Err(message) => {
                return Err(binder.error("KQL0112", *span, format!("`{}` {message}", name.text)));
            }
        };
        let more: Vec<Given> = cells.into_iter().map(|cells| Given::new("", cells)).collect();
        let count = more.len();
        let (input, shown) = binder.seal_with(over, more);
        let mut columns: Vec<Column> = binder.columns_of(input).into_iter().take(shown).collect();
        let mut column = Column::new(format!("{MARK}{number}"), kind);
        column.is_hidden = true;
        columns.push(column);
        let window =
            Window { function: name.text.clone(), arguments: (shown..shown + count).collect(), shown };
        let relation = binder.relation(Body::Window(window), vec![input], columns);
        pipe = Pipe { is_serialized: true, ..binder.restart(relation, shown + 1) };
        let node = |number: usize| {
            pipe.columns().iter().find(|column| column.name == format!("{MARK}{number}")).map(|column| column.node)
        };
        places = calls
            .iter()
            .take(number + 1)
            .enumerate()
            .filter_map(|(number, (_, _, span))| Some((*span, node(number)?)))
            .collect();
    }
    Ok((pipe, places))
}

/// Takes the columns away that only expressions needed.
pub(crate) fn forget(mut pipe: Pipe) -> Pipe {
    for part in &mut pipe.parts {
        part.source.bound.scope.columns.retain(|column| !column.name.starts_with(MARK));
    }
    pipe
}

/// The calls of window functions in an expression, inner ones first.
fn find<'e>(binder: &Binder<'_>, expression: &'e Expr, calls: &mut Vec<(&'e Name, &'e [Expr], Span)>) {
    children(expression).into_iter().for_each(|child| find(binder, child, calls));
    if let ExprKind::Call { name, arguments } = &expression.kind
        && windows::find(&name.text).is_some()
        && !binder.is_defined(&name.text)
    {
        calls.push((name, arguments, expression.span));
    }
}

impl Operator for Window {
    fn needs(&self, needed: &[bool], inputs: &[usize]) -> Vec<Vec<bool>> {
        let columns = inputs.first().copied().unwrap_or(0);
        let shown = set(needed).filter(|at| *at < self.shown);
        vec![flags(columns, shown.chain(self.arguments.iter().copied()))]
    }

    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Windowing {
            window: self.clone(),
            kind: setup.output_kinds().last().copied().unwrap_or(Kind::Long),
            frames: Vec::new(),
            starts: vec![0],
            next: 0,
            carried: Carried::default(),
            is_ended: false,
        })
    }
}

struct Windowing {
    window: Window,
    kind: Kind,
    frames: Vec<Frame>,
    /// Where each begins, and where the last one ends.
    starts: Vec<usize>,
    /// The batch whose values come next.
    next: usize,
    carried: Carried,
    is_ended: bool,
}

impl Run for Windowing {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        self.starts.push(self.starts.last().copied().unwrap_or(0) + frame.rows());
        self.frames.push(frame);
        Ok(())
    }

    fn end(&mut self, _: usize) {
        self.is_ended = true;
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        let function = windows::find(&self.window.function).filter(|_| self.is_ended);
        let (Some(function), Some(frame)) = (function, self.frames.get(self.next)) else {
            return Ok(Pulled::Nothing);
        };
        let call = WindowCall {
            frames: &self.frames,
            starts: &self.starts,
            arguments: &self.window.arguments,
            kind: self.kind,
        };
        let start = self.starts.get(self.next).copied().unwrap_or(0);
        let carried = &mut self.carried;
        let values = (start..start + frame.rows()).map(|row| (function.call)(&call, row, carried));
        let column = Vector::from_values(self.kind, values);
        let mut columns: Vec<_> = frame.columns().iter().take(self.window.shown).cloned().collect();
        columns.push(Rc::new(column));
        self.next += 1;
        Ok(Pulled::Frame(Frame::new(frame.rows(), columns)))
    }

    fn memory(&self) -> usize {
        self.frames.iter().map(Frame::memory).sum()
    }
}
