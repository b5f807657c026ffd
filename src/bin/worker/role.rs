//! The engine in one of its two roles, behind one face.

use chartroom_engine::{Coordinator, FromShard, Output, Shard, ToShard};
use chartroom_protocol::{
    Envelope,
    host::Peer,
    start::{Role as StartRole, Start},
};
use chartroom_wire::WireError;
use wasm_bindgen::JsValue;

pub(crate) enum Role {
    Coordinator(Box<Coordinator>),
    Shard(Box<Shard>),
}

impl Role {
    pub(crate) fn new(start: &Start) -> Self {
        match start.role {
            StartRole::Coordinator => Self::Coordinator(Box::new(Coordinator::new(start).with_head_start())),
            StartRole::Shard { .. } => Self::Shard(Box::new(Shard::new(start))),
        }
    }

    pub(crate) fn receive_page(&mut self, envelope: Envelope, now_ms: f64) {
        // The page talks to the coordinator only.
        if let Self::Coordinator(coordinator) = self {
            coordinator.receive_page(envelope, now_ms);
        }
    }

    /// Unpacks what a peer says and hands it over.
    pub(crate) fn receive_peer(
        &mut self,
        from: Peer,
        message: &JsValue,
        now_ms: f64,
    ) -> Result<(), WireError> {
        match (self, from) {
            (Self::Coordinator(coordinator), Peer::Shard(shard)) => {
                coordinator.receive_shard(shard, chartroom_wire::unpack::<FromShard>(message)?, now_ms);
            }
            (Self::Shard(shard), _) => shard.receive(chartroom_wire::unpack::<ToShard>(message)?),
            // There is one coordinator.
            (Self::Coordinator(_), Peer::Coordinator) => {}
        }
        Ok(())
    }

    pub(crate) fn deliver(&mut self, token: u64, bytes: Result<Vec<u8>, String>) {
        if let Self::Shard(shard) = self {
            shard.deliver(token, bytes);
        }
    }

    pub(crate) fn step(&mut self, clock: &dyn Fn() -> f64) -> bool {
        match self {
            Self::Coordinator(coordinator) => coordinator.step(clock),
            Self::Shard(shard) => shard.step(clock),
        }
    }

    /// The part of a file that a shard has taken up; 0: none.
    pub(crate) fn part_at_work(&self) -> u32 {
        match self {
            Self::Coordinator(_) => 0,
            Self::Shard(shard) => shard.part_at_work(),
        }
    }

    pub(crate) fn wake_in(&self, now_ms: f64) -> Option<f64> {
        match self {
            Self::Coordinator(coordinator) => coordinator.wake_in(now_ms),
            Self::Shard(_) => None,
        }
    }

    pub(crate) fn set_memory(&mut self, bytes: u64) {
        match self {
            Self::Coordinator(coordinator) => coordinator.set_memory(bytes),
            Self::Shard(shard) => shard.set_memory(bytes),
        }
    }

    pub(crate) fn take_outputs(&mut self) -> Vec<Output> {
        match self {
            Self::Coordinator(coordinator) => coordinator.take_outputs(),
            Self::Shard(shard) => shard.take_outputs(),
        }
    }
}
