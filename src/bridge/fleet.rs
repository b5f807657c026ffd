//! Coordinator and shards: started by the page, a channel between each two, each started anew when it ends.
//!
//! Whoever is told of a change (shards ready, a shard back, a fresh coordinator) can rely on all its channels: a
//! [`Plan`] waits until the fresh worker listens and every other one has taken its new port.

use super::{
    member::{Member, Said},
    parts::{self, Parts},
};
use crate::platform::{clock::Interval, facts, url};
use chartroom_protocol::{
    Envelope, FileNo, ToPage, VERSION,
    host::{FromWorker, Peer, ToWorker},
    start::{Fault, Role, Start},
};
use js_sys::Array;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    mem,
    rc::{Rc, Weak},
};
use wasm_bindgen::JsValue;
use web_sys::{File, MessageChannel};
use yew::Callback;

/// The watch ticks so often; a machine that slept has ticked once, not often.
const TICK_MS: i32 = 1_000;
/// So many ticks without an answer are a coordinator that hangs.
const SILENT_TICKS: u32 = 5;
/// So many ticks until a worker must listen.
const STARTING_TICKS: u32 = 60;
/// Workers that ended before they ever listened, in a row: then it is no accident.
const MAX_STILLBIRTHS: u32 = 4;

/// How many shards, how much memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Shards there may be, 1 to 8.
    pub shards: u32,
    /// Bytes all shards together may take.
    pub budget: u64,
    /// For tests of what happens then.
    pub fault: Option<Fault>,
}

impl Bounds {
    /// From the address (`?shards=`, `?budget=` in MB, `?fault=`), else from the machine: its cores, half its memory.
    #[must_use]
    pub fn of_page() -> Self {
        Self {
            shards: url::shards().unwrap_or_else(facts::cores).clamp(1, 8),
            budget: url::budget().unwrap_or_else(facts::default_budget),
            fault: url::fault(),
        }
    }
}

/// What the bridge hears.
pub(super) enum News {
    Message(ToPage),
    /// Shards `0..count` listen and know each other.
    ShardsReady {
        count: u32,
    },
    ShardBack {
        shard: u32,
        reason: Option<String>,
        /// The part of a file that the one before it was at.
        part: Option<u32>,
    },
    CoordinatorBack {
        shards: u32,
    },
    /// Said at once, before it is back.
    Ended {
        peer: Peer,
        reason: String,
    },
    Unable {
        message: String,
    },
}

#[derive(Clone)]
pub(super) struct Fleet(Rc<Inner>);

struct Inner {
    bounds: Bounds,
    hear: Callback<News>,
    parts: RefCell<Option<Rc<Parts>>>,
    crew: RefCell<Crew>,
    watch: RefCell<Option<Interval>>,
}

#[derive(Default)]
struct Crew {
    members: BTreeMap<Peer, Rc<Member>>,
    plans: Vec<Plan>,
    next_id: u32,
    next_channel: u32,
    stillbirths: u32,
    next_ping: u32,
    /// Whether the bridge was told of the first shards.
    is_announced: bool,
}

/// Something to tell when nothing is left to wait for.
struct Plan {
    waits: BTreeSet<Wait>,
    news: News,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wait {
    Up { member: u32 },
    Port { member: u32, channel: u32 },
}

impl Wait {
    const fn member(self) -> u32 {
        match self {
            Self::Up { member } | Self::Port { member, .. } => member,
        }
    }
}

impl Fleet {
    /// Fetches, compiles, locks the page, then starts coordinator and shard 0.
    pub(super) fn start(bounds: Bounds, hear: Callback<News>) -> Self {
        let fleet = Self(Rc::new(Inner {
            bounds,
            hear,
            parts: RefCell::default(),
            crew: RefCell::default(),
            watch: RefCell::default(),
        }));
        let starting = fleet.clone();
        wasm_bindgen_futures::spawn_local(async move {
            match parts::load().await {
                Ok(parts) => {
                    *starting.0.parts.borrow_mut() = Some(Rc::new(parts));
                    starting.launch_all(&[Peer::Coordinator, Peer::Shard(0)]);
                    starting.watch();
                }
                Err(message) => starting.0.hear.emit(News::Unable { message }),
            }
        });
        fleet
    }

    /// Posts a request to the coordinator, file handles beside it.
    pub(super) fn request(&self, envelope: Envelope, files: &[(FileNo, File)]) {
        let Some(coordinator) = self.0.crew.borrow().members.get(&Peer::Coordinator).cloned() else { return };
        let things = Array::new();
        for (no, file) in files {
            things.push(&Array::of2(&JsValue::from(no.0), file));
        }
        coordinator.post_request(&envelope, &things);
    }

