//! Found columns change their kind when a value of another kind turns up.
//!
//! long → real → string, anything with dynamic → dynamic ([`Kind::widen`]). Values keep their meaning: an integer that
//! no float holds exactly makes the column a string instead; texts in a dynamic column become JSON strings.

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

/// Writes a value of a column of `kind` as KQL's `tostring` would, or as JSON.
pub(crate) fn write_text(out: &mut String, kind: Kind, value: ValueRef<'_>, is_json: bool) {
    let quoted = is_json && !matches!(kind, Kind::Bool | Kind::Int | Kind::Long | Kind::Real | Kind::Dynamic);
    let start = out.len();
    match value {
        ValueRef::Null => return,
        ValueRef::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        ValueRef::Long(value) => match kind {
            Kind::DateTime => write_ignoring(out, format_args!("{}", Ticks(value))),
            Kind::TimeSpan => write_span(out, value),
            _ => out.push_str(itoa::Buffer::new().format(value)),
        },
        ValueRef::Real(value) if is_json && !value.is_finite() => out.push_str("null"),
        ValueRef::Real(value) => out.push_str(ryu::Buffer::new().format(value)),
        ValueRef::Text(value) if quoted => return write_quoted(out, value),
        ValueRef::Text(value) => out.push_str(value),
    }
    if quoted {
        out.insert(start, '"');
        out.push('"');
    }
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
