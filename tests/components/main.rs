//! Components in a real browser: `cargo test --target wasm32-unknown-unknown`.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, reason = "tests")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