    /// Starts shards until there are `count`, within the bounds.
    pub(super) fn grow(&self, count: u32) {
        let count = count.min(self.0.bounds.shards);
        let fresh: Vec<_> = (self.shard_count()..count).map(Peer::Shard).collect();
        if !fresh.is_empty() {
            self.launch_all(&fresh);
        }
    }

    /// Ends a shard and starts a fresh one in its place.
    pub(super) fn restart_shard(&self, shard: u32, reason: Option<String>) {
        let Some(old) = self.0.crew.borrow().members.get(&Peer::Shard(shard)).cloned() else { return };
        self.replace(Peer::Shard(shard), &old, News::ShardBack { shard, reason, part: None });
    }

    fn shard_count(&self) -> u32 {
        let members = self.0.crew.borrow().members.len();
        u32::try_from(members).unwrap_or(u32::MAX).saturating_sub(1)
    }

    fn launch_all(&self, peers: &[Peer]) {
        let mut waits = BTreeSet::new();
        for &peer in peers {
            match self.launch(peer) {
                Ok(more) => waits.extend(more),
                Err(err) => return self.give_up(&parts::words(&err)),
            }
        }
        let news = News::ShardsReady { count: self.shard_count() };
        self.0.crew.borrow_mut().plans.push(Plan { waits, news });
    }

    /// Starts one worker with a channel to each that is there.
    fn launch(&self, peer: Peer) -> Result<BTreeSet<Wait>, JsValue> {
        let parts = self.0.parts.borrow().clone().ok_or("the engine is not there yet")?;
        let mut crew = self.0.crew.borrow_mut();
        let id = crew.next_id;
        crew.next_id = id.wrapping_add(1);
        let hear = {
            let weak = Rc::downgrade(&self.0);
            Callback::from(move |(id, said)| Self::upgrade(&weak, |fleet| fleet.hear(peer, id, said)))
        };
        let member = Rc::new(Member::start(&parts, id, &hear)?);
        let mut waits = BTreeSet::from([Wait::Up { member: id }]);
        let (mut peers, ports) = (Vec::new(), Array::new());
        let others: Vec<_> =
            crew.members.iter().filter(|(other, _)| **other != peer).map(|(p, m)| (*p, m.clone())).collect();
        for (other_peer, other) in others {
            let (laid, channel) = (MessageChannel::new()?, crew.next_channel);
            crew.next_channel = channel.wrapping_add(1);
            peers.push(other_peer);
            ports.push(&laid.port1());
            let port = Array::of1(&laid.port2());
            other.post(&ToWorker::Port { peer, channel }, &port, port.clone());
            waits.insert(Wait::Port { member: other.id, channel });
        }
        let role = match peer {
            Peer::Coordinator => Role::Coordinator,
            Peer::Shard(index) => Role::Shard { index },
        };
        let Bounds { shards, budget, fault } = self.0.bounds;
        let start = Start { role, version: VERSION, budget, shards, fault };
        member.begin(&parts, &ToWorker::Start { start, peers }, &ports)?;
        crew.members.insert(peer, member);
        Ok(waits)
    }

    fn hear(&self, peer: Peer, id: u32, said: Said) {
        let Some(member) = self.0.crew.borrow().members.get(&peer).cloned() else { return };
        // The last words of one that was ended already.
        if member.id != id {
            return;
        }
        member.hear_of();
        let said = match said {
            Said::Coordinator(message) => return self.0.hear.emit(News::Message(message)),
            Said::Host(said) => said,
        };
        match said {
            FromWorker::Up { version } if version != VERSION => {
                self.give_up("Page and engine are of two versions: reload the page");
            }
            FromWorker::Up { .. } => {
                self.0.crew.borrow_mut().stillbirths = 0;
                member.set_up();
                self.settle(Wait::Up { member: id });
            }
            FromWorker::PortTaken { channel } => self.settle(Wait::Port { member: id, channel }),
            FromWorker::Pong { .. } => {}
            FromWorker::Died { reason, part } => self.bury(peer, &member, &reason, part),
        }
    }

    /// One wait is over; tells what has nothing left to wait for.
    fn settle(&self, wait: Wait) {
        let mut crew = self.0.crew.borrow_mut();
        for plan in &mut crew.plans {
            plan.waits.remove(&wait);
        }
        let (done, waiting): (Vec<_>, Vec<_>) =
            mem::take(&mut crew.plans).into_iter().partition(|plan| plan.waits.is_empty());
        crew.plans = waiting;
        crew.is_announced |= !done.is_empty();
        drop(crew);
        for plan in done {
            self.0.hear.emit(plan.news);
        }
    }

