//! The same event read twice: when the shards compare their rows, and what they found.
//!
//! They compare once nothing is read or forgotten any more, and anew after rows came or went. What is under way when that
//! happens is dropped; after a few deaths of shards meanwhile it is left, and that is said. **Invariant:** a comparison is of one crew and of rows that stay as they are; see `shard/compare.rs`.

use super::{Coordinator, shards::Phase};
use crate::message::{ExchangeNo, ToShard};
use chartroom_protocol::Event;
use chartroom_store::DUPLICATE_OF;
use std::collections::{BTreeMap, BTreeSet};

/// Rows compared at once, of all shards: more are compared part by part, for what owns a key is told 64 bytes of each.
const ROWS: u64 = 4_000_000;
/// Deaths of shards while they compare after which that is left: it may be what ends them.
const DEATHS: u32 = 3;

/// Comparing, as the coordinator sees it.
#[derive(Debug, Default)]
pub(crate) struct Duplicates {
    /// Rows came or went since.
    is_wanted: bool,
    /// Shards that died while they compared, since the last load that a person began.
    deaths: u32,
    round: Option<Round>,
}

#[derive(Debug)]
struct Round {
    exchange: ExchangeNo,
    part: u32,
    parts: u32,
    waiting_for: BTreeSet<u32>,
    counts: BTreeMap<u32, u64>,
}

impl Coordinator {
    /// Rows came or went.
    pub(crate) fn want_compare(&mut self) {
        self.end_compare();
        self.duplicates.is_wanted = true;
    }

    /// A shard died: if it compared, that may be why.
    pub(crate) fn compare_lost(&mut self, shard: u32) {
        let round = self.duplicates.round.as_ref();
        if round.is_some_and(|round| round.waiting_for.contains(&shard)) {
            self.duplicates.deaths += 1;
        }
        self.want_compare();
    }

    /// A person begins a load: what comparing came to before does not count any more.
    pub(crate) fn compare_later(&mut self) {
        self.end_compare();
        self.duplicates.deaths = 0;
    }

    /// Whether rows are compared, or will be.
    pub(crate) const fn is_comparing(&self) -> bool {
        self.duplicates.is_wanted || self.duplicates.round.is_some()
    }

    /// Drops the comparison under way.
    pub(crate) fn end_compare(&mut self) {
        if self.duplicates.round.take().is_some() {
            self.duplicates.is_wanted = true;
            self.tell_all(&ToShard::CompareEnd);
        }
    }

    /// Begins to compare when it is time.
    pub(crate) fn compare_some(&mut self) {
        let is_quiet = self.duplicates.is_wanted
            && self.duplicates.round.is_none()
            && !self.load.is_active
            && self.forgetting.is_empty()
            && self.shards.iter().all(|shard| matches!(shard.phase, Phase::Up | Phase::Absent));
        if !is_quiet {
            return;
        }
        self.duplicates.is_wanted = false;
        if self.duplicates.deaths == DEATHS {
            self.duplicates.deaths += 1;
            let text = "Events that were read twice were not looked for: readers ended again and again while they compared them.";
            self.event(Event::Notice { text: text.to_owned() });
        }
        if self.duplicates.deaths > DEATHS {
            return;
        }
        let rows: u64 = self.table_rows().values().sum();
        if rows == 0 {
            for file in self.files.values_mut() {
                file.duplicates = 0;
            }
            return;
        }
        let parts = u32::try_from(rows.div_ceil(ROWS)).unwrap_or(u32::MAX);
        self.begin_compare(0, parts, BTreeMap::new());
    }

    fn begin_compare(&mut self, part: u32, parts: u32, counts: BTreeMap<u32, u64>) {
        let Some(crew) = self.open_exchanges(2) else {
            self.duplicates.is_wanted = true;
            return;
        };
        let waiting_for = crew.members.iter().map(|member| member.shard).collect();
        self.duplicates.round = Some(Round { exchange: crew.first, part, parts, waiting_for, counts });
        for member in crew.members.clone() {
            self.tell(member.shard, ToShard::Compare { crew: crew.clone(), part, parts });
        }
    }

    pub(crate) fn on_compared(&mut self, shard: u32, exchange: ExchangeNo, counts: Vec<(u32, u64)>) {
        let Some(round) = self.duplicates.round.as_mut().filter(|round| round.exchange == exchange) else {
            return;
        };
        if !round.waiting_for.remove(&shard) {
            return;
        }
        for (file, count) in counts {
            *round.counts.entry(file).or_default() += count;
        }
        if !round.waiting_for.is_empty() {
            return;
        }
        let Some(Round { part, parts, counts, .. }) = self.duplicates.round.take() else { return };
        if part + 1 < parts {
            return self.begin_compare(part + 1, parts, counts);
        }
        let mut is_new = false;
        for (number, file) in &mut self.files {
            let count = counts.get(number).copied().unwrap_or(0);
            is_new |= std::mem::replace(&mut file.duplicates, count) != count;
        }
        if is_new {
            self.touch_ledger();
            self.renew_results_of(DUPLICATE_OF);
        }
    }
}
