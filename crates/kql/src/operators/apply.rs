//! `mv-apply`, `partition`: a query over the rows of one record, or of one key, for each in turn.
//!
//! Rows that belong together stand next to each other with the same value in one column. The inner query is a graph of its own; it
//! runs anew for each group, a batch of work a pull.

use super::{Body, Operator, Pulled, Refusal, Run, Setup, gather::Gather, mv_expand, sort::Sort, sort::SortKey, window::Window};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    frame::{BATCH_ROWS, Builder, Frame, Vector},
    graph::{Graph, Limits},
    relation::{Column, Relation, RelationId},
    run::Fuel,
    value::Value,
};
use chartroom_base::{diagnostic::Span, ticks::Ticks};
use chartroom_kql_syntax::ast::{Expr, Query};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{collections::VecDeque, rc::Rc};

/// The inner query's rows for each group, behind columns of the group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Apply {
    /// The inner query; the first relation is the group's rows.
    pub relations: Vec<Relation>,
    /// Which of them is its answer.
    pub result: RelationId,
    /// Rows next to each other with the same value here belong together.
    pub group: usize,
    /// Columns of the group's first row that come out.
    pub outer: Vec<usize>,
    /// Columns of the inner query that come out behind them.
    pub inner: Vec<usize>,
}

/// `mv-apply columns on (query)`.
pub(crate) fn bind_mv_apply(
    binder: &mut Binder<'_>,
    pipe: Pipe,
    clause: &mv_expand::Clause<'_>,
    body: &Query,
) -> Result<Pipe, Told> {
    // A number for each record, which its elements keep.
    let pipe = binder.rows_in_order(pipe);
    let own: Vec<String> = pipe.columns().iter().map(|column| column.name.clone()).collect();
    let relation = binder.seal_all(pipe);
    let mut columns = binder.columns_of(relation);
    let shown = columns.len();
    let mut number = Column::new("\0record", Kind::Long);
    number.is_hidden = true;
    columns.push(number);
    let window = Window { function: "row_number".to_owned(), arguments: Vec::new(), shown };
    let numbered = binder.relation(Body::Window(window), vec![relation], columns);
    let pipe = binder.restart(numbered, shown + 1);
    let pipe = mv_expand::bind(binder, pipe, clause)?;
    let expanded: Vec<&str> = clause
        .columns
        .iter()
        .filter_map(|item| match (&item.item.name, &item.item.value.kind) {
            (Some(name), _) => Some(name.text.as_str()),
            (None, chartroom_kql_syntax::ast::ExprKind::Name(name)) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let outer: Vec<usize> = pipe
        .columns()
        .iter()
        .enumerate()
        .filter(|(_, column)| own.contains(&column.name) && !expanded.contains(&column.name.as_str()))
        .map(|(at, _)| at)
        .collect();
    let group = pipe.columns().iter().position(|column| column.name == "\0record").ok_or(Told)?;
    apply(binder, pipe, body, group, outer, body.span)
}

/// `partition by key (query)`.
pub(crate) fn bind_partition(
    binder: &mut Binder<'_>,
    pipe: Pipe,
    by: &Expr,
    body: &Query,
    span: Span,
) -> Result<Pipe, Told> {
    let mut pipe = binder.rows_in_order(pipe);
    let cells = binder.cells(&mut pipe, by)?;
    if cells.kind == Kind::Dynamic {
        let help = "Put `tostring(…)` around it";
        return Err(binder.error_with_help("KQL0164", by.span, "The key is of a 'dynamic' type", help));
    }
    let (relation, shown) = binder.seal_with(pipe, vec![Given::new("\0key", cells)]);
    let columns = binder.columns_of(relation);
    let keys = vec![SortKey { column: shown, is_ascending: true, nulls_first: true }];
    let sorted = binder.relation(Body::Sort(Sort { keys, limit: None }), vec![relation], columns);
    let mut pipe = binder.restart(sorted, shown + 1);
    for column in pipe.parts.iter_mut().flat_map(|part| &mut part.source.bound.scope.columns) {
        column.is_hidden |= column.name.starts_with('\0');
    }
    apply(binder, pipe, body, shown, Vec::new(), span)
}

/// The inner query over the groups of a pipe.
fn apply(
    binder: &mut Binder<'_>,
    pipe: Pipe,
    body: &Query,
    group: usize,
    outer: Vec<usize>,
    span: Span,
) -> Result<Pipe, Told> {
    if let Some(source) = &body.source {
        let message = "A query with a source of its own is not supported here";
        return Err(binder.error("KQL0023", source.span, message));
    }
    let input = binder.seal_all(pipe);
    let columns = binder.columns_of(input);
    let inner_query = binder.inner(span, |binder| {
        let rows = binder.relation(Body::Gather(Gather::default()), Vec::new(), columns.clone());
        let pipe = Pipe { is_serialized: true, ..binder.restart(rows, columns.len()) };
        let pipe = binder.operators(pipe, &body.operators)?;
        Ok(binder.seal_all(pipe))
    })?;
    let mut shown: Vec<Column> = outer.iter().filter_map(|at| columns.get(*at).cloned()).collect();
    let mut inner = Vec::new();
    for (at, column) in inner_query.columns.into_iter().enumerate() {
        let is_outer = shown.iter().take(outer.len()).any(|outer| outer.shown.name == column.shown.name);
        if !is_outer && !column.shown.name.starts_with('\0') {
            inner.push(at);
            shown.push(column);
        }
    }
    let count = shown.len();
    let apply = Apply {
        relations: inner_query.relations,
        result: inner_query.result,
        group,
        outer,
        inner,
    };
    let relation = binder.relation(Body::Apply(apply), vec![input], shown);
    Ok(binder.restart(relation, count))
}

impl Operator for Apply {
    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Applying {
            apply: self.clone(),
            input_kinds: setup.input_kinds(0),
            kinds: setup.output_kinds(),
            now: setup.now,
            open: Vec::new(),
            last: None,
            groups: VecDeque::new(),
            running: None,
        })
    }
}

