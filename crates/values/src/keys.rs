//! Rows by the values of their keys: for groups, distinct rows and joins.
//!
//! Each key column numbers its values, texts of a dictionary once; pairs of numbers are numbered again, column by column. No
//! text is written anew for a row.
//!
//! **Invariant:** two rows have one number exactly when all their keys are equal: nulls equal nulls, NaN equals NaN, 0 equals -0, texts
//! byte by byte. Numbers rise from 0 in the order in which the keys were first met.

use crate::{
    frame::{Frame, Texts, Vector},
    value::Value,
};
use chartroom_base::{
    distinct::{DistinctNumbers, DistinctPairs, DistinctTexts, NONE, look_up},
    hash::hash_bytes,
};
use chartroom_schema::kind::Kind;
use std::rc::Rc;

/// The distinct keys met so far.
#[derive(Debug, Default)]
pub struct KeyTable {
    columns: Vec<ValueNumbers>,
    /// Of the numbers of the columns so far with those of the next.
    pairs: Vec<DistinctPairs>,
    len: usize,
}

/// Per place the rows whose keys' hash it owns, of so many places.
pub fn owned(frame: &Frame, columns: &[usize], places: usize) -> Vec<Vec<u32>> {
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
        Value::Real(real) => hash_bytes(&bits(*real).to_le_bytes()),
        Value::Text(text) => hash_bytes(text.as_bytes()),
    }
}

impl KeyTable {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many distinct keys.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Per row of the frame the number of its key in these columns; new keys get numbers.
    pub fn add(&mut self, frame: &Frame, columns: &[usize]) -> Vec<u32> {
        self.number(frame, columns, true)
    }

    /// Per row the number of its key, [`u32::MAX`] for keys that were not met.
    pub fn find(&mut self, frame: &Frame, columns: &[usize]) -> Vec<u32> {
        self.number(frame, columns, false)
    }

    fn number(&mut self, frame: &Frame, columns: &[usize], is_adding: bool) -> Vec<u32> {
        let Some((first, others)) = columns.split_first() else {
            if is_adding && frame.rows() > 0 {
                self.len = 1;
            }
            return vec![if self.len == 0 { NONE } else { 0 }; frame.rows()];
        };
        crate::work::count(frame.rows() * columns.len());
        self.columns.resize_with(columns.len(), ValueNumbers::default);
        self.pairs.resize_with(others.len(), DistinctPairs::default);
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

    /// The distinct keys by number, as columns of these kinds; none are left. Texts of several columns are codes.
    pub fn take(&mut self, kinds: &[Kind]) -> Vec<Rc<Vector>> {
        let Self { mut columns, pairs, .. } = std::mem::take(self);
        columns.resize_with(kinds.len(), ValueNumbers::default);
        // From the last column back to the first, the numbers of the pairs so far.
        let mut codes: Vec<Option<Vec<u32>>> = Vec::new();
        let mut numbers = None;
        for pairs in pairs.into_iter().rev() {
            let (firsts, seconds) = pairs.split(numbers.as_deref());
            codes.push(Some(seconds));
            numbers = Some(firsts);
        }
        codes.push(numbers);
        let column = |((values, kind), codes): ((ValueNumbers, &Kind), Option<Vec<u32>>)| {
            let values = values.into_vector(*kind);
            Rc::new(match codes {
                Some(codes) => Vector::spread(&values.into_dictionary(), codes),
                None => values,
            })
        };
        columns.into_iter().zip(kinds).zip(codes.into_iter().rev()).map(column).collect()
    }

    /// Bytes it holds, about.
    pub fn memory(&self) -> usize {
        self.columns.iter().map(ValueNumbers::memory).sum::<usize>()
            + self.pairs.iter().map(DistinctPairs::memory).sum::<usize>()
    }
}

/// The distinct values of one column, numbered.
///
/// A column has values of one layout as a rule, and no nulls: then a value's number is that within its layout.
#[derive(Debug, Default)]
pub struct ValueNumbers {
    texts: DistinctTexts,
    longs: DistinctNumbers,
    reals: DistinctNumbers,
    mixed: Option<Box<Mixed>>,
    /// The dictionary met last, with the number of each of its texts.
    dictionary: Option<(Rc<Texts>, Vec<u32>)>,
}

/// Numbers of values of several layouts, null among them.
#[derive(Debug, Default)]
struct Mixed {
    /// Per number within texts, longs and reals, the number of the value.
    of: [Vec<u32>; 3],
    null: Option<u32>,
    /// Per number of a value, where it is; `None` is null.
    values: Vec<Option<(Layout, u32)>>,
}

/// How a value is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    Text,
    Long,
    Real,
}

