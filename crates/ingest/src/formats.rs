//! The log types: one file each under `formats/`, read once, compiled once.
//!
//! To add one: write `formats/<id>.toml` (`docs/formats.md` shows how). Nothing else: its samples run as tests, its columns reach
//! catalogue and completion, its rules take part in detection. A person's own is read at run time by the same code (`own`).
//!
//! **Invariant:** which type a record is depends on the record alone, never on its neighbours or its file.

mod check;
mod expand;
mod file;
mod fold;
pub mod own;
mod plan;
mod rules;
mod toml;

pub(crate) use file::ValueType;
pub use file::{ColumnFile, FormatFile, RuleFile, SampleFile, TestFile};
pub(crate) use fold::fold_key;
pub(crate) use plan::{PlanDef, Source};
pub(crate) use rules::{Atoms, Evidence, KeyLevel, MAX_ATOMS, Rules, TOLD};

use chartroom_base::json::Json;
use chartroom_schema::kind::Kind;
use chartroom_schema::personal::Personal;
use chartroom_schema::table::{ColumnDef, SharedDef, TableDef};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The hidden column of every table that takes what no other does.
pub(crate) const REST: &str = "AdditionalFields";

/// Position of a log type in [`Formats::all`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormatNo(pub u16);

/// Position of a detection rule in [`Formats`]; says why a record was taken for what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleNo(pub u16);

/// A log type, compiled.
#[derive(Debug)]
pub struct Format {
    /// As its file has it.
    pub file: FormatFile,
    pub(crate) plan: PlanDef,
}

impl Format {
    /// Stable name, e.g. `aws_cloudtrail`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// Name for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.file.title
    }

    /// Table its records live in; `None` for a list of things that are no events.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        self.file.table.as_deref()
    }

    /// The table as the catalogue wants it; `None` for a list of things that are no events.
    #[must_use]
    pub fn table_def(&self) -> Option<TableDef> {
        let columns = self.file.column.iter().map(|column| ColumnDef {
            name: column.name.clone(),
            kind: column.kind,
            about: column.about.clone(),
            personal: column.personal,
            is_hidden: column.is_hidden,
            derived: column.derived.clone(),
            unit: column.unit.clone(),
        });
        let rest = ColumnDef {
            name: REST.to_owned(),
            kind: Kind::Dynamic,
            about: "What no column takes, each value under its path in the record".to_owned(),
            personal: Personal::FreeText,
            is_hidden: true,
            derived: None,
            unit: String::new(),
        };
        let has_rest = self.file.column.iter().any(|column| column.name == REST);
        let columns = columns.chain((!has_rest).then_some(rest));
        let shared = chartroom_schema::fields::shared_fields().iter().filter_map(|field| {
            let kql = self.file.shared.get(&field.name)?;
            Some(SharedDef { field: field.name.clone(), kql: kql.clone() })
        });
        Some(TableDef {
            name: self.file.table.clone()?,
            about: self.file.about.clone(),
            columns: columns.collect(),
            first: self.file.first.clone(),
            shared: shared.collect(),
            also: self.file.also.clone(),
            unlogged: self.file.unlogged.clone(),
        })
    }

    /// Records to try the page with, as JSON Lines.
    pub fn sample_lines(&self) -> impl Iterator<Item = &str> {
        self.file.sample.iter().filter(|sample| sample.is_shown).map(|sample| sample.line.as_str())
    }
}

/// All log types.
#[derive(Debug)]
pub struct Formats {
    all: Vec<Format>,
    pub(crate) atoms: Atoms,
    pub(crate) rules: Rules,
    tables: BTreeMap<String, TableDef>,
}

impl Formats {
    /// Compiles the files. The order of `files` does not matter to detection: rules bear their own order.
    #[must_use]
    pub fn new(files: Vec<FormatFile>) -> Self {
        let mut atoms = Atoms::default();
        let rules = Rules::compile(&files, &mut atoms);
        let all: Vec<Format> = files
            .into_iter()
            .map(|file| {
                let plan = PlanDef::compile(&file);
                Format { file, plan }
            })
            .collect();
        let mut tables: BTreeMap<String, TableDef> = BTreeMap::new();
        for def in all.iter().filter_map(Format::table_def) {
            // Two types of one table (raw and another edition): the first defines it, later ones add columns.
            match tables.get_mut(&def.name) {
                None => {
                    tables.insert(def.name.clone(), def);
                }
                Some(table) => {
                    for column in def.columns {
                        if !table.columns.iter().any(|known| known.name == column.name) {
                            table.columns.push(column);
                        }
                    }
                    table.also.extend(def.also);
                }
            }
        }
        Self { all, atoms, rules, tables }
    }

