//! How many different values: exact.
//!
//! Kusto estimates `dcount`; an exact answer lies within every accuracy that it promises.

use super::{Damaged, Input, Kind, Reader, Rows, Setup, Value, codec, per_group::State};
use std::{borrow::Cow, collections::HashSet, hash::Hash};

/// `dcount` and its kin give a long.
pub(super) fn kinds(inputs: &[Input<'_>]) -> Result<Vec<Kind>, String> {
    super::comparable(inputs)?;
    Ok(vec![Kind::Long])
}

/// A set that is a list while it is small.
#[derive(Debug)]
enum Set<T> {
    Few(Vec<T>),
    Many(HashSet<T>),
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

const FEW: usize = 12;

impl<T: Eq + Hash + Ord + Clone> Set<T> {
    fn insert(&mut self, value: T) {
        match self {
            Self::Few(list) if list.contains(&value) => {}
            Self::Few(list) if list.len() < FEW => list.push(value),
            Self::Few(list) => {
                let mut set: HashSet<T> = list.drain(..).collect();
                set.insert(value);
                *self = Self::Many(set);
            }
            Self::Many(set) => {
                set.insert(value);
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Few(list) => list.len(),
            Self::Many(set) => set.len(),
        }
    }

    fn sorted(&self) -> Vec<T> {
        let mut all: Vec<T> = match self {
            Self::Few(list) => list.clone(),
            Self::Many(set) => set.iter().cloned().collect(),
        };
        all.sort_unstable();
        all
    }
}

/// The different values of one group.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    longs: Set<i64>,
    texts: Option<Box<Set<Box<str>>>>,
    bytes: usize,
}

impl Distinct {
    fn text(&mut self, text: Cow<'_, str>) {
        let texts = self.texts.get_or_insert_default();
        let before = texts.len();
        let size = text.len() + size_of::<Box<str>>();
        texts.insert(text.into());
        if texts.len() > before {
            self.bytes += size;
        }
    }
}

impl State for Distinct {
    fn add(&mut self, _: &Setup, rows: &Rows<'_, '_>, row: usize) {
        match rows.argument(0).value(row) {
            Value::Null => {}
            Value::Bool(truth) => self.longs.insert(i64::from(truth)),
            Value::Long(long) => self.longs.insert(long),
            // 0.0 and -0.0 are one value, and so are all NaN.
            Value::Real(0.0) => self.longs.insert(0),
            Value::Real(real) if real.is_nan() => self.longs.insert(f64::NAN.to_bits().cast_signed()),
            Value::Real(real) => self.longs.insert(real.to_bits().cast_signed()),
            Value::Text(text) => self.text(text),
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        let longs = self.longs.sorted();
        codec::push_count(out, longs.len());
        longs.iter().for_each(|long| codec::push_i64(out, *long));
        let texts = self.texts.as_ref().map(|texts| texts.sorted()).unwrap_or_default();
        codec::push_count(out, texts.len());
        texts.iter().for_each(|text| codec::push_text(out, text));
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        for _ in 0..bytes.count(8)? {
            self.longs.insert(bytes.i64()?);
        }
        for _ in 0..bytes.count(8)? {
            self.text(Cow::Borrowed(bytes.text()?));
        }
        Ok(())
    }

    fn finish(&self, _: &Setup, _: usize) -> Value<'static> {
        let count = self.longs.len() + self.texts.as_ref().map_or(0, |texts| texts.len());
        i64::try_from(count).map_or(Value::Null, Value::Long)
    }

    fn heap(&self) -> usize {
        self.longs.len() * 2 * size_of::<i64>() + 2 * self.bytes
    }
}
