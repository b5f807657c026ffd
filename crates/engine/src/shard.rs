//! A shard: owns part of the rows, reads files, does its part of a query.

use crate::{message::ToShard, output::Output};
use chartroom_protocol::start::Start;

/// Owns part of the rows.
pub struct Shard {
    outputs: Vec<Output>,
    memory: u64,
}

impl Shard {
    /// A shard within the bounds of `start`. It says nothing before it is greeted.
    #[must_use]
    pub fn new(_start: &Start) -> Self {
        Self { outputs: Vec::new(), memory: 0 }
    }

    /// Takes a message of the coordinator or of another shard.
    pub fn receive(&mut self, _message: ToShard) {}

    /// The bytes of an [`Output::Want`], or why they cannot be had.
    pub fn deliver(&mut self, _token: u64, _bytes: Result<Vec<u8>, String>) {}

    /// Works for about 8 ms at most; `clock` gives milliseconds. Whether there is more to do at once.
    pub fn step(&mut self, _clock: &dyn Fn() -> f64) -> bool {
        false
    }

    /// Bytes of the worker's own memory; hosts that know it say it before each step. Else the store's figure is used.
    pub fn set_memory(&mut self, bytes: u64) {
        self.memory = bytes;
    }

    /// What the host is to do, oldest first.
    pub fn take_outputs(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }
}
