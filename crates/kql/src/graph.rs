//! Relations at work: frames pass from operator to operator, a batch at a time.
//!
//! **Invariant:** one turn is one batch through one operator, so that a step can end between any two and be taken up again. The
//! operator nearest to the result goes first, so that little waits between them; a source is only pulled when nothing waits. What
//! no one needs any more (behind a `take` that has enough) is not pulled.

use crate::{
    frame::Frame,
    operators::{Body, Pulled, Refusal, Run, Setup},
    relation::{Relation, RelationId},
    run::Fuel,
};
use chartroom_base::ticks::Ticks;
use std::collections::VecDeque;

/// Bounds of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows of the answer; more are cut off, and it is said.
    pub rows: u64,
    /// Bytes that the operators may hold.
    pub bytes: usize,
    /// Groups of one shard above which shards merge them among themselves, each those whose keys' hash is its own.
    pub groups: usize,
    /// Bytes of either side of a join above which shards join among themselves.
    pub side: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 5_000_000, bytes: 1 << 30, groups: 1 << 16, side: 64 << 20 }
    }
}

/// Relations at work.
pub(crate) struct Graph {
    nodes: Vec<GraphNode>,
    /// Which node works out each relation.
    places: Vec<Option<usize>>,
    result: usize,
    out: VecDeque<Frame>,
    limits: Limits,
    /// The node that was told to go on pulling.
    is_done: bool,
}

struct GraphNode {
    run: Box<dyn Run>,
    is_source: bool,
    /// Batches that wait, with the input they are for.
    waiting: VecDeque<(usize, Frame)>,
    /// Per input whether it has no more rows; told once what waits is pushed.
    ended: Vec<InputState>,
    /// Who takes its rows: node and input.
    consumers: Vec<(usize, usize)>,
    /// Whether it must be pulled before it is pushed again.
    is_pulling: bool,
    /// It gives nothing more.
    is_finished: bool,
    /// Its rows go on without places.
    is_forgetful: bool,
    memory: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InputState {
    Open,
    /// No more rows come; the operator does not know yet.
    Closing,
    Ended,
}

impl Graph {
    /// The relations that `result` needs, ready to run.
    pub(crate) fn new(relations: &[Relation], result: RelationId, now: Ticks, limits: Limits) -> Self {
        let mut is_needed = vec![false; relations.len()];
        if let Some(slot) = is_needed.get_mut(result.index()) {
            *slot = true;
        }
        for at in (0..relations.len()).rev() {
            if is_needed.get(at) == Some(&true)
                && let Some(relation) = relations.get(at)
            {
                for input in &relation.inputs {
                    if let Some(slot) = is_needed.get_mut(input.index()) {
                        *slot = true;
                    }
                }
            }
        }
        let mut graph = Self {
            nodes: Vec::new(),
            places: vec![None; relations.len()],
            result: 0,
            out: VecDeque::new(),
            limits,
            is_done: false,
        };
        for (at, relation) in relations.iter().enumerate().filter(|(at, _)| is_needed.get(*at) == Some(&true))
        {
            let inputs = relation.inputs.iter().filter_map(|input| relations.get(input.index()));
            let setup = Setup {
                inputs: inputs.map(|input| input.columns.as_slice()).collect(),
                output: &relation.columns,
                now,
            };
            let node = graph.nodes.len();
            for (number, input) in relation.inputs.iter().enumerate() {
                let producer = graph.places.get(input.index()).copied().flatten();
                if let Some(producer) = producer.and_then(|producer| graph.nodes.get_mut(producer)) {
                    producer.consumers.push((node, number));
                }
            }
            let streams =
                if let Body::Gather(gather) = &relation.body { Some(gather.streams()) } else { None };
            graph.nodes.push(GraphNode {
                run: relation.body.operator().begin(&setup),
                is_source: relation.inputs.is_empty() && streams.is_none(),
                waiting: VecDeque::new(),
                ended: vec![InputState::Open; streams.unwrap_or(relation.inputs.len())],
                consumers: Vec::new(),
                is_pulling: false,
                is_finished: false,
                is_forgetful: false,
                memory: 0,
            });
            if let Some(slot) = graph.places.get_mut(at) {
                *slot = Some(node);
            }
            graph.result = node;
        }
        graph
    }

    /// The rows of a relation go on without their places, in the order in which it gives them.
    pub(crate) fn forget_places(&mut self, relation: RelationId) {
        if let Some(node) = self.node(relation).and_then(|node| self.nodes.get_mut(node)) {
            node.is_forgetful = true;
        }
    }

    /// Gives a batch to a relation whose rows come from outside, in so manieth stream.
    pub(crate) fn push(&mut self, relation: RelationId, stream: usize, frame: Frame) {
        if let Some(node) = self.node(relation).and_then(|node| self.nodes.get_mut(node)) {
            node.waiting.push_back((stream, frame));
        }
    }

    /// No more comes from outside for that relation in that stream.
    pub(crate) fn end(&mut self, relation: RelationId, stream: usize) {
        if let Some(node) = self.node(relation).and_then(|node| self.nodes.get_mut(node)) {
            node.close(stream);
        }
    }

