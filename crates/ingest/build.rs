//! Reads `formats/*.toml` and writes them as one JSON list, sorted by id: nothing but JSON is parsed at run time. Samples that only
//! tests read go into a list of their own.
//!
//! What files share lies in `formats/shared/`. The files are read, checked and written out by the same code that reads a person's own at
//! run time: `src/formats/{toml,expand,check}.rs`.

mod formats {
    #[path = "../src/formats/check.rs"]
    pub(crate) mod check;
    #[path = "../src/formats/expand.rs"]
    pub(crate) mod expand;
    #[path = "../src/formats/toml.rs"]
    pub(crate) mod toml;
}

use formats::toml::{Item, Mistake, Table, Value};
use formats::{check, expand::Shared, toml};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=formats");
    for part in ["check", "expand", "toml"] {
        println!("cargo:rerun-if-changed=src/formats/{part}.rs");
    }
    let mut shared = Shared::default();
    for path in toml_files("formats/shared")? {
        let text = fs::read_to_string(&path)?;
        let base = toml::parse(&text).map_err(|mistake| told(&path, &text, &[mistake]))?;
        if name_of(&path) != "columns" {
            let mistakes = check::base(&base);
            if !mistakes.is_empty() {
                return Err(told(&path, &text, &mistakes).into());
            }
        }
        shared.add(&name_of(&path), base);
    }
    let mut formats = Vec::new();
    let mut samples = Table::default();
    for path in toml_files("formats")? {
        let stem = name_of(&path);
        let text = fs::read_to_string(&path)?;
        let mut format = check::read(&text, &shared).map_err(|mistakes| told(&path, &text, &mistakes))?;
        if format.text("id") != stem {
            return Err(
                format!("{}: its `id` must be {stem:?}, as the file is called", path.display()).into()
            );
        }
        samples.insert(&stem, take_samples(&mut format));
        formats.push(Item { at: 0, value: Value::Table(format) });
    }
    let folder = env::var("OUT_DIR")?;
    write(&folder, "formats.json", &Item { at: 0, value: Value::List(formats) })?;
    write(&folder, "samples.json", &Item { at: 0, value: Value::Table(samples) })
}

fn write(folder: &str, name: &str, item: &Item) -> Result<(), Box<dyn Error>> {
    let mut json = String::new();
    item.write(&mut json);
    Ok(fs::write(Path::new(folder).join(name), json)?)
}

/// Mistakes with their lines.
fn told(path: &Path, text: &str, mistakes: &[Mistake]) -> String {
    let line = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
    let told: Vec<String> = mistakes
        .iter()
        .map(|mistake| format!("{}:{}: {}", path.display(), line(mistake.at), mistake.text))
        .collect();
    told.join("\n")
}

/// The samples of a format. Those that the page shows stay in it, without what only tests ask of them: the rest would be a third of
/// all that the page is told of formats.
fn take_samples(format: &mut Table) -> Item {
    let all = format.remove("sample").unwrap_or(Item { at: 0, value: Value::List(Vec::new()) });
    let is_shown = |sample: &&Table| sample.get("show").and_then(Item::as_bool) == Some(true);
    let tables = all.as_list().into_iter().flatten().filter_map(Item::as_table);
    let shown = tables.filter(is_shown).map(|sample| {
        let mut kept = sample.clone();
        kept.members.retain(|member| ["from", "line", "show"].contains(&member.key.as_str()));
        Item { at: 0, value: Value::Table(kept) }
    });
    let shown = Value::List(shown.collect());
    format.insert("sample", Item { at: 0, value: shown });
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