    /// All of them, by id.
    #[must_use]
    pub fn all(&self) -> &[Format] {
        &self.all
    }

    /// The one at that position.
    #[must_use]
    pub fn get(&self, no: FormatNo) -> Option<&Format> {
        self.all.get(usize::from(no.0))
    }

    /// The one of that id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<(FormatNo, &Format)> {
        let at = self.all.iter().position(|format| format.id() == id)?;
        Some((FormatNo(u16::try_from(at).ok()?), self.all.get(at)?))
    }

    /// The tables the log types define, by name.
    #[must_use]
    pub fn tables(&self) -> &BTreeMap<String, TableDef> {
        &self.tables
    }

    /// The table `name`: one that the log types define, or one of rows of no known type, called after their file, which is
    /// like the catch-all table.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<Cow<'_, TableDef>> {
        if let Some(def) = self.tables.get(name) {
            return Some(Cow::Borrowed(def));
        }
        let like = self.all.iter().find(|format| format.file.is_found)?;
        let mut def = like.table_def()?;
        // Names of such tables are letters, digits and underscores: no quote can be in them.
        if let Some(shared) = def.shared.iter_mut().find(|shared| shared.field == "Type") {
            shared.kql = format!("\"{name}\"");
        }
        def.about = "Rows of a file that is of no known type, each column under its own name".to_owned();
        def.name = name.to_owned();
        Some(Cow::Owned(def))
    }

    /// Whether the catch-all table takes the time of a record from a key, folded.
    pub(crate) fn feeds_time(&self, key: &str) -> bool {
        self.all.iter().filter(|format| format.file.is_found).any(|format| {
            let time = format.file.column.iter().position(|column| column.name == "TimeGenerated");
            let node = format.plan.kid(0, key).and_then(|at| format.plan.nodes.get(at));
            node.is_some_and(|node| node.columns.iter().any(|source| Some(source.column) == time))
        })
    }

    /// The column of a table whose value no two events share, when it has one.
    #[must_use]
    pub fn unique(&self, table: &str) -> Option<&str> {
        let of = self.all.iter().filter(|format| format.table() == Some(table));
        of.map(|format| format.file.unique.as_str()).find(|column| !column.is_empty())
    }

    /// Why records of that rule are what they are: half a sentence for the person.
    #[must_use]
    pub fn why(&self, rule: RuleNo) -> &str {
        if rule == TOLD {
            return "you said so";
        }
        self.rules.get(rule).map_or("", |rule| rule.why.as_str())
    }
}

/// The samples of all log types, by id: what tests hold the formats to. Apart, so that no page carries them.
#[must_use]
pub fn samples() -> &'static BTreeMap<String, Vec<SampleFile>> {
    static SAMPLES: OnceLock<BTreeMap<String, Vec<SampleFile>>> = OnceLock::new();
    // As with the formats.
    SAMPLES.get_or_init(|| match Json::parse(include_str!(concat!(env!("OUT_DIR"), "/samples.json"))) {
        Some(Json::Object(all)) => all
            .into_iter()
            .map(|(id, samples)| (id, samples.items().iter().map(SampleFile::read).collect()))
            .collect(),
        _ => BTreeMap::new(),
    })
}

/// The log types this program was built with.
#[must_use]
pub fn formats() -> &'static Formats {
    static FORMATS: OnceLock<Formats> = OnceLock::new();
    // The build script wrote it; `tests/formats.rs` reads it back.
    FORMATS.get_or_init(|| {
        let files = Json::parse(include_str!(concat!(env!("OUT_DIR"), "/formats.json"))).unwrap_or_default();
        Formats::new(files.items().iter().map(FormatFile::read).collect())
    })
}
