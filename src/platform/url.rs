//! What the address says: `#q=` once, `?shards=`, `?budget=`, `?fault=`.

use super::window;
use chartroom_protocol::start::Fault;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

/// The query in `#q=<encoded KQL>`, taken off the address: what is asked is patient data too, and addresses last.
#[must_use]
pub fn take_query() -> Option<String> {
    let location = window().location();
    let hash = location.hash().ok()?;
    let encoded = hash.strip_prefix("#q=")?;
    let query = js_sys::decode_uri_component(encoded).ok().map(String::from);
    let address = format!("{}{}", location.pathname().ok()?, location.search().ok()?);
    if let Ok(history) = window().history() {
        // Replaced, not added to: one step back must not bring it back. On failure it stays, harmless but seen.
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address)).ok();
    }
    query.filter(|query| !query.trim().is_empty())
}

/// `?shards=N`.
#[must_use]
pub fn shards() -> Option<u32> {
    parameter("shards")?.parse().ok()
}

/// `?budget=MB`, in bytes.
#[must_use]
pub fn budget() -> Option<u64> {
    parameter("budget")?.parse::<u64>().ok()?.checked_mul(1 << 20)
}

/// `?fault=`; test builds obey it, others let it pass.
#[must_use]
pub fn fault() -> Option<Fault> {
    match parameter("fault")?.as_str() {
        "trap" => Some(Fault::Trap),
        "leak" => Some(Fault::Leak),
        "hang" => Some(Fault::Hang),
        _ => None,
    }
}

fn parameter(name: &str) -> Option<String> {
    UrlSearchParams::new_with_str(&window().location().search().ok()?).ok()?.get(name)
}
