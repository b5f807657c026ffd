//! The work queue: what waits to be read, and who gets it.
//!
//! Urgent first: cuts of walks (they hold memory), then parts of files already begun, then files in order of arrival.

use super::{
    Coordinator,
    files::{PartKind, Stage},
    head_start::HEAD,
    shards::InHand,
};
use crate::{
    message::{GiveTo, PartNo, ReadPart, ToShard},
    output::Output,
};
use chartroom_ingest::Part;
use chartroom_protocol::FileNo;
use std::collections::VecDeque;

/// How many times as large gzip is taken to be inside, before its start was seen.
pub(crate) const PACKED_RATIO: u64 = 12;
/// Cuts that a walk may have under way, for each shard.
const CUTS_PER_SHARD: u32 = 2;

/// Something to be read.
#[derive(Debug)]
pub(crate) enum Work {
    /// A part that a shard reads from the file.
    Part { file: u32, kind: PartKind },
    /// Bytes that a walk holds: records of the file it walks through, or all of a member of an archive.
    Held { file: u32, walker: PartNo, walking_shard: u32, cut: u32, kind: PartKind },
}

impl Work {
    pub(crate) const fn file(&self) -> u32 {
        match self {
            Self::Part { file, .. } | Self::Held { file, .. } => *file,
        }
    }
}

/// What waits.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    pub(crate) cuts: VecDeque<Work>,
    pub(crate) parts: VecDeque<Work>,
    /// Files not begun.
    pub(crate) files: VecDeque<u32>,
}

impl Queue {
    pub(crate) fn is_empty(&self) -> bool {
        self.cuts.is_empty() && self.parts.is_empty() && self.files.is_empty()
    }

    /// Takes out what concerns a file; bytes of it that walks hold.
    fn remove_file(&mut self, file: u32) -> VecDeque<Work> {
        let (gone, left) = std::mem::take(&mut self.cuts).into_iter().partition(|work| work.file() == file);
        self.cuts = left;
        self.parts.retain(|work| work.file() != file);
        self.files.retain(|&waiting| waiting != file);
        gone
    }
}

impl Coordinator {
    /// A new number for a part.
    fn next_part(&mut self) -> PartNo {
        self.part_count += 1;
        PartNo(self.part_count)
    }

    /// Takes what concerns a file out of the queue; who holds bytes of it need not any more.
    pub(crate) fn unqueue(&mut self, file: u32) {
        for work in self.queue.remove_file(file) {
            if let Work::Held { walker, walking_shard, cut, .. } = work {
                self.tell(walking_shard, ToShard::CutTaken { part: walker, cut, give: None });
            }
        }
    }

    /// Puts a part into the queue, behind others of its file.
    pub(crate) fn enqueue(&mut self, file: u32, kind: PartKind) {
        if self.await_walk(file) {
            return;
        }
        if let Some(state) = self.files.get_mut(&file) {
            state.open += 1;
            state.stage = Stage::Reading;
            self.queue.parts.push_back(Work::Part { file, kind });
        }
    }

    /// What a file's first look or first reading is.
    pub(crate) fn first_part(&self, file: u32) -> Option<PartKind> {
        let state = self.files.get(&file)?;
        if state.is_framed {
            return Some(PartKind::Frame);
        }
        let inner = self.inner_estimate(file);
        Some(if inner > self.sizes.large && state.probe.is_none() {
            PartKind::Probe
        } else {
            PartKind::Whole
        })
    }

    /// Bytes of the innermost file, as far as is known.
    pub(crate) fn inner_estimate(&self, file: u32) -> u64 {
        let Some(state) = self.files.get(&file) else { return 0 };
        match &state.probe {
            Some(probe) => probe.estimated_bytes,
            None => match state.inner {
                Some(inner) => inner,
                None if state.looks_packed() => state.info.size.saturating_mul(PACKED_RATIO),
                None => state.info.size,
            },
        }
    }

    /// Queues the parts of a large file whose head was seen.
    pub(crate) fn plan_parts(&mut self, file: u32) {
        let Some(state) = self.files.get_mut(&file) else { return };
        let Some(probe) = &state.probe else { return };
        let is_lines = probe.layout == chartroom_ingest::framing::Layout::Lines && !state.is_framed;
        if probe.estimated_bytes <= self.sizes.large && state.parts.is_empty() {
            self.enqueue(file, PartKind::Whole);
        } else if is_lines && probe.plain.is_some() {
            let size = state.info.size;
            // Of a large file larger parts: each costs the browser a stream of its own.
            let most = self.sizes.lines_part.saturating_mul(4);
            let share = size / (u64::from(self.max_shards) * 8).max(1);
            let part = share.clamp(self.sizes.lines_part, most);
            let mut start = 0;
            while start < size {
                let is_head = start == 0 && self.has_head_start && !self.load.head.is_over;
                let len = if is_head { part.min(HEAD) } else { part };
                let end = size.min(start + len.max(1));
                self.enqueue(file, PartKind::Lines { start, end });
                start = end;
            }
        } else {
            self.enqueue(file, PartKind::Frame);
        }
    }

