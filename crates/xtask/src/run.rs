//! Running other programs, in a clean environment.
//!
//! `cargo run` hands its own `CARGO_*` variables on, and a person may have `RUSTFLAGS` set, which would replace the
//! flags of `.cargo/config.toml` and lose SIMD without a word: both are taken out.

use crate::{report::Failure, root::Root, setup::Tools};
use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
};

/// A command in the root of the clone.
#[must_use]
pub fn command(root: &Root, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root.path());
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        let is_of_this_run = name.starts_with("CARGO_PKG_")
            || matches!(
                name,
                "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "CARGO_BIN_NAME" | "CARGO_CRATE_NAME"
            );
        let loses_simd = matches!(name, "RUSTFLAGS" | "CARGO_ENCODED_RUSTFLAGS" | "CARGO_BUILD_RUSTFLAGS");
        if is_of_this_run || loses_simd {
            command.env_remove(name);
        }
    }
    command
}

/// Cargo, the one that runs us.
#[must_use]
pub fn cargo(root: &Root) -> Command {
    command(root, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Puts the tools' folders before the rest of PATH.
pub fn with_tools(command: &mut Command, tools: &Tools) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = tools.folders.iter().cloned().chain(std::env::split_paths(&path));
    // A folder with a separator in its name cannot be joined; then PATH stays as it is, and the tool is not found.
    if let Ok(joined) = std::env::join_paths(folders) {
        command.env("PATH", joined);
    }
}

/// Runs it to its end, its output going where ours goes.
///
/// # Errors
/// When it cannot be started or ends with another code than 0.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let line = line_of(command);
    println!("   $ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("`{line}` failed ({status})"), "see its own words above")),
        Err(error) => Err(Failure::new(format!("`{line}` could not be started: {error}"), "")),
    }
}

/// Runs it and keeps what it prints on standard output; `None` when it cannot be started or fails.
#[must_use]
pub fn read(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first file of that name in the folders of PATH.
#[must_use]
pub fn find_on_path(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&name)).find(|file| is_program(file))
}

/// Whether there is a file that may be run.
#[must_use]
pub fn is_program(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    {
        file.is_file()
    }
}

fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let mut line = program.to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}
