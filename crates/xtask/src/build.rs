//! `dist/`: Trunk builds page and worker, then the names of functions go, and policy and service worker are put in.
//!
//! **Invariant:** the order. The policy changes `index.html`, and the service worker's list holds the hash of every
//! file, so it is written last.

use crate::{
    dist::{names, policy, service_worker},
    report::{Failure, step},
    root::Root,
    run,
    setup::Tools,
};
use std::path::{Path, PathBuf};

/// Builds `dist/`.
///
/// # Errors
/// When Trunk fails, or what it made is not as expected.
pub fn build(root: &Root, tools: &Tools) -> Result<(), Failure> {
    step("release page", || {
        let mut trunk = run::command(root, "trunk");
        run::with_tools(&mut trunk, tools);
        trunk.args(["build", "--release", "--offline", "--dist"]).arg(root.dist());
        // Trunk reads NO_COLOR as a flag that must be true or false.
        trunk.env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
        run::run(&mut trunk)?;
        finish(root)
    })
}

/// What Trunk does not do.
fn finish(root: &Root) -> Result<(), Failure> {
    let dist = root.dist();
    let index = dist.join("index.html");
    let html = std::fs::read_to_string(&index).map_err(|error| cannot(&index, &error))?;
    let html = policy::fill(&html).map_err(|what| Failure::new(what, "mend index.html"))?;
    std::fs::write(&index, html).map_err(|error| cannot(&index, &error))?;

    // For a profiler: CHARTROOM_NAMES=1 cargo xtask build.
    if std::env::var_os("CHARTROOM_NAMES").is_none() {
        for file in files(&dist)?.iter().filter(|file| file.ends_with(".wasm")) {
            let path = dist.join(file);
            let wasm = std::fs::read(&path).map_err(|error| cannot(&path, &error))?;
            std::fs::write(&path, names::without(&wasm)).map_err(|error| cannot(&path, &error))?;
        }
    }

    let worker = dist.join("sw.js");
    let mut contents = Vec::new();
    for file in files(&dist)? {
        if file != "sw.js" {
            let path = dist.join(&file);
            contents.push((file, std::fs::read(&path).map_err(|error| cannot(&path, &error))?));
        }
    }
    let text = service_worker::fill(&root.read("static/offline/service-worker.js")?, &contents)
        .map_err(|what| Failure::new(what, "mend static/offline/service-worker.js"))?;
    std::fs::write(&worker, text).map_err(|error| cannot(&worker, &error))?;
    println!("   policy and service worker are in ({} files)", contents.len());
    Ok(())
}

/// All files below a folder, as relative paths with `/`, sorted; none when there is no such folder.
///
/// # Errors
/// When a folder cannot be listed.
pub fn files(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(below) = waiting.pop() {
        let here = folder.join(&below);
        if !here.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&here).map_err(|error| cannot(&here, &error))? {
            let path = below.join(entry.map_err(|error| cannot(&here, &error))?.file_name());
            if folder.join(&path).is_dir() {
                waiting.push(path);
            } else {
                found.push(path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("{}: {error}", path.display()),
        "see whether the disk is full or the folder read-only",
    )
}