    /// Batches from outside that were not worked on yet, in that stream.
    pub(crate) fn waiting(&self, relation: RelationId, stream: usize) -> usize {
        let node = self.node(relation).and_then(|node| self.nodes.get(node));
        node.filter(|node| !node.is_finished).map_or(0, |node| {
            node.run.waiting(stream) + node.waiting.iter().filter(|(of, _)| *of == stream).count()
        })
    }

    fn node(&self, relation: RelationId) -> Option<usize> {
        self.places.get(relation.index()).copied().flatten()
    }

    /// Works until the fuel is burnt, the next batch of the result is there, or nothing can be done before more comes in.
    pub(crate) fn step(&mut self, fuel: &mut Fuel) -> Result<Option<Frame>, Refusal> {
        while self.out.is_empty() && !self.is_done && !fuel.is_empty() {
            if !self.turn(fuel)? {
                break;
            }
        }
        Ok(self.out.pop_front())
    }

    /// Whether all rows of the result were given.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done && self.out.is_empty()
    }

    /// One batch through one operator; whether there was anything to do.
    fn turn(&mut self, fuel: &mut Fuel) -> Result<bool, Refusal> {
        // Downstream first; sources last.
        let has_work = |node: &GraphNode| !node.is_finished && (node.is_pulling || node.has_input());
        let next = self.nodes.iter().rposition(has_work);
        let next = next.or_else(|| self.nodes.iter().position(|node| node.is_source && !node.is_finished));
        let Some(node) = next.and_then(|at| self.nodes.get_mut(at)) else { return Ok(false) };
        let at = next.unwrap_or(0);
        if node.is_pulling || node.is_source {
            let pulled = node.run.pull()?;
            node.memory = node.run.memory();
            match pulled {
                Pulled::Frame(frame) => {
                    let frame = if node.is_forgetful { frame.with_places(None) } else { frame };
                    fuel.burn(frame.rows().saturating_mul(frame.columns().len() + 1) * 20);
                    self.give(at, &frame);
                }
                Pulled::Working => {
                    // As much as a batch of one column.
                    fuel.burn(crate::frame::BATCH_ROWS * 20);
                }
                Pulled::Nothing => {
                    node.is_pulling = false;
                    let is_over =
                        node.is_source || node.ended.iter().all(|input| *input == InputState::Ended);
                    if is_over || node.run.is_sated() {
                        self.finish(at);
                    }
                }
            }
        } else if let Some((input, frame)) = node.next_piece() {
            fuel.burn(frame.rows().saturating_mul(frame.columns().len() + 1) * 20);
            node.run.push(input, frame)?;
            node.memory = node.run.memory();
            node.is_pulling = true;
        } else if let Some(input) = node.ended.iter().position(|input| *input == InputState::Closing) {
            if let Some(state) = node.ended.get_mut(input) {
                *state = InputState::Ended;
            }
            fuel.burn(1_000);
            node.run.end(input);
            node.is_pulling = true;
        }
        let bytes: usize = self.nodes.iter().map(|node| node.memory).sum();
        if bytes > self.limits.bytes {
            return Err(Refusal::Memory { limit: self.limits.bytes });
        }
        Ok(true)
    }

    fn give(&mut self, from: usize, frame: &Frame) {
        if from == self.result {
            self.out.push_back(frame.clone());
        }
        let consumers = self.nodes.get(from).map(|node| node.consumers.clone()).unwrap_or_default();
        for (consumer, input) in consumers {
            if let Some(node) = self.nodes.get_mut(consumer).filter(|node| !node.is_finished) {
                node.waiting.push_back((input, frame.clone()));
            }
        }
    }

    /// A node gives nothing more: its consumers are told, and what only it needed stops.
    fn finish(&mut self, at: usize) {
        let Some(node) = self.nodes.get_mut(at) else { return };
        node.is_finished = true;
        node.waiting.clear();
        let consumers = node.consumers.clone();
        if at == self.result {
            self.is_done = true;
        }
        for (consumer, input) in consumers {
            if let Some(node) = self.nodes.get_mut(consumer) {
                node.close(input);
            }
        }
        // From the end to the start: a producer stands before its consumers.
        for producer in (0..at).rev() {
            let Some(node) = self.nodes.get(producer).filter(|node| !node.is_finished) else { continue };
            let is_wanted = |(consumer, _): &(usize, usize)| {
                self.nodes.get(*consumer).is_some_and(|consumer| !consumer.is_finished)
            };
            if !node.consumers.iter().any(is_wanted)
                && let Some(node) = self.nodes.get_mut(producer)
            {
                node.is_finished = true;
                node.waiting.clear();
            }
        }
    }
}

impl GraphNode {
    /// The next batch that waits, or as much of it as the operator takes at a time.
    fn next_piece(&mut self) -> Option<(usize, Frame)> {
        let (input, frame) = self.waiting.pop_front()?;
        let most = self.run.most_rows().max(1);
        if frame.rows() <= most {
            return Some((input, frame));
        }
        for start in (0..frame.rows()).step_by(most).rev() {
            let end = frame.rows().min(start + most);
            self.waiting.push_front((input, frame.slice(start..end)));
        }
        self.waiting.pop_front()
    }

    fn has_input(&self) -> bool {
        !self.waiting.is_empty() || self.ended.contains(&InputState::Closing)
    }

    fn close(&mut self, input: usize) {
        if let Some(state) = self.ended.get_mut(input).filter(|state| **state == InputState::Open) {
            *state = InputState::Closing;
        }
    }
}
