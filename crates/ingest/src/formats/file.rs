//! A log type as its file says it; field by field what `formats/<id>.toml` may hold.

use chartroom_base::json::Json;
use chartroom_schema::kind::Kind;
use chartroom_schema::personal::Personal;
use chartroom_schema::table::AlsoDef;
use std::collections::BTreeMap;

/// One `formats/<id>.toml`.
#[derive(Clone, Debug, Default)]
pub struct FormatFile {
    /// Stable name = file name.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Where the vendor documents it.
    pub spec: String,
    /// Home table; absent for lists of things that are no events.
    pub table: Option<String>,
    /// One sentence about it.
    pub about: String,
    /// The column whose value no two events share, when there is one: rows that share it are one event.
    pub unique: String,
    /// Columns to show first, at most eight.
    pub first: Vec<String>,
    /// An object whose members count as members of the record: every one-part `from` is looked up there too, second.
    pub also_in: Option<String>,
    /// Dotted paths of objects that are kept whole and only searched for further columns when one of the wanted keys, spelled as
    /// in `from`, occurs in them.
    pub rare: Vec<String>,
    /// Columns are the keys found (the catch-all table).
    pub is_found: bool,
    /// Keys that no column takes become columns, besides those of the file.
    pub finds_rest: bool,
    /// The kinds of found columns follow from the ends of their names: `_s`, `_d`, `_b`, `_g`, `_t`.
    pub has_suffixes: bool,
    /// Values of columns that a record does not give.
    pub constant: BTreeMap<String, String>,
    /// Shared field → KQL over the columns.
    pub shared: BTreeMap<String, String>,
    /// Which records do not carry what they were about though they were about something, as KQL over the columns.
    pub unlogged: String,
    /// The columns.
    pub column: Vec<ColumnFile>,
    /// Tables under whose names its records answer too.
    pub also: Vec<AlsoDef>,
    /// When a record is of this type.
    pub rule: Vec<RuleFile>,
    /// Records that the page offers as sample data; all samples are in [`super::samples`].
    pub sample: Vec<SampleFile>,
}

/// One `[[column]]`.
#[derive(Clone, Debug)]
pub struct ColumnFile {
    /// The vendor's name for it.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// One sentence about it, in our words.
    pub about: String,
    /// What is personal about it.
    pub personal: Personal,
    /// Not among the vendor's documented columns.
    pub is_hidden: bool,
    /// Where it comes from, dotted paths from the record's root, best first; `0` is the first element of a list that is kept
    /// whole. The column's own name is always tried, last.
    pub from: Vec<String>,
    /// What it is where the record does not say, as KQL over the other columns.
    pub derived: Option<String>,
    /// The column that says what its numbers count.
    pub unit: String,
}

/// One `[[rule]]`: a record is of this type when all of `all`, one of each list in `any` and none of `none` hold,
/// and no rule of a lower `order` did.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Rules of all types are tried by rising order.
    pub order: u32,
    /// Why, for the person: half a sentence that goes on from “taken for … because”.
    pub why: String,
    /// All of these.
    pub all: Vec<TestFile>,
    /// At least one of each list.
    pub any: Vec<Vec<TestFile>>,
    /// None of these.
    pub none: Vec<TestFile>,
    /// It only wraps records, which lie under one of these dotted paths, best first; `*` is each element of a list.
    pub unwrap: Vec<String>,
    /// What it is instead of an event.
    pub no_event: Option<String>,
    /// It lists other files: the key of the list, and in each of its objects those of the name and of the SHA-256 in hex.
    pub lists: Vec<String>,
    /// The key whose value names it more closely, e.g. `resourceType`.
    pub named_by: Option<String>,
}

/// A test of one key: that it is there with a value, and what the value is. Keys and texts compare without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestFile {
    /// A key of the record, or `properties.<key>`; several with `|` between them are tested alike.
    pub key: String,
    /// Of this type.
    pub is: Option<ValueType>,
    /// Equal to one of these.
    pub equals: Vec<String>,
    /// Begins with one of these.
    pub starts: Vec<String>,
    /// Holds one of these.
    pub contains: Vec<String>,
}

