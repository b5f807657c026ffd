//! How a value is shown in a cell: as a time, an outcome, a number, an identifier, or as it is.
//!
//! **Invariant:** what is shown may be shortened or coloured; the exact value always goes into `data-value`.

use super::{
    format::shortened_middle,
    zone::{TimeParts, parse_exported, time_parts},
};
use chartroom_base::ticks::Ticks;
use chartroom_protocol::result::ColumnInfo;
use chartroom_schema::kind::Kind;

/// A value as a cell shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Null, or the empty text.
    Nothing,
    /// A time in the zone of the screen.
    Time(TimeParts),
    /// What became of a request, in the record's own word.
    Outcome(Outcome, String),
    /// Digits, to the right.
    Number(String),
    /// An identifier, shortened in the middle.
    Id(String),
    /// Anything else, as it is, cut by the width of the cell.
    Text(String),
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It was done.
    Succeeded,
    /// It was refused or went wrong.
    Failed,
    /// It has begun.
    Pending,
    /// Neither applies.
    Neutral,
}

impl Outcome {
    /// All, in the order they are stacked and listed.
    pub const ALL: [Self; 4] = [Self::Succeeded, Self::Neutral, Self::Pending, Self::Failed];

    /// The word for it, lower case: in classes and attributes.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Pending => "pending",
            Self::Neutral => "neutral",
        }
    }

    /// The word for it as a person reads it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Pending => "Pending",
            Self::Neutral => "Other",
        }
    }

    /// What a record's own word means; `None` for a word that says nothing about an outcome.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let is = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
        if is(&["succeeded", "success", "successful", "completed", "complete", "ok", "delivered", "resolved"])
        {
            Some(Self::Succeeded)
        } else if is(&["failed", "failure", "fail", "error", "denied", "unauthorized", "undelivered"]) {
            Some(Self::Failed)
        } else if is(&["started", "start", "pending", "in progress", "accepted", "queued", "active"]) {
            Some(Self::Pending)
        } else if is(&["neutral", "none", "other", "na", "unknown"]) {
            Some(Self::Neutral)
        } else {
            None
        }
    }
}

/// Whether a column of this name tells what became of a request.
#[must_use]
pub fn is_outcome_column(name: &str) -> bool {
    ["EventResult", "ResultType", "DeliveryStatus", "Outcome"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether values of this kind stand to the right.
#[must_use]
pub const fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Long | Kind::Real | Kind::TimeSpan)
}

/// Longest identifier that is shown whole.
const ID_WHOLE: usize = 14;

/// How `value` of `column` is shown; `offset_at` gives the zone's offset from UTC in ticks.
#[must_use]
pub fn shown(column: &ColumnInfo, value: Option<&str>, offset_at: &dyn Fn(Ticks) -> i64) -> Shown {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Shown::Nothing };
    if column.kind == Kind::DateTime {
        return match parse_exported(value) {
            Some(time) => Shown::Time(time_parts(time, offset_at(time))),
            None => Shown::Text(value.to_owned()),
        };
    }
    if is_number(column.kind) {
        return Shown::Number(number(column.kind, value).to_owned());
    }
    if is_outcome_column(&column.name)
        && let Some(outcome) = Outcome::of(value)
    {
        return Shown::Outcome(outcome, value.to_owned());
    }
    if looks_like_id(value)
        && let Some(short) = shortened_middle(value, ID_WHOLE)
    {
        return Shown::Id(short);
    }
    Shown::Text(one_line(value))
}

/// A number as it is read: a whole one of kind real without the `.0` that tells its kind.
fn number(kind: Kind, value: &str) -> &str {
    match value.strip_suffix(".0") {
        Some(whole)
            if kind == Kind::Real && whole.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') =>
        {
            whole
        }
        _ => value,
    }
}

/// Whether `value` is one long run of hexadecimal digits, as GUIDs and hashes are.
#[must_use]
pub fn looks_like_id(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_hexdigit).count();
    (20..=128).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && digits >= 20
}

/// What a cell can show of a value at most.
const CELL_CHARS: usize = 300;

/// The value's beginning on one line.
fn one_line(value: &str) -> String {
    value.chars().take(CELL_CHARS).map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// Characters that the shown value takes.
#[must_use]
pub fn shown_width(shown: &Shown) -> usize {
    match shown {
        Shown::Nothing => 0,
        Shown::Time(parts) => parts.date.len() + 1 + parts.time.len() + parts.fraction.len(),
        Shown::Outcome(_, word) => word.chars().count() + 2,
        Shown::Number(text) | Shown::Id(text) | Shown::Text(text) => text.chars().count(),
    }
}
