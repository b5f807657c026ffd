//! What a fresh coordinator is told: the parts of files that were read to their ends, and their figures.
//!
//! **Invariant:** every row of the store belongs to a part that is held here or is being read, or the shard says that it
//! cannot account for what it holds.

use super::Shard;
use crate::message::{HeldPart, MEMBERS_FROM, PartNo, Said, Sizes};
use chartroom_ingest::{Part, PartReport, Place, Task};
use std::collections::BTreeSet;

/// Parts read.
#[derive(Default)]
pub(crate) struct Held {
    parts: Vec<HeldPart>,
    /// Parts ended before their ends, and parts that a fresh coordinator would not know by their files' numbers: their rows
    /// go then, and they are read again.
    stopped: Vec<HeldPart>,
    /// Rows came packed, without their parts.
    is_unaccounted: bool,
}

impl Held {
    /// A part was read; `end` is where the bytes of a given part ended.
    pub(crate) fn add(&mut self, task: Task, end: u64, report: &PartReport, is_stopped: bool) {
        // A look and a walk store nothing, and are done again where they are needed.
        if matches!(task.part, Part::Probe | Part::Frame | Part::Members { .. }) {
            return;
        }
        // A fresh coordinator numbers the members of archives anew.
        let is_named = task.file < MEMBERS_FROM && task.place == Place::whole(task.file);
        let is_stopped = is_stopped || !is_named;
        let part = HeldPart { file: task.file, part: task.part, end, report: report.clone() };
        if is_stopped { self.stopped.push(part) } else { self.parts.push(part) }
    }

    pub(crate) fn forget(&mut self, files: &BTreeSet<u32>) {
        self.parts.retain(|part| !files.contains(&part.file));
        self.stopped.retain(|part| !files.contains(&part.file));
    }

    /// The rows of a range are dropped.
    pub(crate) fn forget_range(&mut self, file: u32, start: u64, end: u64) {
        let is_within = |part: &HeldPart| {
            let (first, last) = part.range();
            part.file == file && first >= start && last <= end
        };
        self.parts.retain(|part| !is_within(part));
        self.stopped.retain(|part| !is_within(part));
    }

    pub(crate) fn lose_account(&mut self) {
        self.is_unaccounted = true;
    }
}

impl HeldPart {
    /// Where its records begin.
    fn range(&self) -> (u64, u64) {
        match &self.part {
            Part::Lines { start, end } | Part::Records { start, end, .. } => (*start, *end),
            Part::Given { start, .. } => (*start, self.end),
            Part::Whole | Part::Held { .. } | Part::Probe | Part::Frame | Part::Members { .. } => {
                (0, u64::MAX)
            }
        }
    }
}

impl Shard {
    /// A fresh coordinator stands where another stood: tells it what is here, and forgets what the other wanted.
    pub(crate) fn take_over(&mut self, shard: u32, sizes: Sizes) {
        let unfinished: Vec<HeldPart> = self.take_unfinished();
        for part in std::mem::take(&mut self.held.stopped).iter().chain(&unfinished) {
            let (start, end) = part.range();
            self.store.drop_rows(part.file, &(start..end));
        }
        let is_unaccounted = self.held.is_unaccounted || self.packing.is_unpacking();
        let epoch = self.epoch.map_or(0, |epoch| epoch.saturating_add(1));
        let old = std::mem::replace(self, Self::empty());
        self.epoch = Some(epoch);
        // Who was not greeted yet does not know them.
        self.index = shard;
        self.sizes = sizes;
        self.memory = old.memory;
        self.now = old.now;
        self.reads = old.reads.forgotten();
        self.store = old.store;
        self.reader = old.reader;
        self.known = old.known;
        self.held = old.held;
        self.exchanges = old.exchanges.forgotten();
        self.figures.is_due = true;
        let next = self.exchanges.next();
        self.say(Said::Holds { parts: (!is_unaccounted).then(|| self.held.parts.clone()), next });
        self.say_figures(true);
    }

    /// Parts in hand that may have brought rows in.
    fn take_unfinished(&mut self) -> Vec<HeldPart> {
        let parts: Vec<PartNo> = self.reading.in_hand();
        parts.into_iter().filter_map(|part| self.reading.drop_unfinished(part)).collect()
    }
}
