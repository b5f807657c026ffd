//! What a log type's file may say, and what it must: one implementation for the built-in types (the build script) and a person's own.
//!
//! To add a setting: put it into the list it belongs to here, and into `file.rs`.
//!
//! **Invariant:** a file without mistakes reads as a [`FormatFile`](super::FormatFile).

use super::expand::{Shared, place};
use super::toml::{self, Item, Mistake, Table, Value};

/// What a setting holds.
#[derive(Clone, Copy)]
enum Is {
    Text,
    Bool,
    Number,
    Texts,
    /// A table of texts under any keys.
    Words,
    /// Columns by name: a place, places, or a table of a column's settings.
    Map,
    /// One of these.
    OneOf(&'static [&'static str]),
    Tables(&'static [(&'static str, Self)]),
    /// Lists of tables.
    Lists(&'static [(&'static str, Self)]),
    /// A list of anything.
    List,
}

const FORMAT: &[(&str, Is)] = &[
    ("id", Is::Text),
    ("title", Is::Text),
    ("spec", Is::Text),
    ("table", Is::Text),
    ("about", Is::Text),
    ("unique", Is::Text),
    ("first", Is::Texts),
    ("also_in", Is::Text),
    ("rare", Is::Texts),
    ("is_found", Is::Bool),
    ("finds_rest", Is::Bool),
    ("has_suffixes", Is::Bool),
    ("like", Is::Texts),
    ("columns", Is::Texts),
    ("set", Is::Words),
    ("const", Is::Words),
    ("shared", Is::Words),
    ("map", Is::Map),
    ("unlogged", Is::Text),
    ("column", Is::Tables(COLUMN)),
    ("also", Is::Tables(ALSO)),
    ("rule", Is::Tables(RULE)),
    ("sample", Is::Tables(SAMPLE)),
];
const COLUMN: &[(&str, Is)] = &[
    ("name", Is::Text),
    ("kind", Is::OneOf(KINDS)),
    ("about", Is::Text),
    ("personal", Is::OneOf(PERSONAL)),
    ("hidden", Is::Bool),
    ("from", Is::Texts),
    ("derived", Is::Text),
    ("unit", Is::Text),
];
const ALSO: &[(&str, Is)] =
    &[("table", Is::Text), ("about", Is::Text), ("when", Is::Text), ("columns", Is::Words)];
const RULE: &[(&str, Is)] = &[
    ("order", Is::Number),
    ("why", Is::Text),
    ("all", Is::Tables(TEST)),
    ("any", Is::Lists(TEST)),
    ("none", Is::Tables(TEST)),
    ("unwrap", Is::Texts),
    ("no_event", Is::Text),
    ("named_by", Is::Text),
    ("lists", Is::Texts),
];
const TEST: &[(&str, Is)] = &[
    ("key", Is::Text),
    ("is", Is::OneOf(&["text", "number", "bool", "object", "array"])),
    ("equals", Is::Texts),
    ("starts", Is::Texts),
    ("contains", Is::Texts),
];
const SAMPLE: &[(&str, Is)] = &[
    ("from", Is::Text),
    ("line", Is::Text),
    ("expect", Is::Words),
    ("reject", Is::Bool),
    ("becomes", Is::Text),
    ("holds", Is::List),
    ("show", Is::Bool),
];
/// Kinds that a column may be given.
pub(crate) const KINDS: &[&str] =
    &["bool", "int", "long", "real", "datetime", "timespan", "guid", "string", "dynamic", "decimal"];
/// What may be personal about one.
pub(crate) const PERSONAL: &[&str] = &["id", "name", "address", "number", "free_text", "no"];
/// Columns that are shown first, at most.
const FIRST: usize = 8;

