//! Archives: a file whose members are files of their own.
//!
//! **Invariant:** an archive is listed by one shard, its members are read by any. A member has a number of its own, so
//! that rows, ranks, the ledger and reading again know nothing of archives but [`chartroom_ingest::Place`]. Members are
//! told in a fixed order: those told before are known by their count, however often the archive is listed. One that is
//! packed as a whole is unpacked once for all its members: to read some of them again it is walked through again, and
//! they take their bytes as these pass.

use super::{
    Coordinator,
    files::{DonePart, FileState, Hashes, PartKind, Stage},
    work::Work,
};
use crate::message::{MEMBERS_FROM, PartNo, ToShard};
use chartroom_ingest::{Lies, Member, PartReport, place::Plain};
use chartroom_protocol::FileNo;
use std::collections::BTreeSet;

/// Members of all archives that are numbered at most.
const MOST: u32 = MEMBERS_FROM;

/// A walk, and how many members around what it says something of pass by: shard, part, depth.
pub(crate) type Walking = (u32, PartNo, u32);

impl Coordinator {
    /// What a walk says something of: its own file, or the member that passes by. `None` within: nobody wants that one.
    pub(crate) fn walked(&self, (shard, part, depth): Walking) -> Option<Option<u32>> {
        let hand = self.shards.get(shard as usize)?.in_hand.get(&part)?;
        match depth.checked_sub(1) {
            None => Some(Some(hand.file)),
            Some(at) => Some(hand.passing.get(at as usize).copied().flatten()),
        }
    }

    /// What passes by at a depth from now on, if something does; what passed by there before is over.
    fn passes(&mut self, (shard, part, depth): Walking, member: Option<Option<u32>>) {
        let hand = self.shards.get_mut(shard as usize).and_then(|state| state.in_hand.get_mut(&part));
        if let Some(hand) = hand {
            hand.passing.resize(depth as usize, None);
            hand.passing.extend(member);
        }
    }

    /// So many members of its own file a walk has told.
    fn told(&mut self, (shard, part, depth): Walking, count: u64) {
        let hand = self.shards.get_mut(shard as usize).and_then(|state| state.in_hand.get_mut(&part));
        if let Some(hand) = hand.filter(|_| depth == 0) {
            hand.told = count;
        }
    }

    /// A file turned out to be an archive: it is listed next, or now when its bytes were at hand.
    pub(crate) fn on_archive(&mut self, walk: Walking, plain: Option<(Plain, Lies)>, is_listed: bool) {
        let (shard, part, depth) = walk;
        let Some(found) = self.walked(walk) else { return };
        if depth == 0 && !is_listed {
            self.take_part(shard, part);
        } else if depth == 0
            && let Some(hand) =
                self.shards.get_mut(shard as usize).and_then(|state| state.in_hand.get_mut(&part))
        {
            hand.kind = PartKind::Members { lies: None };
        }
        let Some((number, file)) = found.and_then(|file| Some((file, self.files.get_mut(&file)?))) else {
            return;
        };
        file.is_archive = true;
        if !is_listed {
            file.open = file.open.saturating_sub(1);
            if let Some((plain, _)) = plain {
                file.lies(plain);
            }
            let lies = plain.map(|(_, lies)| lies);
            if self.load.stop.is_some() {
                file.end(&format!("not read: {}", self.load.stop_reason()), self.load.stop);
                file.left.push(PartKind::Members { lies });
                self.settle_file(number);
            } else {
                file.is_by_place |= depth > 0;
                self.enqueue(number, PartKind::Members { lies });
            }
        }
        self.touch_ledger();
    }

