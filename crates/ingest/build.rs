//! Reads `formats/*.toml` and writes them as one JSON list, sorted by id: nothing but JSON is parsed at run time. Samples that only
//! tests read go into a list of their own.
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
    let mut samples = toml::Table::new();
    for path in toml_files("formats")? {
        let stem = name_of(&path);
        let format = read(&path)?;
        if format.get("id").and_then(toml::Value::as_str) != Some(&stem) {
            return Err(
                format!("{}: its `id` must be {stem:?}, as the file is called", path.display()).into()
            );
        }
        let mut format = shared.expand(format).map_err(|error| format!("{}: {error}", path.display()))?;
        samples.insert(stem, take_samples(&mut format));
        formats.push(format);
    }
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("formats.json"), serde_json::to_string(&formats)?)?;
    fs::write(Path::new(&folder).join("samples.json"), serde_json::to_string(&samples)?)?;
    Ok(())
}

/// The samples of a format. Those that the page shows stay in it, without what only tests ask of them: the rest would be a third of
/// all that the page is told of formats.
fn take_samples(format: &mut toml::Table) -> toml::Value {
    let all = format.remove("sample").unwrap_or_else(|| toml::Value::Array(Vec::new()));
    let is_shown = |sample: &&toml::Value| sample.get("show").and_then(toml::Value::as_bool) == Some(true);
    let shown = all.as_array().into_iter().flatten().filter(is_shown).map(|sample| {
        let keys = ["from", "line", "show"].into_iter();
        let kept = keys.filter_map(|key| Some((key.to_owned(), sample.get(key)?.clone())));
        toml::Value::Table(kept.collect())
    });
    format.insert("sample".to_owned(), toml::Value::Array(shown.collect()));
    all
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
