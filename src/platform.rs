//! What the browser gives: files, time zones, storage, clipboard, address, observers. The only place, besides the
//! bridge, that names `web_sys` beyond events and elements.
//!
//! **Invariant:** everything that may be refused (storage, clipboard, a service worker) is asked for here and answers
//! with a fallback or a reason; nothing here panics on what a browser does not have.

pub mod clipboard;
pub mod clock;
pub mod download;
pub mod facts;
pub mod files;
pub mod intake;
pub mod kept;
pub mod leaving;
pub mod observers;
pub mod offline;
pub mod sink;
pub mod storage;
pub mod theme;
pub mod turn;
pub mod url;
pub mod walk;
pub mod zone;

use wasm_bindgen::JsCast;

/// The page's window. Only the page calls this; a worker has none.
#[must_use]
pub fn window() -> web_sys::Window {
    js_sys::global().unchecked_into()
}
