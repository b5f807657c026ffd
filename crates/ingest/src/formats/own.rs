//! A log type of a person's own: the same file as a built-in one has, read at run time by the same rules.
//!
//! The form is taught in `docs/formats.md`. What it may not say: `like` and `columns`, for the bases that they mean are put into the
//! built-in types when the program is built; and a `table` or `id` that is taken.

use super::check::{self, KINDS};
use super::expand::Shared;
use super::toml::Mistake;
use super::{FormatFile, Formats, MAX_ATOMS, formats};
use crate::time::parse_time;
use chartroom_base::json::Json;
use chartroom_schema::fields::find_field;
use chartroom_schema::kind::Kind;

/// The largest file of a type.
pub(crate) const MAX_BYTES: usize = 64 << 10;

/// What is wrong with a type's file, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnMistake {
    /// Byte of the file.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column of the line in characters, from 1.
    pub column: usize,
    /// For the person.
    pub text: String,
}

impl OwnMistake {
    fn new(file: &str, mistake: Mistake) -> Self {
        let before = file.get(..mistake.at).unwrap_or(file);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            offset: before.len(),
            line: before.matches('\n').count().saturating_add(1),
            column: line.chars().count().saturating_add(1),
            text: mistake.text,
        }
    }
}

impl std::fmt::Display for OwnMistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.text)
    }
}

/// Whether a file is meant to be a type: it gives itself an `id` and has a `[map]`. When it is called `.toml`, one of the two will do.
#[must_use]
pub fn is_meant(head: &str, path: &str) -> bool {
    let lines = || head.trim_start_matches('\u{feff}').lines().map(str::trim);
    let has_id =
        lines().any(|line| line.strip_prefix("id").is_some_and(|rest| rest.trim_start().starts_with('=')));
    let has_map = lines().any(|line| line == "[map]");
    let is_toml = path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("toml"));
    (has_id && has_map) || is_toml && (has_id || has_map)
}

/// The type that a file describes.
///
/// # Errors
/// Its mistakes, by place.
pub fn read_own(text: &str) -> Result<FormatFile, Vec<OwnMistake>> {
    read(text)
        .map_err(|mistakes| mistakes.into_iter().map(|mistake| OwnMistake::new(text, mistake)).collect())
}

fn read(text: &str) -> Result<FormatFile, Vec<Mistake>> {
    let tree = check::read(text, &Shared::default())?;
    let mut mistakes = Vec::new();
    let mut say = |key: &str, text: String| {
        mistakes.push(Mistake::new(tree.get(key).map_or(0, |item| item.at), text));
    };
    let known = formats();
    if known.find(tree.text("id")).is_some() {
        say("id", format!("the id {:?} is taken by a built-in type; choose another", tree.text("id")));
    }
    let table = tree.text("table");
    if table.is_empty() {
        say("id", "it has no [map]: say which key of the record goes into which column".to_owned());
    }
    let is_view = ["Events", "Requests"].iter().any(|view| view.eq_ignore_ascii_case(table));
    if is_view || known.tables().keys().any(|known| known.eq_ignore_ascii_case(table)) {
        say("table", format!("the table {table:?} is taken; choose another name"));
    }
    for key in ["is_found", "also"] {
        if tree.get(key).is_some() {
            say(key, format!("`{key}` is for the built-in types only"));
        }
    }
    let shared = tree.get("shared").and_then(super::toml::Item::as_table);
    for member in shared.iter().flat_map(|shared| &shared.members) {
        if find_field(&member.key).is_none() {
            let text =
                format!("there is no shared field {:?}; the columns of `Events` are their names", member.key);
            mistakes.push(Mistake::new(member.at, text));
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    // As the built-in types lie in the program: one reader of files, and one of what they become.
    let mut json = String::new();
    tree.write(&mut json);
    let json = Json::parse(&json).ok_or_else(|| vec![Mistake::new(0, "it cannot be used")])?;
    let file = FormatFile::read(&json);
    if Formats::with_own(std::slice::from_ref(&file)).atoms.count() > MAX_ATOMS {
        return Err(vec![Mistake::new(0, "its rules test more keys than there is room for; take some out")]);
    }
    Ok(file)
}

impl Formats {
    /// The built-in types and these. Positions of the built-in ones, and of their rules, stay.
    #[must_use]
    pub fn with_own(own: &[FormatFile]) -> Self {
        let built_in = formats().all().iter().map(|format| format.file.clone());
        Self::new(built_in.chain(own.iter().cloned()).collect())
    }

    /// The same, for as long as the program runs: a reader keeps what it knows of types, and types come seldom.
    #[must_use]
    pub fn leak_with_own(own: &[FormatFile]) -> &'static Self {
        if own.is_empty() { formats() } else { Box::leak(Box::new(Self::with_own(own))) }
    }
}

/// A key of a sample's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleKey {
    /// Dotted, as the records spell it.
    pub path: String,
    /// Kind of its values.
    pub kind: Kind,
    /// One of them.
    pub value: String,
}

