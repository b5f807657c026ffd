//! What the page and the host of a worker say to each other around the engine's own messages.
//!
//! Each travels as `[message, things]`: the message by `chartroom_wire::encode`, beside it what cannot be serialised
//! (numbered `File` handles, one `MessagePort`). The very first one carries the compiled module as well. What page and
//! coordinator say to each other, [`crate::Envelope`] and [`crate::ToPage`], travels packed in the message's place:
//! `[Uint8Array, things]`, `[Uint8Array]`. None is tagged inside: reading such a one takes ten times the code.

use crate::start::Start;
use serde::{Deserialize, Serialize};

/// Who stands at the other end of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Peer {
    /// The coordinator.
    Coordinator,
    /// A shard, from 0.
    Shard(u32),
}

/// Page → any worker; [`crate::Envelope`]s come beside these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWorker {
    /// What it is to be; always the first. Its ports travel beside, one for each of `peers`.
    Start {
        /// Role and bounds.
        start: Start,
        /// Who is at the other end of each port.
        peers: Vec<Peer>,
    },
    /// A channel to a worker that was started later; a port travels beside. Answered by [`FromWorker::PortTaken`].
    Port {
        /// Who is at its other end; an older channel to the same peer is forgotten.
        peer: Peer,
        /// Comes back in the answer.
        channel: u32,
    },
    /// Are you there? Answered between two steps.
    Ping {
        /// Comes back in the answer.
        nonce: u32,
    },
}

/// Any worker → page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWorker {
    /// It listens now. A message posted earlier (but for the first) would have been lost.
    Up {
        /// [`crate::VERSION`] of the worker.
        version: u32,
    },
    /// The channel of [`ToWorker::Port`] is in use.
    PortTaken {
        /// As it was named.
        channel: u32,
    },
    /// An answer to [`ToWorker::Ping`].
    Pong {
        /// As it was asked.
        nonce: u32,
    },
    /// It panicked, trapped or was left by an error; nothing more will come. Also posted by the loader's own script.
    Died {
        /// What it said last.
        reason: String,
        /// For [`crate::Request::ShardRestarted`]: the part of a file that it was at, 0 when at none.
        part: Option<u32>,
    },
}
