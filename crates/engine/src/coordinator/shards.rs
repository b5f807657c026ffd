//! What the coordinator knows of each shard.

use crate::message::{Figures, FoundColumn, PartNo, ResultKey};
use std::collections::{BTreeMap, BTreeSet};

use super::files::PartKind;

/// Bytes in hand beyond which a shard gets no further small files.
const BATCH_BYTES: u64 = 4 << 20;
/// Small files in hand beyond which a shard gets no further ones.
const BATCH_PARTS: usize = 16;

/// Where a shard is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Not started.
    Absent,
    /// Works.
    Up,
    /// Was there before this coordinator, and is to say what it holds.
    Joining,
    /// Packs its living rows, to move to a fresh worker.
    Packing,
    /// The page was asked to end it and start another.
    Restarting,
    /// Takes the rows that stood in its place before.
    Unpacking,
}

/// A part that a shard has in hand.
#[derive(Clone, Debug)]
pub(crate) struct InHand {
    pub(crate) file: u32,
    pub(crate) kind: PartKind,
    /// Bytes it will read, as far as is known.
    pub(crate) weight: u64,
    /// Bytes of the file as handed over that it read.
    pub(crate) done: u64,
    /// For bytes given by a walk: the shard that walks.
    pub(crate) giver: Option<u32>,
    /// Members that pass by, each within the one before; `None`: nobody wants it.
    pub(crate) passing: Vec<Option<u32>>,
    /// Members of its file that it told.
    pub(crate) told: u64,
}

/// One shard.
#[derive(Debug)]
pub(crate) struct ShardState {
    pub(crate) phase: Phase,
    pub(crate) epoch: u32,
    pub(crate) in_hand: BTreeMap<PartNo, InHand>,
    /// The part it took up last and did not finish.
    pub(crate) began: Option<PartNo>,
    /// Questions it has not answered.
    pub(crate) asks: BTreeSet<u32>,
    /// Orders of results it was told to select and has not said to be done with, dropped ones included.
    pub(crate) selecting: BTreeSet<ResultKey>,
    /// Other things it has not answered: selections, forgetting, packing, whether it lives.
    pub(crate) chores: u32,
    /// When it was heard last.
    pub(crate) heard_at: f64,
    /// When it was asked whether it lives.
    pub(crate) pinged_at: Option<f64>,
    /// It must be heard by then.
    pub(crate) answer_by: Option<f64>,
    /// Why the page was asked to end it, for the ledger; `None` when only its memory is to come back.
    pub(crate) ending: Option<String>,
    pub(crate) figures: Figures,
    /// Every table's columns as it has them.
    pub(crate) columns: BTreeMap<String, Vec<FoundColumn>>,
    /// The packed rows that its successor is to take.
    pub(crate) packed: Option<(chartroom_protocol::FileNo, Vec<u64>)>,
    /// The file it hashes.
    pub(crate) hashing: Option<u32>,
}

impl ShardState {
    pub(crate) fn new() -> Self {
        Self {
            phase: Phase::Absent,
            epoch: 0,
            in_hand: BTreeMap::new(),
            began: None,
            asks: BTreeSet::new(),
            selecting: BTreeSet::new(),
            chores: 0,
            heard_at: 0.0,
            pinged_at: None,
            answer_by: None,
            ending: None,
            figures: Figures::default(),
            columns: BTreeMap::new(),
            packed: None,
            hashing: None,
        }
    }

    /// Whether it is there to be told things.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.phase, Phase::Up | Phase::Joining | Phase::Packing | Phase::Unpacking)
    }

    /// Bytes of parts in hand, walks aside.
    pub(crate) fn weight(&self) -> u64 {
        self.reading().map(|part| part.weight).sum()
    }

    fn reading(&self) -> impl Iterator<Item = &InHand> {
        self.in_hand.values().filter(|part| !part.kind.is_walk())
    }

    /// Whether it may get another part of `weight` bytes: two at a time, or a handful of small files.
    pub(crate) fn has_room(&self, weight: u64) -> bool {
        let count = self.reading().count();
        self.phase == Phase::Up
            && (count < 2 || (count < BATCH_PARTS && self.weight().saturating_add(weight) <= BATCH_BYTES))
    }

    /// Whether it walks through a file.
    pub(crate) fn is_walking(&self) -> bool {
        self.in_hand.values().any(|part| part.kind.is_walk())
    }

    /// Whether something is expected of it.
    pub(crate) fn has_work(&self) -> bool {
        !self.in_hand.is_empty() || !self.asks.is_empty() || self.chores > 0
    }
}
