//! Rows by the values of their keys: for groups, distinct rows and joins.
//!
//! **Invariant:** two rows have one number exactly when all their keys are equal: nulls equal nulls, NaN equals NaN, 0 equals -0, texts
//! byte by byte. Numbers rise from 0 in the order in which the keys were first met.

use crate::{
    frame::{Frame, Vector, Writer},
    value::Value,
};
use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::BuildHasherDefault,
    rc::Rc,
};

/// The distinct keys met so far.
#[derive(Debug, Default)]
pub(crate) struct KeyTable {
    // The default hasher without its random seed: the same everywhere.
    numbers: HashMap<Box<[u8]>, u32, BuildHasherDefault<DefaultHasher>>,
    bytes: usize,
}

/// The key of a row as bytes.
fn write_key(writer: &mut Writer, columns: &[Rc<Vector>], row: usize) {
    for column in columns {
        match column.get(row) {
            Value::Real(real) if real.is_nan() => writer.value(&Value::Real(f64::NAN)),
            // Adding zero makes -0 to 0 and nothing else to another.
            Value::Real(real) => writer.value(&Value::Real(real + 0.0)),
            value => writer.value(&value),
        }
    }
}

impl KeyTable {
    /// How many distinct keys.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
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
        let columns: Vec<Rc<Vector>> = columns.iter().map(|at| frame.column(*at)).collect();
        // A key of one column of codes is looked up once per distinct text.
        if let [column] = columns.as_slice()
            && let Vector::Coded { codes, texts } = column.as_ref()
        {
            let mut known: Vec<Option<u32>> = vec![None; texts.len()];
            let mut number = |row: usize, code: &u32| {
                let slot = known.get_mut(*code as usize);
                match slot {
                    Some(Some(number)) => *number,
                    slot => {
                        let number = self.number_of(&columns, row, is_adding);
                        if let Some(slot) = slot {
                            *slot = Some(number);
                        }
                        number
                    }
                }
            };
            return codes.iter().enumerate().map(|(row, code)| number(row, code)).collect();
        }
        (0..frame.rows()).map(|row| self.number_of(&columns, row, is_adding)).collect()
    }

    fn number_of(&mut self, columns: &[Rc<Vector>], row: usize, is_adding: bool) -> u32 {
        let mut writer = Writer::default();
        write_key(&mut writer, columns, row);
        let key = writer.finish();
        if let Some(number) = self.numbers.get(key.as_slice()) {
            return *number;
        }
        if !is_adding {
            return u32::MAX;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX - 1);
        self.bytes += key.len() + 40;
        self.numbers.insert(key.into_boxed_slice(), number);
        number
    }

    /// Bytes it holds, about.
    pub(crate) const fn memory(&self) -> usize {
        self.bytes
    }
}