/// What a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// `"…"`
    Text,
    /// `1.5`
    Number,
    /// `true`, `false`
    Bool,
    /// `{…}`
    Object,
    /// `[…]`
    Array,
}

/// One `[[sample]]`.
#[derive(Clone, Debug)]
pub struct SampleFile {
    /// What it shows and where the form is from.
    pub from: String,
    /// The record.
    pub line: String,
    /// Columns and their values as exported; those not named are not checked.
    pub expect: BTreeMap<String, String>,
    /// A near miss: not of this type.
    pub reject: bool,
    /// What a near miss becomes: the id of another type.
    pub becomes: Option<String>,
    /// Rows that an envelope's sample holds: table and values of each.
    pub holds: Vec<BTreeMap<String, String>>,
    /// Part of the page's sample data.
    pub is_shown: bool,
}

// The reading of those, as `check.rs` let them pass: what may be left out is empty then.

fn text(json: &Json, name: &str) -> String {
    json.text(name).unwrap_or_default()
}

impl FormatFile {
    /// The type that a file of a type says, once it is JSON and checked; what is missing is empty.
    #[must_use]
    pub fn read(json: &Json) -> Self {
        Self {
            id: text(json, "id"),
            title: text(json, "title"),
            spec: text(json, "spec"),
            table: json.text("table"),
            about: text(json, "about"),
            unique: text(json, "unique"),
            first: json.texts("first"),
            also_in: json.text("also_in"),
            rare: json.texts("rare"),
            is_found: json.is("is_found"),
            finds_rest: json.is("finds_rest"),
            has_suffixes: json.is("has_suffixes"),
            constant: json.words("const").collect(),
            shared: json.words("shared").collect(),
            unlogged: text(json, "unlogged"),
            column: json.list("column").iter().map(ColumnFile::read).collect(),
            also: json.list("also").iter().map(AlsoDef::read).collect(),
            rule: json.list("rule").iter().map(RuleFile::read).collect(),
            sample: json.list("sample").iter().map(SampleFile::read).collect(),
        }
    }
}

impl ColumnFile {
    fn read(json: &Json) -> Self {
        Self {
            name: text(json, "name"),
            kind: Kind::from_name(&text(json, "kind")).unwrap_or(Kind::String),
            about: text(json, "about"),
            personal: Personal::from_word(&text(json, "personal")),
            is_hidden: json.is("hidden"),
            from: json.texts("from"),
            derived: json.text("derived"),
            unit: text(json, "unit"),
        }
    }
}

impl RuleFile {
    fn read(json: &Json) -> Self {
        let tests = |list: &[Json]| list.iter().map(TestFile::read).collect();
        Self {
            order: json.count("order"),
            why: text(json, "why"),
            all: tests(json.list("all")),
            any: json.list("any").iter().map(|list| tests(list.items())).collect(),
            none: tests(json.list("none")),
            unwrap: json.texts("unwrap"),
            no_event: json.text("no_event"),
            lists: json.texts("lists"),
            named_by: json.text("named_by"),
        }
    }
}

impl TestFile {
    fn read(json: &Json) -> Self {
        let is = match text(json, "is").as_str() {
            "text" => Some(ValueType::Text),
            "number" => Some(ValueType::Number),
            "bool" => Some(ValueType::Bool),
            "object" => Some(ValueType::Object),
            "array" => Some(ValueType::Array),
            _ => None,
        };
        Self {
            key: text(json, "key"),
            is,
            equals: json.texts("equals"),
            starts: json.texts("starts"),
            contains: json.texts("contains"),
        }
    }
}

impl SampleFile {
    pub(crate) fn read(json: &Json) -> Self {
        Self {
            from: text(json, "from"),
            line: text(json, "line"),
            expect: json.words("expect").collect(),
            reject: json.is("reject"),
            becomes: json.text("becomes"),
            holds: json.list("holds").iter().map(Json::own_words).map(Iterator::collect).collect(),
            is_shown: json.is("show"),
        }
    }
}
