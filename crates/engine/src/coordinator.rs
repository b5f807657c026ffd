//! The coordinator: plans, hands out work, keeps order, talks with the page.

use crate::{message::FromShard, output::Output};
use chartroom_protocol::{Envelope, start::Start};

/// Plans, keeps order, answers the page. Holds nothing that grows with the rows but one byte a row of a result.
pub struct Coordinator {
    outputs: Vec<Output>,
    memory: u64,
}

impl Coordinator {
    /// A coordinator within the bounds of `start`; shard 0 is taken as started with it.
    #[must_use]
    pub fn new(_start: &Start) -> Self {
        Self { outputs: Vec::new(), memory: 0 }
    }

    /// Takes a message of the page. `now_ms` is any clock that only goes forward, in milliseconds.
    pub fn receive_page(&mut self, _envelope: Envelope, _now_ms: f64) {}

    /// Takes a message of shard number `shard`.
    pub fn receive_shard(&mut self, _shard: u32, _message: FromShard, _now_ms: f64) {}

    /// Works for about 8 ms at most; `clock` gives the milliseconds of `now_ms`. Whether there is more to do at once.
    pub fn step(&mut self, _clock: &dyn Fn() -> f64) -> bool {
        false
    }

    /// Milliseconds until `step` wants to be called though no message came (watchdog, throttled status); `None`: never.
    #[must_use]
    pub fn wake_in(&self, _now_ms: f64) -> Option<f64> {
        None
    }

    /// Bytes of the worker's own memory, for the status; hosts that know it say it now and then.
    pub fn set_memory(&mut self, bytes: u64) {
        self.memory = bytes;
    }

    /// What the host is to do, oldest first.
    pub fn take_outputs(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }
}
