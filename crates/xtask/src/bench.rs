//! `cargo xtask bench`: the figures of `docs/performance.md`, each printed beside its peer of the same run.
//!
//! Native figures come from every `[[bench]]` target of the workspace: a new one is found by itself. Browser figures
//! come from the journeys' binary, which measures in headless Chromium against `dist/`. Nothing here passes or fails
//! by a figure: machines differ, people judge.

use crate::{
    build,
    report::{Failure, step},
    root::Root,
    run, setup, test,
};
use serde_json::Value;

/// All benches.
///
/// # Errors
/// When one cannot be built or run.
pub fn bench(root: &Root) -> Result<(), Failure> {
    let tools = setup::for_tests(root)?;
    build::build(root, &tools)?;
    for (package, bench) in native_benches(root)? {
        step(&format!("native: {package} {bench}"), || {
            run::run(run::cargo(root).args(["bench", "--quiet", "-p", &package, "--bench", &bench]))
        })?;
    }
    step("in Chromium", || {
        let mut command = run::cargo(root);
        command.args(["run", "--quiet", "-p", "chartroom_e2e", "--", "--bench"]);
        test::with_browser(&mut command, test::browser(&tools)?);
        run::run(&mut command)
    })
}

fn native_benches(root: &Root) -> Result<Vec<(String, String)>, Failure> {
    let json =
        run::read(run::cargo(root).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]))
            .ok_or_else(|| Failure::new("cargo metadata failed", "see: cargo metadata --no-deps"))?;
    let metadata: Value = serde_json::from_str(&json)
        .map_err(|error| Failure::new(format!("cargo metadata is no JSON: {error}"), ""))?;
    Ok(benches_of(&metadata))
}

fn benches_of(metadata: &Value) -> Vec<(String, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for package in list(&metadata["packages"]) {
        for target in list(&package["targets"]) {
            let is_bench = list(&target["kind"]).iter().any(|kind| kind == "bench");
            if let (true, Some(package), Some(bench)) =
                (is_bench, package["name"].as_str(), target["name"].as_str())
            {
                found.push((package.to_owned(), bench.to_owned()));
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benches_are_found_by_their_kind() {
        let metadata = serde_json::json!({ "packages": [{ "name": "a", "targets": [
            { "name": "lib", "kind": ["lib"] }, { "name": "scan", "kind": ["bench"] },
        ] }] });
        assert_eq!(benches_of(&metadata), [("a".to_owned(), "scan".to_owned())]);
    }
}
