//! The least or the greatest value: `min`, `max`.
//!
//! NaN counts only where there is nothing else.

use super::{
    Damaged, Input, Kind, Reader, Rows, Setup, States, Value, codec, comparable,
    per_group::{PerGroup, State},
};
use crate::compare::order_of;
use std::cmp::Ordering;

/// The kind of the result: that of the argument.
pub(super) fn kinds(inputs: &[Input<'_>]) -> Result<Vec<Kind>, String> {
    comparable(inputs)?;
    Ok(vec![inputs.first().map_or(Kind::String, |input| input.kind)])
}

/// A state for that kind of values.
pub(super) fn start<const MAX: bool>(setup: &Setup) -> Box<dyn States> {
    match setup.kind(0) {
        Kind::Int | Kind::Long | Kind::DateTime | Kind::TimeSpan => Box::new(Longs::<MAX>::default()),
        _ => PerGroup::<Extreme<MAX>>::start(setup),
    }
}

/// Whether the first beats the second. Anything beats null, and any number NaN.
pub(super) fn beats(kind: Kind, new: &Value<'_>, old: &Value<'_>, max: bool) -> bool {
    let is_nan = |value: &Value<'_>| matches!(value, Value::Real(real) if real.is_nan());
    if new.is_null() || old.is_null() || is_nan(new) || is_nan(old) {
        let rank = |value: &Value<'_>| {
            if value.is_null() {
                0
            } else if is_nan(value) {
                1
            } else {
                2
            }
        };
        return rank(new) > rank(old);
    }
    order_of(kind, new, old) == Some(if max { Ordering::Greater } else { Ordering::Less })
}

/// Whole numbers: eight bytes a group and a bit.
#[derive(Debug, Default)]
struct Longs<const MAX: bool> {
    best: Vec<i64>,
    has: Vec<bool>,
}

impl<const MAX: bool> Longs<MAX> {
    fn offer(&mut self, group: usize, long: i64) {
        if let (Some(best), Some(has)) = (self.best.get_mut(group), self.has.get_mut(group))
            && (!*has || (if MAX { long > *best } else { long < *best }))
        {
            *best = long;
            *has = true;
        }
    }

    fn value(&self, group: usize) -> Value<'static> {
        match (self.best.get(group), self.has.get(group)) {
            (Some(best), Some(true)) => Value::Long(*best),
            _ => Value::Null,
        }
    }
}

impl<const MAX: bool> States for Longs<MAX> {
    fn grow(&mut self, groups: usize) {
        if groups > self.best.len() {
            self.best.resize(groups, 0);
            self.has.resize(groups, false);
        }
    }

    fn update(&mut self, rows: &Rows<'_, '_>) {
        let argument = rows.argument(0);
        for (row, group) in rows.placed() {
            if let Some(long) = argument.long(row) {
                self.offer(group, long);
            }
        }
    }

    fn encode(&self, group: usize, out: &mut Vec<u8>) {
        codec::push_value(out, &self.value(group));
    }

    fn merge(&mut self, group: usize, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        if let Value::Long(long) = bytes.value()? {
            self.offer(group, long);
        }
        Ok(())
    }

    fn finish(&self, group: usize, _: usize) -> Value<'static> {
        self.value(group)
    }

    fn memory(&self) -> usize {
        self.best.capacity() * size_of::<i64>() + self.has.capacity()
    }

    fn needs_keys(&self) -> bool {
        false
    }
}

/// Any other value.
#[derive(Debug)]
struct Extreme<const MAX: bool>(Value<'static>);

impl<const MAX: bool> Default for Extreme<MAX> {
    fn default() -> Self {
        Self(Value::Null)
    }
}

impl<const MAX: bool> Extreme<MAX> {
    fn offer(&mut self, kind: Kind, value: &Value<'_>) {
        if beats(kind, value, &self.0, MAX) {
            self.0 = value.borrow().into_owned();
        }
    }
}

impl<const MAX: bool> State for Extreme<MAX> {
    const NEEDS_KEYS: bool = false;

    fn add(&mut self, setup: &Setup, rows: &Rows<'_, '_>, row: usize) {
        self.offer(setup.kind(0), &rows.argument(0).value(row));
    }

    fn encode(&self, out: &mut Vec<u8>) {
        codec::push_value(out, &self.0);
    }

    fn merge(&mut self, setup: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        self.offer(setup.kind(0), &bytes.value()?);
        Ok(())
    }

    fn finish(&self, setup: &Setup, _: usize) -> Value<'static> {
        self.0.clone().or_none(setup.kind(0))
    }

    fn heap(&self) -> usize {
        self.0.text().len()
    }
}
