//! Rows by the values of their keys: for groups, distinct rows and joins.
//!
//! Each key column numbers its values, texts of a dictionary once; pairs of numbers are numbered again, column by column. No
//! text is written anew for a row.
//!
//! **Invariant:** two rows have one number exactly when all their keys are equal: nulls equal nulls, NaN equals NaN, 0 equals -0, texts
//! byte by byte. Numbers rise from 0 in the order in which the keys were first met.

mod slots;

pub(crate) use slots::{Distinct, Numbers, TextKeys};

use crate::{
    frame::{Frame, Texts, Vector},
    value::Value,
};
use chartroom_base::hash::hash_bytes;
use std::rc::Rc;

/// No number.
const NONE: u32 = u32::MAX;
/// Pairs of numbers that are looked up in a table rather than hashed.
const DENSE: usize = 1 << 18;

/// The distinct keys met so far.
#[derive(Debug, Default)]
pub(crate) struct KeyTable {
    columns: Vec<ValueNumbers>,
    /// Of the numbers of the columns so far with those of the next.
    pairs: Vec<PairNumbers>,
    len: usize,
}

/// Per place the rows whose keys' hash it owns, of so many places.
pub(crate) fn owned(frame: &Frame, columns: &[usize], places: usize) -> Vec<Vec<u32>> {
    let mut hashes = vec![0_u64; frame.rows()];
    for column in columns {
        let column = frame.column(*column);
        let of_texts: Vec<u64> = match column.as_ref() {
            Vector::Coded { texts, .. } if texts.len() < frame.rows() => {
                (0..texts.len()).map(|text| value_hash(&texts.get(text))).collect()
            }
            _ => Vec::new(),
        };
        for (row, hash) in hashes.iter_mut().enumerate() {
            let known = match column.as_ref() {
                Vector::Coded { codes, .. } => codes.get(row).and_then(|code| of_texts.get(*code as usize)),
                _ => None,
            };
            let own = known.copied().unwrap_or_else(|| value_hash(&column.get(row)));
            // Turned, so that the columns of a key are not the same either way round.
            *hash = hash_bytes(&(hash.rotate_left(17) ^ own).to_le_bytes());
        }
    }
    let mut owned = vec![Vec::new(); places];
    for (number, hash) in (0_u32..).zip(hashes) {
        let place = usize::try_from(hash % places.max(1) as u64).unwrap_or(0);
        if let Some(rows) = owned.get_mut(place) {
            rows.push(number);
        }
    }
    owned
}

/// The same for equal values, here and on every other shard.
fn value_hash(value: &Value<'_>) -> u64 {
    match value {
        Value::Null => u64::MAX,
        Value::Bool(truth) => hash_bytes(&i64::from(*truth).to_le_bytes()),
        Value::Long(long) => hash_bytes(&long.to_le_bytes()),
        Value::Real(real) if real.is_nan() => hash_bytes(&f64::NAN.to_le_bytes()),
        // Adding zero makes -0 to 0 and nothing else to another.
        Value::Real(real) => hash_bytes(&(real + 0.0).to_le_bytes()),
        Value::Text(text) => hash_bytes(text.as_bytes()),
    }
}

impl KeyTable {
    /// How many distinct keys.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Per row of the frame the number of its key in these columns; new keys get numbers.
    pub(crate) fn add(&mut self, frame: &Frame, columns: &[usize]) -> Vec<u32> {
        self.number(frame, columns, true)
    }

    /// Per row the number of its key, [`u32::MAX`] for keys that were not met.
    pub(crate) fn find(&mut self, frame: &Frame, columns: &[usize]) -> Vec<u32> {
        self.number(frame, columns, false)
    }

    fn number(&mut self, frame: &Frame, columns: &[usize], is_adding: bool) -> Vec<u32> {
        let Some((first, others)) = columns.split_first() else {
            if is_adding && frame.rows() > 0 {
                self.len = 1;
            }
            return vec![if self.len == 0 { NONE } else { 0 }; frame.rows()];
        };
        self.columns.resize_with(columns.len(), ValueNumbers::default);
        self.pairs.resize_with(others.len(), PairNumbers::default);
        let mut of_columns = self.columns.iter_mut();
        let Some(known) = of_columns.next() else { return Vec::new() };
        let mut numbers = known.numbers(&frame.column(*first), is_adding);
        let mut len = known.len();
        for ((at, known), pairs) in others.iter().zip(of_columns).zip(&mut self.pairs) {
            let seconds = known.numbers(&frame.column(*at), is_adding);
            pairs.number(&mut numbers, &seconds, (len, known.len()), is_adding);
            len = pairs.len();
        }
        self.len = len;
        numbers
    }

