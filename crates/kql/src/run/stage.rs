//! What shards work out among themselves: rows in from all of them, each shard those whose keys' hash it owns.
//!
//! **Invariant:** a stage gives on each shard what the coordinator would for the keys that the shard owns, in the order of places, so that the
//! coordinator only merges streams.

use super::{
    Fuel,
    fragment::{Batch, RowBatch},
};
use crate::{
    frame::Frame,
    graph::{Graph, Limits},
    operators::Refusal,
    relation::{Column, Relation, RelationId, kinds},
};
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};

/// A stage as it travels to shards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// First one relation for each input, then operators; each refers only to earlier ones.
    pub relations: Vec<Relation>,
    /// How many inputs it has.
    pub inputs: usize,
    /// What `now()` is.
    pub now: Ticks,
    /// What it merges, which decides when it pays.
    pub merges: Merges,
}

/// What a stage merges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Merges {
    /// Groups: pays for many.
    Groups,
    /// Two sides of a join: pays for large ones.
    Sides {
        /// The second side may go to all shards while the first stays where it is.
        can_broadcast: bool,
    },
}

/// How rows come to a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// There is no stage: the coordinator gathers the rows.
    Gather,
    /// Each row goes to the shard that owns its keys' hash.
    Hash,
    /// The first input stays where it is, the second goes to all.
    Broadcast,
}

/// How much one shard has for a stage, as far as it looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Rows.
    pub rows: usize,
    /// Bytes, about.
    pub bytes: usize,
}

impl Size {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { rows: self.rows.saturating_add(other.rows), bytes: self.bytes.saturating_add(other.bytes) }
    }
}

impl Stage {
    /// The columns of what it gives.
    pub(crate) fn columns(&self) -> &[Column] {
        self.relations.last().map_or(&[], |last| last.columns.as_slice())
    }

    /// Whether a shard need not look further: so much of one input is much.
    #[must_use]
    pub const fn is_much(&self, size: Size, limits: Limits) -> bool {
        match self.merges {
            Merges::Groups => size.rows > limits.groups,
            Merges::Sides { .. } => size.bytes > limits.side,
        }
    }

    /// How the rows should come, for each input the most that a shard has, and what all have together.
    #[must_use]
    pub fn way(&self, inputs: &[(Size, Size)], limits: Limits) -> Way {
        // A side that is not small stays where it is rather than to go to the coordinator.
        let is_worth = inputs.first().is_some_and(|(_, all)| all.bytes > limits.side / 16);
        let is_much = |input: usize| {
            inputs.get(input).is_some_and(|(most, all)| match self.merges {
                Merges::Groups => self.is_much(*most, limits),
                Merges::Sides { .. } => self.is_much(*all, limits),
            })
        };
        match self.merges {
            Merges::Groups if is_much(0) => Way::Hash,
            Merges::Sides { .. } if is_much(1) => Way::Hash,
            Merges::Sides { can_broadcast } if is_worth => {
                if can_broadcast {
                    Way::Broadcast
                } else {
                    Way::Hash
                }
            }
            _ => Way::Gather,
        }
    }
}

/// A stage at work on one shard.
pub struct StageRun {
    graph: Graph,
    kinds: Vec<Vec<Kind>>,
}

impl StageRun {
    /// Without rows so far.
    #[must_use]
    pub fn new(stage: &Stage, limits: Limits) -> Self {
        let last = u32::try_from(stage.relations.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let inputs = stage.relations.iter().take(stage.inputs);
        Self {
            graph: Graph::new(&stage.relations, RelationId(last), stage.now, limits),
            kinds: inputs.map(|input| kinds(&input.columns)).collect(),
        }
    }

    /// Takes rows of an input.
    pub fn push(&mut self, input: usize, rows: RowBatch) {
        self.push_frame(input, rows.0);
    }

    /// Takes rows of an input that another shard gave.
    ///
    /// # Errors
    /// When the bytes are no rows of that input.
    pub fn deliver(&mut self, input: usize, bytes: &[u8]) -> Result<(), Refusal> {
        let kinds = self.kinds.get(input).ok_or(Refusal::Damaged)?;
        let frame = Frame::decode(bytes, kinds).ok_or(Refusal::Damaged)?;
        self.push_frame(input, frame);
        Ok(())
    }

    fn push_frame(&mut self, input: usize, frame: Frame) {
        if let Ok(relation) = u32::try_from(input) {
            self.graph.push(RelationId(relation), 0, frame);
        }
    }

    /// All rows of an input were given.
    pub fn end(&mut self, input: usize) {
        if let Ok(relation) = u32::try_from(input) {
            self.graph.end(RelationId(relation), 0);
        }
    }

    /// Works until rows are ready, the fuel is burnt, or nothing can be done before more comes in.
    ///
    /// # Errors
    /// When it needs more memory than it may have.
    pub fn step(&mut self, fuel: &mut Fuel) -> Result<Batch, Refusal> {
        Ok(match self.graph.step(fuel)? {
            Some(frame) => Batch::Rows(RowBatch(frame)),
            None if self.graph.is_done() => Batch::Done,
            None => Batch::Pending,
        })
    }
}
