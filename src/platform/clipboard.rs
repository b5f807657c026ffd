//! Copies text, also where the modern clipboard is not given (a page that is not served securely).

use super::window;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};
use yew::Callback;

/// Copies `text`; `on_done` hears whether it worked.
pub fn copy(text: &str, on_done: Callback<bool>) {
    let navigator = window().navigator();
    let has_clipboard =
        Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|value| value.is_object());
    if !has_clipboard {
        return on_done.emit(copy_by_selection(text).unwrap_or(false));
    }
    let text = text.to_owned();
    wasm_bindgen_futures::spawn_local(async move {
        let copied = JsFuture::from(navigator.clipboard().write_text(&text)).await.is_ok();
        on_done.emit(copied || copy_by_selection(&text).unwrap_or(false));
    });
}

/// The old way: selects the text in an area of its own.
fn copy_by_selection(text: &str) -> Option<bool> {
    let document: HtmlDocument = window().document()?.unchecked_into();
    let focused = document.active_element();
    let area: HtmlTextAreaElement = document.create_element("textarea").ok()?.unchecked_into();
    area.set_value(text);
    area.set_attribute("aria-hidden", "true").ok()?;
    document.body()?.append_child(&area).ok()?;
    area.select();
    let is_copied = document.exec_command("copy").unwrap_or(false);
    area.remove();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot take the focus back has lost nothing.
        focused.focus().ok();
    }
    Some(is_copied)
}