/// The beginning of a type's file for records with such keys: columns, the time and by what they are told are guessed.
#[must_use]
pub fn begin_own(id: &str, keys: &[SampleKey]) -> String {
    let mut all = Vec::new();
    for key in keys {
        // What lies in an object is of more use than the object.
        match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&key.value) {
            Ok(members) if key.kind == Kind::Dynamic && !members.is_empty() => {
                all.extend(members.iter().map(|(name, value)| inner(&key.path, name, value)));
            }
            _ => all.push(key.clone()),
        }
    }
    let is_time = |key: &&SampleKey| {
        let name = key.path.to_lowercase();
        let is_named = ["time", "date", "when", "stamp"].iter().any(|word| name.contains(word))
            || name == "ts"
            || name == "at";
        let is_count = matches!(key.kind, Kind::Long | Kind::Real);
        (key.kind == Kind::DateTime || is_named || !is_count && key.value.len() >= 10)
            && parse_time(&key.value).is_some()
    };
    let time = all.iter().find(is_time).map(|key| key.path.clone());
    let mut names: Vec<String> = Vec::new();
    let mut lines = String::new();
    for key in all.iter().filter(|key| Some(&key.path) != time.as_ref()) {
        let mut name: String =
            key.path.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '_' }).collect();
        while name == "TimeGenerated" || names.contains(&name) {
            name.push('_');
        }
        let from = quoted(&key.path);
        let line = match key.kind {
            Kind::String => format!("{name} = {from}"),
            kind => format!("{name} = {{ from = {from}, kind = \"{}\" }}", kind.name()),
        };
        let value: String =
            key.value.chars().map(|char| if char.is_control() { ' ' } else { char }).take(60).collect();
        lines.push_str(&format!("{line}  # {value}\n"));
        names.push(name);
    }
    let first: Vec<String> = time
        .iter()
        .map(|_| "TimeGenerated")
        .chain(names.iter().map(String::as_str))
        .take(6)
        .map(quoted)
        .collect();
    let told: Vec<String> = all
        .iter()
        .take(4)
        .map(|key| format!("  {{ key = {} }},\n", quoted(key.path.split('.').next().unwrap_or_default())))
        .collect();
    let time = match time {
        Some(path) => format!("TimeGenerated = {}", quoted(&path)),
        None => "# TimeGenerated = \"the key that tells the time\"".to_owned(),
    };
    format!(
        "# What this log is, and who writes it.\n\
         id = \"{id}\"\n\
         title = \"{id}\"\n\
         about = \"What its records say, in a sentence\"\n\
         first = [{}]\n\n\
         # Column = the key it comes from; a key within an object with a dot. Kinds: {}.\n\
         [map]\n{time}\n{lines}\n\
         # A record is of this type when it has all of these keys: keep those that other logs lack.\n\
         [[rule]]\nall = [\n{}]\n",
        first.join(", "),
        KINDS.join(", "),
        told.concat(),
    )
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            char if char.is_control() => {}
            char => out.push(char),
        }
    }
    out.push('"');
    out
}

/// A member of an object, as a key of its own.
fn inner(path: &str, name: &str, value: &serde_json::Value) -> SampleKey {
    let (kind, value) = match value {
        serde_json::Value::Bool(value) => (Kind::Bool, value.to_string()),
        serde_json::Value::Number(number) if number.is_i64() => (Kind::Long, number.to_string()),
        serde_json::Value::Number(number) => (Kind::Real, number.to_string()),
        serde_json::Value::String(text) => (Kind::String, text.clone()),
        tree => (Kind::Dynamic, tree.to_string()),
    };
    SampleKey { path: format!("{path}.{name}"), kind, value }
}
