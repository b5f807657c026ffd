//! Another budget: reading that stopped at the old one goes on.
//!
//! Parts that were ended midway are read again from their start, and what they had brought in is taken out first: a part is
//! small, and no reader can go on in the middle of one. Parts that were read stay.

use super::{
    Coordinator,
    files::{DonePart, Hashes, PartKind, Stage},
    load::Stop,
};
use crate::message::ToShard;
use chartroom_base::sort;

impl Coordinator {
    /// Bytes that all shards together may take from now on.
    pub(crate) fn set_budget(&mut self, bytes: u64) {
        self.budget = bytes;
        self.status.is_due = true;
        if self.load.stop == Some(Stop::AtBudget) {
            if self.load.is_active {
                self.load.is_raised = true;
            } else {
                self.resume_reading();
            }
        } else if self.load.is_active {
            self.load.budget.ask_anew();
            self.check_budget();
            self.hand_out();
        }
    }

    /// Goes on with the files at whose cost the budget was kept, if there is room. Whether it does.
    pub(crate) fn resume_reading(&mut self) -> bool {
        let mut files: Vec<(u32, u32)> = self
            .files
            .values()
            .filter(|file| file.is_at_budget && file.stage == Stage::Settled)
            .map(|file| (file.rank, file.number()))
            .collect();
        if files.is_empty() || self.memory_now() >= self.budget {
            return false;
        }
        sort::sort(&mut files);
        self.load.is_active = true;
        self.load.stop = None;
        self.load.started_at = self.now;
        // The person knows what it costs.
        self.load.budget.choose();
        for (_, file) in files {
            self.resume_file(file);
        }
        self.touch_ledger();
        self.renew_results(None);
        self.want_shards();
        self.hand_out();
        true
    }

    fn resume_file(&mut self, number: u32) {
        let Some(file) = self.files.get_mut(&number) else { return };
        self.load.files.insert(number);
        file.ending = None;
        file.is_at_budget = false;
        if file.hashes == Hashes::None {
            file.hashes = Hashes::Wanted;
        }
        self.unhashed.remove(&number);
        let mut left = std::mem::take(&mut file.left);
        let parts = std::mem::take(&mut file.parts);
        let (stopped, read): (Vec<DonePart>, _) = parts.into_iter().partition(|part| part.is_stopped);
        file.parts = read;
        file.recount();
        let whole_lines = file.parts.iter().filter_map(|part| match part.kind {
            PartKind::Lines { start, end } => Some(end - start),
            _ => None,
        });
        file.bytes_done = whole_lines.sum();
        let is_untouched = file.parts.is_empty() && file.lost.is_empty();
        let has_probe = file.probe.is_some();
        for DonePart { shard, kind, .. } in stopped {
            let (start, end) = kind.range().unwrap_or((0, u64::MAX));
            if !kind.is_walk() {
                self.tell(shard, ToShard::DropRows { file: number, start, end });
            }
            left.push(if matches!(kind, PartKind::Given { .. }) { PartKind::Frame } else { kind });
        }
        if left.is_empty() && is_untouched && has_probe {
            self.plan_parts(number);
        } else if left.is_empty() && is_untouched {
            if let Some(file) = self.files.get_mut(&number) {
                file.stage = Stage::Waiting;
            }
            self.queue.files.push_back(number);
        } else {
            let mut is_walked = false;
            for kind in left {
                // One walk gives out again all that nobody has read.
                if !(kind.is_walk() && std::mem::replace(&mut is_walked, true)) {
                    self.enqueue(number, kind);
                }
            }
        }
    }
}
