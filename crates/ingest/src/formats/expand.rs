//! What a log type's file says in short, written out: columns known by name, bases it is `like`, its `[map]`.
//!
//! - `[map]` has a line a column: `User = "user.name"`, several places in a list, or `{ from = "ms", kind = "real" }`.
//! - `columns = ["Level", "ResultSignature:int"]` takes kind, meaning and personal mark from `shared/columns.toml`, the kind
//!   from behind the colon where there is one. A `[[column]]` of the same name changes or adds to it.
//! - `like = ["azure"]` adds what `shared/azure.toml` has and the type lacks: columns (names compare without regard to case and
//!   underscores), shared expressions, settings. A base may itself be like others. Only the built-in types have bases.
//! - `[set]` gives words for the `{{word}}` places of expressions; the type's own go before those of its bases.
//!
//! **Invariant:** what a type says itself is never overruled.

use super::toml::{Item, Mistake, Table, Value};

/// Name of the list of known columns.
const COLUMNS: &str = "columns";
/// Where rules stand that say nothing of it: behind those of all documented types, before those of what is of none.
const ORDER: &str = "580";

/// All of `formats/shared/`; none for a person's own type.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    bases: Vec<(String, Table)>,
}

impl Shared {
    /// Adds a file.
    #[allow(dead_code, reason = "the build script alone has bases")]
    pub(crate) fn add(&mut self, name: &str, file: Table) {
        self.bases.push((name.to_owned(), file));
    }

    fn base(&self, name: &str) -> Option<&Table> {
        self.bases.iter().find(|(known, _)| known == name).map(|(_, base)| base)
    }

