//! How a worker ends its task and begins the next: whatever came meanwhile is heard in between.
//!
//! `scheduler.postTask` is made for that. Where there is none a message to oneself does it. No difference in speed between the
//! two is shown (see `docs/performance.md`).

use super::scope;
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{MessageChannel, MessagePort};

/// The way to the next task.
pub(crate) enum Turn {
    Task {
        scheduler: JsValue,
        post: Function,
        then: Closure<dyn FnMut(JsValue)>,
    },
    Message {
        to_self: MessagePort,
        _channel: MessageChannel,
        _then: Closure<dyn FnMut(JsValue)>,
    },
    /// No way at all: only what comes from outside goes on.
    None,
}

impl Turn {
    /// Each turn that was asked for calls `on_turn` in a task of its own.
    pub(crate) fn new(mut on_turn: impl FnMut() + 'static) -> Self {
        let then = Closure::<dyn FnMut(JsValue)>::new(move |_| on_turn());
        if let Some((scheduler, post)) = find_scheduler() {
            return Self::Task { scheduler, post, then };
        }
        let Ok(channel) = MessageChannel::new() else { return Self::None };
        channel.port1().set_onmessage(Some(then.as_ref().unchecked_ref()));
        Self::Message { to_self: channel.port2(), _channel: channel, _then: then }
    }

    /// Asks for a turn; whether one will come.
    pub(crate) fn ask(&self) -> bool {
        match self {
            Self::Task { scheduler, post, then } => post.call1(scheduler, then.as_ref()).is_ok(),
            Self::Message { to_self, .. } => to_self.post_message(&JsValue::NULL).is_ok(),
            Self::None => false,
        }
    }
}

/// `scheduler` and its `postTask`: in Chromium and Firefox, not in every Safari.
fn find_scheduler() -> Option<(JsValue, Function)> {
    // A browser without it answers undefined.
    let scheduler = Reflect::get(&scope(), &"scheduler".into()).ok().filter(JsValue::is_object)?;
    let post = Reflect::get(&scheduler, &"postTask".into()).ok()?.dyn_into().ok()?;
    Some((scheduler, post))
}
