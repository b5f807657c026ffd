//! Reads `formats/*.toml` and writes them as one JSON list, sorted by id: nothing but JSON is parsed at run time.
//!
//! What files share lies in `formats/shared/`; `build/expand.rs` puts it in.

#[path = "build/expand.rs"]
mod expand;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=formats");
    println!("cargo:rerun-if-changed=build/expand.rs");
    let mut shared = expand::Shared::default();
    for path in toml_files("formats/shared")? {
        shared.add(&name_of(&path), read(&path)?);
    }
    let mut formats = Vec::new();
    for path in toml_files("formats")? {
        let stem = name_of(&path);
        let format = read(&path)?;
        if format.get("id").and_then(toml::Value::as_str) != Some(&stem) {
            return Err(
                format!("{}: its `id` must be {stem:?}, as the file is called", path.display()).into()
            );
        }
        let format = shared.expand(format).map_err(|error| format!("{}: {error}", path.display()))?;
        formats.push(format);
    }
    let path = Path::new(&env::var("OUT_DIR")?).join("formats.json");
    fs::write(path, serde_json::to_string(&formats)?)?;
    Ok(())
}

fn toml_files(folder: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned()
}

fn read(path: &Path) -> Result<toml::Table, Box<dyn Error>> {
    Ok(toml::from_str(&fs::read_to_string(path)?).map_err(|error| format!("{}: {error}", path.display()))?)
}
