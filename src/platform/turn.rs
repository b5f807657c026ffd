//! Lets the browser do what waits (draw, hear clicks) before going on.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Ends the current task and goes on in the next one, some microseconds later; `setTimeout` would take 4 ms.
pub async fn next_turn() {
    let promise = Promise::new(&mut |resolve: Function, _| {
        let Ok(channel) = MessageChannel::new() else {
            // Without a channel the next microtask must do.
            resolve.call0(&JsValue::NULL).ok();
            return;
        };
        channel.port1().set_onmessage(Some(resolve.unchecked_ref()));
        // Posting null to a fresh channel cannot fail.
        channel.port2().post_message(&JsValue::NULL).ok();
    });
    // Never rejected.
    JsFuture::from(promise).await.ok();
}
