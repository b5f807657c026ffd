//! The coordinator's part of a query that makes rows: what shards gave in, the answer out.
//!
//! How it is used: per [`Step`](crate::relation::Step) of [`Made`] one [`Answer`]. Its [`Answer::fragments`] run on every shard. Where one goes to one of its
//! [`Answer::stages`], the coordinator [`Answer::settle`]s the way once it knows sizes. What comes to it are **streams**: one of each fragment,
//! numbered as they are, then one of each stage. Their batches are delivered, in any order; [`Answer::step`] works. What a step that gives a parameter came to is put in its place
//! ([`Made::settle`]) before the next step begins.

use super::{
    Fuel,
    cut::Cut,
    fragment::Fragment,
    stage::{Merges, Stage, Way},
};
use crate::{
    bind::Shape,
    frame::Frame,
    graph::{Graph, Limits},
    operators::{Body, Refusal},
    plan::Constant,
    relation::{Column, Gives, Made, RelationId, kinds},
    value::{Value, push_export},
};
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;

/// One step of a plan at work.
pub struct Answer {
    cut: Cut,
    result: RelationId,
    now: Ticks,
    /// Per stage how its rows come, once it is known.
    ways: Vec<Option<Way>>,
    /// Once all ways are known.
    graph: Option<Graph>,
    /// Per stream, where its rows go in, and how many shards' rows are told apart there.
    gathers: Vec<Option<(RelationId, usize)>>,
    /// What came before all ways were known: stream, shard and batch; the end where there is none.
    early: Vec<(usize, Option<usize>, Option<Frame>)>,
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
    pub fn new(made: &Made, step: usize, now: Ticks, limits: Limits, shards: usize) -> Option<Self> {
        let step = made.steps.get(step)?;
        let cut = Cut::new(made, step.relation, now, shards);
        let columns = &made.relation(step.relation)?.columns;
        let mut answer = Self {
            ways: vec![None; cut.stages.len()],
            cut,
            result: step.relation,
            now,
            graph: None,
            gathers: Vec::new(),
            early: Vec::new(),
            kinds: kinds(columns),
            gives: step.gives,
            frames: Vec::new(),
            rows: 0,
            limits,
            is_cut: false,
            is_done: false,
        };
        answer.begin();
        Some(answer)
    }

    /// The graph, once all ways are known.
    fn begin(&mut self) {
        if self.ways.contains(&None) {
            return;
        }
        let goes_on = |stage: usize| matches!(self.ways.get(stage), Some(Some(Way::Hash | Way::Broadcast)));
        let mut relations = self.cut.relations.clone();
        for (_, exit) in self.cut.exits.iter().enumerate().filter(|(stage, _)| goes_on(*stage)) {
            exit.apply(&mut relations);
        }
        let of_fragments = self.cut.fragments.iter().zip(&self.cut.gathers).map(|(fragment, at)| {
            fragment.goes.as_ref().is_none_or(|goes| !goes_on(goes.stage)).then_some(*at)
        });
        let of_stages =
            self.cut.exits.iter().enumerate().map(|(stage, exit)| goes_on(stage).then_some(exit.at));
        let gather = |at: usize| {
            let Body::Gather(gather) = &relations.get(at)?.body else { return None };
            Some((RelationId(u32::try_from(at).ok()?), gather.streams()))
        };
        self.gathers = of_fragments.chain(of_stages).map(|at| gather(at?)).collect();
        let mut graph = Graph::new(&relations, self.result, self.now, self.limits);
        for (stage, exit) in self
            .cut
            .stages
            .iter()
            .zip(&self.cut.exits)
            .enumerate()
            .filter_map(|(number, stage)| (!goes_on(number)).then_some(stage))
        {
            // What follows a join that shards could have done sees its rows by their number, as if they had.
            if matches!(stage.merges, Merges::Sides { .. }) {
                graph.forget_places(exit.last());
            }
        }
        self.graph = Some(graph);
        for (stream, shard, frame) in std::mem::take(&mut self.early) {
            match (frame, shard) {
                (Some(frame), shard) => self.push(stream, shard.unwrap_or(0), frame),
                (None, Some(shard)) => self.end_of(stream, shard),
                (None, None) => self.end(stream),
            }
        }
    }

