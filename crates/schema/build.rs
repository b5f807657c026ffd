//! Checks `fields.toml` and turns it into JSON, so that nothing but JSON is parsed at run time.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=fields.toml");
    let fields: toml::Table = toml::from_str(&fs::read_to_string("fields.toml")?)?;
    let path = Path::new(&env::var("OUT_DIR")?).join("fields.json");
    fs::write(path, serde_json::to_string(fields.get("field").ok_or("no [[field]] in fields.toml")?)?)?;
    Ok(())
}
