//! The shard's part of queries that make rows.
//!
//! **Invariant:** no more batches are under way than the coordinator gave leave for; each part that was asked for is answered by exactly one
//! [`Said::MakeEnded`], also when it is dropped.

use super::{Shard, slice};
use crate::message::{MakeKey, Said};
use chartroom_kql::{Batch, Context, Fragment, FragmentRun, Limits};
use std::collections::{BTreeMap, VecDeque};

/// Batches that may be under way at first.
const CREDIT: u32 = 4;

/// Parts in hand.
#[derive(Default)]
pub(crate) struct Making(BTreeMap<MakeKey, Part>);

struct Part {
    /// Fragments that are not done, the one at work first.
    runs: VecDeque<(u32, FragmentRun)>,
    credit: u32,
}

impl Shard {
    /// Takes a part.
    pub(crate) fn make(&mut self, key: MakeKey, fragments: &[Fragment]) {
        let runs = (0..)
            .zip(fragments)
            .map(|(number, fragment)| (number, FragmentRun::new(fragment, Limits::default())));
        self.making.0.insert(key, Part { runs: runs.collect(), credit: CREDIT });
    }

    /// The coordinator has worked on so many batches.
    pub(crate) fn make_more(&mut self, key: MakeKey, batches: u32) {
        if let Some(part) = self.making.0.get_mut(&key) {
            part.credit = part.credit.saturating_add(batches);
        }
    }

    /// A part is not wanted any more.
    pub(crate) fn drop_make(&mut self, key: MakeKey) {
        if self.making.0.remove(&key).is_some() {
            self.say(Said::MakeEnded { key, failed: None });
        }
    }

    /// Works on the newest part that may give batches. Whether there was something to do.
    pub(crate) fn make_some(&mut self) -> bool {
        let Some((&key, part)) = self.making.0.iter_mut().rev().find(|(_, part)| part.credit > 0) else {
            return false;
        };
        let Some((fragment, run)) = part.runs.front_mut() else {
            self.making.0.remove(&key);
            self.say(Said::MakeEnded { key, failed: None });
            return true;
        };
        let fragment = *fragment;
        let context = Context { store: &self.store, files: &self.known };
        match run.step(context, &mut slice()) {
            Ok(Batch::Pending) => {}
            Ok(Batch::Rows(bytes)) => {
                part.credit -= 1;
                self.say(Said::Batch { key, fragment, bytes });
            }
            Ok(Batch::Done) => {
                part.runs.pop_front();
                self.say(Said::Made { key, fragment });
            }
            Err(refusal) => {
                self.making.0.remove(&key);
                self.say(Said::MakeEnded { key, failed: Some(refusal.to_string()) });
            }
        }
        true
    }
}