    /// What shards work out among themselves, where it pays.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.cut.stages
    }

    /// How rows come to a stage, once; before that, batches of others wait.
    pub fn settle(&mut self, stage: usize, way: Way) {
        if let Some(slot) = self.ways.get_mut(stage).filter(|slot| slot.is_none()) {
            *slot = Some(way);
            self.begin();
        }
    }

    /// How rows come to a stage, if it is settled.
    #[must_use]
    pub fn way(&self, stage: usize) -> Option<Way> {
        self.ways.get(stage).copied().flatten()
    }

    fn columns(&self, stream: usize) -> Option<&[Column]> {
        let fragments = self.cut.fragments.len();
        match stream.checked_sub(fragments) {
            None => Some(self.cut.fragments.get(stream)?.columns()),
            Some(stage) => Some(self.cut.stages.get(stage)?.columns()),
        }
    }

    /// What every shard has to run.
    #[must_use]
    pub fn fragments(&self) -> &[Fragment] {
        &self.cut.fragments
    }

    /// Takes a batch that a shard (counted from 0) gave in a stream.
    ///
    /// # Errors
    /// When the bytes are no batch of that stream.
    pub fn deliver(&mut self, stream: usize, shard: usize, bytes: &[u8]) -> Result<(), Refusal> {
        let columns = self.columns(stream).ok_or(Refusal::Damaged)?;
        let frame = Frame::decode(bytes, &kinds(columns)).ok_or(Refusal::Damaged)?;
        if self.graph.is_none() {
            self.early.push((stream, Some(shard), Some(frame)));
        } else {
            self.push(stream, shard, frame);
        }
        Ok(())
    }

    fn push(&mut self, stream: usize, shard: usize, frame: Frame) {
        if let (Some(Some((relation, streams))), Some(graph)) = (self.gathers.get(stream), &mut self.graph) {
            graph.push(*relation, if *streams > 1 { shard } else { 0 }, frame);
        }
    }

    /// A shard has given all of a stream.
    pub fn end_of(&mut self, stream: usize, shard: usize) {
        let Some(graph) = &mut self.graph else {
            return self.early.push((stream, Some(shard), None));
        };
        if let Some(Some((relation, streams))) = self.gathers.get(stream)
            && *streams > 1
        {
            graph.end(*relation, shard);
        }
    }

    /// All shards have given all of a stream.
    pub fn end(&mut self, stream: usize) {
        let Some(graph) = &mut self.graph else {
            return self.early.push((stream, None, None));
        };
        if let Some(Some((relation, streams))) = self.gathers.get(stream) {
            for shard in 0..*streams {
                graph.end(*relation, shard);
            }
        }
    }

    /// Batches of a shard in a stream that were not worked on yet.
    #[must_use]
    pub fn waiting(&self, stream: usize, shard: usize) -> usize {
        let Some(graph) = &self.graph else {
            return self.early.iter().filter(|(of, from, _)| *of == stream && *from == Some(shard)).count();
        };
        let gather = self.gathers.get(stream).copied().flatten();
        gather.map_or(0, |(relation, streams)| graph.waiting(relation, if streams > 1 { shard } else { 0 }))
    }

    /// Works until the fuel is burnt, all is done, or nothing can be done before more comes in; whether all is done.
    ///
    /// # Errors
    /// When it needs more memory than it may have.
    pub fn step(&mut self, fuel: &mut Fuel) -> Result<bool, Refusal> {
        while let Some(graph) = self.graph.as_mut().filter(|_| !self.is_done && !fuel.is_empty()) {
            match graph.step(fuel)? {
                Some(frame) => self.keep(frame)?,
                None if graph.is_done() => self.is_done = true,
                None => break,
            }
        }
        Ok(self.is_done)
    }

    fn keep(&mut self, frame: Frame) -> Result<(), Refusal> {
        let most = match self.gives {
            Gives::Scalar => 1,
            Gives::List | Gives::Rows | Gives::Shape => self.limits.rows,
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
            Gives::List | Gives::Rows | Gives::Shape => values.collect(),
        }
    }

    /// What the rows of a step say of the columns of the rest of the query; see [`Gives::Shape`].
    #[must_use]
    pub fn shape(&self) -> Shape {
        let texts = |row| self.cells(row).into_iter().map(Option::unwrap_or_default).collect();
        (0..self.rows).map(texts).collect()
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