    /// Gives every shard with room something to do.
    pub(crate) fn hand_out(&mut self) {
        let mut batches: Vec<Batch> = (0..self.shards.len()).map(|_| Batch::default()).collect();
        while !self.awaits_first_rows() && !self.is_joining() {
            if let Some(work) = self.queue.cuts.pop_front() {
                match self.free_shard(0, false) {
                    Some(shard) => self.assign(work, shard, &mut batches),
                    None => {
                        self.queue.cuts.push_front(work);
                        break;
                    }
                }
                continue;
            }
            if self.assign_part(&mut batches) {
                continue;
            }
            if self.load.is_held() || !self.assign_file(&mut batches) {
                break;
            }
        }
        for (shard, batch) in (0_u32..).zip(batches) {
            if batch.parts.is_empty() {
                continue;
            }
            let epoch = self.shards.get(shard as usize).map_or(0, |state| state.epoch);
            let message = ToShard::Read { epoch, parts: batch.parts };
            self.outputs.push(Output::ToShard { shard, message, files: batch.files });
        }
    }

    /// Whether some of a file was read.
    pub(crate) fn is_begun(&self, file: u32) -> bool {
        self.files.get(&file).is_some_and(|state| state.bytes_done > 0 || !state.parts.is_empty())
    }

    /// The first waiting part that finds a shard.
    fn assign_part(&mut self, batches: &mut [Batch]) -> bool {
        for at in 0..self.queue.parts.len() {
            let Some(work) = self.queue.parts.get(at) else { return false };
            if self.load.is_held() && !self.is_begun(work.file()) {
                continue;
            }
            let is_walk = matches!(work, Work::Part { kind, .. } if kind.is_walk());
            if let Some(shard) = self.free_shard(self.sizes.lines_part, is_walk)
                && let Some(work) = self.queue.parts.remove(at)
            {
                self.assign(work, shard, batches);
                return true;
            }
            if !is_walk {
                return false;
            }
        }
        false
    }

    fn assign_file(&mut self, batches: &mut [Batch]) -> bool {
        let Some(&file) = self.queue.files.front() else { return false };
        let Some(shard) = self.free_shard(self.inner_estimate(file), false) else { return false };
        self.queue.files.pop_front();
        if self.await_walk(file) {
            return true;
        }
        let Some(kind) = self.first_part(file) else { return true };
        if let Some(state) = self.files.get_mut(&file) {
            state.open += 1;
            state.stage = Stage::Reading;
        }
        self.assign(Work::Part { file, kind }, shard, batches);
        true
    }

    /// The shard with the least in hand among those with room.
    fn free_shard(&self, weight: u64, is_walk: bool) -> Option<u32> {
        let has_room = |shard: &super::shards::ShardState| {
            if is_walk {
                shard.phase == super::shards::Phase::Up && !shard.is_walking()
            } else {
                shard.has_room(weight)
            }
        };
        (0_u32..)
            .zip(&self.shards)
            .filter(|(_, shard)| has_room(shard))
            .min_by_key(|(_, shard)| (shard.weight(), shard.in_hand.len(), shard.figures.memory))
            .map(|(index, _)| index)
    }

    fn assign(&mut self, work: Work, shard: u32, batches: &mut [Batch]) {
        let part = self.next_part();
        let file = work.file();
        let weight = match &work {
            Work::Held { kind, .. } | Work::Part { kind, .. } => match kind.range() {
                Some((start, end)) => end - start,
                None if *kind == PartKind::Probe => 1 << 20,
                None => self.inner_estimate(file),
            },
        };
        let (Some(state), Some(target)) = (self.files.get_mut(&file), self.shards.get_mut(shard as usize))
        else {
            return;
        };
        let epoch = target.epoch;
        // A look and a walk store nothing.
        if !matches!(
            &work,
            Work::Part { kind: PartKind::Probe | PartKind::Frame | PartKind::Members { .. }, .. }
        ) {
            self.load.head.given = self.load.head.given.saturating_add(weight);
        }
        if !target.has_work() {
            // Silence counts from when it has something to do.
            target.heard_at = self.now;
        }
        match work {
            Work::Held { walker, walking_shard, cut, kind, .. } => {
                let member = state.archive.map(|_| Box::new(state.task(Part::Whole)));
                target.in_hand.insert(
                    part,
                    InHand {
                        file,
                        kind,
                        weight,
                        done: 0,
                        giver: Some(walking_shard),
                        passing: Vec::new(),
                        told: 0,
                    },
                );
                let give = Some(GiveTo { shard, epoch, part, member });
                let message = ToShard::CutTaken { part: walker, cut, give };
                self.outputs.push(Output::ToShard { shard: walking_shard, message, files: Vec::new() });
            }
            Work::Part { kind, .. } => {
                let Some(asked) = kind.to_part() else { return };
                target.in_hand.insert(
                    part,
                    InHand { file, kind, weight, done: 0, giver: None, passing: Vec::new(), told: 0 },
                );
                let task = state.task(asked);
                let handle = self.lend(task.place.source, shard);
                let Some(batch) = batches.get_mut(shard as usize) else { return };
                batch.files.extend(handle);
                let cuts = CUTS_PER_SHARD * self.max_shards;
                batch.parts.push(ReadPart { part, task, cuts });
            }
        }
    }
}

/// What one shard gets in one message.
#[derive(Default)]
struct Batch {
    parts: Vec<ReadPart>,
    files: Vec<FileNo>,
}
