//! From a pipe to rows that are made, and on: where a pipe ends as a relation, and how the next begins over it.

use super::{
    Binder, Bound, Told,
    nodes::Nodes,
    pipe::{Part, Pipe},
    scope::{Scope, ScopeColumn},
    source::{BoundSource, Known},
};
use crate::{
    operators::{
        Body,
        count::Count,
        leaf::Leaf,
        map::Map,
        sort::{Sort, SortKey},
        summarize::{self, AggregateCall, Summarize},
        take::Take,
    },
    plan::{Constant, NodeId, Op},
    relation::{Column, Gives, Relation, RelationId, Step},
};
use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::ast::Expr;
use chartroom_schema::kind::Kind;

/// The most relations of one query: a `let` is bound anew at each use.
const MAX_RELATIONS: usize = 2_000;

/// An expression over a pipe's columns: per home table its node, all of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cells {
    pub(crate) nodes: Vec<NodeId>,
    pub(crate) kind: Kind,
}

/// A query over rows of its own graph.
pub(crate) struct InnerQuery {
    pub(crate) relations: Vec<Relation>,
    /// Which of them is the answer.
    pub(crate) result: RelationId,
    /// The answer's columns.
    pub(crate) columns: Vec<Column>,
}

/// A column that a pipe is sealed with.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) column: Column,
    pub(crate) cells: Cells,
}

impl Given {
    /// A column that is made.
    pub(crate) fn new(name: impl Into<String>, cells: Cells) -> Self {
        Self { column: Column::new(name, cells.kind), cells }
    }
}

