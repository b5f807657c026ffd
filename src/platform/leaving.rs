//! Asks before the page is left with data in it: what was loaded is gone then.

use super::window;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::Event;

type Listener = Closure<dyn FnMut(Event)>;

thread_local! {
    static ASKING: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Whether the browser is to ask before it leaves the page. Listens only while it must: a listener keeps the page out
/// of the browser's cache of pages.
pub fn ask_before_leaving(is_asking: bool) {
    ASKING.with_borrow_mut(|asking| {
        if is_asking == asking.is_some() {
            return;
        }
        if let Some(listener) = asking.take() {
            let function = listener.as_ref().unchecked_ref();
            window().remove_event_listener_with_callback("beforeunload", function).ok();
            return;
        }
        let listener = Listener::new(|event: Event| event.prevent_default());
        let function = listener.as_ref().unchecked_ref();
        // Without it the page leaves unasked, no worse.
        window().add_event_listener_with_callback("beforeunload", function).ok();
        *asking = Some(listener);
    });
}
