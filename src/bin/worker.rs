//! Hosts the coordinator or a shard in a worker: ports, files, steps, time. No logic.
//!
//! The loader calls [`start`] with the first message. From then on everything that arrives is decoded and handed to
//! the engine, which is stepped turn by turn until it has nothing more to do: other messages come in between two steps.

#[path = "worker/files.rs"]
mod files;
#[path = "worker/host.rs"]
mod host;
#[path = "worker/read.rs"]
mod read;
#[path = "worker/role.rs"]
mod role;
#[path = "worker/turn.rs"]
mod turn;

use chartroom_protocol::{
    ToPage, VERSION,
    host::{FromWorker, ToWorker},
};
use host::Host;
use js_sys::{Array, Reflect, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

fn main() {
    // The page reads the reason in the ledger's words; the browser's own would be `unreachable`.
    std::panic::set_hook(Box::new(|info| tell_end(info.to_string())));
}

/// Called by the loader once the module is up: the message [`ToWorker::Start`], and one port for each peer it names.
#[wasm_bindgen]
pub fn start(message: JsValue, ports: Array) {
    let (start, peers) = match chartroom_wire::decode(message) {
        Ok(ToWorker::Start { start, peers }) => (start, peers),
        Ok(_) => return tell_end("it was not told its role first".to_owned()),
        Err(err) => return tell_end(err.to_string()),
    };
    let host = Host::new(&start);
    for (peer, port) in peers.into_iter().zip(ports.iter()) {
        host.connect(peer, port.unchecked_into::<MessagePort>());
    }
    let on_message = {
        let host = Rc::clone(&host);
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let parts = Array::from(&event.data());
            let (message, things) = (parts.get(0), Array::from(&parts.get(1)));
            let heard = if message.is_instance_of::<Uint8Array>() {
                chartroom_wire::unpack(&message).map(|envelope| host.hear_request(envelope, &things))
            } else {
                chartroom_wire::decode(message).map(|message| host.hear_page(message, &things))
            };
            if let Err(err) = heard {
                web_sys::console::error_1(&format!("an odd message: {err}").into());
            }
        })
    };
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Lives as long as the worker.
    on_message.forget();
    tell(&FromWorker::Up { version: VERSION });
}

/// Where the host leaves word of the part at work: also the loader reads it, when nothing here can speak any more.
const PART_IN_HAND: &str = "partInHand";

/// Leaves word of the part of a file that is at work (0: none), should this worker die of it. What was told to the
/// coordinator may be overtaken by the news of the death.
fn note_part(part: u32) {
    if Reflect::set(&js_sys::global(), &PART_IN_HAND.into(), &part.into()).is_err() {
        web_sys::console::error_1(&"no word could be left of the part at work".into());
    }
}

/// The last words.
fn tell_end(reason: String) {
    let part = Reflect::get(&js_sys::global(), &PART_IN_HAND.into()).ok();
    // Numbers of parts are whole and below 2^32: they were put there above.
    let part = part.and_then(|part| part.as_f64()).map(|part| part as u32);
    tell(&FromWorker::Died { reason, part });
}

/// Posts to the page what the host has to say.
fn tell(message: &FromWorker) {
    match chartroom_wire::encode(message) {
        Ok(message) => post(&message, &Array::new()),
        Err(err) => web_sys::console::error_1(&err.to_string().into()),
    }
}

/// Posts to the page what the coordinator has to say.
fn tell_packed(message: &ToPage) {
    match chartroom_wire::pack(message) {
        Ok(packed) => post(&packed, &Array::of1(&packed.buffer())),
        Err(err) => web_sys::console::error_1(&err.to_string().into()),
    }
}

fn post(message: &JsValue, transfer: &Array) {
    if let Err(err) = scope().post_message_with_transfer(&Array::of1(message), transfer) {
        web_sys::console::error_1(&err);
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
