//! Found columns change their kind when a value of another kind turns up.
//!
//! long → real → string, anything with dynamic → dynamic ([`Kind::widen`]). Values keep their meaning: an integer that
//! no float holds exactly makes the column a string instead.
//!
//! **Invariant:** what a value becomes depends on the value and the column's last kind alone, not on the kinds between nor on
//! the order of the rows. So in a string column a number is written by its value ([`write_number`]: `1`, `1.0` and `1e0` are
//! all `1`), and in a dynamic one a scalar is bare when it reads as a number so written or a truth, and quoted else
//! ([`write_scalar`]): a text `1` and a number `1` are one there.

use crate::column::{Column, ValueRef, exact_real};
use crate::table::{ColumnId, Table};
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;
use std::fmt::Write;

impl Table {
    /// Makes a column able to hold values of `kind` besides its own and converts what it holds; the kind it has then.
    ///
    /// The row in progress keeps the value pushed so far.
    pub fn widen(&mut self, id: ColumnId, kind: Kind) -> Option<Kind> {
        let rows = self.row_count().saturating_add(1);
        let column = self.columns.get_mut(id.0 as usize)?;
        let target = column.kind.widen(kind);
        if target == column.kind {
            return Some(target);
        }
        let integral = matches!(column.kind, Kind::Int | Kind::Long);
        *column = match (column.kind, target) {
            (_, Kind::Real) if integral => {
                converted(column, Kind::Real, rows).or_else(|| converted(column, Kind::String, rows))?
            }
            _ => converted(column, target, rows)?,
        };
        Some(column.kind)
    }
}

impl Table {
    /// Sets a value of `kind` of the row in progress, in a column that is widened when it cannot hold it. For found
    /// columns only: documented ones keep their kind.
    pub fn push_widening(&mut self, id: ColumnId, kind: Kind, value: ValueRef<'_>) {
        let Some(column) = self.column(id) else { return };
        let held = if column.kind() == kind { Some(kind) } else { self.widen(id, kind) };
        let is_set = match value {
            ValueRef::Null => {
                self.push_null(id);
                true
            }
            _ if held.is_some_and(|held| held.is_text() && held != kind) => false,
            ValueRef::Bool(value) => self.push_bool(id, value),
            ValueRef::Long(value) => {
                self.push_long(id, value) || {
                    // No float holds it.
                    self.widen(id, Kind::String);
                    false
                }
            }
            ValueRef::Real(value) => self.push_real(id, value),
            ValueRef::Text(value) => self.push_text(id, value),
        };
        if !is_set {
            let mut text = String::new();
            write_text(
                &mut text,
                kind,
                value,
                self.column(id).is_some_and(|column| column.kind() == Kind::Dynamic),
            );
            self.push_text(id, &text);
        }
    }
}

/// The column with another kind; `None` when a value cannot be told exactly in it.
fn converted(column: &Column, kind: Kind, rows: u32) -> Option<Column> {
    let mut to = Column::new(&column.name, kind, column.is_hidden);
    let mut text = String::new();
    for row in 0..rows {
        if row > 0 && row % crate::CHUNK_ROWS as u32 == 0 {
            to.seal((row as usize / crate::CHUNK_ROWS) - 1);
        }
        match column.value(row) {
            ValueRef::Null | ValueRef::Text("") => {}
            ValueRef::Long(value) if kind == Kind::Long => {
                to.push_long(row, value);
            }
            ValueRef::Long(value) if kind == Kind::Real => {
                to.push_real(row, exact_real(value)?);
            }
            value => {
                text.clear();
                write_text(&mut text, column.kind, value, kind == Kind::Dynamic);
                to.push_text(row, &text);
            }
        }
    }
    Some(to)
}

