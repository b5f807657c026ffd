//! `cargo xtask new format <id> SAMPLE`: begins the file of a log type from a sample of its records.
//!
//! The command line reads the sample, as it reads any file; here only the file is written.

use crate::{report::Failure, root::Root};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

const USAGE: &str = "cargo xtask new format <id> SAMPLE";

/// Writes `<id>.toml` into the folder that the command was called in; where it is.
///
/// # Errors
/// When the words are others, the file is there already, or the sample cannot be read.
pub fn new(root: &Root, args: &[String]) -> Result<PathBuf, Failure> {
    let [what, id, sample] = args else {
        return Err(Failure::new("`new` wants to know what, its id and a sample", USAGE));
    };
    if what != "format" {
        return Err(Failure::new(format!("`new` makes a format, not {what:?}"), USAGE));
    }
    let is_id = !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !is_id {
        return Err(Failure::new(
            format!("an id is small letters, digits and underscores, not {id:?}"),
            USAGE,
        ));
    }
    let path = PathBuf::from(format!("{id}.toml"));
    if path.exists() {
        return Err(Failure::new(
            format!("{} is there already", path.display()),
            "take another id, or move it away",
        ));
    }
    let manifest = root.path().join("Cargo.toml");
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--release", "--package", "chartroom_cli", "--manifest-path"])
        .arg(manifest)
        .args(["--", "inspect", "--begin-format", id])
        .arg(Path::new(sample))
        .output()
        .map_err(|error| Failure::new(format!("cargo could not be run: {error}"), USAGE))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::new(told, "give a file with some records of that log"));
    }
    std::fs::write(&path, output.stdout)
        .map_err(|error| Failure::new(format!("{} could not be written: {error}", path.display()), USAGE))?;
    Ok(path)
}
