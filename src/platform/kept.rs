//! Log types of the person's own that they asked to keep: in the browser's storage, by name.
//!
//! **Invariant:** nothing is kept but on request, and what is refused is said, not kept for the session only.

use super::{files, storage};
use web_sys::File;

/// Before the name, under the page's own prefix.
const PREFIX: &str = "format.";

/// Keeps a log type; `false` when the browser refuses.
#[must_use]
pub fn keep(name: &str, text: &str) -> bool {
    storage::keep(&format!("{PREFIX}{name}"), text)
}

/// The text of a kept one.
#[must_use]
pub fn get(name: &str) -> Option<String> {
    storage::get(&format!("{PREFIX}{name}"))
}

/// Keeps it no longer.
pub fn forget(name: &str) {
    storage::forget(&format!("{PREFIX}{name}"));
}

/// Names of all that are kept, in order.
#[must_use]
pub fn names() -> Vec<String> {
    storage::keys(PREFIX)
}

/// All that are kept, as files to be handed over with the person's own.
#[must_use]
pub fn all() -> Vec<(String, File)> {
    let file = |name: String| Some((format!("kept/{name}"), files::of_text(&name, &get(&name)?)?));
    names().into_iter().filter_map(file).collect()
}
