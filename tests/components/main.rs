//! Components in a real browser: `cargo test --target wasm32-unknown-unknown`.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod bridge;
mod platform;
mod wire;
