//! Saves what was made here as a file.

use super::window;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Saves `text` under `name` into the person's downloads. `mime` like `text/csv`.
///
/// # Errors
/// The browser's words, when it refuses.
pub fn save_text(name: &str, mime: &str, text: &str) -> Result<(), String> {
    save(name, mime, &JsValue::from_str(text)).map_err(|err| format!("The browser did not save it: {err:?}"))
}

fn save(name: &str, mime: &str, content: &JsValue) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    save_blob(name, &Blob::new_with_str_sequence_and_options(&Array::of1(content), &options)?)
}

/// Saves a blob under `name` into the person's downloads.
///
/// # Errors
/// When the browser refuses.
pub fn save_blob(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let document = window().document().ok_or("no document")?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download has begun with the click; after a minute nobody needs the address any more.
    let revoke = wasm_bindgen::prelude::Closure::once_into_js(move || {
        Url::revoke_object_url(&url).ok();
    });
    window().set_timeout_with_callback_and_timeout_and_arguments_0(revoke.unchecked_ref(), 60_000).map(|_| ())
}
