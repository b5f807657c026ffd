//! A load: from the first file named to the last one read.

use super::{
    Coordinator,
    budget::Budget,
    files::{FileState, Hashes, PartKind, Stage, unreadable},
    head_start::HeadStart,
    work::Work,
};
use crate::{message::ToShard, output::Output};
use chartroom_base::sort;
use chartroom_protocol::{DropNo, Event, FileNo, Reply, RequestId, request::FileInfo};
use std::collections::BTreeSet;

/// Numbers of files that are the engine's own: folder entries that could not be opened. Packed rows count from 2^31.
const UNREADABLE_FROM: u32 = 3 << 30;
/// Waiting files that pay for one more shard.
const FILES_PER_SHARD: usize = 64;
/// How soon a shard must be heard after it was told to stop, in milliseconds.
const STOP_WITHIN: f64 = 2_000.0;

/// Why a load is being stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Cancelled,
    AtBudget,
}

/// The load going on, or the last one.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Whether one is going on.
    pub(crate) is_active: bool,
    /// When it started.
    pub(crate) started_at: f64,
    /// When it ended.
    pub(crate) ended_at: f64,
    /// Drops whose files are not all named.
    pub(crate) open_drops: BTreeSet<u32>,
    /// Files of this load.
    pub(crate) files: BTreeSet<u32>,
    /// Why parts that are ended now are ended.
    pub(crate) stop: Option<Stop>,
    pub(crate) budget: Budget,
    /// The budget was raised after it was reached, and before reading had stopped.
    pub(crate) is_raised: bool,
    pub(crate) head: HeadStart,
    /// Shards asked for.
    pub(crate) shards_wanted: u32,
}

impl Load {
    /// Whether no file may be begun.
    pub(crate) fn is_held(&self) -> bool {
        self.stop.is_some() || self.budget.is_waiting()
    }

    /// Why a part was ended, for the ledger.
    pub(crate) fn stop_reason(&self) -> String {
        match self.stop {
            Some(Stop::AtBudget) => "reading stopped at the memory budget".to_owned(),
            Some(Stop::Cancelled) | None => "reading was cancelled".to_owned(),
        }
    }
}

impl Coordinator {
    /// Takes files of a drop; reading starts at once.
    pub(crate) fn take_files(&mut self, drop: DropNo, files: Vec<FileInfo>) {
        self.begin_load();
        self.load.open_drops.insert(drop.0);
        for info in files {
            let file = info.file.0;
            if self.files.contains_key(&file) {
                continue;
            }
            self.load.head.named = self.load.head.named.saturating_add(info.size);
            let mut state = FileState::new(info, drop);
            self.load.files.insert(file);
            let is_over = self.load.stop == Some(Stop::Cancelled);
            if is_over {
                // Named after the person said stop.
                state.stage = Stage::Settled;
                state.end("not read: reading was cancelled", self.load.stop);
                state.hashes = Hashes::None;
            }
            let is_known = self.held.contains_key(&file);
            self.files.insert(file, state);
            if !is_over && (is_known || !self.is_held_for_twin(file)) {
                self.queue.files.push_back(file);
            }
            self.claim(file);
        }
        self.touch_ledger();
        self.want_shards();
        self.check_budget();
        self.hand_out();
    }

    /// What comes now belongs to the load going on, or begins one.
    pub(crate) fn begin_load(&mut self) {
        if !self.load.is_active {
            self.compare_later();
            let budget = std::mem::take(&mut self.load.budget).for_next_load();
            let shards_wanted = self.load.shards_wanted;
            // Rows of an earlier load stand on the screen already.
            let head = HeadStart {
                is_over: self.files.values().any(|file| file.merged.stored > 0),
                ..HeadStart::default()
            };
            self.load = Load {
                is_active: true,
                started_at: self.now,
                budget,
                head,
                shards_wanted,
                ..Load::default()
            };
        }
    }

    /// All files of a drop are named: their ranks are settled.
    pub(crate) fn complete_drop(&mut self, drop: DropNo, entries: Vec<(String, String)>) {
        for (path, reason) in entries {
            self.unreadable_count += 1;
            let file = FileNo(UNREADABLE_FROM + self.unreadable_count);
            self.files.insert(file.0, unreadable(file, drop, path, reason));
        }
        self.load.open_drops.remove(&drop.0);
        self.rank_files();
        self.touch_ledger();
        self.check_budget();
        self.hand_out();
        self.finish_load();
    }

