//! Shards that hang, die, or are ended to give their memory back.
//!
//! A shard that died is followed by a fresh one in its place. What it had read or was reading goes back into the queue,
//! but for the part it had taken up last and not finished: that one ended it, and goes into the ledger as lost.

use super::{
    Coordinator,
    files::{Hashes, PartKind, Stage},
    shards::Phase,
    work::Work,
};
use crate::{
    message::{PartNo, ToShard},
    output::Output,
};
use chartroom_ingest::report::Verdict;
use chartroom_protocol::{Event, FileNo};

/// Silence after which a shard with work in hand is asked whether it lives, in milliseconds.
const ASK_AFTER: f64 = 2_000.0;
/// Silence after which it is ended.
const END_AFTER: f64 = 5_000.0;
/// The coordinator itself was not run for so long: nobody's silence counts.
const SLEPT: f64 = 1_500.0;
/// Share of dead rows from which a shard's living rows move.
const MOVE_FROM: f64 = 0.4;
/// Numbers of files of packed rows.
const PACKED_FROM: u32 = 1 << 31;

impl Coordinator {
    /// Looks for shards that hang. Call it now and then.
    pub(crate) fn watch(&mut self) {
        let slept = self.now - self.watched_at > SLEPT;
        self.watched_at = self.now;
        for index in 0..self.shards.len() {
            let Some(shard) = self.shards.get_mut(index) else { continue };
            if !shard.is_up() || !shard.has_work() {
                shard.answer_by = None;
                shard.heard_at = self.now;
                continue;
            }
            if slept {
                shard.heard_at = self.now;
                shard.answer_by = shard.answer_by.map(|_| self.now + ASK_AFTER);
                continue;
            }
            let silent = self.now - shard.heard_at;
            let is_late = shard.answer_by.is_some_and(|by| self.now > by);
            if silent > END_AFTER || is_late {
                let reason =
                    if is_late { "did not stop when asked to" } else { "did not answer for 5 seconds" };
                shard.ending = Some(format!("the reader {reason}"));
                shard.phase = Phase::Restarting;
                shard.answer_by = None;
                self.event(Event::RestartShard { shard: index as u32 });
            } else if silent > ASK_AFTER && shard.pinged_at.is_none() {
                shard.pinged_at = Some(self.now);
                shard.chores += 1;
                self.tell(index as u32, ToShard::Ping);
            }
        }
    }

    /// A fresh shard stands where one died or was ended. `last` is the part that it left word of (0: of none), which is
    /// newer than what it said here: that may have been overtaken, or lost.
    pub(crate) fn shard_restarted(&mut self, index: u32, reason: Option<String>, last: Option<PartNo>) {
        self.compare_lost(index);
        let Some(shard) = self.shards.get_mut(index as usize) else { return };
        let was_ended_for_memory =
            shard.phase == Phase::Restarting && shard.ending.is_none() && reason.is_none();
        let reason = shard.ending.take().or(reason);
        // Without a reason nothing is to blame: its memory was to come back, or its death is told a second time.
        let is_blamed = reason.is_some();
        let why = reason.unwrap_or_else(|| "the reader ended".to_owned());
        let packed = shard.packed.take();
        let told = shard.began.take();
        let killer = last.or(told);
        let in_hand = std::mem::take(&mut shard.in_hand);
        shard.epoch += 1;
        shard.chores = 0;
        let selecting = std::mem::take(&mut shard.selecting).pop_last();
        shard.figures = crate::message::Figures::default();
        shard.columns.clear();
        shard.hashing = None;
        shard.heard_at = self.now;
        shard.pinged_at = None;
        shard.answer_by = None;
        // One that died by itself is as unknown to its successor as one that was ended: that is to be greeted.
        shard.phase = Phase::Restarting;
        self.note_names(true);
        if let Some(key) = selecting.filter(|_| is_blamed) {
            self.blame(key, &why);
        }
        for file in self.files.values_mut() {
            file.holders.remove(&index);
        }
        self.unhash(index);
        self.unhold(index);
        self.greet(index);
        self.claim_named();
        if let Some((file, ends)) = packed.filter(|_| was_ended_for_memory) {
            self.unpack(index, file, ends);
        } else if !was_ended_for_memory {
            self.requeue(index, killer, in_hand, &why);
        } else {
            // Nothing of it lived.
            for file in self.files.values_mut() {
                file.parts.retain(|part| part.shard != index || part.report.stored == 0);
            }
        }
        self.forgot_by_death(index);
        self.asks_lost(index, &why, is_blamed);
        self.renew_results(None);
        self.hand_out();
        self.finish_load();
    }