impl Binder<'_> {
    /// Binds a scalar expression over a pipe's columns.
    pub(crate) fn cells(&mut self, pipe: &mut Pipe, expression: &Expr) -> Result<Cells, Told> {
        self.cells_by(pipe, |binder, bound| binder.expression(bound, expression))
    }

    /// Does the same for each home table.
    pub(crate) fn cells_by(
        &mut self,
        pipe: &mut Pipe,
        mut bind: impl FnMut(&mut Self, &mut Bound) -> Result<NodeId, Told>,
    ) -> Result<Cells, Told> {
        let mut kind = Kind::String;
        let mut nodes = Vec::new();
        let mut result = Ok(());
        for part in &mut pipe.parts {
            match bind(self, &mut part.source.bound) {
                Ok(node) => {
                    kind = part.source.bound.nodes.kind(node);
                    nodes.push(node);
                }
                Err(told) => result = Err(told),
            }
        }
        result.map(|()| Cells { nodes, kind })
    }

    /// The cells as another kind.
    pub(crate) fn cells_as(
        &mut self,
        pipe: &mut Pipe,
        cells: &Cells,
        kind: Kind,
        span: Span,
    ) -> Result<Cells, Told> {
        let mut nodes = cells.nodes.iter().copied();
        self.cells_by(pipe, |binder, bound| {
            let node = nodes.next().ok_or(Told)?;
            binder.converted(bound, node, kind, span)
        })
    }

    /// The value of cells that are constant.
    pub(crate) fn cells_constant(&self, pipe: &Pipe, cells: &Cells) -> Option<Constant> {
        let (part, node) = pipe.parts.first().zip(cells.nodes.first())?;
        part.source.bound.nodes.constant(*node).cloned()
    }

    /// The same value in all rows.
    pub(crate) fn constant_cells(
        &mut self,
        pipe: &mut Pipe,
        kind: Kind,
        constant: &Constant,
    ) -> Result<Cells, Told> {
        self.cells_by(pipe, |_, bound| Ok(bound.nodes.add_constant(kind, constant.clone())))
    }

    /// An expression without columns, as one node over nothing.
    pub(crate) fn constant(&mut self, expression: &Expr) -> Result<(Kind, Constant), Told> {
        let mut bound = self.no_columns();
        let node = self.expression(&mut bound, expression)?;
        match bound.nodes.constant(node) {
            Some(constant) => Ok((bound.nodes.kind(node), constant.clone())),
            None => Err(self.error("KQL0125", expression.span, "A constant is needed here")),
        }
    }

    pub(super) fn no_columns(&self) -> Bound {
        Bound { table: String::new(), nodes: Nodes::new(self.now), scope: Scope::default() }
    }

    /// Adds a relation.
    pub(crate) fn relation(
        &mut self,
        body: Body,
        inputs: Vec<RelationId>,
        columns: Vec<Column>,
    ) -> RelationId {
        if self.made.relations.len() >= MAX_RELATIONS {
            self.error("KQL0027", Span::default(), "The query has too many parts");
            return RelationId(0);
        }
        self.made.add(Relation { body, inputs, columns })
    }

    /// The same relation once more, for one who takes its rows by himself: stored rows then stay on their shards.
    pub(crate) fn again(&mut self, relation: RelationId) -> RelationId {
        let is_stored =
            self.made.relation(relation).filter(|relation| matches!(relation.body, Body::Leaf(_)));
        match (is_stored.cloned(), u32::try_from(self.made.relations.len())) {
            (Some(copy), Ok(at)) if self.made.relations.len() < MAX_RELATIONS => {
                self.made.relations.push(copy);
                RelationId(at)
            }
            _ => relation,
        }
    }

    /// The `summarize` of one aggregate as partial states, with its call; `None` when it is none.
    pub(crate) fn states_of(&mut self, relation: RelationId) -> Option<(RelationId, AggregateCall)> {
        let summarized = self.made.relation(relation)?.clone();
        let Body::Summarize(summarized_by) = summarized.body else { return None };
        let [call] = summarized_by.calls.as_slice() else { return None };
        let call = call.clone();
        let keys = summarized_by.keys.len();
        let mut columns: Vec<Column> = summarized.columns.into_iter().take(keys).collect();
        columns.push(Column::new("", Kind::Dynamic));
        let body = Body::Summarize(Summarize { part: summarize::Part::States, ..summarized_by });
        Some((self.relation(body, summarized.inputs, columns), call))
    }

    /// The columns of a relation.
    pub(crate) fn columns_of(&self, relation: RelationId) -> Vec<Column> {
        self.made.relation(relation).map_or_else(Vec::new, |relation| relation.columns.clone())
    }

    /// The relation that gives these columns for the pipe's rows, in the pipe's order.
    ///
    /// Cut and order of stored rows must have become relations before ([`Binder::rows_of`]), unless the order does not matter.
    pub(crate) fn seal(&mut self, pipe: Pipe, given: Vec<Given>) -> RelationId {
        let columns: Vec<Column> = given.iter().map(|given| given.column.clone()).collect();
        match pipe.input {
            None => {
                let plan = self.stored_plan(pipe, &given);
                self.relation(Body::Leaf(Leaf { plan: Box::new(plan) }), Vec::new(), columns)
            }
            Some(input) => {
                let Some(part) = pipe.parts.into_iter().next() else { return input };
                let nodes = &part.source.bound.nodes;
                let roots: Vec<NodeId> =
                    given.iter().filter_map(|given| given.cells.nodes.first()).copied().collect();
                let is_input = |(at, node): (usize, &NodeId)| match nodes.op(*node) {
                    Some(Op::Input(input)) => usize::try_from(*input) == Ok(at),
                    _ => false,
                };
                let is_same = part.wheres.is_empty()
                    && columns == self.columns_of(input)
                    && roots.iter().enumerate().all(is_input);
                if is_same {
                    return input;
                }
                let filters: Vec<NodeId> = part.wheres.iter().flatten().copied().collect();
                let map = map(nodes, &filters, &roots);
                self.note_made(&part, input);
                self.relation(Body::Map(map), vec![input], columns)
            }
        }
    }

    /// The pipe as it would be if its order, cut and count of stored rows were operators over made rows.
    pub(crate) fn rows_of(&mut self, mut pipe: Pipe) -> Pipe {
        if pipe.input.is_some() || (pipe.order.is_none() && pipe.take.is_none() && !pipe.is_count) {
            return pipe;
        }
        let (order, take, is_count) = (pipe.order.take(), pipe.take.take(), pipe.is_count);
        pipe.is_count = false;
        let mut given = pipe.given();
        let columns: Vec<Column> = given.iter().map(|given| given.column.clone()).collect();
        let is_sorted = order.is_some();
        let keys: Vec<SortKey> = order
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(number, key)| SortKey {
                column: columns.len() + number,
                is_ascending: key.is_ascending,
                nulls_first: key.nulls_first,
            })
            .collect();
        for number in 0..keys.len() {
            let nodes: Vec<NodeId> =
                pipe.parts.iter().filter_map(|part| part.order.get(number)).copied().collect();
            let part = pipe.parts.first().zip(nodes.first());
            let kind = part.map_or(Kind::Long, |(part, node)| part.source.bound.nodes.kind(*node));
            given.push(Given::new("", Cells { nodes, kind }));
        }
        let mut relation = self.seal(pipe, given);
        if !keys.is_empty() {
            let all = self.columns_of(relation);
            relation = self.relation(Body::Sort(Sort { keys, limit: take }), vec![relation], all);
        } else if let Some(count) = take {
            let all = self.columns_of(relation);
            relation = self.relation(Body::Take(Take { count }), vec![relation], all);
        }
        let mut pipe = self.restart(relation, columns.len());
        pipe.is_serialized = is_sorted;
        if is_count {
            let relation = self.seal_all(pipe);
            return self.counted(relation, "Count");
        }
        pipe
    }

    /// `count` over made rows.
    pub(crate) fn counted(&mut self, input: RelationId, name: &str) -> Pipe {
        let columns = vec![Column::new(name, Kind::Long)];
        let relation = self.relation(Body::Count(Count::default()), vec![input], columns);
        self.restart(relation, 1)
    }

    /// The relation of all the pipe's columns.
    pub(crate) fn seal_all(&mut self, pipe: Pipe) -> RelationId {
        let pipe = self.rows_of(pipe);
        let given = pipe.given();
        self.seal(pipe, given)
    }

    /// The relation of all the pipe's columns and further ones behind them; the pipe's columns are so many.
    pub(crate) fn seal_with(&mut self, pipe: Pipe, more: Vec<Given>) -> (RelationId, usize) {
        let mut given = pipe.given();
        let count = given.len();
        given.extend(more);
        (self.seal(pipe, given), count)
    }

    /// A pipe that begins with the first `count` columns of a relation.
    pub(crate) fn restart(&mut self, relation: RelationId, count: usize) -> Pipe {
        let columns = self.columns_of(relation).into_iter().take(count).collect();
        Pipe { input: Some(relation), ..self.over(columns) }
    }

    /// A pipe over columns that lie at hand in this order: for expressions alone.
    pub(crate) fn over(&self, columns: Vec<Column>) -> Pipe {
        let mut bound = self.no_columns();
        for (at, column) in (0_u32..).zip(columns) {
            // A column alone is no pattern and has no height: it cannot fail.
            let node = bound.nodes.add(column.kind(), Op::Input(at)).unwrap_or(NodeId(0));
            bound.scope.columns.push(ScopeColumn {
                name: column.shown.name,
                kind: column.shown.kind,
                is_hidden: column.is_hidden,
                about: column.shown.about,
                rank: column.shown.rank,
                is_stored: column.is_stored,
                is_unreadable: false,
                is_computed: false,
                node,
            });
        }
        // What `*` means behind made rows are their columns.
        bound.scope.is_projected = true;
        let source =
            BoundSource { bound, filter: Vec::new(), time: None, outcome: None, known: Known::default() };
        let part = Part { source, wheres: Vec::new(), order: Vec::new() };
        Pipe { parts: vec![part], ..Pipe::default() }
    }

    /// Binds a query over rows of its own graph: its relations, which of them is the answer, and the answer's columns.
    pub(crate) fn inner(
        &mut self,
        span: Span,
        work: impl FnOnce(&mut Self) -> Result<RelationId, Told>,
    ) -> Result<InnerQuery, Told> {
        let outer = std::mem::take(&mut self.made);
        self.graphs += 1;
        let before = std::mem::replace(&mut self.graph, self.graphs);
        let result = work(self);
        self.graph = before;
        let inner = std::mem::replace(&mut self.made, outer);
        let result = result?;
        let is_stored = inner.relations.iter().any(|relation| matches!(relation.body, Body::Leaf(_)));
        if is_stored || !inner.steps.is_empty() {
            let message =
                "Here only the rows at hand can be used: no tables, no `toscalar`, no `in` over rows";
            return Err(self.error("KQL0037", span, message));
        }
        let columns = inner.relation(result).map_or_else(Vec::new, |relation| relation.columns.clone());
        Ok(InnerQuery { relations: inner.relations, result, columns })
    }

    /// A step that runs before, whose rows give a parameter; its number.
    pub(crate) fn parameter(&mut self, relation: RelationId, gives: Gives) -> u32 {
        let step = Step { relation, gives };
        let known = self.made.steps.iter().position(|known| *known == step);
        let number = known.unwrap_or_else(|| {
            self.made.steps.push(step);
            self.made.steps.len() - 1
        });
        u32::try_from(number).unwrap_or(u32::MAX)
    }
}

