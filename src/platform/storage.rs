//! Settings kept between visits, where the browser lets us; else for the session.
//!
//! Never anything of the logs, and nothing that was searched for.

use super::window;
use std::{cell::RefCell, collections::BTreeMap};
use web_sys::Storage;

const PREFIX: &str = "chartroom.";

thread_local! {
    /// What could not be stored: works until the page is left.
    static SESSION: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// The value last set under `key`.
#[must_use]
pub fn get(key: &str) -> Option<String> {
    let of_session = SESSION.with_borrow(|session| session.get(key).cloned());
    of_session.or_else(|| lasting()?.get_item(&format!("{PREFIX}{key}")).ok().flatten())
}

/// Keeps `value` under `key`: for the next visit where the browser allows it, for this one in any case.
pub fn set(key: &str, value: &str) {
    let is_kept = lasting().is_some_and(|storage| storage.set_item(&format!("{PREFIX}{key}"), value).is_ok());
    SESSION.with_borrow_mut(|session| {
        if is_kept {
            session.remove(key);
        } else {
            session.insert(key.to_owned(), value.to_owned());
        }
    });
}

/// Whether what is set lasts beyond this visit.
#[must_use]
pub fn is_lasting() -> bool {
    let probe = format!("{PREFIX}probe");
    lasting()
        .is_some_and(|storage| storage.set_item(&probe, "1").is_ok() && storage.remove_item(&probe).is_ok())
}

fn lasting() -> Option<Storage> {
    // Refused by some settings of privacy, then the getter throws.
    window().local_storage().ok().flatten()
}
