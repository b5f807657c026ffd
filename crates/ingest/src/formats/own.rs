//! A log type of a person's own: the same file as a built-in one has, read at run time by the same rules.
//!
//! The form is taught in `docs/formats.md`. What it may not say: `like` and `columns`, for the bases that they mean are put into the
//! built-in types when the program is built; and a `table` or `id` that is taken.

use super::check::{self, KINDS};
use super::expand::Shared;
use super::toml::Mistake;
use super::{FormatFile, Formats, MAX_ATOMS, formats};
use chartroom_schema::fields::find_field;

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
    let mut json = String::from("[");
    tree.write(&mut json);
    json.push(']');
    let files: Result<Vec<FormatFile>, _> = serde_json::from_str(&json);
    let file = files.map_err(|error| vec![Mistake::new(0, format!("it cannot be used: {error}"))])?.pop();
    let file = file.ok_or_else(|| vec![Mistake::new(0, "there is nothing in it")])?;
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

/// The beginning of a type's file for records with such columns: name of the column, its kind, a value. A place in the file is
/// `from`, where it is not the name.
#[must_use]
pub fn begin_own(id: &str, columns: &[(String, &str, String)]) -> String {
    let is_bare = |name: &str| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut out = format!(
        "# What this log is, and who writes it.\nid = \"{id}\"\ntitle = \"{id}\"\nabout = \"What its records say, in a sentence\"\n"
    );
    let time = columns.iter().find(|(_, kind, _)| *kind == "datetime");
    let shown: Vec<String> = time
        .map(|_| "TimeGenerated".to_owned())
        .into_iter()
        .chain(columns.iter().filter(|column| Some(*column) != time).map(|(name, ..)| name.clone()))
        .filter(|name| is_bare(name))
        .take(6)
        .map(|name| quoted(&name))
        .collect();
    out.push_str(&format!("first = [{}]\n", shown.join(", ")));
    out.push_str("\n# Column = the key it comes from; a key within an object with a dot: \"user.name\".\n");
    out.push_str(&format!("# Kinds: {}.\n[map]\n", KINDS.join(", ")));
    match time {
        Some((name, ..)) => out.push_str(&format!("TimeGenerated = {}\n", quoted(name))),
        None => out.push_str("# TimeGenerated = \"the key that tells the time\"\n"),
    }
    for column in columns.iter().filter(|column| Some(*column) != time) {
        let (name, kind, value) = column;
        let key = if is_bare(name) { name.clone() } else { quoted(name) };
        let line = match *kind {
            "string" => format!("{key} = {}", quoted(name)),
            kind => format!("{key} = {{ from = {}, kind = \"{kind}\" }}", quoted(name)),
        };
        let value: String =
            value.chars().map(|char| if char.is_control() { ' ' } else { char }).take(60).collect();
        out.push_str(&format!("{line}  # {value}\n"));
    }
    out.push_str("\n# A record is of this type when it has all of these keys. Keep those that others lack.\n[[rule]]\nall = [\n");
    for (name, ..) in columns.iter().take(4) {
        out.push_str(&format!("  {{ key = {} }},\n", quoted(name)));
    }
    out.push_str("]\n");
    out
}
