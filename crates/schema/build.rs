//! Checks `fields.toml` and `views.toml` and turns them into JSON, so that nothing but JSON is parsed at run time.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    for (file, list) in [("fields", "field"), ("views", "view")] {
        println!("cargo:rerun-if-changed={file}.toml");
        let read: toml::Table = toml::from_str(&fs::read_to_string(format!("{file}.toml"))?)?;
        let path = Path::new(&env::var("OUT_DIR")?).join(format!("{file}.json"));
        let list = read.get(list).ok_or(format!("no [[{list}]] in {file}.toml"))?;
        fs::write(path, serde_json::to_string(list)?)?;
    }
    Ok(())
}
