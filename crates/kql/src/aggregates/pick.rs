//! One row of the group: the first (`take_any`), or the one with the least or greatest value (`arg_min`, `arg_max`).
//!
//! Ties fall to the row that stands first.

use super::{
    Damaged, Input, Kind, Reader, RowKey, Rows, Setup, Value, codec, extreme::beats, per_group::State,
};

/// The row so far.
#[derive(Debug, Default)]
pub(super) struct Pick<const SHAPE: u8> {
    best: Option<(RowKey, Vec<Value<'static>>)>,
}

/// The row that stands first; of a single column, the first that is neither null nor empty.
pub(super) const ANY: u8 = 0;
/// The row with the least first argument.
pub(super) const MIN: u8 = 1;
/// The row with the greatest first argument.
pub(super) const MAX: u8 = 2;

/// The kinds of the arguments; where the first is compared, it must not be dynamic.
pub(super) fn kinds(inputs: &[Input<'_>], is_compared: bool) -> Result<Vec<Kind>, String> {
    if is_compared {
        super::comparable(inputs.get(..1).unwrap_or_default())?;
    }
    Ok(inputs.iter().map(|input| input.kind).collect())
}

impl<const SHAPE: u8> Pick<SHAPE> {
    fn is_better(&self, kind: Kind, key: RowKey, new: &Value<'_>, is_single: bool) -> bool {
        let Some((best_key, best)) = &self.best else { return true };
        let old = best.first().unwrap_or(&Value::Null);
        let (wins, loses) = if SHAPE == ANY {
            let is_filled = |value: &Value<'_>| !is_single || (!value.is_null() && *value != Value::EMPTY);
            (is_filled(new) && !is_filled(old), !is_filled(new) && is_filled(old))
        } else {
            (beats(kind, new, old, SHAPE == MAX), beats(kind, old, new, SHAPE == MAX))
        };
        wins || (!loses && key < *best_key)
    }
}

impl<const SHAPE: u8> State for Pick<SHAPE> {
    fn add(&mut self, setup: &Setup, rows: &Rows<'_, '_>, row: usize) {
        let key = rows.key(row);
        if self.is_better(setup.kind(0), key, &rows.argument(0).value(row), rows.arguments.len() == 1) {
            let values = rows.arguments.iter().map(|argument| argument.value(row).into_owned()).collect();
            self.best = Some((key, values));
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        let Some((key, values)) = &self.best else {
            out.push(0);
            return;
        };
        out.push(1);
        codec::push_key(out, *key);
        codec::push_count(out, values.len());
        values.iter().for_each(|value| codec::push_value(out, value));
    }

    fn merge(&mut self, setup: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        if bytes.byte()? == 0 {
            return Ok(());
        }
        let key = bytes.key()?;
        let count = bytes.count(1)?;
        if count != setup.kinds.len() {
            return Err(Damaged);
        }
        let values = (0..count).map(|_| bytes.value()).collect::<Result<Vec<_>, _>>()?;
        if self.is_better(setup.kind(0), key, values.first().unwrap_or(&Value::Null), count == 1) {
            self.best = Some((key, values.into_iter().map(Value::into_owned).collect()));
        }
        Ok(())
    }

    fn finish(&self, setup: &Setup, column: usize) -> Value<'static> {
        let found = self.best.as_ref().and_then(|(_, values)| values.get(column)).cloned();
        found.unwrap_or(Value::Null).or_none(setup.kind(column))
    }

    fn heap(&self) -> usize {
        self.best.as_ref().map_or(0, |(_, values)| {
            values.iter().map(|value| size_of::<Value<'_>>() + value.text().len()).sum()
        })
    }
}
