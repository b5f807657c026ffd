//! Components in a real browser: `cargo test --target wasm32-unknown-unknown`.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, unreachable_pub, reason = "tests")]
#![recursion_limit = "512"]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod app;
mod bridge;
mod contrast;
mod data_table;
mod drawers;
mod fake;
mod first_screen;
mod ledger;
mod load;
mod platform;
mod query;
mod stage;
mod state;
mod timeline;
mod wire;
