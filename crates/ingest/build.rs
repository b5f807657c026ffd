//! Reads `formats/*.toml` and writes them as one JSON list, sorted by id: nothing but JSON is parsed at run time.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=formats");
    let mut paths: Vec<_> =
        fs::read_dir("formats")?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let mut formats = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path)?;
        let format: toml::Table =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if format.get("id").and_then(toml::Value::as_str) != Some(stem) {
            return Err(
                format!("{}: its `id` must be {stem:?}, as the file is called", path.display()).into()
            );
        }
        formats.push(format);
    }
    let path = Path::new(&env::var("OUT_DIR")?).join("formats.json");
    fs::write(path, serde_json::to_string(&formats)?)?;
    Ok(())
}
