//! Keys of rows in a form that compares as the order wants.

use crate::{plan::OrderKey, value::Value};
use chartroom_schema::kind::Kind;
use std::cmp::Ordering;

/// The first eight bytes of a key: smaller comes first. Numbers, times and truths are decided by it; texts that tie in it are
/// not.
///
/// Null (and NaN) stands before or behind all, as the key says. Two values next to a null may fall together with it (the
/// smallest of 2^64 numbers): [`Keys::compare`] decides.
pub(super) fn head(value: &Value<'_>, key: &OrderKey) -> u64 {
    let ascending = match value {
        Value::Null => return null_head(key),
        Value::Real(real) if real.is_nan() => return null_head(key),
        Value::Bool(truth) => u64::from(*truth) + 1,
        Value::Long(long) => return long_head(*long, key),
        Value::Real(real) => real_bits(*real),
        Value::Text(text) => {
            let mut bytes = [0; 8];
            for (to, from) in bytes.iter_mut().zip(text.bytes()) {
                *to = from;
            }
            u64::from_be_bytes(bytes)
        }
    };
    if key.is_ascending { ascending } else { !ascending }
}

/// The head of a whole number or a time; it decides alone where there is no null.
pub(super) const fn long_head(long: i64, key: &OrderKey) -> u64 {
    let ascending = long.cast_unsigned() ^ (1 << 63);
    if key.is_ascending { ascending } else { !ascending }
}

const fn null_head(key: &OrderKey) -> u64 {
    if key.nulls_first { 0 } else { u64::MAX }
}

/// Bits that compare as the floats do; -0.0 is 0.0.
fn real_bits(real: f64) -> u64 {
    let bits = (real + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// All that the heads leave undecided, of some rows.
#[derive(Debug)]
pub(super) struct Keys {
    columns: Vec<Column>,
}

#[derive(Debug)]
enum Column {
    /// Heads and whether it is null.
    Numbers(Vec<(u64, bool)>),
    /// Texts, end to end: one allocation, because a million small ones take long to free at once.
    Texts(Texts),
    /// The first key, decided by the heads but for null.
    Nulls(Vec<bool>),
}

#[derive(Debug, Default)]
struct Texts {
    all: String,
    /// Where each text ends, and whether it is null.
    ends: Vec<(u32, bool)>,
}

impl Texts {
    fn push(&mut self, text: Option<&str>) {
        self.all.push_str(text.unwrap_or_default());
        self.ends.push((u32::try_from(self.all.len()).unwrap_or(u32::MAX), text.is_none()));
    }

    /// The text of a row; `None` is null (and no such row).
    fn get(&self, at: usize) -> Option<&str> {
        let (end, is_null) = *self.ends.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(end, _)| *end);
        if is_null { None } else { self.all.get(start as usize..end as usize) }
    }
}

fn is_null(value: &Value<'_>) -> bool {
    value.is_null() || matches!(value, Value::Real(real) if real.is_nan())
}

impl Keys {
    pub(super) fn new(order: &[OrderKey]) -> Self {
        let column = |(number, key): (usize, &OrderKey)| match key.kind {
            Kind::String | Kind::Guid | Kind::Dynamic | Kind::Decimal => Column::Texts(Texts::default()),
            _ if number == 0 => Column::Nulls(Vec::new()),
            _ => Column::Numbers(Vec::new()),
        };
        Self { columns: order.iter().enumerate().map(column).collect() }
    }

    /// Of rows whose heads decide all: the first and only key is a number, and never null.
    pub(super) fn never_null(rows: usize) -> Self {
        Self { columns: vec![Column::Nulls(vec![false; rows])] }
    }

    pub(super) fn push<'v, 'a: 'v>(
        &mut self,
        values: impl Iterator<Item = Option<&'v Value<'a>>>,
        order: &[OrderKey],
    ) {
        for ((column, value), key) in self.columns.iter_mut().zip(values).zip(order) {
            let value = value.unwrap_or(&Value::Null);
            match column {
                Column::Nulls(nulls) => nulls.push(is_null(value)),
                Column::Numbers(numbers) => numbers.push((head(value, key), is_null(value))),
                Column::Texts(texts) => texts.push((!value.is_null()).then(|| value.text())),
            }
        }
    }

    /// How row `at` stands to row `other_at` of the other, which has the same head.
    pub(super) fn compare(&self, at: usize, other: &Self, other_at: usize, order: &[OrderKey]) -> Ordering {
        let pairs = self.columns.iter().zip(&other.columns).zip(order);
        pairs
            .map(|((column, other), key)| match (column, other) {
                (Column::Nulls(a), Column::Nulls(b)) => nulls(a.get(at), b.get(other_at), key),
                (Column::Numbers(a), Column::Numbers(b)) => match (a.get(at), b.get(other_at)) {
                    (Some(a), Some(b)) => a.0.cmp(&b.0).then_with(|| nulls(Some(&a.1), Some(&b.1), key)),
                    _ => Ordering::Equal,
                },
                (Column::Texts(a), Column::Texts(b)) => {
                    texts(a.get(at), b.get(other_at), key.is_ascending, key.nulls_first)
                }
                _ => Ordering::Equal,
            })
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// The same rows in the order of these positions.
    pub(super) fn reordered(self, positions: &[u32]) -> Self {
        fn pick<T: Default>(mut from: Vec<T>, positions: &[u32]) -> Vec<T> {
            positions
                .iter()
                .map(|at| from.get_mut(*at as usize).map(std::mem::take).unwrap_or_default())
                .collect()
        }
        let columns = self.columns.into_iter().map(|column| match column {
            Column::Nulls(nulls) => Column::Nulls(pick(nulls, positions)),
            Column::Numbers(numbers) => Column::Numbers(pick(numbers, positions)),
            Column::Texts(texts) => {
                let mut picked = Texts {
                    all: String::with_capacity(texts.all.len()),
                    ends: Vec::with_capacity(positions.len()),
                };
                positions.iter().for_each(|at| picked.push(texts.get(*at as usize)));
                Column::Texts(picked)
            }
        });
        Self { columns: columns.collect() }
    }
}

fn nulls(a: Option<&bool>, b: Option<&bool>, key: &OrderKey) -> Ordering {
    if key.nulls_first { b.cmp(&a) } else { a.cmp(&b) }
}

/// Texts by bytes, nulls apart.
pub(super) fn texts(a: Option<&str>, b: Option<&str>, is_ascending: bool, nulls_first: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if is_ascending => a.as_bytes().cmp(b.as_bytes()),
        (Some(a), Some(b)) => b.as_bytes().cmp(a.as_bytes()),
        (None, None) => Ordering::Equal,
        (None, Some(_)) if nulls_first => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) if nulls_first => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
    }
}
