//! What coordinator and shards say to each other.
//!
//! **Invariant:** both ends are of one build, so these are plain serde types for a compact, positional encoding
//! (no tags, no skipped fields). A shard speaks only after [`ToShard::Hello`] and repeats its epoch in every message:
//! what a shard that was ended still had under way is recognised and dropped.

use chartroom_protocol::start::Fault;
use serde::{Deserialize, Serialize};

/// Coordinator → shard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ToShard {
    /// The first word to a fresh shard.
    Hello {
        /// Counts the shards that stood in this place; repeated in every answer.
        epoch: u32,
        /// A fault to commit in the first large read, in test builds.
        fault: Option<Fault>,
    },
    /// Answered by `Alive`.
    Ping,
}

/// Shard → coordinator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FromShard {
    /// The epoch of the [`ToShard::Hello`] it was greeted with.
    pub epoch: u32,
    /// What it says.
    pub said: Said,
}

/// What a shard says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Said {
    /// It lives.
    Alive,
}
