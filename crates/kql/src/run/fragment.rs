//! A shard's part of a query that makes rows: stored rows in, encoded batches out.
//!
//! **Invariant:** a step filters, reads or works on at most one chunk's rows between looks at its fuel. Every row bears its place, so
//! that the coordinator's order does not depend on how rows lie in shards and chunks.

use super::{
    Context, Fuel,
    cache::Cache,
    filter::Filter,
    predicate::{Chunk, Need},
    reader::ChunkReader,
    selection::{Selection, row_number},
};
use crate::{
    frame::{Builder, Frame, Place, Vector},
    graph::{Graph, Limits},
    operators::{Body, Refusal, gather::Gather},
    plan::Plan,
    program::{Action, Program, index},
    relation::{Column, Relation, RelationId},
    value::Value,
};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// What a shard does: stored rows, then operators each over the one before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fragment {
    /// Which rows it begins with, and their columns.
    pub leaf: Plan,
    /// What is done to them; the first is the leaf's columns, each other takes the one before.
    pub relations: Vec<Relation>,
}

/// A fragment at work on one shard.
pub struct FragmentRun {
    leaf: Rc<Plan>,
    state: State,
    sources: Vec<SourceReader>,
    kinds: Vec<Kind>,
    graph: Graph,
    /// Where the next rows are: source, chunk, row in it.
    at: (usize, usize, usize),
}

enum State {
    Filtering(Box<Filter>),
    Reading(Selection),
    /// All rows went to the operators.
    Working,
}

struct SourceReader {
    program: Program,
    /// The columns, then the time if there is one.
    nodes: Vec<usize>,
    columns: usize,
    cache: Cache,
}

/// What a step gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Batch {
    /// Rows, for [`super::answer::Answer::deliver`].
    Rows(Vec<u8>),
    /// The fuel is burnt.
    Pending,
    /// That was all.
    Done,
}

/// Rows read between two looks at the fuel.
const ROWS_PER_STEP: usize = 1 << 14;

impl Fragment {
    /// The columns of what it gives.
    pub(crate) fn columns(&self) -> &[Column] {
        self.relations.last().map_or(&[], |last| last.columns.as_slice())
    }
}

impl SourceReader {
    /// The value of a column that is the same in all rows.
    fn constant(&self, column: usize) -> Option<Value<'static>> {
        match &self.program.instructions().get(*self.nodes.get(column)?)?.action {
            Action::Constant(value) => Some(value.clone()),
            _ => None,
        }
    }
}

impl FragmentRun {
    /// Ready to run over a shard's rows.
    #[must_use]
    pub fn new(fragment: &Fragment, limits: Limits) -> Self {
        let leaf = Rc::new(fragment.leaf.clone());
        let filter = Filter::new(Rc::clone(&leaf), leaf.where_count());
        Self::with_state(fragment, leaf, State::Filtering(Box::new(filter)), limits)
    }

    /// The same over rows that were selected already (the leaf's `where`s, all of them).
    #[must_use]
    pub fn over(fragment: &Fragment, selection: Selection, limits: Limits) -> Self {
        let leaf = Rc::new(fragment.leaf.clone());
        Self::with_state(fragment, leaf, State::Reading(selection), limits)
    }

    fn with_state(fragment: &Fragment, leaf: Rc<Plan>, state: State, limits: Limits) -> Self {
        let sources = leaf.sources.iter().map(|source| {
            let columns = source.columns.iter().map(|id| index(*id));
            SourceReader {
                program: Program::new(source, leaf.now),
                nodes: columns.chain(source.time.map(index)).collect(),
                columns: source.columns.len(),
                cache: Cache::default(),
            }
        });
        let mut relations = fragment.relations.clone();
        if let Some(first) = relations.first_mut() {
            first.body = Body::Gather(Gather { is_ordered: false });
            first.inputs = Vec::new();
        }
        let last = u32::try_from(relations.len().saturating_sub(1)).unwrap_or(u32::MAX);
        Self {
            sources: sources.collect(),
            kinds: leaf.columns.iter().map(|column| column.kind).collect(),
            graph: Graph::new(&relations, RelationId(last), leaf.now, limits),
            leaf,
            state,
            at: (0, 0, 0),
        }
    }