    /// Puts back what a dead shard had read or had in hand.
    fn requeue(
        &mut self,
        index: u32,
        killer: Option<PartNo>,
        in_hand: std::collections::BTreeMap<PartNo, super::shards::InHand>,
        reason: &str,
    ) {
        let mut again: Vec<(u32, PartKind)> = Vec::new();
        let mut refused: Vec<(u32, PartNo)> = Vec::new();
        for (&number, file) in &mut self.files {
            let (gone, kept): (Vec<_>, Vec<_>) =
                std::mem::take(&mut file.parts).into_iter().partition(|part| part.shard == index);
            file.parts = kept;
            if !gone.is_empty() {
                file.recount();
            }
            for part in gone {
                // Its file's end was settled without rows: nothing to read again.
                if part.report.stored == 0 && !matches!(part.report.verdict, Verdict::Events) {
                    file.add(part);
                } else {
                    again.push((number, part.kind));
                }
            }
        }
        for (part, hand) in in_hand {
            let Some(file) = self.files.get_mut(&hand.file) else { continue };
            file.open = file.open.saturating_sub(1);
            // A look at the head is risked a second time: it is small, and the file is lost without it.
            let is_risked = hand.kind == PartKind::Probe && !std::mem::replace(&mut file.probe_failed, true);
            let is_killer = killer == Some(part) && !is_risked;
            for passing in hand.passing.iter().copied().flatten() {
                let Some(member) = self.files.get_mut(&passing) else { continue };
                member.open = member.open.saturating_sub(1);
                if is_killer {
                    // Whichever of them it was: all would come by in the same way.
                    self.lose_part(passing, &PartKind::Frame, reason);
                } else if self.load.stop.is_none() {
                    again.push((passing, PartKind::Frame));
                } else {
                    member.end(&self.load.stop_reason(), self.load.stop);
                    member.left.push(PartKind::Frame);
                }
            }
            let Some(file) = self.files.get_mut(&hand.file) else { continue };
            if is_killer {
                self.lose_part(hand.file, &hand.kind, reason);
                self.walk_over(hand.file, &[]);
            } else if self.load.stop.is_none() {
                again.push((hand.file, hand.kind));
            } else {
                // It was to stop: what it had of this part went with it.
                file.end(&self.load.stop_reason(), self.load.stop);
                file.left.push(hand.kind);
            }
        }
        // What it gave and may never have arrived.
        for (other, shard) in (0_u32..).zip(&self.shards) {
            let given = shard.in_hand.iter().filter(|(_, hand)| hand.giver == Some(index));
            refused.extend(given.map(|(&part, _)| (other, part)));
        }
        // What it held and nobody has taken.
        let (held, cuts): (Vec<_>, Vec<_>) = std::mem::take(&mut self.queue.cuts)
            .into_iter()
            .partition(|work| matches!(work, Work::Held { walking_shard, .. } if *walking_shard == index));
        self.queue.cuts = cuts.into();
        for work in held {
            let Work::Held { file, kind, .. } = work else { continue };
            if let Some(state) = self.files.get_mut(&file) {
                state.open = state.open.saturating_sub(1);
                again.push((file, kind));
            }
        }
        if !again.is_empty() && !self.load.is_active {
            self.load.is_active = true;
            self.load.stop = None;
            self.load.started_at = self.now;
            self.load.budget.choose();
        }
        for (file, kind) in again {
            self.read_again(file, kind);
        }
        for (shard, part) in refused {
            self.tell(shard, ToShard::Refuse { parts: vec![part] });
        }
        let files: Vec<u32> = self.files.keys().copied().collect();
        for file in files {
            self.settle_file(file);
        }
        self.touch_ledger();
        self.status.is_due = true;
        self.event(Event::Notice {
            text: format!(
                "Reader {} was started anew ({reason}); it reads its part of the files again.",
                index + 1
            ),
        });
    }

    fn lose_part(&mut self, file: u32, kind: &PartKind, reason: &str) {
        let Some(state) = self.files.get_mut(&file) else { return };
        let text = format!("this part could not be read: {reason}");
        match (kind, kind.range()) {
            (_, Some((start, end))) => state.lose(start, end, &text),
            // A walk that ends its worker would do so again.
            _ => {
                let read = state.merged.bytes();
                let end = if state.is_packed() || state.looks_packed() { read } else { state.info.size };
                let start = if kind.is_walk() { end } else { 0 };
                state.lose(start, end, &text);
            }
        }
        state.stage = Stage::Reading;
    }