/// Fuel that a pull burns.
const MOST_AT_ONCE: i64 = 20 * BATCH_ROWS as i64;

struct Applying {
    apply: Apply,
    input_kinds: Vec<Kind>,
    kinds: Vec<Kind>,
    now: Ticks,
    /// The rows of the group in hand, so far.
    open: Vec<Frame>,
    /// Its value.
    last: Option<Value<'static>>,
    /// Groups that are whole.
    groups: VecDeque<Vec<Frame>>,
    /// The inner query over the first of them.
    running: Option<Running>,
}

/// The inner query at work.
struct Running {
    graph: Graph,
    /// What comes out of the group's first row.
    outer: Vec<Value<'static>>,
}

impl Applying {
    /// Begins the inner query over a group.
    fn begin(&self, frames: Vec<Frame>) -> Running {
        let apply = &self.apply;
        let first = frames.first();
        let of_first = |at: &usize| first.map_or(Value::Null, |first| first.column(*at).get(0).into_owned());
        let outer = apply.outer.iter().map(of_first).collect();
        let mut graph = Graph::new(&apply.relations, apply.result, self.now, Limits::default());
        for frame in frames {
            graph.push(RelationId(0), 0, frame.with_places(None));
        }
        graph.end(RelationId(0), 0);
        Running { graph, outer }
    }

    /// Rows of the inner query behind the group's columns.
    fn frame(&self, outer: &[Value<'static>], found: &Frame) -> Frame {
        let rows = found.rows();
        let same = outer.iter().map(|value| Rc::new(Vector::Same(value.clone(), rows)));
        let inner = self.apply.inner.iter().zip(self.kinds.iter().skip(outer.len())).map(|(at, kind)| {
            let column = found.column(*at);
            let mut builder = Builder::new(*kind);
            (0..rows).for_each(|row| builder.push(&column.get(row)));
            Rc::new(builder.finish())
        });
        Frame::new(rows, same.chain(inner).collect())
    }
}

impl Run for Applying {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        debug_assert_eq!(frame.columns().len(), self.input_kinds.len());
        let group = frame.column(self.apply.group);
        let mut start = 0;
        for row in 0..frame.rows() {
            let value = group.get(row);
            if self.last.as_ref().is_some_and(|last| *last != value) {
                if row > start {
                    self.open.push(frame.slice(start..row));
                }
                start = row;
                self.groups.push_back(std::mem::take(&mut self.open));
            }
            if self.last.as_ref() != Some(&value) {
                self.last = Some(value.into_owned());
            }
        }
        self.open.push(frame.slice(start..frame.rows()));
        Ok(())
    }

    fn end(&mut self, _: usize) {
        if !self.open.is_empty() {
            self.groups.push_back(std::mem::take(&mut self.open));
        }
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if self.running.is_none() {
            let Some(group) = self.groups.pop_front() else { return Ok(Pulled::Nothing) };
            self.running = Some(self.begin(group));
        }
        let Some(mut running) = self.running.take() else { return Ok(Pulled::Nothing) };
        let mut fuel = Fuel(MOST_AT_ONCE);
        let found = running.graph.step(&mut fuel)?;
        // With fuel left and nothing given there is nothing more: all of the group went in.
        let is_over = found.is_none() && (running.graph.is_done() || !fuel.is_empty());
        let frame = found.map(|found| self.frame(&running.outer, &found));
        self.running = (!is_over).then_some(running);
        Ok(frame.filter(|frame| frame.rows() > 0).map_or(Pulled::Working, Pulled::Frame))
    }

    fn memory(&self) -> usize {
        self.groups.iter().flatten().chain(&self.open).map(Frame::memory).sum()
    }
}
