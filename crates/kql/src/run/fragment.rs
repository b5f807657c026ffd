//! A shard's part of a query that makes rows: stored rows in, encoded batches out.
//!
//! **Invariant:** a step filters, reads or works on at most one chunk's rows between looks at its fuel. Every row bears its place, so
//! that the coordinator's order does not depend on how rows lie in shards and chunks.

use super::{
    Context, Fuel,
    columns::{ChosenRows, Dictionaries},
    filter::Filter,
    reader::row_value,
    selection::{Selection, row_number},
    stored::StoredChunk,
};
use crate::{
    evaluate::{Known, evaluate_over},
    frame::{Frame, Places, StoredPlaces, Vector},
    graph::{Graph, Limits},
    keys::owned,
    operators::{
        Body, Refusal,
        gather::{Gather, Order},
    },
    plan::{NodeId, Op, Plan, Source},
    program::{Action, Instruction, Program, index},
    relation::{Column, Relation, RelationId},
    value::Value,
};
use chartroom_base::ticks::Ticks;
use chartroom_store::Table;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// What a shard does: stored rows, then operators each over the one before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fragment {
    /// Which rows it begins with, and their columns.
    pub leaf: Plan,
    /// What is done to them; the first is the leaf's columns, each other takes the one before.
    pub relations: Vec<Relation>,
    /// Where its rows go on, if they may go to a stage of all shards.
    pub goes: Option<Goes>,
}

/// Which stage takes the rows of a fragment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goes {
    /// The stage, by its number.
    pub stage: usize,
    /// Which of its inputs.
    pub input: usize,
    /// The columns whose hash decides who owns a row.
    pub keys: Vec<usize>,
}

/// Rows on their way.
#[derive(Clone, Debug)]
pub struct RowBatch(pub(crate) Frame);

impl RowBatch {
    /// How many.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.0.rows()
    }

    /// Bytes, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.0.memory()
    }

    /// As bytes, for [`super::answer::Answer::deliver`] and [`super::stage::StageRun::deliver`].
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.0.encode()
    }

    /// The rows for each of so many places, by the hash of these columns.
    #[must_use]
    pub fn divide(&self, keys: &[usize], places: usize) -> Vec<Self> {
        if places == 1 {
            return vec![self.clone()];
        }
        owned(&self.0, keys, places).into_iter().map(|rows| Self(self.0.take(&rows))).collect()
    }
}

/// A fragment at work on one shard.
pub struct FragmentRun {
    leaf: Rc<Plan>,
    state: State,
    sources: Vec<SourceReader>,
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
    /// Whether all columns are as they are stored.
    is_cheap: bool,
    known: Known,
    dictionaries: Dictionaries,
}

/// What a step gave.
#[derive(Clone, Debug)]
pub enum Batch {
    /// Rows.
    Rows(RowBatch),
    /// The fuel is burnt.
    Pending,
    /// That was all.
    Done,
}

/// Rows read between two looks at the fuel, where expressions are worked out.
const ROWS_PER_STEP: usize = 1 << 14;

impl Fragment {
    /// The columns of what it gives.
    pub(crate) fn columns(&self) -> &[Column] {
        self.relations.last().map_or(&[], |last| last.columns.as_slice())
    }
}

impl SourceReader {
    fn new(source: &Source, now: Ticks) -> Self {
        let program = Program::new(source, now);
        let nodes: Vec<usize> = source.columns.iter().chain(&source.time).map(|id| index(*id)).collect();
        let is_stored = |id: &NodeId| {
            source.node(*id).is_some_and(|node| matches!(node.op, Op::Column(_) | Op::Constant(_)))
        };
        Self {
            is_cheap: source.columns.iter().chain(&source.time).all(is_stored),
            program,
            nodes,
            columns: source.columns.len(),
            known: Known::default(),
            dictionaries: Dictionaries::default(),
        }
    }

    /// What a value takes, in units of fuel.
    const fn cost(&self) -> usize {
        if self.is_cheap { 4 } else { 30 }
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
        let sources = leaf.sources.iter().map(|source| SourceReader::new(source, leaf.now));
        let mut relations = fragment.relations.clone();
        if let Some(first) = relations.first_mut() {
            first.body = Body::Gather(Gather { order: Order::Any, keeps_places: true });
            first.inputs = Vec::new();
        }
        let last = u32::try_from(relations.len().saturating_sub(1)).unwrap_or(u32::MAX);
        Self {
            sources: sources.collect(),
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
                return Ok(Batch::Rows(RowBatch(frame)));
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
                    Reading::Frame(frame) => self.graph.push(RelationId(0), 0, frame),
                    Reading::Done => {
                        self.state = State::Working;
                        self.graph.end(RelationId(0), 0);
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
            let range = if source.is_cheap { 0..rows } else { from..(from + ROWS_PER_STEP).min(rows) };
            self.at = if range.end == rows { (at, chunk + 1, 0) } else { (at, chunk, range.end) };
            let chosen = chosen.rows(range);
            if chosen.is_empty() {
                continue;
            }
            let frame = source.frame(context, table, chunk, &ChosenRows { rows: &chosen, of: rows });
            fuel.burn(frame.rows().saturating_mul(frame.columns().len() + 1) * source.cost());
            return Reading::Frame(frame);
        }
    }
}

impl SourceReader {
    /// The chosen rows of a chunk.
    fn frame(&mut self, context: Context<'_>, table: &Table, chunk: usize, chosen: &ChosenRows<'_>) -> Frame {
        let Self { program, nodes, known, dictionaries, .. } = self;
        let count = chosen.rows.len();
        let mut leaf = |node: usize, instruction: &Instruction| {
            let vector = match &instruction.action {
                Action::Column(name) => match table.find(name).and_then(|id| table.column(id)) {
                    Some(column) => {
                        let stored = StoredChunk::new(column, chunk, instruction.kind);
                        dictionaries.read(node, &stored, chosen)
                    }
                    None => Vector::Same(Value::none(instruction.kind), count),
                },
                _ => {
                    let value = |row: &u32| {
                        row_value(program, context, table, node, row_number(chunk, *row as usize))
                            .or_none(instruction.kind)
                    };
                    Vector::from_values(instruction.kind, chosen.rows.iter().map(value))
                }
            };
            Rc::new(vector)
        };
        let mut columns = evaluate_over(program, count, nodes, known, &mut leaf);
        let times = (columns.len() > self.columns).then(|| columns.pop()).flatten();
        let places =
            StoredPlaces::new(table.rows_at(chunk, chosen.rows), times, |file| context.files.rank(file));
        Frame::new(count, columns).with_places(Some(Rc::new(Places::Stored(places))))
    }
}

enum Reading {
    Frame(Frame),
    Done,
}