/// What leaves the rows in which these hold, with these columns.
pub(super) fn map(nodes: &Nodes, filters: &[NodeId], roots: &[NodeId]) -> Map {
    let all: Vec<NodeId> = filters.iter().chain(roots).copied().collect();
    let (extracted, places) = nodes.extract(&all);
    let place = |id: &NodeId| places.get(id).copied().unwrap_or(*id);
    Map {
        nodes: extracted.into(),
        filters: filters.iter().map(place).collect(),
        columns: roots.iter().map(place).collect(),
    }
}

impl Binder<'_> {
    /// While expressions around aggregates are bound: the columns that hold the aggregates. Gives what was before.
    pub(crate) fn begin_around(&mut self, places: Vec<(Span, NodeId)>) -> Vec<(Span, NodeId)> {
        std::mem::replace(&mut self.aggregates, places)
    }

    /// Puts back what was before.
    pub(crate) fn end_around(&mut self, before: Vec<(Span, NodeId)>) {
        self.aggregates = before;
    }
}

impl Pipe {
    /// Leaves the first `count` columns; gives the others, for [`Pipe::show_again`].
    pub(crate) fn hide_behind(&mut self, count: usize) -> Vec<ScopeColumn> {
        let part = self.parts.first_mut();
        part.map_or_else(Vec::new, |part| {
            let columns = &mut part.source.bound.scope.columns;
            columns.split_off(count.min(columns.len()))
        })
    }