/// Appends a value of a column of kind `held` as a string column holds it, or a dynamic one (`is_json`).
pub fn write_text(out: &mut String, held: Kind, value: ValueRef<'_>, is_json: bool) {
    if is_json && held != Kind::Dynamic {
        if matches!(value, ValueRef::Real(value) if !value.is_finite()) {
            return out.push_str("null");
        }
        let mut text = String::new();
        write_text(&mut text, held, value, false);
        return write_scalar(out, &text);
    }
    match value {
        ValueRef::Null => {}
        ValueRef::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        ValueRef::Long(value) => match held {
            Kind::DateTime => write_ignoring(out, format_args!("{}", Ticks(value))),
            Kind::TimeSpan => write_span(out, value),
            _ => out.push_str(itoa::Buffer::new().format(value)),
        },
        ValueRef::Real(value) => write_real(out, value),
        ValueRef::Text(value) => out.push_str(value),
    }
}

/// What digits are as a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number of 64 bits, written without fraction and exponent.
    Long(i64),
    /// Another number.
    Real(f64),
    /// Neither holds it: a whole number of more digits, or one past the range of floats. It stays a text.
    Digits,
}

/// The value that a JSON number says.
#[must_use]
pub fn number(digits: &str) -> Number {
    if let Ok(value) = digits.parse() {
        return Number::Long(value);
    }
    match digits.parse::<f64>() {
        Ok(value) if value.is_finite() && digits.contains(['.', 'e', 'E']) => Number::Real(value),
        _ => Number::Digits,
    }
}

/// Appends a JSON number as a string column holds it: by its value.
pub fn write_number(out: &mut String, digits: &str) {
    match number(digits) {
        Number::Long(value) => out.push_str(itoa::Buffer::new().format(value)),
        Number::Real(value) => write_real(out, value),
        Number::Digits => out.push_str(digits),
    }
}

/// Whole ones as the integer they equal, for in a real column the two are one.
fn write_real(out: &mut String, value: f64) {
    const END: f64 = 9_223_372_036_854_775_808.0;
    if value.fract() == 0.0 && (-END..END).contains(&value) {
        out.push_str(itoa::Buffer::new().format(value as i64));
    } else {
        // Not by tables of powers, as the `ryu` crate does it: they are 10 kB of the worker's weight.
        match value.abs() {
            1e-5..1e16 => write_ignoring(out, format_args!("{value}")),
            _ => write_ignoring(out, format_args!("{value:e}")),
        }
    }
}

/// Appends the JSON of a text that a string column holds: bare when it is a truth, or a number as [`write_number`]
/// writes it; empty when it is.
pub fn write_scalar(out: &mut String, text: &str) {
    if text.is_empty() || is_bare(text) { out.push_str(text) } else { write_quoted(out, text) }
}

fn is_bare(text: &str) -> bool {
    if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return matches!(text, "true" | "false");
    }
    if number(text) == Number::Digits {
        let digits = text.strip_prefix('-').unwrap_or(text);
        return !digits.starts_with('0')
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit());
    }
    let mut written = String::new();
    write_number(&mut written, text);
    written == text
}

fn write_ignoring(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String never fails.
    out.write_fmt(text).ok();
}

/// `[-][d.]hh:mm:ss[.fffffff]`
fn write_span(out: &mut String, ticks: i64) {
    use chartroom_base::ticks::{PER_DAY, PER_SECOND};
    let (day, second) = (PER_DAY.unsigned_abs(), PER_SECOND.unsigned_abs());
    let (sign, ticks) = (if ticks < 0 { "-" } else { "" }, ticks.unsigned_abs());
    out.push_str(sign);
    if ticks >= day {
        write_ignoring(out, format_args!("{}.", ticks / day));
    }
    let seconds = ticks % day / second;
    write_ignoring(out, format_args!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60));
    if ticks % second != 0 {
        write_ignoring(out, format_args!(".{:07}", ticks % second));
    }
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            char if char < ' ' => write_ignoring(out, format_args!("\\u{:04x}", u32::from(char))),
            char => out.push(char),
        }
    }
    out.push('"');
}
