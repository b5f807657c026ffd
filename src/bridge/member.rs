//! One worker: its Blob, what waits until it listens, what it says.

use super::parts::Parts;
use chartroom_protocol::{
    Envelope, ToPage,
    host::{FromWorker, ToWorker},
};
use chartroom_wire::WireError;
use js_sys::{Array, Uint8Array};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker};
use yew::Callback;

/// What a worker says.
pub(super) enum Said {
    /// The host of either role.
    Host(FromWorker),
    /// The coordinator.
    Coordinator(ToPage),
}

impl Said {
    fn read(data: &JsValue) -> Result<Self, WireError> {
        let message = Array::from(data).get(0);
        if message.is_instance_of::<Uint8Array>() {
            chartroom_wire::unpack(&message).map(Self::Coordinator)
        } else {
            chartroom_wire::decode(message).map(Self::Host)
        }
    }
}

/// A worker that was started.
pub(super) struct Member {
    /// Unique among all that were ever started.
    pub(super) id: u32,
    worker: Worker,
    is_up: Cell<bool>,
    /// A message posted before it listens would be lost.
    backlog: RefCell<Vec<(JsValue, Array)>>,
    /// Ticks of the watch since it was last heard of.
    silence: Cell<u32>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Member {
    /// Starts a worker; `hear` gets what it says.
    pub(super) fn start(parts: &Parts, id: u32, hear: &Callback<(u32, Said)>) -> Result<Self, JsValue> {
        let worker = Worker::new(&parts.url)?;
        let on_message = {
            let hear = hear.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                match Said::read(&event.data()) {
                    Ok(said) => hear.emit((id, said)),
                    Err(err) => web_sys::console::error_1(&format!("an odd message: {err}").into()),
                }
            })
        };
        let on_error = {
            let hear = hear.clone();
            Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
                event.prevent_default();
                hear.emit((id, Said::Host(FromWorker::Died { reason: event.message(), part: None })));
            })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            id,
            worker,
            is_up: Cell::new(false),
            backlog: RefCell::default(),
            silence: Cell::new(0),
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// The first message, which the loader takes.
    pub(super) fn begin(&self, parts: &Parts, start: &ToWorker, ports: &Array) -> Result<(), JsValue> {
        let start = chartroom_wire::encode(start).map_err(|err| JsValue::from_str(&err.to_string()))?;
        self.worker.post_message_with_transfer(&Array::of3(&start, ports, &parts.module), ports)
    }

    /// Posts `message` with `things` beside it, `transfer` among them handed over; later, when it does not listen yet.
    pub(super) fn post(&self, message: &ToWorker, things: &Array, transfer: Array) {
        self.post_written(chartroom_wire::encode(message), things, transfer);
    }

    /// Posts a request with its files beside it.
    pub(super) fn post_request(&self, envelope: &Envelope, things: &Array) {
        self.post_written(chartroom_wire::pack(envelope).map(JsValue::from), things, Array::new());
    }

    fn post_written(&self, message: Result<JsValue, WireError>, things: &Array, transfer: Array) {
        let message = match message {
            Ok(message) => Array::of2(&message, things).into(),
            Err(err) => return web_sys::console::error_1(&err.to_string().into()),
        };
        if self.is_up.get() {
            self.post_now(&message, &transfer);
        } else {
            self.backlog.borrow_mut().push((message, transfer));
        }
    }

    fn post_now(&self, message: &JsValue, transfer: &Array) {
        if let Err(err) = self.worker.post_message_with_transfer(message, transfer) {
            web_sys::console::error_1(&err);
        }
    }

    /// It listens: posts what waited.
    pub(super) fn set_up(&self) {
        self.is_up.set(true);
        self.silence.set(0);
        for (message, transfer) in self.backlog.take() {
            self.post_now(&message, &transfer);
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.is_up.get()
    }

    pub(super) fn hear_of(&self) {
        self.silence.set(0);
    }

    /// Counts one more tick without a word; how many there are now.
    pub(super) fn count_silence(&self) -> u32 {
        self.silence.set(self.silence.get().saturating_add(1));
        self.silence.get()
    }
}

impl Member {
    /// Ends the worker; its memory comes back, nothing more is heard of it.
    pub(super) fn end(&self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.end();
    }
}