/// A file's tree, checked and written out. The first twenty mistakes, by place, when there are any.
pub(crate) fn read(text: &str, shared: &Shared) -> Result<Table, Vec<Mistake>> {
    let file = toml::parse(text).map_err(|mistake| vec![mistake])?;
    let mut mistakes = Vec::new();
    settings(&file, FORMAT, &mut mistakes);
    if mistakes.is_empty() {
        match shared.expand(file) {
            Ok(format) => {
                whole(&format, &mut mistakes);
                if mistakes.is_empty() {
                    return Ok(format);
                }
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    mistakes.sort_by_key(|mistake| mistake.at);
    mistakes.truncate(20);
    Err(mistakes)
}

/// Whether a base's settings are such; it need not be whole.
#[allow(dead_code, reason = "the build script alone has bases")]
pub(crate) fn base(file: &Table) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    settings(file, FORMAT, &mut mistakes);
    mistakes
}

/// Each setting is known and holds what it should.
fn settings(table: &Table, known: &[(&str, Is)], mistakes: &mut Vec<Mistake>) {
    for member in &table.members {
        match known.iter().find(|(key, _)| *key == member.key) {
            Some(&(key, is)) => setting(key, is, &member.item, mistakes),
            None => {
                let keys: Vec<&str> = known.iter().map(|(key, _)| *key).collect();
                let text =
                    format!("there is no setting `{}` here; known are {}", member.key, keys.join(", "));
                mistakes.push(Mistake::new(member.at, text));
            }
        }
    }
}

fn setting(key: &str, is: Is, item: &Item, mistakes: &mut Vec<Mistake>) {
    let mut wants = |wanted: &str, item: &Item| {
        let text = format!("`{key}` wants {wanted}, and this is {}", item.what());
        mistakes.push(Mistake::new(item.at, text));
    };
    match (is, &item.value) {
        (Is::Text, Value::Text(_)) | (Is::Bool, Value::Bool(_)) | (Is::List, Value::List(_)) => {}
        (Is::Number, Value::Number(digits)) if digits.parse::<u32>().is_ok() => {}
        (Is::Text, _) => wants("a text in \"quotes\"", item),
        (Is::Bool, _) => wants("true or false", item),
        (Is::Number, _) => wants("a whole number from 0 on", item),
        (Is::Texts, Value::List(list)) => {
            for item in list.iter().filter(|item| item.as_text().is_none()) {
                wants("texts in \"quotes\"", item);
            }
        }
        (Is::Texts | Is::List, _) => wants("a list: [\"…\", \"…\"]", item),
        (Is::Words, Value::Table(words)) => {
            for member in words.members.iter().filter(|member| member.item.as_text().is_none()) {
                wants("texts in \"quotes\"", &member.item);
            }
        }
        (Is::Words | Is::Map, Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::List(_)) => {
            wants(&format!("keys of its own, below a line [{key}]"), item);
        }
        (Is::Map, Value::Table(map)) => {
            for member in &map.members {
                match &member.item.value {
                    Value::Text(_) => {}
                    Value::List(_) => setting(&member.key, Is::Texts, &member.item, mistakes),
                    Value::Table(column) => {
                        let mut column = column.clone();
                        // One place needs no list here.
                        if column.get("from").is_some_and(|from| from.as_text().is_some()) {
                            column.remove("from");
                        }
                        settings(&column, COLUMN, mistakes);
                    }
                    _ => {
                        let text = format!(
                            "`{}` wants the record's key it comes from, in \"quotes\", and this is {}",
                            member.key,
                            member.item.what()
                        );
                        mistakes.push(Mistake::new(member.item.at, text));
                    }
                }
            }
        }
        (Is::OneOf(words), _) => {
            if !item.as_text().is_some_and(|text| words.contains(&text)) {
                wants(&format!("one of {}", words.join(", ")), item);
            }
        }
        (Is::Tables(known), Value::List(list)) => {
            for item in list {
                match &item.value {
                    Value::Table(table) => settings(table, known, mistakes),
                    _ => setting(key, Is::Words, item, mistakes),
                }
            }
        }
        (Is::Lists(known), Value::List(list)) => {
            for item in list {
                setting(key, Is::Tables(known), item, mistakes);
            }
        }
        (Is::Tables(_) | Is::Lists(_), _) => wants(&format!("a list; [[{key}]] begins an entry"), item),
    }
}

/// A type written out has what a type needs, and names only what it has.
fn whole(format: &Table, mistakes: &mut Vec<Mistake>) {
    let mut say = |at: usize, text: String| mistakes.push(Mistake::new(at, text));
    let id = format.text("id");
    let at_of = |key: &str| format.get(key).map_or(0, |item| item.at);
    if id.is_empty() {
        say(0, "it has no `id`; begin with a line like id = \"my_app\"".to_owned());
    } else if !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        say(at_of("id"), "an `id` is small letters, digits and underscores".to_owned());
    }
    let table = format.text("table");
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !table.is_empty()
        && (!table.bytes().all(is_word) || table.starts_with(|first: char| first.is_ascii_digit()))
    {
        say(at_of("table"), "a table's name is letters, digits and underscores, a letter first".to_owned());
    }
    let list = |key: &str| format.get(key).and_then(Item::as_list).unwrap_or_default();
    let columns: Vec<&Table> = list("column").iter().filter_map(Item::as_table).collect();
    for (number, column) in columns.iter().enumerate() {
        let (name, at) = (column.text("name"), place(column));
        if name.is_empty() {
            say(at, "a column without `name`".to_owned());
        }
        if column.text("kind").is_empty() {
            say(at, format!("the column {name:?} has no `kind`: one of {}", KINDS.join(", ")));
        }
        if columns.iter().take(number).any(|other| other.text("name") == name) {
            say(
                at,
                format!("the column {name:?} stands here a second time; give all its places in one list"),
            );
        }
    }
    let has = |name: &str| columns.iter().any(|column| column.text("name") == name);
    let is_found = format.get("is_found").and_then(Item::as_bool) == Some(true);
    if !table.is_empty() && !has("TimeGenerated") {
        let text =
            "no column TimeGenerated: say under [map] which key tells the time, as TimeGenerated = \"time\"";
        say(columns.first().map_or(0, |column| place(column)), text.to_owned());
    }
    let first = list("first");
    if let Some(ninth) = first.get(FIRST) {
        say(ninth.at, format!("`first` is at most {FIRST} columns; take some out"));
    }
    for item in first.iter().filter(|item| !is_found && !has(item.as_text().unwrap_or_default())) {
        say(
            item.at,
            format!("there is no column {:?} to be shown first", item.as_text().unwrap_or_default()),
        );
    }
    for member in format.get("const").and_then(Item::as_table).iter().flat_map(|table| &table.members) {
        if !has(&member.key) {
            say(member.at, format!("there is no column {:?} to have a constant value", member.key));
        }
    }
    if list("rule").is_empty() {
        let text = "it has no [[rule]], so no record is of this type; say by which keys its records are told:\n\
                    [[rule]]\nall = [{ key = \"…\" }]";
        say(at_of("id"), text.to_owned());
    }
    for rule in list("rule") {
        let Some(table) = rule.as_table() else { continue };
        let tests = |key: &str| table.get(key).and_then(Item::as_list).unwrap_or_default().iter();
        let any = tests("any").filter_map(Item::as_list).flatten();
        let all: Vec<&Item> = tests("all").chain(any).chain(tests("none")).collect();
        for test in &all {
            if test.as_table().is_some_and(|test| test.text("key").is_empty()) {
                say(test.at, "a test without `key`: which key of the record is looked at".to_owned());
            }
        }
        if all.is_empty() && !is_found {
            say(rule.at, "a rule that tests nothing takes every record; name keys in `all`".to_owned());
        }
    }
}
