//! A fresh coordinator takes over the shards of one that died: each says what it holds, and only what is missing is read.
//!
//! **Invariant:** nothing is handed out to be read before every shard has said what it holds, or is ended. A part is
//! held once: what was under way when the old coordinator died is dropped by the shards.

use super::{
    Coordinator,
    files::{DonePart, PartKind, Stage},
    forget::Then,
    shards::Phase,
};
use crate::message::{ExchangeNo, HeldPart, ToShard};
use chartroom_base::sort;
use chartroom_ingest::Part;
use chartroom_protocol::Event;

impl Coordinator {
    /// Asks a shard what it holds.
    pub(crate) fn take_over(&mut self, shard: u32) {
        let Some(state) = self.shards.get_mut(shard as usize) else { return };
        state.phase = Phase::Joining;
        state.chores += 1;
        state.heard_at = self.now;
        self.tell(shard, ToShard::TakeOver { shard, sizes: self.sizes });
        self.select_on_fresh(shard);
    }

    /// Whether it is not known yet what all shards hold.
    pub(crate) fn is_joining(&self) -> bool {
        self.is_resuming || self.shards.iter().any(|shard| shard.phase == Phase::Joining)
    }

    pub(crate) fn on_holds(&mut self, shard: u32, parts: Option<Vec<HeldPart>>, next: ExchangeNo) {
        self.chore_done(shard);
        self.exchange_count = self.exchange_count.max(next.0);
        let Some(state) = self.shards.get_mut(shard as usize) else { return };
        match parts {
            Some(parts) => {
                state.phase = Phase::Up;
                for part in parts {
                    self.held.entry(part.file).or_default().push((shard, part));
                }
                let ranks = self.all_ranks();
                self.tell(shard, ToShard::Ranks { ranks });
            }
            None => {
                state.phase = Phase::Restarting;
                state.ending = None;
                self.event(Event::RestartShard { shard });
            }
        }
        self.claim_named();
    }

    /// What a shard held went with it.
    pub(crate) fn unhold(&mut self, shard: u32) {
        for parts in self.held.values_mut() {
            parts.retain(|(of, _)| *of != shard);
        }
        self.held.retain(|_, parts| !parts.is_empty());
    }

    /// Gives files that were named already what shards hold of them, once all have said it.
    pub(crate) fn claim_named(&mut self) {
        if self.is_joining() || self.held.is_empty() {
            return;
        }
        let files: Vec<u32> =
            self.held.keys().copied().filter(|file| self.files.contains_key(file)).collect();
        for file in files {
            self.claim(file);
        }
        self.renew_results(None);
    }

    /// Puts what shards hold of a file in its place, and queues what is missing.
    pub(crate) fn claim(&mut self, number: u32) {
        if self.is_joining() {
            return;
        }
        let (Some(held), Some(file)) = (self.held.remove(&number), self.files.get_mut(&number)) else {
            return;
        };
        self.queue.files.retain(|&waiting| waiting != number);
        self.twins.claimed(number);
        let size = file.info.size;
        file.stage = Stage::Reading;
        for (shard, HeldPart { part, end, report, .. }) in held {
            let kind = match part {
                Part::Whole => PartKind::Whole,
                Part::Lines { start, end } => PartKind::Lines { start, end },
                Part::Records { start, end, layout } => PartKind::Records { start, end, layout },
                Part::Given { start, .. } => PartKind::Given { start, end },
                Part::Probe | Part::Frame | Part::Members { .. } | Part::Held { .. } => continue,
            };
            file.add(DonePart { shard, kind, report, is_stopped: false });
        }
        let mut lines: Vec<(u64, u64)> = file
            .parts
            .iter()
            .filter(|part| matches!(part.kind, PartKind::Lines { .. }))
            .filter_map(|part| part.kind.range())
            .collect();
        sort::sort(&mut lines);
        let is_whole = file.parts.iter().any(|part| part.kind == PartKind::Whole);
        if lines.len() == file.parts.len() {
            file.bytes_done = lines.iter().map(|(start, end)| end - start).sum();
            self.queue_gaps(number, &lines, size);
        } else if is_whole && file.parts.len() == 1 {
            file.bytes_done = size;
        } else if lines.is_empty() && !is_whole {
            // Nobody knows what the walk had not given out: it walks again, and what is there is not read again.
            file.is_framed = true;
            self.enqueue(number, PartKind::Frame);
        } else {
            // Between two ways of reading it: once more from the start.
            file.reset();
            file.is_framed = true;
            file.open = 1;
            self.forget(vec![number], Then::Walk(number));
        }
        self.settle_file(number);
        self.touch_ledger();
    }

    /// Queues the lines between those that were read.
    fn queue_gaps(&mut self, file: u32, lines: &[(u64, u64)], size: u64) {
        let mut at = 0;
        for &(start, end) in lines.iter().chain([&(size, size)]) {
            while at < start {
                let upto = start.min(at + self.sizes.lines_part.max(1));
                self.enqueue(file, PartKind::Lines { start: at, end: upto });
                at = upto;
            }
            at = at.max(end);
        }
    }

    /// Forgets what shards hold of files that nobody named again: they were closed.
    pub(crate) fn forget_unclaimed(&mut self) {
        let files: Vec<u32> = std::mem::take(&mut self.held).into_keys().collect();
        if !files.is_empty() {
            self.forget(files, Then::Unclaimed);
        }
    }
}
