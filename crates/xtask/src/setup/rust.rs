//! Rust's own parts: the wasm32 target, clippy and rustfmt, and the crates of `Cargo.lock`.

use super::WASM;
use crate::{report::Failure, root::Root, run};

/// Finds the wasm32 target, or adds it with rustup.
pub(super) fn have_wasm_target(root: &Root) -> Result<(), Failure> {
    let sysroot = run::read(run::command(root, "rustc").args(["--print", "sysroot"])).unwrap_or_default();
    if std::path::Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).join("lib").is_dir() {
        println!("   {WASM}: there");
        return Ok(());
    }
    println!("   {WASM}: missing, adding it with rustup");
    run::run(run::command(root, "rustup").args(["target", "add", WASM])).map_err(|failure| {
        failure.todo(format!(
            "install Rust by rustup (rustup.rs), or this target in your way: rustup target add {WASM}"
        ))
    })
}

/// Finds clippy and rustfmt, or adds them with rustup.
pub(super) fn have_components(root: &Root) -> Result<(), Failure> {
    for (component, program) in [("clippy", "cargo-clippy"), ("rustfmt", "cargo-fmt")] {
        if run::read(run::command(root, program).arg("--version")).is_some() {
            println!("   {component}: there");
            continue;
        }
        println!("   {component}: missing, adding it with rustup");
        run::run(run::command(root, "rustup").args(["component", "add", component])).map_err(|failure| {
            failure.todo(format!(
                "install Rust by rustup (rustup.rs), or this component in your way: {component}"
            ))
        })?;
    }
    Ok(())
}

/// Has the crates of `Cargo.lock` on this machine, so that the builds after it need no network.
pub(super) fn have_dependencies(root: &Root) -> Result<(), Failure> {
    if run::read(run::cargo(root).args(["fetch", "--locked", "--offline"])).is_some() {
        println!("   crates of Cargo.lock: there");
        return Ok(());
    }
    println!("   crates of Cargo.lock: some are missing, fetching them");
    run::run(run::cargo(root).args(["fetch", "--locked"])).map_err(|failure| {
        failure.todo(
            "check the network; if Cargo.lock is said to be out of date, run `cargo update --workspace`",
        )
    })
}
