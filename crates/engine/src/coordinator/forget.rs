//! Forgetting the rows of files: closed ones, and those that are read again in another way.
//!
//! What follows waits until every shard has said that it forgot.

use super::{Coordinator, files::PartKind};
use crate::{message::ToShard, output::Output};
use chartroom_protocol::{FileNo, Reply, RequestId};
use std::collections::BTreeSet;

/// What follows.
#[derive(Debug)]
pub(crate) enum Then {
    /// The file is read again by a walk.
    Walk(u32),
    /// They are read again, in another way.
    Again,
    /// Files were closed: results are made anew, then the page is answered.
    Closed(RequestId),
    /// Files were closed that another coordinator knew.
    Unclaimed,
}

/// A forgetting under way.
#[derive(Debug)]
pub(crate) struct Forgetting {
    waiting_for: BTreeSet<u32>,
    files: Vec<u32>,
    then: Then,
}

impl Coordinator {
    /// Has all shards forget the rows of `files`.
    pub(crate) fn forget(&mut self, files: Vec<u32>, then: Then) {
        self.want_compare();
        self.ticket += 1;
        let ticket = self.ticket;
        let mut waiting_for = BTreeSet::new();
        for (index, shard) in (0_u32..).zip(&mut self.shards) {
            if shard.is_up() {
                shard.chores += 1;
                waiting_for.insert(index);
                let message = ToShard::Forget { ticket, files: files.clone() };
                self.outputs.push(Output::ToShard { shard: index, message, files: Vec::new() });
            }
        }
        self.forgetting.insert(ticket, Forgetting { waiting_for, files, then });
        self.forgotten();
    }

    pub(crate) fn on_forgot(&mut self, shard: u32, ticket: u32) {
        self.chore_done(shard);
        if let Some(forgetting) = self.forgetting.get_mut(&ticket) {
            forgetting.waiting_for.remove(&shard);
        }
        self.forgotten();
    }

    /// A shard that is gone has forgotten everything.
    pub(crate) fn forgot_by_death(&mut self, shard: u32) {
        for forgetting in self.forgetting.values_mut() {
            forgetting.waiting_for.remove(&shard);
        }
        self.forgotten();
    }

    fn forgotten(&mut self) {
        let done: Vec<u32> = self
            .forgetting
            .iter()
            .filter(|(_, forgetting)| forgetting.waiting_for.is_empty())
            .map(|(&ticket, _)| ticket)
            .collect();
        for ticket in done {
            let Some(forgetting) = self.forgetting.remove(&ticket) else { continue };
            match forgetting.then {
                Then::Unclaimed => self.renew_results(None),
                Then::Walk(file) => {
                    if let Some(state) = self.files.get_mut(&file) {
                        state.open = 0;
                        if self.load.stop.is_some() {
                            let reason = format!("not read: {}", self.load.stop_reason());
                            self.leave_out(file, &reason);
                        } else {
                            self.enqueue(file, PartKind::Frame);
                        }
                    }
                    self.renew_results(None);
                }
                Then::Again => self.read_forgotten(&forgetting.files),
                Then::Closed(id) => {
                    let files = forgetting.files.into_iter().map(FileNo).collect();
                    for (index, shard) in (0_u32..).zip(&self.shards) {
                        if shard.is_up() {
                            let message = Output::ToShard {
                                shard: index,
                                message: ToShard::Release { files: Vec::clone(&files) },
                                files: Vec::new(),
                            };
                            self.outputs.push(message);
                        }
                    }
                    self.outputs.push(Output::Release { files });
                    self.check_digests();
                    self.renew_results(Some(id));
                    self.give_memory_back();
                }
            }
        }
    }

    /// Closes files; all of them when none is named.
    pub(crate) fn close(&mut self, id: RequestId, files: &[FileNo]) {
        let files: Vec<u32> = if files.is_empty() {
            self.files.keys().copied().collect()
        } else {
            files.iter().map(|file| file.0).filter(|file| self.files.contains_key(file)).collect()
        };
        let files = self.with_members(files);
        for &file in &files {
            self.take_back(file);
            self.files.remove(&file);
            self.forget_own(file);
        }
        self.touch_ledger();
        if files.is_empty() {
            self.reply(id, Reply::Done);
        } else {
            self.forget(files.clone(), Then::Closed(id));
            self.twins_of_closed(&files);
        }
    }
}
