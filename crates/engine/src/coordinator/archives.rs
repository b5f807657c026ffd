//! Archives: a file whose members are files of their own.
//!
//! **Invariant:** an archive is listed by one shard, its members are read by any. A member has a number of its own, so
//! that rows, ranks, the ledger and reading again know nothing of archives but [`chartroom_ingest::Place`]. Members are
//! told in a fixed order: those told before are known by their count, however often the archive is listed.

use super::{
    Coordinator,
    files::{FileState, Hashes, PartKind, Stage},
    work::Work,
};
use crate::message::{MEMBERS_FROM, PartNo, ToShard};
use chartroom_ingest::{Lies, Member, place::Plain};
use chartroom_protocol::FileNo;
use std::collections::BTreeSet;

/// Members of all archives that are numbered at most.
const MOST: u32 = MEMBERS_FROM;

impl Coordinator {
    /// A file turned out to be an archive: it is listed next.
    pub(crate) fn on_archive(&mut self, shard: u32, part: PartNo, plain: Option<(Plain, Lies)>) {
        let Some(hand) = self.take_part(shard, part) else { return };
        let Some(file) = self.files.get_mut(&hand.file) else { return };
        file.open = file.open.saturating_sub(1);
        file.is_archive = true;
        if let Some((plain, _)) = plain {
            file.lies(plain);
        }
        let lies = plain.map(|(_, lies)| lies);
        if self.load.stop.is_some() {
            file.end(&format!("not read: {}", self.load.stop_reason()), self.load.stop);
            file.left.push(PartKind::Members { lies });
            self.settle_file(hand.file);
        } else {
            self.enqueue(hand.file, PartKind::Members { lies });
        }
        self.touch_ledger();
    }

    /// Members of an archive: files to be read.
    pub(crate) fn on_members(
        &mut self,
        shard: u32,
        part: PartNo,
        before: u64,
        members: Vec<Member>,
        cut: Option<u32>,
    ) {
        let Some(archive) =
            self.shards.get(shard as usize).and_then(|state| state.in_hand.get(&part)).map(|hand| hand.file)
        else {
            return;
        };
        let Some(state) = self.files.get_mut(&archive) else { return };
        let known = usize::try_from(state.members.saturating_sub(before)).unwrap_or(usize::MAX);
        state.members = state.members.max(before + members.len() as u64);
        let last = members.len().saturating_sub(1);
        let mut held = cut;
        let (drop, path, modified) = (state.drop, state.info.path.clone(), state.info.modified);
        for (at, member) in members.into_iter().enumerate().skip(known) {
            if self.member_count >= MOST {
                let reason = "more members of archives than can be numbered; the rest is not read";
                if let Some(state) = self.files.get_mut(&archive) {
                    state.ending.get_or_insert(reason.to_owned());
                }
                break;
            }
            let file = FileNo(MEMBERS_FROM + self.member_count);
            self.member_count += 1;
            let mut member = FileState::member(member, file, drop, (&path, modified));
            self.load.files.insert(file.0);
            if self.load.stop.is_some() && member.stage != Stage::Settled {
                member.stage = Stage::Settled;
                member.hashes = Hashes::None;
                member.end(&format!("not read: {}", self.load.stop_reason()), self.load.stop);
            }
            if member.place.is_encrypted() {
                member.place.password.clone_from(&self.password);
            }
            let is_locked = member.place.is_encrypted() && member.place.password.is_none();
            let is_wanted = member.stage != Stage::Settled && !is_locked;
            let cut = if at == last && is_wanted { held.take() } else { None };
            if let Some(cut) = cut {
                member.stage = Stage::Reading;
                member.open = 1;
                let (walker, walking_shard, kind) = (part, shard, PartKind::Whole);
                self.queue.cuts.push_back(Work::Held { file: file.0, walker, walking_shard, cut, kind });
            } else if is_wanted {
                self.queue.files.push_back(file.0);
            }
            let is_locked = is_locked && member.stage != Stage::Settled;
            self.files.insert(file.0, member);
            if is_locked {
                self.lock(file.0, false);
            }
        }
        if let Some(cut) = held {
            // Known already, or nothing to read: the walk need not hold it.
            self.tell(shard, ToShard::CutTaken { part, cut, give: None });
        }
        self.must_rank = true;
        self.touch_ledger();
        self.want_shards();
        self.check_budget();
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
