//! Where things are: the clone, its target folder, `dist/`.

use crate::report::Failure;
use std::path::{Path, PathBuf};

/// The root of this clone.
#[derive(Clone, Debug)]
pub struct Root(PathBuf);

impl Root {
    /// Looks upward from the package that Cargo runs, else from the current folder.
    ///
    /// # Errors
    /// When neither lies in a clone.
    pub fn find() -> Result<Self, Failure> {
        let from = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let from = from.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        from.ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file() && folder.join("crates/xtask").is_dir())
            .map(|folder| Self(folder.to_owned()))
            .ok_or_else(|| {
                Failure::new(
                    format!("{} is not in a clone of Chartroom", from.display()),
                    "run it in the clone",
                )
            })
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A path below it.
    #[must_use]
    pub fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// The built page.
    #[must_use]
    pub fn dist(&self) -> PathBuf {
        self.join("dist")
    }

    /// Cargo's target folder.
    #[must_use]
    pub fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.join("target"), |dir| self.0.join(dir))
    }

    /// A text file of the clone.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, path: &str) -> Result<String, Failure> {
        std::fs::read_to_string(self.join(path)).map_err(|error| {
            Failure::new(format!("{path} cannot be read: {error}"), "restore it: git checkout")
        })
    }

    /// The version of a package in `Cargo.lock`; `None` when it is not there.
    ///
    /// # Errors
    /// When `Cargo.lock` cannot be read.
    pub fn locked_version(&self, package: &str) -> Result<Option<String>, Failure> {
        Ok(locked_version(&self.read("Cargo.lock")?, package))
    }
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    version.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_stands_below_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-cli\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "bindgen"), None);
    }
}
