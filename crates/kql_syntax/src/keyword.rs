//! Words that mean something in some place. None is reserved: columns are called `count`, `kind` and `by` too.

/// Operators behind a pipe that KQL has, each spelling; those with `true` are understood here.
pub const OPERATORS: &[(&str, bool)] = &[
    ("as", false),
    ("consume", false),
    ("count", true),
    ("distinct", false),
    ("evaluate", false),
    ("extend", true),
    ("facet", false),
    ("filter", true),
    ("find", false),
    ("fork", false),
    ("getschema", false),
    ("graph-match", false),
    ("invoke", false),
    ("join", false),
    ("limit", true),
    ("lookup", false),
    ("make-graph", false),
    ("make-series", false),
    ("materialize", false),
    ("mv-apply", false),
    ("mv-expand", false),
    ("mvexpand", false),
    ("order", true),
    ("parse", false),
    ("parse-kv", false),
    ("parse-where", false),
    ("partition", false),
    ("print", false),
    ("project", true),
    ("project-away", false),
    ("project-by-names", false),
    ("project-keep", false),
    ("project-rename", false),
    ("project-reorder", false),
    ("range", false),
    ("reduce", false),
    ("render", false),
    ("sample", false),
    ("sample-distinct", false),
    ("scan", false),
    ("search", true),
    ("serialize", false),
    ("sort", true),
    ("summarize", false),
    ("take", true),
    ("top", true),
    ("top-hitters", false),
    ("top-nested", false),
    ("union", false),
    ("where", true),
];

/// Words that begin a statement or a source that KQL has and that is not understood here yet.
pub const STATEMENTS: &[&str] = &[
    "let",
    "set",
    "declare",
    "print",
    "datatable",
    "range",
    "externaldata",
    "find",
    "alias",
    "pattern",
    "restrict",
];

/// The types, each spelling.
pub const TYPES: &[&str] = &[
    "bool", "boolean", "int", "long", "real", "double", "decimal", "string", "datetime", "date", "timespan",
    "time", "guid", "uuid", "uniqueid", "dynamic",
];

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

/// Words within operators: `by`, `asc`, …
#[must_use]
pub fn is_minor(word: &str) -> bool {
    matches!(word, "by" | "asc" | "desc" | "nulls" | "first" | "last" | "on" | "with" | "kind" | "regex")
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