    /// Numbers the files of complete drops by drop and path, and tells the shards what changed.
    fn rank_files(&mut self) {
        self.must_rank = false;
        let mut ranked: Vec<(DropNo, String, u32)> = self
            .files
            .values()
            .filter(|file| !self.load.open_drops.contains(&file.drop.0))
            .map(|file| (file.drop, file.info.path.clone(), file.number()))
            .collect();
        sort::sort(&mut ranked);
        let mut ranks = Vec::new();
        for (rank, (_, _, file)) in (0_u32..).zip(ranked) {
            if let Some(state) = self.files.get_mut(&file)
                && state.rank != rank
            {
                state.rank = rank;
                ranks.push((file, rank));
            }
        }
        if !ranks.is_empty() {
            self.tell_all(&ToShard::Ranks { ranks });
        }
    }

    /// Every rank, for a shard that is fresh.
    pub(crate) fn all_ranks(&self) -> Vec<(u32, u32)> {
        self.files.values().map(|file| (file.number(), file.rank)).collect()
    }

    /// Asks the page for shards when what waits pays for them.
    pub(crate) fn want_shards(&mut self) {
        let bytes: u64 = self.queue.files.iter().map(|&file| self.inner_estimate(file)).sum::<u64>()
            + (self.queue.parts.len() as u64) * self.sizes.lines_part;
        let paid =
            (bytes / (self.sizes.large / 2).max(1)).max((self.queue.files.len() / FILES_PER_SHARD) as u64);
        let count = u32::try_from(paid).unwrap_or(u32::MAX).saturating_add(1).min(self.max_shards);
        if count > self.load.shards_wanted.max(1) {
            self.load.shards_wanted = count;
            self.event(Event::WantShards { count });
        }
    }

    /// The person cancels: what is in stays.
    pub(crate) fn cancel_load(&mut self, id: RequestId) {
        if self.load.is_active && self.load.stop.is_none() {
            self.stop_reading(Stop::Cancelled);
        }
        self.reply(id, Reply::Done);
        self.finish_load();
    }

    /// Empties the queue and has every shard end what it has in hand.
    pub(crate) fn stop_reading(&mut self, stop: Stop) {
        self.load.stop = Some(stop);
        self.load.budget.choose();
        let reason = self.load.stop_reason();
        let queue = std::mem::take(&mut self.queue);
        for work in queue.cuts.iter().chain(&queue.parts) {
            if let Some(file) = self.files.get_mut(&work.file()) {
                file.open = file.open.saturating_sub(1);
                file.end(&reason, self.load.stop);
                file.left.push(match work {
                    Work::Part { kind, .. } => kind.clone(),
                    // Its bytes come from a walk.
                    Work::Held { .. } => PartKind::Frame,
                });
            }
            if let Work::Held { walker, walking_shard, cut, .. } = work {
                self.tell(*walking_shard, ToShard::CutTaken { part: *walker, cut: *cut, give: None });
            }
        }
        self.await_no_more();
        for file in self.give_up_twins().into_iter().chain(queue.files) {
            self.leave_out(file, &format!("not read: {reason}"));
        }
        for (index, shard) in (0_u32..).zip(&mut self.shards) {
            if shard.is_up() && !shard.in_hand.is_empty() {
                shard.answer_by = Some(self.now + STOP_WITHIN);
                let (message, files) = (ToShard::StopReading, Vec::new());
                self.outputs.push(Output::ToShard { shard: index, message, files });
            }
        }
        let waiting: Vec<u32> = self.load.files.iter().copied().collect();
        for file in waiting {
            self.settle_file(file);
        }
        self.touch_ledger();
    }

    /// Lists a file as not read.
    pub(crate) fn leave_out(&mut self, file: u32, reason: &str) {
        if let Some(state) = self.files.get_mut(&file) {
            state.stage = Stage::Settled;
            state.end(reason, self.load.stop);
            state.hashes = Hashes::None;
        }
    }

    /// Ends the load when nothing is left of it.
    pub(crate) fn finish_load(&mut self) {
        let is_over = self.load.is_active
            && !self.is_joining()
            && self.queue.is_empty()
            && self.load.open_drops.is_empty()
            && !self.load.budget.is_waiting()
            && self.shards.iter().all(|shard| shard.in_hand.is_empty())
            && self.files.values().all(|file| file.stage == Stage::Settled);
        if !is_over {
            return;
        }
        self.load.is_active = false;
        self.load.ended_at = self.now;
        self.forget_unclaimed();
        if self.load.stop == Some(Stop::AtBudget) {
            self.say_where_it_stopped();
            if std::mem::take(&mut self.load.is_raised) && self.resume_reading() {
                return;
            }
        }
        if self.must_rank {
            self.rank_files();
        }
        self.status.is_due = true;
        self.finish_results();
        self.want_compare();
        self.give_memory_back();
    }
}