    /// A worker ended by itself (or hangs): says so and starts another.
    fn bury(&self, peer: Peer, old: &Rc<Member>, last_words: &str, part: Option<u32>) {
        web_sys::console::error_1(&format!("{peer:?} ended: {last_words}").into());
        let reason = in_short(last_words);
        if !old.is_up() {
            let mut crew = self.0.crew.borrow_mut();
            crew.stillbirths = crew.stillbirths.saturating_add(1);
            if crew.stillbirths > MAX_STILLBIRTHS {
                drop(crew);
                return self.give_up(&format!("The engine does not start: {reason}"));
            }
        }
        let news = match peer {
            Peer::Coordinator => News::CoordinatorBack { shards: self.shard_count() },
            Peer::Shard(shard) => News::ShardBack { shard, reason: Some(reason.clone()), part },
        };
        self.0.hear.emit(News::Ended { peer, reason });
        self.replace(peer, old, news);
    }

    fn replace(&self, peer: Peer, old: &Rc<Member>, news: News) {
        // The other ends of its ports are replaced by `launch`.
        old.end();
        self.0.crew.borrow_mut().members.remove(&peer);
        let fresh = match self.launch(peer) {
            Ok(waits) => waits,
            Err(err) => return self.give_up(&parts::words(&err)),
        };
        let mut crew = self.0.crew.borrow_mut();
        for plan in &mut crew.plans {
            let before = plan.waits.len();
            plan.waits.retain(|wait| wait.member() != old.id);
            if plan.waits.len() < before {
                plan.waits.extend(&fresh);
            }
        }
        let plan = Plan { waits: fresh, news };
        if peer == Peer::Coordinator {
            // A fresh coordinator is told everything at once: what was to be told to the old one is part of it.
            let waits = crew.plans.drain(..).flat_map(|plan| plan.waits).chain(plan.waits).collect();
            let shards = u32::try_from(crew.members.len()).unwrap_or(u32::MAX).saturating_sub(1);
            let news = if crew.is_announced { plan.news } else { News::ShardsReady { count: shards } };
            crew.plans.push(Plan { waits, news });
        } else {
            crew.plans.push(plan);
        }
    }

    fn give_up(&self, message: &str) {
        *self.0.watch.borrow_mut() = None;
        let members = mem::take(&mut self.0.crew.borrow_mut().members);
        self.0.crew.borrow_mut().plans.clear();
        drop(members);
        self.0.hear.emit(News::Unable { message: message.to_owned() });
    }

    /// Asks the coordinator every second whether it is there. Shards are judged by the coordinator, which knows
    /// whether they have work in hand.
    fn watch(&self) {
        let weak = Rc::downgrade(&self.0);
        let tick = move || Self::upgrade(&weak, Self::tick);
        *self.0.watch.borrow_mut() = Some(Interval::start(TICK_MS, tick));
    }

    fn tick(&self) {
        let members: Vec<_> = self.0.crew.borrow().members.iter().map(|(p, m)| (*p, m.clone())).collect();
        for (peer, member) in members {
            if !member.is_up() {
                if member.count_silence() > STARTING_TICKS {
                    self.bury(peer, &member, "it did not start within a minute", None);
                }
            } else if peer == Peer::Coordinator {
                if member.count_silence() > SILENT_TICKS {
                    self.bury(peer, &member, "it did not answer for 5 seconds", None);
                } else {
                    let nonce = self.0.crew.borrow().next_ping;
                    self.0.crew.borrow_mut().next_ping = nonce.wrapping_add(1);
                    member.post(&ToWorker::Ping { nonce }, &Array::new(), Array::new());
                }
            }
        }
    }

    fn upgrade(weak: &Weak<Inner>, then: impl FnOnce(&Self)) {
        if let Some(inner) = weak.upgrade() {
            then(&Self(inner));
        }
    }
}

/// What a worker said last, without the trace behind it: that one is for the console.
///
/// `panicked at src/x.rs:1:2:\nindex out of bounds` becomes `index out of bounds (src/x.rs:1:2)`.
fn in_short(last_words: &str) -> String {
    let mut lines = last_words.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or("it gave no reason");
    match (first.strip_prefix("panicked at "), lines.next()) {
        (Some(place), Some(message)) => format!("{message} ({})", place.trim_end_matches(':')),
        _ => first.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_short;

    #[test]
    fn a_reason_is_one_line() {
        assert_eq!(in_short("panicked at src/x.rs:1:2:\nout of bounds\n"), "out of bounds (src/x.rs:1:2)");
        assert_eq!(in_short("RuntimeError: unreachable\n    at wasm"), "RuntimeError: unreachable");
        assert_eq!(in_short(""), "it gave no reason");
    }
}
