//! The engine in one of its two roles, behind one face.

use chartroom_engine::{Coordinator, FromShard, Output, Shard, ToShard, WarmUp};
use chartroom_protocol::{
    Envelope, Request,
    host::Peer,
    start::{Role as StartRole, Start},
};
use chartroom_wire::WireError;
use wasm_bindgen::JsValue;

pub(crate) enum Role {
    /// With the trial load that it does while there is nothing else to do, until the first files come.
    Coordinator(Box<Coordinator>, Option<Box<WarmUp>>),
    Shard(Box<Shard>),
}

impl Role {
    pub(crate) fn new(start: &Start) -> Self {
        match start.role {
            StartRole::Coordinator => {
                let coordinator = Coordinator::new(start).with_head_start();
                Self::Coordinator(Box::new(coordinator), Some(Box::default()))
            }
            StartRole::Shard { .. } => Self::Shard(Box::new(Shard::new(start))),
        }
    }

    pub(crate) fn receive_page(&mut self, envelope: Envelope, now_ms: f64) {
        // The page talks to the coordinator only.
        if let Self::Coordinator(coordinator, warm_up) = self {
            if matches!(envelope.request, Request::Files { .. }) {
                *warm_up = None;
            }
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
            (Self::Coordinator(coordinator, _), Peer::Shard(shard)) => {
                coordinator.receive_shard(shard, chartroom_wire::unpack::<FromShard>(message)?, now_ms);
            }
            (Self::Shard(shard), _) => shard.receive(chartroom_wire::unpack::<ToShard>(message)?),
            // There is one coordinator.
            (Self::Coordinator(..), Peer::Coordinator) => {}
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
            Self::Coordinator(coordinator, warm_up) => {
                coordinator.step(clock) || {
                    let has_more = warm_up.as_mut().is_some_and(|warm_up| warm_up.step(clock));
                    warm_up.take_if(|_| !has_more);
                    has_more
                }
            }
            Self::Shard(shard) => shard.step(clock),
        }
    }

    /// The part of a file that a shard has taken up; 0: none.
    pub(crate) fn part_at_work(&self) -> u32 {
        match self {
            Self::Coordinator(..) => 0,
            Self::Shard(shard) => shard.part_at_work(),
        }
    }

    pub(crate) fn wake_in(&self, now_ms: f64) -> Option<f64> {
        match self {
            Self::Coordinator(coordinator, _) => coordinator.wake_in(now_ms),
            Self::Shard(_) => None,
        }
    }

    pub(crate) fn set_memory(&mut self, bytes: u64) {
        match self {
            Self::Coordinator(coordinator, _) => coordinator.set_memory(bytes),
            Self::Shard(shard) => shard.set_memory(bytes),
        }
    }

    pub(crate) fn take_outputs(&mut self) -> Vec<Output> {
        match self {
            Self::Coordinator(coordinator, _) => coordinator.take_outputs(),
            Self::Shard(shard) => shard.take_outputs(),
        }
    }
}