    /// The type with all that it shares, as the program reads it.
    pub(crate) fn expand(&self, mut format: Table) -> Result<Table, Mistake> {
        let id = format.text("id").to_owned();
        format.add("title", Item::text(0, id.clone()));
        let has_map = format.get("map").is_some();
        if has_map {
            format.add("table", Item::text(0, id));
        }
        let mut set = table(format.remove("set"));
        let mut columns = self.columns(&mut format)?;
        let mut shared = table(format.remove("shared"));
        if has_map && columns.iter().any(|column| column.text("name") == "TimeGenerated") {
            shared.add("TimeGenerated", Item::text(0, "TimeGenerated"));
        }
        let mut open = names(format.remove("like"));
        let mut at = 0;
        while let Some((name, place)) = open.get(at).cloned() {
            at = at.saturating_add(1);
            let Some(base) = self.base(&name) else {
                return Err(Mistake::new(
                    place,
                    format!("there is no base {name:?} to be like; name the columns under [map]"),
                ));
            };
            let mut base = base.clone();
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
        let home = format.text("table").to_owned();
        if !home.is_empty() {
            shared.add("Type", Item::text(0, format!("\"{home}\"")));
            if columns.iter().any(|column| column.text("name") == "Type") {
                format.add("const", Item::default());
                if let Some(Value::Table(constant)) = format.get_mut("const").map(|item| &mut item.value) {
                    constant.add("Type", Item::text(0, home));
                }
            }
        }
        for member in &mut shared.members {
            fill(&mut member.item, &set)?;
        }
        // An empty expression takes a base's away.
        shared.members.retain(|member| member.item.as_text() != Some(""));
        format.insert("shared", Item { at: 0, value: Value::Table(shared) });
        if let Some(kql) = format.get_mut("unlogged") {
            fill(kql, &set)?;
        }
        for column in &mut columns {
            if let Some(kql) = column.get_mut("derived") {
                fill(kql, &set)?;
            }
        }
        rules(&mut format);
        let columns =
            columns.into_iter().map(|column| Item { at: place(&column), value: Value::Table(column) });
        format.insert("column", Item { at: 0, value: Value::List(columns.collect()) });
        Ok(format)
    }

    /// Takes `columns`, `[map]` and `[[column]]` out of a file, as one list.
    fn columns(&self, file: &mut Table) -> Result<Vec<Table>, Mistake> {
        let known = self.base(COLUMNS).cloned().unwrap_or_default();
        let mut columns = Vec::new();
        for (word, at) in names(file.remove(COLUMNS)) {
            let (name, kind) = word.split_once(':').map_or((word.as_str(), None), |(a, b)| (a, Some(b)));
            let Some(meaning) = known.get(name).and_then(Item::as_table) else {
                return Err(Mistake::new(
                    at,
                    format!("no column {name} is known by name; write it under [map]"),
                ));
            };
            let mut column = meaning.clone();
            column.insert("name", Item::text(at, name));
            if let Some(kind) = kind {
                column.insert("kind", Item::text(at, kind));
            }
            columns.push(column);
        }
        for member in table(file.remove("map")).members {
            columns.push(mapped(&member.key, member.at, member.item));
        }
        let own = file.remove("column");
        for own in own.iter().filter_map(Item::as_list).flatten().filter_map(Item::as_table) {
            match columns.iter_mut().find(|column| column.text("name") == own.text("name")) {
                Some(column) => {
                    for member in &own.members {
                        column.insert(&member.key, member.item.clone());
                    }
                }
                None => {
                    let mut column = own.clone();
                    if column.get("about").is_none() {
                        let name = own.text("name");
                        let Some(meaning) = known.get(name).and_then(Item::as_table) else {
                            return Err(Mistake::new(
                                place(own),
                                format!("{name:?} says not what it is: `about` is missing"),
                            ));
                        };
                        add_missing(&mut column, meaning.clone());
                    }
                    columns.push(column);
                }
            }
        }
        Ok(columns)
    }
}

/// The column that a line of `[map]` means.
fn mapped(name: &str, at: usize, item: Item) -> Table {
    let mut column = Table::default();
    column.insert("name", Item::text(at, name));
    match item.value {
        Value::Table(said) => add_missing(&mut column, said),
        _ => column.insert("from", item),
    }
    if let Some(from) = column.get_mut("from")
        && let Value::Text(_) = from.value
    {
        *from = Item { at: from.at, value: Value::List(vec![std::mem::take(from)]) };
    }
    let place = from(&column).next().unwrap_or(name).to_owned();
    column.add("kind", Item::text(at, if name == "TimeGenerated" { "datetime" } else { "string" }));
    column.add("about", Item::text(at, format!("`{place}` of the record")));
    column
}

/// Rules that say neither why nor when they are tried.
fn rules(format: &mut Table) {
    let title = format.text("title").to_owned();
    let Some(Value::List(rules)) = format.get_mut("rule").map(|item| &mut item.value) else { return };
    for rule in rules {
        if let Value::Table(rule) = &mut rule.value {
            rule.add("order", Item { at: 0, value: Value::Number(ORDER.to_owned()) });
            rule.add("why", Item::text(0, format!("it has what {title} is told by")));
        }
    }
}

/// Where a column is written.
pub(crate) fn place(column: &Table) -> usize {
    column.get("name").map_or_else(|| column.members.first().map_or(0, |member| member.at), |name| name.at)
}

fn table(item: Option<Item>) -> Table {
    match item.map(|item| item.value) {
        Some(Value::Table(table)) => table,
        _ => Table::default(),
    }
}

/// Texts of a list, and where they stand.
fn names(item: Option<Item>) -> Vec<(String, usize)> {
    let list = item.iter().filter_map(Item::as_list).flatten();
    list.filter_map(|item| Some((item.as_text()?.to_owned(), item.at))).collect()
}

fn is_hidden(column: &Table) -> bool {
    column.get("hidden").and_then(Item::as_bool) == Some(true)
}

fn from(column: &Table) -> impl Iterator<Item = &str> {
    column.get("from").and_then(Item::as_list).into_iter().flatten().filter_map(Item::as_text)
}

fn folded(column: &Table) -> String {
    let name = column.text("name");
    // `ResourceId` and `_ResourceId` are two columns of Azure's.
    let (mark, rest) = if let Some(rest) = name.strip_prefix('_') { ("_", rest) } else { ("", name) };
    format!("{mark}{}", rest.to_lowercase())
}

fn add_missing(to: &mut Table, from: Table) {
    for member in from.members {
        if to.get(&member.key).is_none() {
            to.members.push(member);
        }
    }
}

/// Puts the words in; a word may itself hold places.
fn fill(kql: &mut Item, set: &Table) -> Result<(), Mistake> {
    let at = kql.at;
    let Value::Text(text) = &mut kql.value else { return Ok(()) };
    for _ in 0..100 {
        let Some((before, rest)) = text.split_once("{{") else { return Ok(()) };
        let Some((word, after)) = rest.split_once("}}") else {
            return Err(Mistake::new(at, "`}}` is missing behind `{{`"));
        };
        let Some(value) = set.get(word).and_then(Item::as_text) else {
            return Err(Mistake::new(at, format!("there is no word {word:?} in [set]")));
        };
        *text = format!("{before}{value}{after}");
    }
    Err(Mistake::new(at, "its words name each other in a circle"))
}
