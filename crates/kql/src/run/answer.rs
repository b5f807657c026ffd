//! The coordinator's part of a query that makes rows: what shards gave in, the answer out.
//!
//! How it is used: per [`Step`](crate::relation::Step) of [`Made`] one [`Answer`]. Its [`Answer::fragments`] run on every shard; their batches are
//! delivered, in any order; [`Answer::step`] works. What a step that gives a parameter came to is put in its place
//! ([`Made::settle`]) before the next step begins.

use super::{Fuel, fragment::Fragment};
use crate::{
    frame::Frame,
    graph::{Graph, Limits},
    operators::{Body, Refusal, Setup, Site, gather::Gather},
    plan::Constant,
    relation::{Gives, Made, Relation, RelationId, kinds},
    value::{Value, push_export},
};
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;

/// One step of a plan at work.
pub struct Answer {
    graph: Graph,
    fragments: Vec<Fragment>,
    /// Per fragment, where its rows go in.
    gathers: Vec<RelationId>,
    kinds: Vec<Kind>,
    gives: Gives,
    frames: Vec<Frame>,
    rows: u64,
    limits: Limits,
    is_cut: bool,
    is_done: bool,
}

impl Answer {
    /// Step number `step` of a plan, all parameters before it settled. `None`: there is no such step.
    #[must_use]
    pub fn new(made: &Made, step: usize, now: Ticks, limits: Limits) -> Option<Self> {
        let step = made.steps.get(step)?;
        let mut cut = Cut { relations: made.relations.clone(), fragments: Vec::new(), gathers: Vec::new() };
        cut.cut(step.relation, now);
        let columns = &made.relation(step.relation)?.columns;
        Some(Self {
            graph: Graph::new(&cut.relations, step.relation, now, limits),
            fragments: cut.fragments,
            gathers: cut.gathers,
            kinds: kinds(columns),
            gives: step.gives,
            frames: Vec::new(),
            rows: 0,
            limits,
            is_cut: false,
            is_done: false,
        })
    }

    /// What every shard has to run.
    #[must_use]
    pub fn fragments(&self) -> &[Fragment] {
        &self.fragments
    }

    /// Takes a batch that a shard gave for a fragment.
    ///
    /// # Errors
    /// When the bytes are no batch of that fragment.
    pub fn deliver(&mut self, fragment: usize, bytes: &[u8]) -> Result<(), Refusal> {
        let columns = self.fragments.get(fragment).ok_or(Refusal::Damaged)?.columns();
        let frame = Frame::decode(bytes, &kinds(columns)).ok_or(Refusal::Damaged)?;
        let gather = self.gathers.get(fragment).ok_or(Refusal::Damaged)?;
        self.graph.push(*gather, frame);
        Ok(())
    }

    /// All shards have given all of a fragment.
    pub fn end(&mut self, fragment: usize) {
        if let Some(gather) = self.gathers.get(fragment) {
            self.graph.end(*gather);
        }
    }

    /// Works until the fuel is burnt, all is done, or nothing can be done before more comes in; whether all is done.
    ///
    /// # Errors
    /// When it needs more memory than it may have.
    pub fn step(&mut self, fuel: &mut Fuel) -> Result<bool, Refusal> {
        while !self.is_done && !fuel.is_empty() {
            match self.graph.step(fuel)? {
                Some(frame) => self.keep(frame)?,
                None if self.graph.is_done() => self.is_done = true,
                None => break,
            }
        }
        Ok(self.is_done)
    }

    fn keep(&mut self, frame: Frame) -> Result<(), Refusal> {
        let most = match self.gives {
            Gives::Scalar => 1,
            Gives::List | Gives::Rows => self.limits.rows,
        };
        let left = usize::try_from(most - self.rows.min(most)).unwrap_or(usize::MAX);
        if frame.rows() > left {
            self.is_cut = true;
            self.is_done = true;
        }
        let frame = frame.slice(0..frame.rows().min(left)).with_places(None);
        self.rows += frame.rows() as u64;
        if frame.rows() > 0 {
            self.frames.push(frame);
        }
        if self.frames.iter().map(Frame::memory).sum::<usize>() > self.limits.bytes {
            return Err(Refusal::Memory { limit: self.limits.bytes });
        }
        Ok(())
    }

