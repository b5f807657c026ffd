//! What shards say about the parts they read.
//!
//! **Invariant:** a part is in exactly one place: the queue, one shard's hand, or its file's list of parts read. What
//! is said of a part that is in nobody's hand is dropped: it was forgotten, refused or belongs to a shard that died.

use super::{
    Coordinator,
    archives::Walking,
    files::{DonePart, Hashes, PartKind, Stage},
    shards::InHand,
    work::Work,
};
use crate::{
    message::{PartNo, ToShard},
    output::Output,
};
use chartroom_ingest::{PartReport, Probe, framing::Layout};

impl Coordinator {
    /// Takes a part out of a shard's hand.
    pub(crate) fn take_part(&mut self, shard: u32, part: PartNo) -> Option<InHand> {
        let state = self.shards.get_mut(shard as usize)?;
        if state.began == Some(part) {
            state.began = None;
        }
        state.in_hand.remove(&part)
    }

    pub(crate) fn on_began(&mut self, shard: u32, part: PartNo) {
        if let Some(state) = self.shards.get_mut(shard as usize)
            && state.in_hand.contains_key(&part)
        {
            state.began = Some(part);
        }
    }

    pub(crate) fn on_progress(&mut self, shard: u32, part: PartNo, bytes: u64) {
        let Some(hand) = self.shards.get_mut(shard as usize).and_then(|state| state.in_hand.get_mut(&part))
        else {
            return;
        };
        let more = bytes.saturating_sub(hand.done);
        hand.done = hand.done.max(bytes);
        // A walk has read the bytes already that others read again as records.
        let is_counted = matches!(hand.kind, PartKind::Whole | PartKind::Lines { .. } | PartKind::Frame);
        if is_counted && let Some(file) = self.files.get_mut(&hand.file) {
            file.bytes_done = (file.bytes_done + more).min(file.info.size);
        }
    }

    pub(crate) fn on_done(&mut self, shard: u32, part: PartNo, report: PartReport, is_stopped: bool) {
        let Some(hand) = self.take_part(shard, part) else { return };
        let Some(file) = self.files.get_mut(&hand.file) else { return };
        file.open = file.open.saturating_sub(1);
        let total = match &hand.kind {
            PartKind::Lines { start, end } => end - start,
            PartKind::Whole | PartKind::Frame => file.info.size,
            PartKind::Probe
            | PartKind::Members { .. }
            | PartKind::Records { .. }
            | PartKind::Given { .. } => 0,
        };
        if is_stopped {
            file.end(&self.load.stop_reason(), self.load.stop);
        } else {
            file.bytes_done = (file.bytes_done + total.saturating_sub(hand.done)).min(file.info.size);
        }
        if hand.kind.is_walk() {
            // A walk done again accounts for the same bytes between records.
            file.parts.retain(|done| !done.kind.is_walk());
            file.recount();
        }
        let is_locked = report.is_locked();
        file.add(DonePart { shard, kind: hand.kind.clone(), report, is_stopped });
        if is_locked {
            self.lock(hand.file, true);
        }
        let Some(file) = self.files.get_mut(&hand.file) else { return };
        if hand.kind.is_walk() && std::mem::take(&mut file.walk_again) && !is_stopped {
            self.enqueue(hand.file, hand.kind);
        } else if hand.kind.is_walk() {
            self.walk_over(hand.file, &hand.passing);
        }
        self.settle_file(hand.file);
        self.touch_ledger();
    }

    /// Ends a file whose last part came in.
    pub(crate) fn settle_file(&mut self, file: u32) {
        if let Some(state) = self.files.get_mut(&file)
            && state.open == 0
            && state.stage == Stage::Reading
        {
            state.stage = Stage::Settled;
            // Only the whole file shows whether it held events at all.
            state.merged.settle();
            if state.hashes == Hashes::Wanted {
                self.unhashed.insert(file);
            }
            self.learn(file);
            self.learn_own(file);
            self.settle_reading(file);
        }
    }

    pub(crate) fn on_probed(&mut self, shard: u32, part: PartNo, mut probe: Probe) {
        let Some(hand) = self.take_part(shard, part) else { return };
        let Some(file) = self.files.get_mut(&hand.file) else { return };
        file.open = file.open.saturating_sub(1);
        let skip = probe.skip.take();
        if let Some(plain) = probe.plain {
            file.lies(plain);
        } else if let Some(inner) = file.inner
            && probe.containers.len() == file.place.containers.len()
        {
            probe.estimated_bytes = inner;
        }
        file.probe = Some(probe);
        if let Some(report) = skip {
            file.bytes_done = file.info.size;
            let is_locked = report.is_locked();
            file.add(DonePart { shard, kind: PartKind::Whole, report: *report, is_stopped: false });
            if is_locked {
                self.lock(hand.file, true);
            }
            self.settle_file(hand.file);
        } else if self.load.stop.is_some() {
            file.end(&format!("not read: {}", self.load.stop_reason()), self.load.stop);
            self.settle_file(hand.file);
        } else {
            self.plan_parts(hand.file);
            self.check_budget();
        }
        self.touch_ledger();
    }

    pub(crate) fn on_hand_back(&mut self, shard: u32, part: PartNo) {
        let Some(hand) = self.take_part(shard, part) else { return };
        let number = hand.file;
        self.take_back(number);
        let Some(file) = self.files.get_mut(&number) else { return };
        file.reset();
        file.is_framed = true;
        // It waits until every shard has forgotten it: bytes that a walk gives come by another way than this order.
        file.open = 1;
        self.forget(vec![number], super::forget::Then::Walk(number));
    }

    /// Takes all parts of a file out of queue and hands.
    pub(crate) fn take_back(&mut self, file: u32) {
        self.unqueue(file);
        for shard in &mut self.shards {
            shard.in_hand.retain(|_, hand| hand.file != file);
            for hand in shard.in_hand.values_mut() {
                hand.passing.iter_mut().filter(|passing| **passing == Some(file)).for_each(|it| *it = None);
            }
            if shard.began.is_some_and(|part| !shard.in_hand.contains_key(&part)) {
                shard.began = None;
            }
        }
    }

    pub(crate) fn on_cut(
        &mut self,
        walk: Walking,
        cut: u32,
        (start, end): (u64, u64),
        layout: Layout,
        is_held: bool,
    ) {
        let (shard, part, _) = walk;
        let Some(file) = self.walked(walk) else { return };
        let Some(file) = file else {
            self.tell(shard, ToShard::CutTaken { part, cut, give: None });
            return;
        };
        let is_known = self.files.get(&file).is_none_or(|state| state.has_range(start, end))
            || self
                .shards
                .iter()
                .flat_map(|state| state.in_hand.values())
                .any(|hand| hand.file == file && hand.kind.range() == Some((start, end)));
        let Some(state) = self.files.get_mut(&file) else { return };
        if is_known || state.ending.is_some() || !is_held {
            let message = ToShard::CutTaken { part, cut, give: None };
            self.outputs.push(Output::ToShard { shard, message, files: Vec::new() });
        }
        if is_known || state.ending.is_some() {
            return;
        }
        state.open += 1;
        self.queue.cuts.push_back(if is_held {
            let kind = PartKind::Given { start, end };
            Work::Held { file, walker: part, walking_shard: shard, cut, kind }
        } else {
            Work::Part { file, kind: PartKind::Records { start, end, layout } }
        });
    }
}