    /// Bytes it holds, about.
    pub(crate) fn memory(&self) -> usize {
        self.columns.iter().map(ValueNumbers::memory).sum::<usize>()
            + self.pairs.iter().map(PairNumbers::memory).sum::<usize>()
    }
}

/// The distinct values of one column, numbered.
#[derive(Debug, Default)]
pub(crate) struct ValueNumbers {
    texts: Distinct<TextKeys>,
    longs: Distinct<Numbers>,
    reals: Distinct<Numbers>,
    /// Per number within texts, longs and reals, the number of the value.
    of_texts: Vec<u32>,
    of_longs: Vec<u32>,
    of_reals: Vec<u32>,
    null: Option<u32>,
    /// Per number of a value, where it is.
    values: Vec<Home>,
    /// The dictionary met last, with the number of each of its texts.
    dictionary: Option<(Rc<Texts>, Vec<u32>)>,
}

/// Where a value is.
#[derive(Clone, Copy, Debug)]
enum Home {
    Null,
    Text(u32),
    Long(u32),
    Real(u32),
}

impl ValueNumbers {
    /// How many distinct values, null included.
    pub(crate) const fn len(&self) -> usize {
        self.values.len()
    }

    /// The number of null, once it was met.
    pub(crate) const fn null(&self) -> Option<u32> {
        self.null
    }

    /// Value number `number`; a bool is a long.
    pub(crate) fn value(&self, number: u32) -> Value<'_> {
        match self.values.get(number as usize) {
            None | Some(Home::Null) => Value::Null,
            Some(Home::Text(at)) => Value::borrowed(self.texts.keys().get(*at)),
            Some(Home::Long(at)) => Value::Long(self.longs.keys().get(*at).cast_signed()),
            Some(Home::Real(at)) => Value::Real(f64::from_bits(self.reals.keys().get(*at))),
        }
    }

    /// Per row the number of its value, [`NONE`] for those that were not met.
    pub(crate) fn numbers(&mut self, column: &Vector, is_adding: bool) -> Vec<u32> {
        match column {
            Vector::Same(value, rows) => vec![self.number(value, is_adding); *rows],
            Vector::Longs { values, nulls: None } => {
                // Neighbours are often the same: times of one bin.
                let mut last = None;
                let mut number = |long: &i64| match last {
                    Some((known, number)) if known == *long => number,
                    _ => {
                        let number = self.number(&Value::Long(*long), is_adding);
                        last = Some((*long, number));
                        number
                    }
                };
                values.iter().map(&mut number).collect()
            }
            Vector::Coded { codes, texts } => {
                let (known, mut of_codes) = match self.dictionary.take() {
                    Some((known, of_codes)) if Rc::ptr_eq(&known, texts) => (known, of_codes),
                    _ => (Rc::clone(texts), vec![NONE; texts.len()]),
                };
                let numbers = codes.iter().map(|code| match of_codes.get_mut(*code as usize) {
                    Some(slot) if *slot != NONE => *slot,
                    slot => {
                        let number = self.number(&texts.get(*code as usize), is_adding);
                        if let Some(slot) = slot {
                            *slot = number;
                        }
                        number
                    }
                });
                let numbers = numbers.collect();
                self.dictionary = Some((known, of_codes));
                numbers
            }
            other => (0..other.len()).map(|row| self.number(&other.get(row), is_adding)).collect(),
        }
    }

    /// The number of a value.
    pub(crate) fn number(&mut self, value: &Value<'_>, is_adding: bool) -> u32 {
        let new = u32::try_from(self.values.len()).unwrap_or(NONE);
        let (numbers, at, home) = match value {
            Value::Null => {
                if is_adding && self.null.is_none() {
                    self.null = Some(new);
                    self.values.push(Home::Null);
                }
                return self.null.unwrap_or(NONE);
            }
            Value::Text(text) => {
                let Some(at) = self.texts.number(text, is_adding) else { return NONE };
                (&mut self.of_texts, at, Home::Text(at))
            }
            Value::Long(long) => {
                let Some(at) = self.longs.number(long.cast_unsigned(), is_adding) else { return NONE };
                (&mut self.of_longs, at, Home::Long(at))
            }
            Value::Bool(truth) => {
                let Some(at) = self.longs.number(u64::from(*truth), is_adding) else { return NONE };
                (&mut self.of_longs, at, Home::Long(at))
            }
            Value::Real(real) => {
                // Adding zero makes -0 to 0 and nothing else to another.
                let real = if real.is_nan() { f64::NAN } else { real + 0.0 };
                let Some(at) = self.reals.number(real.to_bits(), is_adding) else { return NONE };
                (&mut self.of_reals, at, Home::Real(at))
            }
        };
        if let Some(number) = numbers.get(at as usize) {
            return *number;
        }
        numbers.push(new);
        self.values.push(home);
        new
    }

    /// Bytes it holds, about.
    pub(crate) fn memory(&self) -> usize {
        let ends = self.texts.memory() + self.longs.memory() + self.reals.memory();
        let of_codes = self.dictionary.as_ref().map_or(0, |(_, numbers)| numbers.capacity() * 4);
        ends + self.values.capacity() * 12 + of_codes
    }
}