    fn read_again(&mut self, file: u32, kind: PartKind) {
        self.load.files.insert(file);
        if self.load.stop.is_none() && self.await_walk(file) {
            return;
        }
        let Some(state) = self.files.get_mut(&file) else { return };
        match kind {
            PartKind::Given { .. } | PartKind::Frame => {
                // Its bytes come from a walk: once more from the start; what others have read is not given out again.
                let is_walking = self.queue.parts.iter().any(
                    |work| matches!(work, Work::Part { file: of, kind: PartKind::Frame } if *of == file),
                );
                let walks_now = self
                    .shards
                    .iter()
                    .flat_map(|shard| shard.in_hand.values())
                    .any(|hand| hand.file == file && hand.kind.is_walk());
                if walks_now {
                    state.walk_again = true;
                } else if !is_walking {
                    self.enqueue(file, PartKind::Frame);
                }
            }
            kind => self.enqueue(file, kind),
        }
    }

    /// Parts given by a walk whose shard died: they never came.
    pub(crate) fn on_refused(&mut self, shard: u32, parts: Vec<PartNo>) {
        for part in parts {
            if let Some(hand) = self.take_part(shard, part) {
                if let Some(file) = self.files.get_mut(&hand.file) {
                    file.open = file.open.saturating_sub(1);
                }
                self.read_again(hand.file, hand.kind);
                self.settle_file(hand.file);
            }
        }
    }

    /// Moves the living rows of shards whose memory mostly belongs to closed files.
    pub(crate) fn give_memory_back(&mut self) {
        if self.load.is_active {
            return;
        }
        for index in 0..self.shards.len() {
            let Some(shard) = self.shards.get_mut(index) else { continue };
            if shard.phase != Phase::Up || shard.figures.dead_share < MOVE_FROM {
                continue;
            }
            if shard.figures.tables.iter().all(|(_, rows)| *rows == 0) {
                shard.phase = Phase::Restarting;
                shard.ending = None;
                self.event(Event::RestartShard { shard: index as u32 });
            } else {
                shard.phase = Phase::Packing;
                shard.chores += 1;
                self.want_compare();
                self.packed_count += 1;
                let file = FileNo(PACKED_FROM + self.packed_count);
                self.tell(index as u32, ToShard::Pack { file });
            }
        }
    }

    pub(crate) fn on_packed(&mut self, index: u32, file: FileNo, ends: Vec<u64>) {
        self.chore_done(index);
        if let Some(shard) = self.shards.get_mut(index as usize) {
            shard.packed = Some((file, ends));
            shard.phase = Phase::Restarting;
            shard.ending = None;
            self.event(Event::RestartShard { shard: index });
        }
    }

    fn unpack(&mut self, index: u32, file: FileNo, ends: Vec<u64>) {
        let paths: Vec<(u32, String)> =
            self.files.values().map(|state| (state.number(), state.info.path.clone())).collect();
        if let Some(shard) = self.shards.get_mut(index as usize) {
            shard.phase = Phase::Unpacking;
            shard.chores += 1;
            shard.packed = Some((file, ends.clone()));
        }
        let message = ToShard::Unpack { file, ends, paths };
        self.outputs.push(Output::ToShard { shard: index, message, files: vec![file] });
    }

    pub(crate) fn on_unpacked(&mut self, index: u32, failed: Option<String>) {
        self.chore_done(index);
        let Some(shard) = self.shards.get_mut(index as usize) else { return };
        shard.phase = Phase::Up;
        let packed = shard.packed.take();
        if let Some((file, _)) = packed {
            self.outputs.push(Output::Release { files: vec![file] });
        }
        if let Some(reason) = failed {
            self.requeue(index, None, std::collections::BTreeMap::new(), &reason);
        }
        self.renew_results(None);
        self.hand_out();
    }

    /// Files whose hashing ended with their shard wait again.
    fn unhash(&mut self, index: u32) {
        self.unhash_twins(index);
        for (&number, file) in &mut self.files {
            if file.hashes == Hashes::UnderWay(index) {
                file.hashes = Hashes::Wanted;
                self.unhashed.insert(number);
            }
        }
    }
}
