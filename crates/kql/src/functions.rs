//! The scalar functions: one file each, listed once here.
//!
//! To add one: write `functions/<name>.rs` (copy `strlen.rs`), then add its name to [`functions!`] below. Its examples run as
//! tests, and become its documentation and its completion entry.

use crate::value::Value;
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;
use regex::Regex;

macro_rules! functions {
    ($($name:ident)*) => {
        $(mod $name;)*
        /// All functions, by name.
        pub static ALL: &[&Function] = &[$(&$name::FUNCTION,)*];
    };
}

functions! {
    abs ago array_length bin case coalesce dayofmonth dayofweek endofday extract getyear hourofday iff indexof isempty
    isnotempty isnotnull isnull max_of min_of monthofyear not now parse_json replace_string round split startofday startofmonth
    startofweek startofyear strcat strcat_delim strlen substring tobool todatetime toguid toint tolong tolower toreal
    tostring totimespan toupper
}

/// A scalar function: what it takes, gives and does, and what a person reads about it.
pub struct Function {
    /// Its name in KQL.
    pub name: &'static str,
    /// Other spellings.
    pub aliases: &'static [&'static str],
    /// One sentence.
    pub about: &'static str,
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// How many of the last parameters may be left out.
    pub optional: usize,
    /// Whether the last parameter may come any number of times.
    pub repeats: bool,
    /// Whether any null argument makes the result null (or empty).
    pub is_strict: bool,
    /// Which argument is a constant regular expression.
    pub regex: Option<usize>,
    /// The result's kind for arguments of these kinds, or what is wrong with them.
    pub returns: fn(&[Kind]) -> Result<Kind, String>,
    /// The result's value.
    pub call: for<'a> fn(&Call<'_, 'a>) -> Value<'a>,
    /// Expressions and their values as exported (`null` for null); run as tests.
    pub examples: &'static [(&'static str, &'static str)],
}

impl Function {
    /// The usual: nothing optional, null in null out. To be completed.
    const BASE: Self = Self {
        name: "",
        aliases: &[],
        about: "",
        parameters: &[],
        optional: 0,
        repeats: false,
        is_strict: true,
        regex: None,
        returns: |_| Ok(Kind::String),
        call: |_| Value::Null,
        examples: &[],
    };
}

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// Anything.
    Any,
    /// A text; a dynamic or guid is taken as its text.
    Text,
    /// int, long or real.
    Number,
    /// int or long.
    Whole,
    /// bool.
    Bool,
    /// datetime.
    DateTime,
    /// timespan.
    TimeSpan,
    /// dynamic.
    Dynamic,
}

/// One call of a function.
pub struct Call<'c, 'a> {
    /// The arguments.
    pub arguments: &'c [Value<'a>],
    /// Their kinds.
    pub kinds: &'c [Kind],
    /// The result's kind.
    pub kind: Kind,
    /// The constant regular expression, for functions that take one.
    pub regex: Option<&'c Regex>,
    /// What `now()` is.
    pub now: Ticks,
}

impl<'a> Call<'_, 'a> {
    /// Argument number `at`; null when it was left out.
    pub(crate) fn value(&self, at: usize) -> Value<'a> {
        self.arguments.get(at).cloned().unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self, at: usize) -> &str {
        self.arguments.get(at).map_or("", Value::text)
    }

    pub(crate) fn long(&self, at: usize) -> Option<i64> {
        self.arguments.get(at).and_then(Value::long)
    }

    pub(crate) fn kind_of(&self, at: usize) -> Kind {
        self.kinds.get(at).copied().unwrap_or(Kind::String)
    }
}

/// The function of that name or alias.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().copied().find(|function| function.name == name || function.aliases.contains(&name))
}

/// The one kind that all these arguments share, numbers promoted; for `iff`, `case`, `coalesce`.
fn common_kind(kinds: impl IntoIterator<Item = Kind>) -> Result<Kind, String> {
    let mut common: Option<Kind> = None;
    for kind in kinds {
        common = Some(match (common, kind) {
            (None, kind) => kind,
            (Some(a), b) if a == b => a,
            (Some(Kind::Int | Kind::Long | Kind::Real), Kind::Real)
            | (Some(Kind::Real), Kind::Int | Kind::Long) => Kind::Real,
            (Some(Kind::Int | Kind::Long), Kind::Int | Kind::Long) => Kind::Long,
            (Some(a), b) => {
                return Err(format!(
                    "all results must be of one type, not {} and {}; convert one of them",
                    a.name(),
                    b.name()
                ));
            }
        });
    }
    common.ok_or_else(|| "needs a result".to_owned())
}

/// `value` as the result's kind, where numbers were promoted.
fn promoted<'a>(value: Value<'a>, kind: Kind) -> Value<'a> {
    match (&value, kind) {
        (Value::Long(_), Kind::Real) => value.real().map_or(Value::Null, Value::Real),
        _ => value.or_none(kind),
    }
}