/// Distinct pairs of numbers, numbered.
#[derive(Debug, Default)]
pub(crate) struct PairNumbers {
    /// Both numbers of each pair, one above the other: by themselves while pairs are looked up in the table, else hashed.
    listed: Vec<u64>,
    hashed: Option<Distinct<Numbers>>,
    /// Numbers + 1 by first and second, in lines of `width`; 0 is none.
    dense: Vec<u32>,
    width: usize,
}

impl PairNumbers {
    /// How many distinct pairs.
    pub(crate) fn len(&self) -> usize {
        self.all().len()
    }

    /// The pairs, the first number above the second.
    pub(crate) fn all(&self) -> &[u64] {
        self.hashed.as_ref().map_or(&self.listed, |hashed| hashed.keys().all())
    }

    /// Puts the pair's number in the place of each row's first number; `lines` and `width` are bounds of both.
    pub(crate) fn number(
        &mut self,
        firsts: &mut [u32],
        seconds: &[u32],
        (lines, width): (usize, usize),
        is_adding: bool,
    ) {
        if self.hashed.is_none() {
            self.widen(lines, width);
        }
        for (first, second) in firsts.iter_mut().zip(seconds) {
            if *first == NONE || *second == NONE {
                *first = NONE;
                continue;
            }
            let pair = u64::from(*first) << 32 | u64::from(*second);
            if let Some(hashed) = &mut self.hashed {
                *first = hashed.number(pair, is_adding).unwrap_or(NONE);
                continue;
            }
            let slot = self.dense.get_mut((*first as usize) * self.width + *second as usize);
            *first = match slot {
                Some(slot) if *slot != 0 => *slot - 1,
                Some(slot) if is_adding => {
                    self.listed.push(pair);
                    *slot = u32::try_from(self.listed.len()).unwrap_or(NONE);
                    *slot - 1
                }
                _ => NONE,
            };
        }
    }

    /// Makes the table fit, or gives it up for hashing.
    fn widen(&mut self, lines: usize, width: usize) {
        let (lines, width) = (lines.max(1).next_power_of_two(), width.max(1).next_power_of_two());
        let size = lines.saturating_mul(width);
        if width == self.width && size <= self.dense.len() {
            return;
        }
        if size > DENSE && size / 4 > self.listed.len() {
            self.hashed = Some(Distinct::of(Numbers::of(std::mem::take(&mut self.listed))));
            self.dense = Vec::new();
            return;
        }
        self.dense = vec![0; size];
        self.width = width;
        for (number, pair) in (1_u32..).zip(&self.listed) {
            let (first, second) = ((pair >> 32) as usize, (pair & u64::from(u32::MAX)) as usize);
            if let Some(slot) = self.dense.get_mut(first * width + second) {
                *slot = number;
            }
        }
    }

    /// Bytes it holds, about.
    pub(crate) fn memory(&self) -> usize {
        let hashed = self.hashed.as_ref().map_or(0, Distinct::memory);
        hashed + self.listed.capacity() * 8 + self.dense.capacity() * 4
    }
}
