//! What this browser and this address can do, in figures and in words for the person.

use super::{storage, window};
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// How the page came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From a file: the single-file form.
    File,
    /// Over https, or from this machine.
    Secure,
    /// Over http from another machine.
    Insecure,
}

/// How the page came here.
#[must_use]
pub fn origin() -> Origin {
    if window().location().protocol().is_ok_and(|protocol| protocol == "file:") {
        Origin::File
    } else if window().is_secure_context() {
        Origin::Secure
    } else {
        Origin::Insecure
    }
}

/// What does not work here, each with what that means; all else works. Empty where nothing is missing.
#[must_use]
pub fn limits() -> Vec<String> {
    let mut limits = Vec::new();
    if origin() == Origin::Insecure {
        limits.push(
            "This page did not come over https, so it cannot be kept for use without a network".to_owned(),
        );
    }
    if !storage::is_lasting() {
        limits
            .push("This browser keeps nothing for this page, so settings last until you leave it".to_owned());
    }
    limits
}

/// Processor cores, as far as the browser says.
#[must_use]
pub fn cores() -> u32 {
    let cores = window().navigator().hardware_concurrency();
    // A whole number, or not a number where the browser hides it.
    if cores >= 1.0 { cores.min(64.0) as u32 } else { 1 }
}

/// Bytes that all shards together may take: half of the machine's memory as far as the browser says, else 2 GiB.
#[must_use]
pub fn default_budget() -> u64 {
    const GIB: f64 = 1_073_741_824.0;
    let memory = Reflect::get(&window().navigator(), &JsValue::from_str("deviceMemory"));
    let gib = memory.ok().and_then(|memory| memory.as_f64()).filter(|gib| *gib > 0.0 && *gib <= 1_024.0);
    gib.map_or(2 << 30, |gib| (gib / 2.0 * GIB) as u64)
}

/// Requests that the page made since `since_ms` (as [`super::clock::now_ms`] counts); 0 once it has locked itself.
#[must_use]
pub fn requests_since(since_ms: f64) -> usize {
    let Some(performance) = window().performance() else { return 0 };
    let entries = performance.get_entries_by_type("resource");
    let is_newer = |entry: &JsValue| {
        let started = Reflect::get(entry, &JsValue::from_str("startTime"));
        started.ok().and_then(|started| started.as_f64()).is_some_and(|started| started >= since_ms)
    };
    // Files read from the disk (`blob:`) are no requests.
    let is_request = |entry: &JsValue| {
        let name = Reflect::get(entry, &JsValue::from_str("name"));
        name.ok().and_then(|name| name.as_string()).is_some_and(|name| !name.starts_with("blob:"))
    };
    entries.iter().filter(|entry| is_newer(entry) && is_request(entry)).count()
}