    /// Members of an archive: files to be read.
    pub(crate) fn on_members(
        &mut self,
        walk: Walking,
        before: u64,
        members: Vec<Member>,
        mut cut: Option<u32>,
        is_passing: bool,
    ) {
        let Some(archive) = self.walked(walk) else { return };
        self.passes(walk, None);
        self.told(walk, before.saturating_add(members.len() as u64));
        let state = archive.and_then(|archive| self.files.get(&archive));
        let around =
            state.map(|state| (state.number(), state.drop, state.info.path.clone(), state.info.modified));
        let known = state.map_or_else(Vec::new, |state| state.members.clone());
        let last = members.len().saturating_sub(1);
        let mut passing = None;
        for (at, member) in members.into_iter().enumerate() {
            let Some((archive, drop, path, modified)) = &around else { break };
            let index = usize::try_from(before).unwrap_or(usize::MAX).saturating_add(at);
            let is_handed_on = at == last && (cut.is_some() || is_passing);
            if let Some(&file) = known.get(index) {
                if is_handed_on && self.is_awaited(file, is_passing) {
                    self.hand_on(walk, file, cut.take());
                    passing = Some(file);
                }
                continue;
            }
            if self.member_count >= MOST {
                let reason = "more members of archives than can be numbered; the rest is not read";
                if let Some(state) = self.files.get_mut(archive) {
                    state.ending.get_or_insert(reason.to_owned());
                }
                break;
            }
            let file = MEMBERS_FROM + self.member_count;
            self.member_count += 1;
            let member = FileState::member(member, FileNo(file), *drop, (path, *modified));
            if let Some(state) = self.files.get_mut(archive) {
                state.members.push(file);
            }
            if self.take_member((*archive, index as u64), member, is_handed_on) {
                self.hand_on(walk, file, cut.take());
                passing = Some(file);
            }
        }
        if is_passing {
            self.passes(walk, Some(passing));
        } else if let Some(cut) = cut {
            // Known already, or nothing to read: the walk need not hold it.
            let (shard, part, _) = walk;
            self.tell(shard, ToShard::CutTaken { part, cut, give: None });
        }
        self.must_rank = true;
        self.touch_ledger();
        self.want_shards();
        self.check_budget();
    }

    /// A member not told before. Whether its bytes are to be handed on, if they are at hand.
    fn take_member(&mut self, archive: (u32, u64), mut member: FileState, is_handed_on: bool) -> bool {
        let file = member.number();
        member.archive = Some(archive);
        self.load.files.insert(file);
        if self.load.stop.is_some() && member.stage != Stage::Settled {
            member.stage = Stage::Settled;
            member.hashes = Hashes::None;
            member.end(&format!("not read: {}", self.load.stop_reason()), self.load.stop);
        }
        if member.place.is_encrypted() {
            member.place.password.clone_from(&self.password);
        }
        let is_wanted = member.stage != Stage::Settled;
        let is_locked = is_wanted && member.place.is_encrypted() && member.place.password.is_none();
        if is_wanted && !is_handed_on {
            member.is_by_place = true;
        }
        let is_handed_on = is_wanted && !is_locked && is_handed_on;
        if is_handed_on {
            member.stage = Stage::Reading;
            member.open = 1;
        } else if is_wanted && !is_locked {
            self.queue.files.push_back(file);
        }
        self.files.insert(file, member);
        if is_locked {
            self.lock(file, false);
        }
        is_handed_on
    }

    /// Bytes of a member go to whoever has room; of one that passes by, its cuts will.
    fn hand_on(&mut self, (shard, part, _): Walking, file: u32, cut: Option<u32>) {
        if let Some(state) = self.files.get_mut(&file) {
            state.awaits_walk = false;
        }
        if let Some(cut) = cut {
            let (walker, walking_shard, kind) = (part, shard, PartKind::Whole);
            self.queue.cuts.push_back(Work::Held { file, walker, walking_shard, cut, kind });
        }
    }

    /// Whether a member told once more is waited for.
    fn is_awaited(&self, file: u32, is_passing: bool) -> bool {
        self.files.get(&file).is_some_and(|state| {
            // A walk does not know how a person has it read, which matters where its records are told apart.
            let is_framed_otherwise = state.hints.encoding.is_some() || state.hints.delimiter.is_some();
            state.awaits_walk && !(is_passing && is_framed_otherwise)
        })
    }

