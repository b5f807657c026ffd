//! Percentiles, exact: the value at the nearest rank.
//!
//! A group keeps each distinct value once, with how often it came.

use super::{Damaged, Input, Reader, Rows, Setup, codec, per_group::State};
use crate::{
    json,
    value::{Value, push_export},
};
use chartroom_schema::kind::Kind;

/// Values as numbers that order alike, and their weights.
#[derive(Debug, Default)]
pub(super) struct Ranks<const SHAPE: u8> {
    entries: Vec<(u64, u64)>,
    /// How many entries were left when they were last put in order.
    settled: usize,
}

/// A column a percentile.
pub(super) const COLUMNS: u8 = 0;
/// All percentiles in one array.
pub(super) const ARRAY: u8 = 1;
/// A column a percentile; the second argument is a weight.
pub(super) const WEIGHTED: u8 = 2;
/// All percentiles in one array; the second argument is a weight.
pub(super) const WEIGHTED_ARRAY: u8 = 3;

const TOP: u64 = 1 << 63;

/// A number that orders as the value does.
fn ordered(value: &Value<'_>) -> Option<u64> {
    match value {
        Value::Long(long) => Some(long.cast_unsigned() ^ TOP),
        Value::Real(real) if !real.is_nan() => {
            // 0.0 and -0.0 are one value.
            let bits = if *real == 0.0 { 0 } else { real.to_bits() };
            Some(if bits & TOP == 0 { bits | TOP } else { !bits })
        }
        _ => None,
    }
}

fn value_of(ordered: u64, kind: Kind) -> Value<'static> {
    if kind == Kind::Real {
        Value::Real(f64::from_bits(if ordered & TOP == 0 { !ordered } else { ordered ^ TOP }))
    } else {
        Value::Long((ordered ^ TOP).cast_signed())
    }
}

/// In order, equal values once.
fn settle(entries: &mut Vec<(u64, u64)>) {
    entries.sort_unstable();
    entries.dedup_by(|later, first| {
        let is_same = later.0 == first.0;
        if is_same {
            first.1 = first.1.saturating_add(later.1);
        }
        is_same
    });
}

/// The percentiles that are asked for: constants, or one constant array of them.
fn percents<'v>(constants: impl Iterator<Item = Option<&'v Value<'v>>>) -> Result<Vec<f64>, String> {
    let mut percents = Vec::new();
    for constant in constants {
        match constant {
            Some(Value::Text(text)) => {
                let elements = json::elements(text).ok_or("takes numbers, or an array of them")?;
                for element in elements {
                    percents.push(
                        element
                            .parse::<f64>()
                            .map_err(|error| format!("takes numbers, not {element}: {error}"))?,
                    );
                }
            }
            Some(value) => percents.push(value.real().ok_or("takes numbers from 0 to 100")?),
            None => return Err("takes constants for its percentiles".to_owned()),
        }
    }
    match percents.iter().find(|percent| !(0.0..=100.0).contains(*percent)) {
        Some(outside) => Err(format!("takes percentiles from 0 to 100, not {outside}")),
        None if percents.is_empty() => Err("needs a percentile".to_owned()),
        None => Ok(percents),
    }
}

/// The kinds of the results, when the percentiles begin with that argument.
pub(super) fn kinds(inputs: &[Input<'_>], from: usize, is_array: bool) -> Result<Vec<Kind>, String> {
    let of = inputs.first().map_or(Kind::String, |input| input.kind);
    if !matches!(of, Kind::Int | Kind::Long | Kind::Real | Kind::DateTime | Kind::TimeSpan) {
        return Err(format!("takes numbers, datetimes or timespans, not {}", of.name()));
    }
    let all = percents(inputs.iter().skip(from).map(|input| input.constant.as_ref()))?;
    let of = if of == Kind::Int { Kind::Long } else { of };
    Ok(if is_array { vec![Kind::Dynamic] } else { vec![of; all.len()] })
}

impl<const SHAPE: u8> Ranks<SHAPE> {
    const IS_WEIGHTED: bool = SHAPE >= WEIGHTED;
    const IS_ARRAY: bool = SHAPE == ARRAY || SHAPE == WEIGHTED_ARRAY;

    fn push(&mut self, value: u64, weight: u64) {
        self.entries.push((value, weight));
        if self.entries.len() > 2 * self.settled + 1024 {
            settle(&mut self.entries);
            self.settled = self.entries.len();
        }
    }
}

/// The value at the nearest rank.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a count: not negative, not above it"
)]
fn at_rank(entries: &[(u64, u64)], percent: f64) -> Option<u64> {
    let total = entries.iter().fold(0_u64, |total, entry| total.saturating_add(entry.1));
    let rank = ((percent / 100.0 * total as f64).ceil() as u64).max(1);
    let mut seen = 0_u64;
    let found = entries.iter().find(|entry| {
        seen = seen.saturating_add(entry.1);
        seen >= rank
    });
    found.or(entries.last()).map(|entry| entry.0)
}

impl<const SHAPE: u8> State for Ranks<SHAPE> {
    const NEEDS_KEYS: bool = false;

    fn add(&mut self, _: &Setup, rows: &Rows<'_, '_>, row: usize) {
        let weight = match Self::IS_WEIGHTED.then(|| rows.argument(1).long(row)) {
            None => 1,
            Some(weight) => weight.and_then(|weight| u64::try_from(weight).ok()).unwrap_or(0),
        };
        if let Some(value) = ordered(&rows.argument(0).value(row))
            && weight > 0
        {
            self.push(value, weight);
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        let mut entries = self.entries.clone();
        settle(&mut entries);
        codec::push_count(out, entries.len());
        for (value, weight) in entries {
            codec::push_u64(out, value);
            codec::push_u64(out, weight);
        }
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        for _ in 0..bytes.count(16)? {
            let (value, weight) = (bytes.u64()?, bytes.u64()?);
            self.push(value, weight);
        }
        Ok(())
    }

    fn finish(&self, setup: &Setup, column: usize) -> Value<'static> {
        let from = if Self::IS_WEIGHTED { 2 } else { 1 };
        let constants = (from..setup.kinds.len()).map(|at| setup.constant(at));
        let Ok(percents) = percents(constants) else { return Value::Null };
        let mut entries = self.entries.clone();
        settle(&mut entries);
        let kind = setup.kind(0);
        if !Self::IS_ARRAY {
            let value = percents.get(column).and_then(|percent| at_rank(&entries, *percent));
            return value.map_or(Value::Null, |value| value_of(value, kind));
        }
        if entries.is_empty() {
            return Value::Null;
        }
        let mut array = json::ArrayWriter::default();
        for value in percents.iter().filter_map(|percent| at_rank(&entries, *percent)) {
            let mut text = String::new();
            push_export(&mut text, &value_of(value, kind), kind);
            if matches!(kind, Kind::DateTime | Kind::TimeSpan) {
                array.string(&text);
            } else {
                array.raw(&text);
            }
        }
        Value::owned(array.finish())
    }

    fn heap(&self) -> usize {
        self.entries.capacity() * size_of::<(u64, u64)>()
    }
}
