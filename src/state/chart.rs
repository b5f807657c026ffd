//! The chart that a query asks for, and the rows of its result as figures.

use super::{
    json::{Sort, children, sort_of, unquoted},
    zone::parse_exported,
};
use chartroom_chart::data::{Holds, Table, Value};
use chartroom_protocol::result::{ColumnInfo, PageRow};
use chartroom_schema::kind::Kind;

/// Most rows of a result that are drawn; beyond, the chart says so.
pub const MOST_ROWS: u64 = 5_000;
/// Most elements of the arrays of one row, as `make-series` gives them.
const MOST_ITEMS: usize = 5_000;

/// The rows as figures: numbers, times, texts; arrays (`make-series`) as a row for each of their elements.
#[must_use]
pub fn table(columns: &[ColumnInfo], rows: &[PageRow]) -> Table {
    let cell = |row: &PageRow, at: usize| row.cells.get(at).cloned().flatten();
    let is_list = |at: usize| {
        let found = rows.iter().find_map(|row| cell(row, at));
        found.is_some_and(|text| sort_of(&text) == Sort::Array)
    };
    let lists: Vec<bool> =
        (0..).zip(columns).map(|(at, column)| column.kind == Kind::Dynamic && is_list(at)).collect();
    let mut out = Table::default();
    for row in rows {
        let mut whole: Vec<Vec<Value>> = Vec::with_capacity(columns.len());
        for ((at, column), is_list) in (0..).zip(columns).zip(&lists) {
            let text = cell(row, at).unwrap_or_default();
            whole.push(if *is_list {
                children(&text, MOST_ITEMS).0.into_iter().map(|item| item_value(item.value)).collect()
            } else {
                vec![value(column.kind, &text)]
            });
        }
        let longest =
            whole.iter().zip(&lists).filter(|(_, is_list)| **is_list).map(|(list, _)| list.len()).max();
        for at in 0..longest.unwrap_or(1) {
            let pick = |(list, is_list): (&Vec<Value>, &bool)| {
                list.get(if *is_list { at } else { 0 }).cloned().unwrap_or(Value::Null)
            };
            out.rows.push(whole.iter().zip(&lists).map(pick).collect());
        }
    }
    out.columns = (0..)
        .zip(columns)
        .map(|(at, column): (usize, _)| {
            let holds = match column.kind {
                Kind::DateTime => Holds::Times,
                Kind::Int | Kind::Long | Kind::Real | Kind::TimeSpan => Holds::Numbers,
                // What a dynamic column holds is known from its values alone.
                _ => out.rows.iter().filter_map(|row| row.get(at)).find_map(holds_of).unwrap_or(Holds::Texts),
            };
            (column.name.clone(), holds)
        })
        .collect();
    out
}

const fn holds_of(value: &Value) -> Option<Holds> {
    match value {
        Value::Null => None,
        Value::Number(_) => Some(Holds::Numbers),
        Value::Time(_) => Some(Holds::Times),
        Value::Text(_) => Some(Holds::Texts),
    }
}

/// An exported value.
fn value(kind: Kind, text: &str) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    match kind {
        Kind::DateTime => parse_exported(text).map_or(Value::Null, Value::Time),
        Kind::Int | Kind::Long | Kind::Real => text.parse().map_or(Value::Null, Value::Number),
        Kind::TimeSpan => seconds(text).map_or(Value::Null, Value::Number),
        Kind::Dynamic => item_value(text),
        _ => Value::Text(text.to_owned()),
    }
}

/// A value of JSON.
fn item_value(text: &str) -> Value {
    match sort_of(text) {
        Sort::Number => text.trim().parse().map_or(Value::Null, Value::Number),
        Sort::Text => {
            let text = unquoted(text);
            parse_exported(&text).map_or(Value::Text(text), Value::Time)
        }
        Sort::Word if text.trim() == "null" => Value::Null,
        _ => Value::Text(text.to_owned()),
    }
}

/// Seconds of an exported time span, `[-][d.]hh:mm:ss[.fffffff]`.
fn seconds(text: &str) -> Option<f64> {
    let (sign, rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let (hours, rest) = rest.split_once(':')?;
    let (minutes, seconds) = rest.split_once(':')?;
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let number = |text: &str| text.parse::<f64>().ok();
    let whole = (number(days)? * 24.0 + number(hours)?) * 60.0 + number(minutes)?;
    Some(sign * (whole * 60.0 + number(seconds)?))
}
