//! `cargo xtask test`: all that must hold. Cheap steps first, and the first that fails ends it.
//!
//! Builds per run, and no other: native dev, wasm32 dev (lints and component tests), wasm32 release (`dist/`, which
//! size check and journeys share). Native steps leave the root package out (`default-members`).

use crate::{
    build,
    report::{Failure, step},
    root::Root,
    run,
    setup::{self, Browser, Tools},
    size,
};
use serde_json::Value;
use std::{path::PathBuf, process::Command};

const WASM_PACKAGES: &[&str] = &["-p", "chartroom", "-p", "chartroom_wire"];

/// All steps; `journeys` names the journeys to run, none: all.
///
/// # Errors
/// Those of the first step that fails.
pub fn test(root: &Root, journeys: &[String]) -> Result<(), Failure> {
    let tools = setup::for_tests(root)?;
    step("format", || {
        run::run(run::cargo(root).args(["fmt", "--all", "--check"]))
            .map_err(|failure| failure.todo("cargo fmt --all"))
    })?;
    step("lints, native", || {
        run::run(run::cargo(root).args(["clippy", "--all-targets", "--", "-D", "warnings"]))
    })?;
    step("lints, wasm32", || {
        let mut clippy = run::cargo(root);
        clippy.arg("clippy").args(["--target", setup::WASM]).args(WASM_PACKAGES);
        run::run(clippy.args(["--all-targets", "--", "-D", "warnings"]))
    })?;
    step("native tests", || {
        run::run(run::cargo(root).env("INSTA_UPDATE", "no").args(["test", "--no-fail-fast"]))
    })?;
    components(root, &tools)?;
    build::build(root, &tools)?;
    step("size", || size::check(root))?;
    self::journeys(root, &tools, journeys)?;
    println!("\nall that must hold holds");
    Ok(())
}

/// The component tests, in headless Chromium.
///
/// # Errors
/// When they do not build, or one fails.
pub fn components(root: &Root, tools: &Tools) -> Result<(), Failure> {
    step("component tests in Chromium", || {
        let browser = browser(tools)?;
        let settings = webdriver_settings(root, browser)?;
        let mut command = run::cargo(root);
        command.args(["test", "--target", setup::WASM, "-p", "chartroom", "--test", "components"]);
        run::with_tools(&mut command, tools);
        with_browser(&mut command, browser);
        command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings).env("WASM_BINDGEN_TEST_TIMEOUT", "180");
        run::run(&mut command)
    })
}

/// The journeys against `dist/` as it is.
///
/// # Errors
/// When there is no `dist/`, or a journey fails.
pub fn journeys(root: &Root, tools: &Tools, names: &[String]) -> Result<(), Failure> {
    step("journeys in Chromium", || {
        let mut command = run::cargo(root);
        command.args(["run", "--quiet", "-p", "chartroom_e2e", "--"]).args(names);
        with_browser(&mut command, browser(tools)?);
        run::run(&mut command).map_err(|failure| {
            failure.todo(
                "screenshots and the page's words are in target/journeys; one alone: cargo xtask journeys NAME",
            )
        })
    })
}

/// The browser that the setup found.
///
/// # Errors
/// When it was not asked for.
pub fn browser(tools: &Tools) -> Result<&Browser, Failure> {
    tools.browser.as_ref().ok_or_else(|| Failure::new("no browser was looked for", "cargo xtask setup"))
}

/// Tells a program of ours which browser to use.
pub fn with_browser(command: &mut Command, browser: &Browser) {
    command.env("CHROME", &browser.chrome).env("CHROMEDRIVER", &browser.driver);
}

/// The test runner's settings: those of `webdriver.json`, with the browser that was found and a profile of its own.
fn webdriver_settings(root: &Root, browser: &Browser) -> Result<PathBuf, Failure> {
    let profile = root.target().join("components-profile");
    if profile.exists() {
        std::fs::remove_dir_all(&profile)
            .map_err(|error| Failure::new(format!("{}: {error}", profile.display()), "remove it"))?;
    }
    let mut settings: Value = serde_json::from_str(&root.read("webdriver.json")?)
        .map_err(|error| Failure::new(format!("webdriver.json: {error}"), "restore it: git checkout"))?;
    let options = &mut settings["goog:chromeOptions"];
    options["binary"] = browser.chrome.to_string_lossy().into();
    if let Some(args) = options["args"].as_array_mut() {
        args.push(format!("--user-data-dir={}", profile.display()).into());
    }
    let file = root.target().join("webdriver.json");
    std::fs::create_dir_all(root.target())
        .and_then(|()| std::fs::write(&file, settings.to_string()))
        .map_err(|error| {
            Failure::new(format!("{}: {error}", file.display()), "see whether the disk is full")
        })?;
    Ok(file)
}