    /// A member has passed by.
    pub(crate) fn on_passed(&mut self, walk: Walking, report: PartReport) {
        let (shard, part, depth) = walk;
        let Some(passed) = self.walked(walk) else { return };
        self.passes((shard, part, depth.saturating_sub(1)), None);
        let Some(file) = passed else { return };
        let Some(state) = self.files.get_mut(&file) else { return };
        state.open = state.open.saturating_sub(1);
        state.parts.retain(|done| !done.kind.is_walk());
        state.recount();
        state.add(DonePart { shard, kind: PartKind::Frame, report, is_stopped: false });
        self.walk_over(file, &[]);
        self.settle_file(file);
        self.touch_ledger();
    }

    /// Has a member of an archive that is packed as a whole be read by a walk through it, which unpacks it once for all
    /// that wait. Whether it is: any other is read by its place.
    pub(crate) fn await_walk(&mut self, file: u32) -> bool {
        let Some(state) = self.files.get_mut(&file) else { return false };
        let archive = state.archive.filter(|_| state.place.is_within_packed() && !state.is_by_place);
        let Some((archive, index)) = archive else { return false };
        if !std::mem::replace(&mut state.awaits_walk, true) {
            state.open += 1;
        }
        state.stage = Stage::Reading;
        // An archive within another comes with that one's walk.
        if self.await_walk(archive) {
            return true;
        }
        let is_walk = |kind: &PartKind| matches!(kind, PartKind::Members { .. });
        let is_queued = self
            .queue
            .parts
            .iter()
            .any(|work| matches!(work, Work::Part { file, kind } if *file == archive && is_walk(kind)));
        let walks_now = self
            .shards
            .iter()
            .flat_map(|shard| shard.in_hand.values())
            .find(|hand| hand.file == archive && is_walk(&hand.kind));
        if let Some(hand) = walks_now {
            let has_passed = hand.told > index;
            if let Some(state) = self.files.get_mut(&archive) {
                state.walk_again |= has_passed;
            }
        } else if !is_queued {
            self.enqueue(archive, PartKind::Members { lies: None });
        }
        true
    }

    /// A walk through a file is over: members that it did not bring are read by their place. `passing`: those in the midst
    /// of which it was ended.
    pub(crate) fn walk_over(&mut self, archive: u32, passing: &[Option<u32>]) {
        for &file in passing.iter().flatten() {
            if let Some(state) = self.files.get_mut(&file) {
                state.open = state.open.saturating_sub(1);
                state.end(&self.load.stop_reason(), self.load.stop);
                state.left.push(PartKind::Frame);
            }
            self.settle_file(file);
        }
        let Some(state) = self.files.get(&archive).filter(|state| state.is_archive) else { return };
        for file in state.members.clone() {
            let Some(state) = self.files.get_mut(&file).filter(|state| state.awaits_walk) else { continue };
            (state.awaits_walk, state.is_by_place) = (false, true);
            state.open = state.open.saturating_sub(1);
            if state.is_archive {
                self.enqueue(file, PartKind::Members { lies: None });
            } else if let Some(kind) = self.first_part(file) {
                self.enqueue(file, kind);
            }
        }
    }

    /// No walk comes to those that wait for one: reading was stopped.
    pub(crate) fn await_no_more(&mut self) {
        let reason = self.load.stop_reason();
        for state in self.files.values_mut().filter(|state| state.awaits_walk) {
            state.awaits_walk = false;
            state.open = state.open.saturating_sub(1);
            state.end(&reason, self.load.stop);
            state.left.push(PartKind::Frame);
        }
    }

    /// Files to close with `closed`: members of archives among them, and archives of which nothing is left.
    pub(crate) fn with_members(&self, closed: Vec<u32>) -> Vec<u32> {
        let mut all: BTreeSet<u32> = closed.into_iter().collect();
        let members = self.files.values().filter(|file| all.contains(&file.place.source));
        let members: Vec<u32> = members.map(FileState::number).collect();
        all.extend(members);
        let is_left = |number: &u32| !all.contains(number);
        let needed: BTreeSet<u32> = self
            .files
            .values()
            .filter(|file| !file.is_archive && is_left(&file.number()))
            .map(|file| file.place.source)
            .collect();
        let emptied: Vec<u32> = self
            .files
            .values()
            .filter(|file| file.is_archive && !file.is_shown() && !needed.contains(&file.place.source))
            .map(FileState::number)
            .collect();
        all.extend(emptied);
        all.into_iter().collect()
    }
}