    /// The plan that selects its rows.
    #[must_use]
    pub fn leaf(&self) -> &Plan {
        &self.leaf
    }

    /// Works until a batch is ready or the fuel is burnt.
    ///
    /// # Errors
    /// When it needs more memory than it may have.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> Result<Batch, Refusal> {
        loop {
            if let Some(frame) = self.graph.step(fuel)? {
                return Ok(Batch::Rows(frame.encode()));
            }
            if self.graph.is_done() {
                return Ok(Batch::Done);
            }
            if fuel.is_empty() {
                return Ok(Batch::Pending);
            }
            match &mut self.state {
                State::Filtering(filter) => {
                    if !filter.step(context, fuel) {
                        return Ok(Batch::Pending);
                    }
                    self.state = State::Reading(filter.selection().clone());
                }
                State::Reading(_) => match self.read(context, fuel) {
                    Reading::Frame(frame) => self.graph.push(RelationId(0), frame),
                    Reading::Pending => return Ok(Batch::Pending),
                    Reading::Done => {
                        self.state = State::Working;
                        self.graph.end(RelationId(0));
                    }
                },
                State::Working => return Ok(Batch::Pending),
            }
        }
    }

    /// The next rows of the selection.
    fn read(&mut self, context: Context<'_>, fuel: &mut Fuel) -> Reading {
        let State::Reading(selection) = &self.state else { return Reading::Done };
        loop {
            let (at, chunk, from) = self.at;
            let (Some(source), Some(selected)) = (self.sources.get_mut(at), selection.tables.get(at)) else {
                return Reading::Done;
            };
            let table = context.store.table(&source.program.table);
            let (Some(table), Some(chosen)) = (table, selected.chunks.get(chunk)) else {
                self.at = (at + 1, 0, 0);
                continue;
            };
            let rows = table.chunk_rows(chunk);
            if chosen.count() == 0 || from >= rows {
                self.at = (at, chunk + 1, 0);
                continue;
            }
            let view = Chunk { program: &source.program, context, table, chunk, rows, from: 0, to: rows };
            let reader = ChunkReader::new(&source.program, context, table, chunk, &source.nodes);
            for node in reader.coded_nodes() {
                loop {
                    let burnt = view.meet(&Need::Values(node), &mut source.cache);
                    if burnt == 0 {
                        break;
                    }
                    if !fuel.burn(burnt) {
                        return Reading::Pending;
                    }
                }
            }
            let mut chosen = chosen.to_bitmap(rows);
            chosen.fill(0..from, false);
            chosen.fill((from + ROWS_PER_STEP).min(rows)..rows, false);
            self.at = (at, chunk, from + ROWS_PER_STEP);
            let mut builders: Vec<Builder> = self.kinds.iter().map(|kind| Builder::new(*kind)).collect();
            let mut places = Vec::with_capacity(chosen.count());
            let mut values = Vec::new();
            for row in chosen.iter() {
                reader.read(&source.cache, row, &mut values);
                let value = |number: usize| source.nodes.get(number).and_then(|node| values.get(*node));
                for (number, builder) in builders.iter_mut().enumerate() {
                    if source.constant(number).is_some() {
                        continue;
                    }
                    builder.push(value(number).unwrap_or(&Value::Null));
                }
                let time = value(source.columns).and_then(Value::long);
                let (rank, offset, number) = super::sort::identity(context, table, row_number(chunk, row));
                places.push(Place::of_stored(time, rank, offset, number));
            }
            fuel.burn(places.len().saturating_mul(builders.len() + 1) * 30);
            if places.is_empty() {
                continue;
            }
            let columns = builders
                .into_iter()
                .enumerate()
                .map(|(number, builder)| match source.constant(number) {
                    Some(value) => Rc::new(Vector::Same(value, places.len())),
                    None => Rc::new(builder.finish()),
                })
                .collect();
            return Reading::Frame(Frame::new(places.len(), columns).with_places(Some(places.into())));
        }
    }
}

enum Reading {
    Frame(Frame),
    Pending,
    Done,
}
