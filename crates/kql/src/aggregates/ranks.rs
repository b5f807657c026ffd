//! Percentiles, exact: the value at the nearest rank.
//!
//! Each distinct value is numbered once for all groups; a group keeps its number once, with how often it came.

use super::{Damaged, Input, Reader, Rows, SKIP, Setup, States, codec};
use crate::{
    json,
    sketch::{ordered, value_of},
    value::{Value, push_export},
};
use chartroom_base::distinct::{DistinctNumbers, DistinctPairs};
use chartroom_schema::kind::Kind;
use std::cell::OnceCell;

/// Values as numbers that order alike, and how often each came in each group.
#[derive(Debug)]
pub(super) struct Ranks<const SHAPE: u8> {
    setup: Setup,
    values: DistinctNumbers,
    /// Groups and the numbers of their values; the weight of each.
    pairs: DistinctPairs,
    weights: Vec<u64>,
    groups: usize,
    /// Group, value and weight in order, once a group is asked for.
    entries: OnceCell<Vec<(u32, u64, u64)>>,
}

/// No rows yet, in no group.
pub(super) fn start<const SHAPE: u8>(setup: &Setup) -> Box<dyn States> {
    Box::new(Ranks::<SHAPE> {
        setup: setup.clone(),
        values: DistinctNumbers::default(),
        pairs: DistinctPairs::default(),
        weights: Vec::new(),
        groups: 0,
        entries: OnceCell::new(),
    })
}

/// A column a percentile.
pub(super) const COLUMNS: u8 = 0;
/// All percentiles in one array.
pub(super) const ARRAY: u8 = 1;
/// A column a percentile; the second argument is a weight.
pub(super) const WEIGHTED: u8 = 2;
/// All percentiles in one array; the second argument is a weight.
pub(super) const WEIGHTED_ARRAY: u8 = 3;

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

    /// Adds values and their weights to groups; `groups` is used up.
    fn add(&mut self, groups: &mut [u32], numbers: &[u32], weight: impl Fn(usize) -> u64) {
        self.entries = OnceCell::new();
        self.pairs.number(groups, numbers, (self.groups, self.values.len()), true);
        self.weights.resize(self.pairs.len(), 0);
        for (row, pair) in groups.iter().enumerate() {
            if let Some(known) = self.weights.get_mut(*pair as usize) {
                *known = known.saturating_add(weight(row));
            }
        }
    }

    /// A group's values in order, with their weights.
    fn entries(&self, group: usize) -> &[(u32, u64, u64)] {
        let entries = self.entries.get_or_init(|| {
            let entry = |(pair, weight): (&u64, &u64)| {
                let number = (pair & u64::from(u32::MAX)) as u32;
                ((pair >> 32) as u32, self.values.get(number), *weight)
            };
            let mut entries: Vec<_> = self.pairs.all().iter().zip(&self.weights).map(entry).collect();
            entries.sort_unstable();
            entries
        });
        let from = entries.partition_point(|entry| (entry.0 as usize) < group);
        let to = entries.partition_point(|entry| entry.0 as usize <= group);
        entries.get(from..to).unwrap_or_default()
    }
}

/// The value at the nearest rank.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a count: not negative, not above it"
)]
fn at_rank(entries: &[(u32, u64, u64)], percent: f64) -> Option<u64> {
    let total = entries.iter().fold(0_u64, |total, entry| total.saturating_add(entry.2));
    let rank = ((percent / 100.0 * total as f64).ceil() as u64).max(1);
    let mut seen = 0_u64;
    let found = entries.iter().find(|entry| {
        seen = seen.saturating_add(entry.2);
        seen >= rank
    });
    found.or(entries.last()).map(|entry| entry.1)
}

impl<const SHAPE: u8> States for Ranks<SHAPE> {
    fn grow(&mut self, groups: usize) {
        self.groups = self.groups.max(groups);
    }

    fn update(&mut self, rows: &Rows<'_, '_>) {
        let weight = |row: usize| match Self::IS_WEIGHTED.then(|| rows.argument(1).long(row)) {
            None => 1,
            Some(weight) => weight.and_then(|weight| u64::try_from(weight).ok()).unwrap_or(0),
        };
        let argument = rows.argument(0);
        let mut groups = rows.groups.to_vec();
        let mut numbers = Vec::with_capacity(groups.len());
        for (row, group) in groups.iter_mut().enumerate() {
            let value = Some(row).filter(|row| *group != SKIP && weight(*row) > 0);
            let value = value.and_then(|row| ordered(&argument.value(row)));
            let number = value.and_then(|value| self.values.number(value, true));
            if number.is_none() {
                *group = SKIP;
            }
            numbers.push(number.unwrap_or(SKIP));
        }
        self.add(&mut groups, &numbers, weight);
    }

    fn encode(&self, group: usize, out: &mut Vec<u8>) {
        let entries = self.entries(group);
        codec::push_count(out, entries.len());
        for (_, value, weight) in entries {
            codec::push_u64(out, *value);
            codec::push_u64(out, *weight);
        }
    }

    fn merge(&mut self, group: usize, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        let group = u32::try_from(group).ok().ok_or(Damaged)?;
        for _ in 0..bytes.count(16)? {
            let (value, weight) = (bytes.u64()?, bytes.u64()?);
            let number = self.values.number(value, true).ok_or(Damaged)?;
            self.add(&mut [group], &[number], |_| weight);
        }
        Ok(())
    }

    fn finish(&self, group: usize, column: usize) -> Value<'static> {
        let from = if Self::IS_WEIGHTED { 2 } else { 1 };
        let constants = (from..self.setup.kinds.len()).map(|at| self.setup.constant(at));
        let Ok(percents) = percents(constants) else { return Value::Null };
        let entries = self.entries(group);
        let kind = self.setup.kind(0);
        if !Self::IS_ARRAY {
            let value = percents.get(column).and_then(|percent| at_rank(entries, *percent));
            return value.map_or(Value::Null, |value| value_of(value, kind));
        }
        if entries.is_empty() {
            return Value::Null;
        }
        let mut array = json::ArrayWriter::default();
        for value in percents.iter().filter_map(|percent| at_rank(entries, *percent)) {
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

    fn memory(&self) -> usize {
        let entries =
            self.entries.get().map_or(0, |entries| entries.capacity() * size_of::<(u32, u64, u64)>());
        self.values.memory() + self.pairs.memory() + self.weights.capacity() * 8 + entries
    }

    fn needs_keys(&self) -> bool {
        false
    }
}
