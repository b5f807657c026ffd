//! Settings kept between visits, where the browser lets us; else for the session.
//!
//! Never anything of the logs, and nothing that was searched for.

use super::window;
use chartroom_base::sort;
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

/// Keeps `value` under `key` for later visits too; `false`, and nothing kept, when the browser refuses.
#[must_use]
pub fn keep(key: &str, value: &str) -> bool {
    lasting().is_some_and(|storage| storage.set_item(&format!("{PREFIX}{key}"), value).is_ok())
}

/// Forgets what was kept under `key`.
pub fn forget(key: &str) {
    if let Some(storage) = lasting() {
        // Refused is as good as not there.
        storage.remove_item(&format!("{PREFIX}{key}")).ok();
    }
}

/// What follows `prefix` in the keys of all that is kept, in order.
#[must_use]
pub fn keys(prefix: &str) -> Vec<String> {
    let Some(storage) = lasting() else { return Vec::new() };
    let prefix = format!("{PREFIX}{prefix}");
    let all = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    let mut keys: Vec<String> = all.filter_map(|key| key.strip_prefix(&prefix).map(str::to_owned)).collect();
    sort::sort(&mut keys);
    keys
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
