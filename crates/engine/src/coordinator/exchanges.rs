//! Exchanges between shards, as the coordinator numbers them.
//!
//! To add one: number it with [`Coordinator::open_exchanges`] and tell every member in the same turn (numbers must come to a shard in
//! their order, and a shard takes a number that it was not told of for one that is still to come; who takes over begins after what any shard knows). On the shards the head of
//! `shard/exchanges.rs` says how it goes on. **Invariant:** whoever opens one holds its crew until it is over; when one of it dies
//! (`shard_restarted`), all others are told to close it, and the work begins anew with another crew.

use super::{Coordinator, shards::Phase};
use crate::message::{Crew, CrewMember, ExchangeNo};

impl Coordinator {
    /// Numbers so many exchanges among all shards that are there; `None` when there is none, or when a shard is still to say
    /// what it holds and under which epoch.
    pub(crate) fn open_exchanges(&mut self, count: u32) -> Option<Crew> {
        if self.is_joining() {
            return None;
        }
        let is_there = |phase: Phase| matches!(phase, Phase::Up | Phase::Packing | Phase::Unpacking);
        let members: Vec<CrewMember> = (0_u32..)
            .zip(&self.shards)
            .filter(|(_, state)| is_there(state.phase))
            .map(|(shard, state)| CrewMember { shard, epoch: state.epoch })
            .collect();
        let first = ExchangeNo(self.exchange_count);
        self.exchange_count = self.exchange_count.checked_add(count)?;
        (!members.is_empty()).then_some(Crew { first, members })
    }
}
