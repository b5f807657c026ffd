//! Installs what is missing, and nothing else: a second run starts no installer and needs no network.
//!
//! Each part says what it does before it does it, and on failure what a person can do.

mod browser;
mod cargo_tools;
mod rust;

use crate::{
    report::{Failure, step},
    root::Root,
};
use std::path::PathBuf;

pub use browser::Browser;

/// The target of page and worker.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Trunk's version: 0.22 wants a newer Rust than ours.
pub const TRUNK: &str = "0.21.14";

/// What was found or installed.
#[derive(Debug)]
pub struct Tools {
    /// Folders that go before the rest of PATH.
    pub folders: Vec<PathBuf>,
    /// The browser, where it was asked for.
    pub browser: Option<Browser>,
}

/// All that `build` and `serve` need.
///
/// # Errors
/// When something is missing and cannot be installed.
pub fn for_build(root: &Root) -> Result<Tools, Failure> {
    step("tools", || build_tools(root))
}

/// All that `test` and `bench` need: as for building, and lints, formatter and browser.
///
/// # Errors
/// When something is missing and cannot be installed.
pub fn for_tests(root: &Root) -> Result<Tools, Failure> {
    step("tools", || {
        rust::have_components(root)?;
        let mut tools = build_tools(root)?;
        tools.browser = Some(browser::find_or_install(root)?);
        Ok(tools)
    })
}

fn build_tools(root: &Root) -> Result<Tools, Failure> {
    rust::have_wasm_target(root)?;
    rust::have_dependencies(root)?;
    let bindgen = root.locked_version("wasm-bindgen")?.ok_or_else(|| {
        Failure::new("wasm-bindgen is not in Cargo.lock", "restore Cargo.lock: git checkout Cargo.lock")
    })?;
    let folders = vec![
        cargo_tools::have(
            root,
            &cargo_tools::Tool { name: "trunk", program: "trunk", version: TRUNK, is_locked: true },
        )?,
        // Without --locked: the lock file it was published with names a crate version that cannot be had.
        cargo_tools::have(
            root,
            &cargo_tools::Tool {
                name: "wasm-bindgen-cli",
                program: "wasm-bindgen",
                version: &bindgen,
                is_locked: false,
            },
        )?,
    ];
    Ok(Tools { folders, browser: None })
}
