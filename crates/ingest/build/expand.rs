//! What log types share, put into each: columns known by name, and bases a type is `like`.
//!
//! - `columns = ["Level", "ResultSignature:int"]` takes kind, meaning and personal mark from `shared/columns.toml`, the kind
//!   from behind the colon where there is one. A `[[column]]` of the same name changes or adds to it.
//! - `like = ["azure"]` adds what `shared/azure.toml` has and the type lacks: columns (names compare without regard to case and
//!   underscores), shared expressions, settings. A base may itself be like others.
//! - `[set]` gives words for the `{{word}}` places of expressions; the type's own go before those of its bases.
//!
//! **Invariant:** what a type says itself is never overruled.

use std::collections::BTreeMap;
use toml::{Table, Value};

/// Name of the list of known columns.
const COLUMNS: &str = "columns";

/// All of `formats/shared/`.
#[derive(Default)]
pub(crate) struct Shared {
    bases: BTreeMap<String, Table>,
}

impl Shared {
    /// Adds a file.
    pub(crate) fn add(&mut self, name: &str, file: Table) {
        self.bases.insert(name.to_owned(), file);
    }

    /// The type with all that it shares, as the program reads it.
    pub(crate) fn expand(&self, mut format: Table) -> Result<Table, String> {
        let mut set = table(format.remove("set"));
        let mut columns = self.columns(&mut format)?;
        let mut shared = table(format.remove("shared"));
        let mut open = names(format.remove("like"));
        let mut at = 0;
        while let Some(name) = open.get(at).cloned() {
            at += 1;
            let mut base = self.bases.get(&name).ok_or(format!("no formats/shared/{name}.toml"))?.clone();
            // A base of a base stands behind all that was named before it.
            open.extend(names(base.remove("like")));
            add_missing(&mut set, table(base.remove("set")));
            add_missing(&mut shared, table(base.remove("shared")));
            let all = self.columns(&mut base)?;
            // A place of the record feeds one column: the type's own before a base's.
            let is_new = |column: &Table| {
                let place = from(column).next();
                !columns.iter().any(|known| {
                    folded(known) == folded(column)
                        || is_hidden(column) && place.is_some() && from(known).any(|at| Some(at) == place)
                })
            };
            let all: Vec<Table> = all.into_iter().filter(is_new).collect();
            columns.extend(all);
            add_missing(&mut format, base);
        }
        let home = format.get("table").and_then(Value::as_str).map(str::to_owned);
        if let Some(home) = home {
            shared.entry("Type").or_insert_with(|| format!("\"{home}\"").into());
            if columns.iter().any(|column| text(column, "name") == "Type") {
                let constant = format.entry("const").or_insert_with(|| Table::new().into());
                if let Some(constant) = constant.as_table_mut() {
                    constant.entry("Type").or_insert_with(|| home.into());
                }
            }
        }
        for (field, kql) in &mut shared {
            *kql = fill(kql.as_str().unwrap_or_default(), &set)
                .map_err(|error| format!("{field}: {error}"))?
                .into();
        }
        // An empty expression takes a base's away.
        shared.retain(|_, kql| kql.as_str() != Some(""));
        format.insert("shared".to_owned(), shared.into());
        if let Some(kql) = format.get("unlogged").and_then(Value::as_str) {
            let kql = fill(kql, &set)?;
            format.insert("unlogged".to_owned(), kql.into());
        }
        for column in &mut columns {
            if let Some(kql) = column.get("derived").and_then(Value::as_str) {
                let kql = fill(kql, &set)?;
                column.insert("derived".to_owned(), kql.into());
            }
        }
        let columns: Vec<Value> = columns.into_iter().map(Value::Table).collect();
        format.insert("column".to_owned(), columns.into());
        Ok(format)
    }

    /// Takes `columns` and `[[column]]` out of a file, as one list.
    fn columns(&self, file: &mut Table) -> Result<Vec<Table>, String> {
        let known = self.bases.get(COLUMNS).cloned().unwrap_or_default();
        let mut columns = Vec::new();
        for word in names(file.remove(COLUMNS)) {
            let (name, kind) = word.split_once(':').map_or((word.as_str(), None), |(a, b)| (a, Some(b)));
            let meaning = known.get(name).and_then(Value::as_table);
            let mut column = meaning.ok_or(format!("shared/columns.toml does not know {name}"))?.clone();
            column.insert("name".to_owned(), name.into());
            if let Some(kind) = kind {
                column.insert("kind".to_owned(), kind.into());
            }
            columns.push(column);
        }
        let own = file.remove("column");
        for own in own.iter().filter_map(Value::as_array).flatten().filter_map(Value::as_table) {
            match columns.iter_mut().find(|column| text(column, "name") == text(own, "name")) {
                Some(column) => column.extend(own.clone()),
                None => {
                    let mut column = own.clone();
                    if !column.contains_key("about") {
                        let name = text(own, "name");
                        let meaning = known.get(name).and_then(Value::as_table);
                        add_missing(
                            &mut column,
                            meaning.ok_or(format!("{name} says not what it is"))?.clone(),
                        );
                    }
                    columns.push(column);
                }
            }
        }
        Ok(columns)
    }
}

fn table(value: Option<Value>) -> Table {
    match value {
        Some(Value::Table(table)) => table,
        _ => Table::new(),
    }
}

fn names(value: Option<Value>) -> Vec<String> {
    let list = value.iter().filter_map(Value::as_array).flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn text<'a>(column: &'a Table, key: &str) -> &'a str {
    column.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn is_hidden(column: &Table) -> bool {
    column.get("hidden").and_then(Value::as_bool) == Some(true)
}

fn from(column: &Table) -> impl Iterator<Item = &str> {
    column.get("from").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn folded(column: &Table) -> String {
    let name = text(column, "name");
    // `ResourceId` and `_ResourceId` are two columns of Azure's.
    let (mark, rest) = if let Some(rest) = name.strip_prefix('_') { ("_", rest) } else { ("", name) };
    format!("{mark}{}", rest.to_lowercase())
}

fn add_missing(to: &mut Table, from: Table) {
    for (key, value) in from {
        to.entry(key).or_insert(value);
    }
}

/// Puts the words in; a word may itself hold places.
fn fill(kql: &str, set: &Table) -> Result<String, String> {
    let mut filled = kql.to_owned();
    for _ in 0..100 {
        let Some((before, rest)) = filled.split_once("{{") else { return Ok(filled) };
        let (word, after) = rest.split_once("}}").ok_or("no }} behind {{")?;
        let value = set.get(word).and_then(Value::as_str).ok_or(format!("no word {word} in [set]"))?;
        filled = format!("{before}{value}{after}");
    }
    Err("its words name each other in a circle".to_owned())
}