    /// Whether rows were left out because there are more than an answer may have.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut && self.gives == Gives::Rows
    }

    /// How many rows there are so far.
    #[must_use]
    pub const fn row_count(&self) -> u64 {
        self.rows
    }

    /// What becomes of the rows.
    #[must_use]
    pub const fn gives(&self) -> Gives {
        self.gives
    }

    /// The parameter's values, of a step that gives one.
    #[must_use]
    pub fn parameter(&self) -> Vec<Constant> {
        let none = || Constant::from(Value::none(self.kinds.first().copied().unwrap_or(Kind::Long)));
        let values = self.frames.iter().flat_map(|frame| {
            let column = frame.column(0);
            (0..frame.rows()).map(move |row| Constant::from(column.get(row))).collect::<Vec<_>>()
        });
        match self.gives {
            Gives::Scalar => vec![values.into_iter().next().unwrap_or_else(none)],
            Gives::List | Gives::Rows => values.collect(),
        }
    }

    fn at(&self, row: u64) -> Option<(&Frame, usize)> {
        let mut row = usize::try_from(row).ok()?;
        for frame in &self.frames {
            if row < frame.rows() {
                return Some((frame, row));
            }
            row -= frame.rows();
        }
        None
    }

    /// The values of a row; `None` beyond the last.
    #[must_use]
    pub fn values(&self, row: u64) -> Option<Vec<Value<'_>>> {
        let (frame, row) = self.at(row)?;
        Some(frame.columns().iter().map(|column| column.get(row)).collect())
    }

    /// The cells of a row as exported; `None` is null.
    #[must_use]
    pub fn cells(&self, row: u64) -> Vec<Option<String>> {
        let values = self.values(row).unwrap_or_default();
        let cell = |(value, kind): (Value<'_>, &Kind)| {
            if value.is_null() {
                return None;
            }
            let mut text = String::new();
            push_export(&mut text, &value, *kind);
            Some(text)
        };
        values.into_iter().zip(&self.kinds).map(cell).collect()
    }

    /// Bytes it holds, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.frames.iter().map(Frame::memory).sum()
    }
}

/// Cuts a graph in what shards do and what the coordinator does.
struct Cut {
    relations: Vec<Relation>,
    fragments: Vec<Fragment>,
    gathers: Vec<RelationId>,
}

impl Cut {
    fn cut(&mut self, result: RelationId, now: Ticks) {
        let is_needed = needed(&self.relations, result);
        for at in 0..self.relations.len() {
            if is_needed.get(at) != Some(&true) {
                continue;
            }
            if let Some(Relation { body: Body::Leaf(leaf), columns, .. }) = self.relations.get(at) {
                let leaf = leaf.plan.as_ref().clone();
                let columns = columns.clone();
                self.cut_leaf(at, leaf, columns, &is_needed, now);
            }
        }
    }

    /// The one relation that takes the rows of `at`, when it takes no others.
    fn only_consumer(&self, at: usize, is_needed: &[bool]) -> Option<usize> {
        let takes = |relation: &Relation| relation.inputs.iter().any(|input| input.index() == at);
        let mut consumers = self
            .relations
            .iter()
            .enumerate()
            .filter(|(consumer, relation)| is_needed.get(*consumer) == Some(&true) && takes(relation));
        match (consumers.next(), consumers.next()) {
            (Some((consumer, relation)), None) if relation.inputs.len() == 1 => Some(consumer),
            _ => None,
        }
    }

    fn cut_leaf(
        &mut self,
        leaf_at: usize,
        leaf: crate::plan::Plan,
        columns: Vec<crate::relation::Column>,
        is_needed: &[bool],
        now: Ticks,
    ) {
        let empty = || Body::Gather(Gather { is_ordered: false });
        let mut chain = vec![Relation { body: empty(), inputs: Vec::new(), columns }];
        let mut at = leaf_at;
        let mut is_ordered = true;
        while let Some(next) = self.only_consumer(at, is_needed) {
            let (Some(relation), Some(input)) = (self.relations.get(next), chain.last()) else { break };
            let setup = Setup { inputs: vec![&input.columns], output: &relation.columns, now };
            let before = RelationId(u32::try_from(chain.len() - 1).unwrap_or(u32::MAX));
            match relation.body.operator().site(&setup) {
                Site::Coordinator => break,
                Site::Shard => {
                    chain.push(Relation { inputs: vec![before], ..relation.clone() });
                    at = next;
                }
                Site::Split { first, columns, second, is_ordered: needs_order } => {
                    chain.push(Relation { body: *first, inputs: vec![before], columns: columns.clone() });
                    is_ordered = needs_order;
                    if let Some(relation) = self.relations.get_mut(next) {
                        relation.body = *second;
                    }
                    if let Some(relation) = self.relations.get_mut(at) {
                        relation.columns = columns;
                    }
                    break;
                }
            }
        }
        if let Some(relation) = self.relations.get_mut(at) {
            relation.body = Body::Gather(Gather { is_ordered });
            relation.inputs = Vec::new();
        }
        self.fragments.push(Fragment { leaf, relations: chain });
        self.gathers.push(RelationId(u32::try_from(at).unwrap_or(u32::MAX)));
    }
}

fn needed(relations: &[Relation], result: RelationId) -> Vec<bool> {
    let mut is_needed = vec![false; relations.len()];
    if let Some(slot) = is_needed.get_mut(result.index()) {
        *slot = true;
    }
    for at in (0..relations.len()).rev() {
        if is_needed.get(at) == Some(&true) {
            for input in relations.get(at).into_iter().flat_map(|relation| &relation.inputs) {
                if let Some(slot) = is_needed.get_mut(input.index()) {
                    *slot = true;
                }
            }
        }
    }
    is_needed
}