impl Mixed {
    /// Numbers what came to a layout since, up to `len` values.
    fn catch_up(&mut self, layout: Layout, len: usize) {
        let Some(of) = self.of.get_mut(layout as usize) else { return };
        for at in (0_u32..).take(len).skip(of.len()) {
            of.push(u32::try_from(self.values.len()).unwrap_or(NONE));
            self.values.push(Some((layout, at)));
        }
    }
}

impl ValueNumbers {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many distinct values, null included.
    pub fn len(&self) -> usize {
        let plain = self.texts.len() + self.longs.len() + self.reals.len();
        self.mixed.as_ref().map_or(plain, |mixed| mixed.values.len())
    }

    /// The number of null, once it was met.
    pub fn null(&self) -> Option<u32> {
        self.mixed.as_ref().and_then(|mixed| mixed.null)
    }

    /// How many values of a layout.
    const fn count(&self, layout: Layout) -> usize {
        match layout {
            Layout::Text => self.texts.len(),
            Layout::Long => self.longs.len(),
            Layout::Real => self.reals.len(),
        }
    }

    /// Value number `number`; a bool is a long.
    pub fn value(&self, number: u32) -> Value<'_> {
        let (layout, at) = match &self.mixed {
            Some(mixed) => match mixed.values.get(number as usize).copied().flatten() {
                Some(home) => home,
                None => return Value::Null,
            },
            None if self.count(Layout::Long) > 0 => (Layout::Long, number),
            None if self.count(Layout::Real) > 0 => (Layout::Real, number),
            None => (Layout::Text, number),
        };
        match layout {
            Layout::Text => Value::borrowed(self.texts.get(at)),
            Layout::Long => Value::Long(self.longs.get(at).cast_signed()),
            Layout::Real => Value::Real(f64::from_bits(self.reals.get(at))),
        }
    }

    /// All values by number, as a column of this kind.
    fn into_vector(self, kind: Kind) -> Vector {
        let is_plain = self.mixed.is_none();
        match kind {
            Kind::String | Kind::Guid | Kind::Decimal | Kind::Dynamic
                if is_plain && self.texts.len() == self.len() =>
            {
                Vector::Texts(Texts::from_parts(self.texts.into_parts()))
            }
            Kind::Int | Kind::Long | Kind::DateTime | Kind::TimeSpan
                if is_plain && self.longs.len() == self.len() =>
            {
                let values = self.longs.all().iter().map(|long| long.cast_signed()).collect();
                Vector::Longs { values, nulls: None }
            }
            _ => {
                let value = |number| match self.value(number) {
                    Value::Long(long) if kind == Kind::Bool => Value::Bool(long != 0),
                    value => value,
                };
                Vector::from_values(kind, (0..u32::try_from(self.len()).unwrap_or(NONE)).map(value))
            }
        }
    }

    /// Whether values of a layout may be numbered; if not, none is known that is to be found.
    fn admits(&mut self, layout: Layout, is_adding: bool) -> bool {
        if self.mixed.is_some() || self.len() == self.count(layout) {
            return true;
        }
        if is_adding {
            self.mix();
        }
        is_adding
    }

    /// From now on there are values of several layouts.
    fn mix(&mut self) -> &mut Mixed {
        let counts = [Layout::Text, Layout::Long, Layout::Real].map(|layout| (layout, self.count(layout)));
        self.mixed.get_or_insert_with(|| {
            let mut mixed = Box::<Mixed>::default();
            counts.into_iter().for_each(|(layout, count)| mixed.catch_up(layout, count));
            mixed
        })
    }

    /// The numbers of values by their numbers within their layout.
    fn settle(&mut self, layout: Layout, numbers: Vec<u32>) -> Vec<u32> {
        let count = self.count(layout);
        let Some(mixed) = &mut self.mixed else { return numbers };
        mixed.catch_up(layout, count);
        let of = mixed.of.get(layout as usize).map(Vec::as_slice).unwrap_or_default();
        look_up(&numbers, of).0
    }

    /// Per row the number of its value, [`NONE`] for those that were not met.
    pub fn numbers(&mut self, column: &Vector, is_adding: bool) -> Vec<u32> {
        match column {
            Vector::Same(value, rows) => vec![self.number(value, is_adding); *rows],
            Vector::Longs { values, nulls: None } if self.admits(Layout::Long, is_adding) => {
                let keys: Vec<u64> = values.iter().map(|long| long.cast_unsigned()).collect();
                let numbers = self.longs.number_all(&keys, is_adding);
                self.settle(Layout::Long, numbers)
            }
            Vector::Reals { values, nulls: None } if self.admits(Layout::Real, is_adding) => {
                let keys: Vec<u64> = values.iter().map(|real| bits(*real)).collect();
                let numbers = self.reals.number_all(&keys, is_adding);
                self.settle(Layout::Real, numbers)
            }
            Vector::Texts(texts)
                if let Some((bytes, ends)) = texts.parts()
                    && self.admits(Layout::Text, is_adding) =>
            {
                let numbers = self.texts.number_all(bytes, ends, is_adding);
                self.settle(Layout::Text, numbers)
            }
            Vector::Coded { codes, texts } => {
                let (known, mut of_codes) = match self.dictionary.take() {
                    Some((known, of_codes)) if Rc::ptr_eq(&known, texts) => (known, of_codes),
                    _ => (Rc::clone(texts), vec![NONE; texts.len()]),
                };
                let (mut numbers, are_all) = look_up(codes, &of_codes);
                let missing =
                    numbers.iter_mut().zip(codes).filter(|(number, _)| !are_all && **number == NONE);
                for (number, code) in missing {
                    let Some(slot) = of_codes.get_mut(*code as usize) else { continue };
                    if *slot == NONE {
                        *slot = self.number(&texts.get(*code as usize), is_adding);
                    }
                    *number = *slot;
                }
                self.dictionary = Some((known, of_codes));
                numbers
            }
            other => (0..other.len()).map(|row| self.number(&other.get(row), is_adding)).collect(),
        }
    }

    /// The number of a value, [`NONE`] when it was not met and is not to be added.
    pub fn number(&mut self, value: &Value<'_>, is_adding: bool) -> u32 {
        let layout = match value {
            Value::Null if is_adding => {
                let mixed = self.mix();
                let new = u32::try_from(mixed.values.len()).unwrap_or(NONE);
                if mixed.null.is_none() {
                    mixed.values.push(None);
                }
                return *mixed.null.get_or_insert(new);
            }
            Value::Null => return self.null().unwrap_or(NONE),
            Value::Text(_) => Layout::Text,
            Value::Long(_) | Value::Bool(_) => Layout::Long,
            Value::Real(_) => Layout::Real,
        };
        if !self.admits(layout, is_adding) {
            return NONE;
        }
        let at = match value {
            Value::Null => None,
            Value::Text(text) => self.texts.number(text, is_adding),
            Value::Long(long) => self.longs.number(long.cast_unsigned(), is_adding),
            Value::Bool(truth) => self.longs.number(u64::from(*truth), is_adding),
            Value::Real(real) => self.reals.number(bits(*real), is_adding),
        };
        let count = self.count(layout);
        match (at, &mut self.mixed) {
            (None, _) => NONE,
            (Some(at), None) => at,
            (Some(at), Some(mixed)) => {
                mixed.catch_up(layout, count);
                mixed.of.get(layout as usize).and_then(|of| of.get(at as usize)).copied().unwrap_or(NONE)
            }
        }
    }

    /// Bytes it holds, about.
    pub fn memory(&self) -> usize {
        let ends = self.texts.memory() + self.longs.memory() + self.reals.memory();
        let mixed = self.mixed.as_ref().map_or(0, |mixed| mixed.values.capacity() * 16);
        let of_codes = self.dictionary.as_ref().map_or(0, |(_, numbers)| numbers.capacity() * 4);
        ends + mixed + of_codes
    }
}

/// The same for reals that are equal as keys.
const fn bits(real: f64) -> u64 {
    // Adding zero makes -0 to 0 and nothing else to another.
    if real.is_nan() { f64::NAN.to_bits() } else { (real + 0.0).to_bits() }
}
