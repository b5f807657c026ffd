//! What shards say to each other while they exchange batches.

use serde::{Deserialize, Serialize};

/// An exchange between shards. The coordinator numbers them; a later one has the greater number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExchangeNo(pub u32);

/// Who takes part in exchanges, all at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crew {
    /// The first exchange; where there are several, they are numbered on from it.
    pub first: ExchangeNo,
    /// Shards, each with its epoch. Where a shard stands in it is its place; what is divided by a hash goes to place
    /// `hash % members.len()`.
    pub members: Vec<CrewMember>,
}

/// A shard that takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrewMember {
    /// Which one.
    pub shard: u32,
    /// Its epoch: another that stands in its place later has no part in it.
    pub epoch: u32,
}

/// What is passed to another shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Passed {
    /// A batch, of 4 MiB at most as a rule.
    Batch(Vec<u8>),
    /// So many batches of the other were worked on: it may send as many more.
    More(u32),
    /// That were all.
    End,
}