    /// Puts columns back behind the others.
    pub(crate) fn show_again(&mut self, columns: Vec<ScopeColumn>) {
        if let Some(part) = self.parts.first_mut() {
            part.source.bound.scope.columns.extend(columns);
        }
    }

    /// All columns that can be read, hidden ones too.
    pub(crate) fn given(&self) -> Vec<Given> {
        let Some(first) = self.parts.first() else { return Vec::new() };
        let columns = first.source.bound.scope.columns.iter().enumerate();
        columns
            .filter(|(_, column)| !column.is_unreadable)
            .map(|(at, column)| self.given_at(at, column))
            .collect()
    }

    fn given_at(&self, at: usize, column: &ScopeColumn) -> Given {
        let node = |part: &Part| part.source.bound.scope.columns.get(at).map(|column| column.node);
        Given {
            column: column.to_column(),
            cells: Cells { nodes: self.parts.iter().filter_map(node).collect(), kind: column.kind },
        }
    }

    /// The columns by name, hidden ones too.
    pub(crate) fn columns(&self) -> &[ScopeColumn] {
        self.parts.first().map_or(&[], |part| part.source.bound.scope.columns.as_slice())
    }
}

impl ScopeColumn {
    /// What a relation says of it.
    pub(crate) fn to_column(&self) -> Column {
        let mut column = Column::new(self.name.clone(), self.kind);
        column.shown.about.clone_from(&self.about);
        column.shown.rank = self.rank;
        column.is_hidden = self.is_hidden;
        column.is_stored = self.is_stored;
        column
    }
}
