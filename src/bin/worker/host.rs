//! Messages in, steps, outputs out.
//!
//! **Invariant:** the engine is never called from within a call of it: whatever arrives while it works waits in the
//! browser's queue, and outputs are done after it has returned.

use super::{files::Files, note_part, role::Role, scope, tell, tell_packed, turn::Turn};
use chartroom_engine::Output;
use chartroom_protocol::{
    Envelope, FileNo,
    host::{FromWorker, Peer, ToWorker},
    start::Start,
};
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::{Rc, Weak},
};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{MessageEvent, MessagePort, Performance};

type OnMessage = Closure<dyn FnMut(MessageEvent)>;

pub(crate) struct Host {
    me: Weak<Self>,
    role: RefCell<Role>,
    files: RefCell<Files>,
    ports: RefCell<BTreeMap<Peer, (MessagePort, OnMessage)>>,
    turn: Turn,
    is_turn_coming: Cell<bool>,
    timer: RefCell<Option<Timer>>,
    /// The part of a file that was noted as being at work.
    noted_part: Cell<u32>,
}

/// The engine wants to be called then, though nothing came.
struct Timer {
    id: i32,
    _then: Closure<dyn FnMut()>,
}

impl Host {
    pub(crate) fn new(start: &Start) -> Rc<Self> {
        Rc::new_cyclic(|me: &Weak<Self>| Self {
            me: me.clone(),
            role: RefCell::new(Role::new(start)),
            files: RefCell::default(),
            ports: RefCell::default(),
            turn: Turn::new({
                let me = me.clone();
                move || {
                    if let Some(host) = me.upgrade() {
                        host.is_turn_coming.set(false);
                        host.step();
                    }
                }
            }),
            is_turn_coming: Cell::new(false),
            timer: RefCell::default(),
            noted_part: Cell::new(0),
        })
    }

    /// Listens to a peer; an older port to the same one is forgotten.
    pub(crate) fn connect(&self, peer: Peer, port: MessagePort) {
        let me = self.me.clone();
        let on_message = OnMessage::new(move |event: MessageEvent| {
            if let Some(host) = me.upgrade() {
                host.hear_peer(peer, &Array::from(&event.data()));
            }
        });
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        if let Some((old, _)) = self.ports.borrow_mut().insert(peer, (port, on_message)) {
            old.set_onmessage(None);
            old.close();
        }
    }

    pub(crate) fn hear_page(&self, message: ToWorker, things: &Array) {
        match message {
            ToWorker::Port { peer, channel } => {
                self.connect(peer, things.get(0).unchecked_into());
                tell(&FromWorker::PortTaken { channel });
            }
            ToWorker::Ping { nonce } => tell(&FromWorker::Pong { nonce }),
            // Said once, to the loader.
            ToWorker::Start { .. } => {}
        }
    }

    /// A request of the page, the handles of its files beside it.
    pub(crate) fn hear_request(&self, envelope: Envelope, things: &Array) {
        self.files.borrow_mut().take(things);
        self.role.borrow_mut().receive_page(envelope, now_ms());
        self.work();
    }

    /// `[message, handles]`.
    fn hear_peer(&self, peer: Peer, parts: &Array) {
        self.files.borrow_mut().take(&Array::from(&parts.get(1)));
        let received = self.role.borrow_mut().receive_peer(peer, &parts.get(0), now_ms());
        if let Err(err) = received {
            web_sys::console::error_1(&format!("an odd message of a peer: {err}").into());
        }
        self.work();
    }

    fn deliver(&self, token: u64, bytes: Result<Vec<u8>, String>) {
        self.role.borrow_mut().deliver(token, bytes);
        self.work();
    }

    /// Does what is asked for already, and steps soon.
    fn work(&self) {
        self.do_outputs();
        self.ask_for_turn();
    }

    fn step(&self) {
        let has_more = {
            let mut role = self.role.borrow_mut();
            role.set_memory(memory());
            role.step(&now_ms)
        };
        let part = self.role.borrow().part_at_work();
        if self.noted_part.replace(part) != part {
            note_part(part);
        }
        self.do_outputs();
        if has_more {
            self.ask_for_turn();
        } else {
            self.set_timer();
        }
    }

    fn ask_for_turn(&self) {
        if self.is_turn_coming.replace(true) {
            return;
        }
        self.is_turn_coming.set(self.turn.ask());
    }

    fn set_timer(&self) {
        if let Some(old) = self.timer.take() {
            scope().clear_timeout_with_handle(old.id);
        }
        let Some(millis) = self.role.borrow().wake_in(now_ms()) else { return };
        let me = self.me.clone();
        let then = Closure::<dyn FnMut()>::new(move || {
            if let Some(host) = me.upgrade() {
                host.ask_for_turn();
            }
        });
        let function = then.as_ref().unchecked_ref();
        // At least a millisecond, at most a minute: the engine is asked again then.
        let millis = millis.clamp(1.0, 60_000.0).ceil() as i32;
        if let Ok(id) = scope().set_timeout_with_callback_and_timeout_and_arguments_0(function, millis) {
            *self.timer.borrow_mut() = Some(Timer { id, _then: then });
        }
    }

    fn do_outputs(&self) {
        loop {
            let outputs = self.role.borrow_mut().take_outputs();
            if outputs.is_empty() {
                return;
            }
            for output in outputs {
                self.do_output(output);
            }
        }
    }

    fn do_output(&self, output: Output) {
        match output {
            Output::ToPage(message) => tell_packed(&message),
            Output::ToShard { shard, message, files } => self.post(Peer::Shard(shard), &message, &files),
            Output::ToCoordinator { message, files } => self.post(Peer::Coordinator, &message, &files),
            Output::ToPeer { shard, message } => self.post(Peer::Shard(shard), &message, &[]),
            Output::Want { token, file, range, upto } => {
                let me = self.me.clone();
                self.files.borrow_mut().read(file, range, upto, move |bytes| {
                    if let Some(host) = me.upgrade() {
                        host.deliver(token, bytes);
                    }
                });
            }
            Output::Keep { file, bytes } => {
                if let Err(err) = self.files.borrow_mut().keep(file, &bytes) {
                    web_sys::console::error_1(&err);
                }
            }
            Output::Release { files } => self.files.borrow_mut().release(&files),
        }
    }

    /// Posts `[message, handles]` over the port to a peer; the message's buffer is handed over, not copied.
    fn post(&self, peer: Peer, message: &impl Serialize, files: &[FileNo]) {
        let ports = self.ports.borrow();
        let Some((port, _)) = ports.get(&peer) else { return };
        let packed: Uint8Array = match chartroom_wire::pack(message) {
            Ok(packed) => packed,
            Err(err) => return web_sys::console::error_1(&err.to_string().into()),
        };
        let transfer = Array::of1(&packed.buffer());
        let parts = Array::of2(&packed, &self.files.borrow().give(files));
        if let Err(err) = port.post_message_with_transferable(&parts, &transfer) {
            web_sys::console::error_1(&err);
        }
    }
}

/// Bytes of this worker's memory.
fn memory() -> u64 {
    #[cfg(target_arch = "wasm32")]
    let pages = core::arch::wasm32::memory_size::<0>();
    // Only built there, never run.
    #[cfg(not(target_arch = "wasm32"))]
    let pages = 0_usize;
    pages as u64 * 65_536
}

thread_local! {
    /// Asked for many times a second: looked up once.
    static STOPWATCH: Option<Performance> = scope().performance();
}

fn now_ms() -> f64 {
    STOPWATCH.with(|stopwatch| stopwatch.as_ref().map_or(0.0, Performance::now))
}
