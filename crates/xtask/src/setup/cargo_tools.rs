//! Tools that `cargo install` builds, each in a folder of its own that all clones share.

use crate::{report::Failure, root::Root, run};
use std::path::{Path, PathBuf};

/// A tool of exactly one version.
pub(super) struct Tool<'a> {
    /// The package.
    pub(super) name: &'a str,
    /// The program whose `--version` is asked.
    pub(super) program: &'a str,
    /// Its version, exactly.
    pub(super) version: &'a str,
    /// Whether it is built with the versions it was published with.
    pub(super) is_locked: bool,
}

/// The folder with the tool in it: from PATH if the version is right, else ours, installed if need be.
pub(super) fn have(root: &Root, tool: &Tool<'_>) -> Result<PathBuf, Failure> {
    let label = format!("{} {}", tool.name, tool.version);
    if let Some(folder) = run::find_on_path(tool.program).and_then(|file| file.parent().map(Path::to_owned))
        && is_right(root, &folder, tool)
    {
        println!("   {label}: on PATH");
        return Ok(folder);
    }
    let home = tools_folder()?.join(format!("{}-{}", tool.name, tool.version));
    let folder = home.join("bin");
    if is_right(root, &folder, tool) {
        println!("   {label}: there");
        return Ok(folder);
    }
    println!("   {label}: missing, building it into {} (some minutes, once)", home.display());
    let mut install = run::cargo(root);
    // Away from the clone: its .cargo/config.toml and its target folder are none of the tool's business.
    install.current_dir(std::env::temp_dir()).env_remove("CARGO_TARGET_DIR");
    install
        .args(["install", "--force", tool.name, "--version", &format!("={}", tool.version), "--root"])
        .arg(&home);
    if tool.is_locked {
        install.arg("--locked");
    }
    let line = format!(
        "cargo install {} --version {}{}",
        tool.name,
        tool.version,
        if tool.is_locked { " --locked" } else { "" }
    );
    run::run(&mut install).map_err(|failure| {
        failure.todo(format!(
            "check the network and the C linker (Debian: apt install build-essential), then run this again; \
             or install it in your way, so that it is on PATH: {line}"
        ))
    })?;
    if is_right(root, &folder, tool) {
        return Ok(folder);
    }
    Err(Failure::new(
        format!("{label} was installed but does not answer `{} --version` with that version", tool.program),
        format!("remove {} and run this again", home.display()),
    ))
}

fn is_right(root: &Root, folder: &Path, tool: &Tool<'_>) -> bool {
    let program = folder.join(format!("{}{}", tool.program, std::env::consts::EXE_SUFFIX));
    if !run::is_program(&program) {
        return false;
    }
    let said = run::read(run::command(root, program).arg("--version")).unwrap_or_default();
    said.split_whitespace().any(|word| word == tool.version)
}

fn tools_folder() -> Result<PathBuf, Failure> {
    if let Some(folder) = std::env::var_os("CHARTROOM_TOOLS").filter(|folder| !folder.is_empty()) {
        return std::path::absolute(folder).map_err(|error| {
            Failure::new(format!("CHARTROOM_TOOLS is no path: {error}"), "set it to a folder")
        });
    }
    std::env::home_dir().map(|home| home.join(".cache/chartroom/tools")).ok_or_else(|| {
        Failure::new("there is no home folder", "set CHARTROOM_TOOLS to a folder for the tools")
    })
}
