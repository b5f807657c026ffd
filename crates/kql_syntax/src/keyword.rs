//! Words that mean something in some place. None is reserved: columns are called `count`, `kind` and `by` too.

/// Operators behind a pipe that KQL has, each spelling; `false` for those that are refused by name.
pub const OPERATORS: &[(&str, bool)] = &[
    ("as", true),
    ("consume", true),
    ("count", true),
    ("distinct", true),
    ("evaluate", true),
    ("execute-and-cache", false),
    ("extend", true),
    ("facet", true),
    ("filter", true),
    ("fork", true),
    ("getschema", true),
    ("graph-match", false),
    ("graph-shortest-paths", false),
    ("graph-to-table", false),
    ("invoke", true),
    ("join", true),
    ("limit", true),
    ("lookup", true),
    ("macro-expand", false),
    ("make-graph", false),
    ("make-series", true),
    ("mv-apply", true),
    ("mv-expand", true),
    ("mvapply", true),
    ("mvexpand", true),
    ("order", true),
    ("parse", true),
    ("parse-kv", true),
    ("parse-where", true),
    ("partition", true),
    ("project", true),
    ("project-away", true),
    ("project-by-names", true),
    ("project-keep", true),
    ("project-rename", true),
    ("project-reorder", true),
    ("reduce", true),
    ("render", true),
    ("sample", true),
    ("sample-distinct", true),
    ("scan", true),
    ("search", true),
    ("serialize", true),
    ("sort", true),
    ("summarize", true),
    ("take", true),
    ("top", true),
    ("top-hitters", true),
    ("top-nested", true),
    ("union", true),
    ("where", true),
];

/// Words that begin a statement, those that are refused by name included.
pub const STATEMENTS: &[&str] = &["let", "set", "declare", "alias", "restrict"];

/// Words that begin a query and make its rows.
pub const SOURCES: &[&str] = &["union", "search", "find", "print", "range", "datatable", "externaldata"];

/// The types, each spelling with the name that results bear.
pub const TYPES: &[(&str, &str)] = &[
    ("bool", "bool"),
    ("datetime", "datetime"),
    ("decimal", "decimal"),
    ("dynamic", "dynamic"),
    ("guid", "guid"),
    ("int", "int"),
    ("long", "long"),
    ("real", "real"),
    ("string", "string"),
    ("timespan", "timespan"),
    ("boolean", "bool"),
    ("date", "datetime"),
    ("double", "real"),
    ("float", "real"),
    ("int8", "int"),
    ("int16", "int"),
    ("int32", "int"),
    ("int64", "long"),
    ("time", "timespan"),
    ("uniqueid", "guid"),
    ("uuid", "guid"),
];

/// The name that results bear of the type written so.
#[must_use]
pub fn type_of_word(word: &str) -> Option<&'static str> {
    TYPES.iter().find(|(spelling, _)| *spelling == word).map(|(_, name)| *name)
}

/// Whether `word` is an operator of the pipe, in any spelling.
#[must_use]
pub fn is_operator(word: &str) -> bool {
    OPERATORS.iter().any(|(operator, _)| *operator == word)
}

/// Operators between expressions that are words.
#[must_use]
pub fn is_word_operator(word: &str) -> bool {
    matches!(word, "and" | "or" | "in" | "between" | "matches" | "has_any" | "has_all")
        || crate::ast::BinaryOperator::from_sign(word).is_some_and(|_| word.starts_with(char::is_alphabetic))
}

/// Words that go on with a clause: where an expression ends, none of them begins the next one.
#[must_use]
pub(crate) fn is_clause_word(word: &str) -> bool {
    matches!(
        word,
        "by" | "on"
            | "asc"
            | "desc"
            | "nulls"
            | "to"
            | "from"
            | "step"
            | "of"
            | "with"
            | "as"
            | "limit"
            | "default"
    )
}

/// Words within operators: `by`, `asc`, …
#[must_use]
pub fn is_minor(word: &str) -> bool {
    matches!(
        word,
        "by" | "asc"
            | "desc"
            | "nulls"
            | "first"
            | "last"
            | "on"
            | "with"
            | "kind"
            | "regex"
            | "to"
            | "of"
            | "from"
            | "step"
            | "limit"
            | "as"
    )
}

/// Whether a number may bear `word` as the unit of a timespan.
#[must_use]
pub fn is_timespan_unit(word: &str) -> bool {
    ticks_per_unit(word).is_some()
}

/// Ticks of 100 ns in one such unit; `None` for a word that is no unit.
#[must_use]
pub(crate) fn ticks_per_unit(word: &str) -> Option<i64> {
    Some(match word {
        "d" | "day" | "days" => 864_000_000_000,
        "h" | "hr" | "hrs" | "hour" | "hours" => 36_000_000_000,
        "m" | "min" | "mins" | "minute" | "minutes" => 600_000_000,
        "s" | "sec" | "secs" | "second" | "seconds" => 10_000_000,
        "ms" | "milli" | "millis" | "millisec" | "millisecond" | "milliseconds" => 10_000,
        "micro" | "micros" | "microsec" | "microsecond" | "microseconds" => 10,
        // Shorter than a tick: counted as parts of one by whoever multiplies.
        "nano" | "nanos" | "nanosec" | "nanosecond" | "nanoseconds" => 0,
        "tick" | "ticks" => 1,
        _ => return None,
    })
}

/// Whether `word` before a bracket makes a literal that is raw up to the next `)`.
#[must_use]
pub(crate) fn is_typed_literal(word: &str) -> bool {
    matches!(
        word,
        "datetime"
            | "date"
            | "timespan"
            | "time"
            | "guid"
            | "long"
            | "int"
            | "real"
            | "double"
            | "decimal"
            | "bool"
            | "boolean"
            | "typeof"
    )
}

/// The candidate nearest to `word`, if one is near enough to be what was meant.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(64).flat_map(char::to_lowercase).collect();
    let bound = word.len().div_ceil(3).clamp(1, 3);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let letters: Vec<char> = candidate.chars().take(64).flat_map(char::to_lowercase).collect();
            (letters.len().abs_diff(word.len()) <= bound).then(|| (distance(&word, &letters), candidate))
        })
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edits (change, add, leave out, swap neighbours) from one to the other.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i.saturating_add(1)];
        for (j, b) in right.iter().enumerate() {
            let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX);
            let change = at(&row, j).saturating_add(usize::from(a != b));
            let leave_out = at(&row, j.saturating_add(1)).saturating_add(1);
            let add = at(&next, j).saturating_add(1);
            let mut best = change.min(leave_out).min(add);
            let is_swap = i > 0
                && j > 0
                && left.get(i.wrapping_sub(1)) == Some(b)
                && right.get(j.wrapping_sub(1)) == Some(a);
            if is_swap {
                best = best.min(at(&before, j.wrapping_sub(1)).saturating_add(1));
            }
            next.push(best);
        }
        before = row;
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
