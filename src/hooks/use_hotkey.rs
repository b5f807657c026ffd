//! A key that works anywhere on the page, except where text is typed.

use crate::platform::window;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// Calls `then` when `key` is pressed without Ctrl, Alt or Meta outside of fields; the key does nothing else then.
#[hook]
pub fn use_hotkey(key: &'static str, then: Callback<()>) {
    use_effect_with(then, move |then| {
        let then = then.clone();
        let listener = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key();
            if event.key() != key || has_modifier || is_field(&event) {
                return;
            }
            event.prevent_default();
            then.emit(());
        });
        let window = window();
        let function = listener.as_ref().unchecked_ref::<js_sys::Function>().clone();
        // The window takes any listener.
        window.add_event_listener_with_callback("keydown", &function).ok();
        move || {
            window.remove_event_listener_with_callback("keydown", &function).ok();
            drop(listener);
        }
    });
}

fn is_field(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| {
        element
            .closest("input, textarea, select, [contenteditable], dialog[open]")
            .is_ok_and(|field| field.is_some())
    })
}
