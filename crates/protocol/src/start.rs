//! The first message each worker gets, before any other.

use serde::{Deserialize, Serialize};

/// What a worker is to be, and within which bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Coordinator or shard.
    pub role: Role,
    /// The page's [`crate::VERSION`].
    pub version: u32,
    /// Bytes of memory that all shards together may take.
    pub budget: u64,
    /// How many shards there may be at most (`?shards=`, else the machine's cores, 1 to 8).
    pub shards: u32,
    /// A fault to commit, for tests of what happens then.
    pub fault: Option<Fault>,
}

/// Coordinator or shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Plans, keeps order, talks with the page.
    Coordinator,
    /// Owns rows.
    Shard {
        /// From 0.
        index: u32,
    },
}

/// `?fault=` of test builds: what shard 0 does in the middle of its first large read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Executes an unreachable instruction.
    Trap,
    /// Takes memory until there is none.
    Leak,
    /// Never comes back from a step.
    Hang,
}
