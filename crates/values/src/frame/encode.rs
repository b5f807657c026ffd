//! Frames as bytes, for the ports between shards and coordinator.
//!
//! Numbers are variable-length (LEB128, signed ones zigzagged); columns of codes, whole numbers and texts are [packed](chartroom_base::packing).
//! **Invariant:** decoding any bytes gives a frame or `None`, and never
//! takes more memory than a few times the bytes at hand: every count is held against what is left.

use super::{Builder, Frame, Place, Places, Texts, Vector};
use crate::value::Value;
use chartroom_base::{
    distinct::{NONE, look_up},
    packing::{pack_codes, pack_ends, pack_longs, unpack_codes, unpack_longs, unpack_texts},
};
use chartroom_schema::kind::Kind;
use chartroom_store::CHUNK_ROWS;
use std::rc::Rc;

/// Appends values to bytes.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

/// Takes values from bytes; every method gives `None` when they are not what is expected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
}

impl Writer {
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn unsigned(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push((number & 0x7f) as u8);
    }

    pub(crate) fn signed(&mut self, number: i64) {
        self.unsigned(((number << 1) ^ (number >> 63)).cast_unsigned());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.state(text.as_bytes());
    }

    fn state(&mut self, state: &[u8]) {
        self.unsigned(state.len() as u64);
        self.bytes.extend_from_slice(state);
    }

    /// A value with its layout.
    pub(crate) fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Null => self.bytes.push(0),
            Value::Bool(truth) => self.bytes.push(1 + u8::from(*truth)),
            Value::Long(long) => {
                self.bytes.push(3);
                self.signed(*long);
            }
            Value::Real(real) => {
                self.bytes.push(4);
                self.bytes.extend_from_slice(&real.to_le_bytes());
            }
            Value::Text(text) => {
                self.bytes.push(5);
                self.text(text);
            }
        }
    }

    /// The texts that occur, then per row which.
    fn coded(&mut self, codes: &[u32], texts: &Texts) {
        let mut numbers: Vec<u32> = vec![NONE; texts.len()];
        let mut used: Vec<u32> = Vec::new();
        for code in codes {
            if let Some(number) = numbers.get_mut(*code as usize).filter(|number| **number == NONE) {
                *number = u32::try_from(used.len()).unwrap_or(NONE);
                used.push(*code);
            }
        }
        let used = Vector::Texts(texts.take(&used));
        self.unsigned(used.len() as u64);
        self.column(&used);
        pack_codes(&mut self.bytes, &look_up(codes, &numbers).0);
    }

    /// A column, its layout before it.
    fn column(&mut self, column: &Vector) {
        let rows = 0..column.len();
        match column {
            Vector::Same(value, _) => {
                self.unsigned(1);
                self.value(value);
            }
            Vector::Bytes { .. } => {
                self.unsigned(2);
                rows.for_each(|row| self.state(column.bytes(row).unwrap_or_default()));
            }
            Vector::Coded { codes, texts } => {
                self.unsigned(3);
                self.coded(codes, texts);
            }
            Vector::Longs { values, nulls: None } => {
                self.unsigned(4);
                pack_longs(&mut self.bytes, values);
            }
            Vector::Texts(texts) if let Some((bytes, ends)) = texts.parts() => {
                self.unsigned(5);
                pack_ends(&mut self.bytes, ends);
                self.bytes.extend_from_slice(bytes.as_bytes());
            }
            _ => {
                self.unsigned(0);
                rows.for_each(|row| self.value(&column.get(row)));
            }
        }
    }

    pub(crate) fn place(&mut self, place: &Place) {
        self.signed(place.time);
        self.bytes.extend_from_slice(&place.key.to_le_bytes());
        self.unsigned(place.part);
    }
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(crate) fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub(crate) fn signed(&mut self) -> Option<i64> {
        let number = self.unsigned()?;
        Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    /// A count of things that take at least one byte each.
    pub(crate) fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.unsigned()?).ok()?;
        (count <= self.bytes.len()).then_some(count)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.state()?).ok()
    }

    fn state(&mut self) -> Option<&'a [u8]> {
        let len = self.count()?;
        self.take(len)
    }

    pub(crate) fn value(&mut self) -> Option<Value<'a>> {
        Some(match self.byte()? {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Long(self.signed()?),
            4 => Value::Real(f64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            5 => Value::borrowed(self.text()?),
            _ => return None,
        })
    }

    /// A column of so many rows; codes only where they are allowed.
    fn column(&mut self, kind: Kind, rows: usize, may_be_coded: bool) -> Option<Vector> {
        // Through a builder: a value of another layout than the kind's does not get in.
        let mut builder = Builder::new(kind);
        match self.unsigned()? {
            1 => {
                builder.push(&self.value()?);
                Some(Vector::Same(builder.finish().get(0).into_owned(), rows))
            }
            2 => {
                let states: Option<Vec<&[u8]>> = (0..rows).map(|_| self.state()).collect();
                Some(Vector::from_bytes(states?, |state, bytes| bytes.extend_from_slice(state)))
            }
            3 if may_be_coded => {
                let count = self.count()?;
                let values = self.column(kind, count, false)?;
                let codes = unpack_codes(&mut self.bytes, rows, count)?;
                Some(Vector::spread(&values.into_dictionary(), codes))
            }
            4 => {
                let values = unpack_longs(&mut self.bytes, rows)?;
                match builder.finish() {
                    Vector::Longs { .. } => Some(Vector::Longs { values, nulls: None }),
                    _ => None,
                }
            }
            5 => {
                let texts = unpack_texts(&mut self.bytes, rows)?;
                match builder.finish() {
                    Vector::Texts(_) => Some(Vector::Texts(Texts::from_parts(texts))),
                    _ => None,
                }
            }
            0 => {
                for _ in 0..rows {
                    builder.push(&self.value()?);
                }
                Some(builder.finish())
            }
            _ => None,
        }
    }

    pub(crate) fn place(&mut self) -> Option<Place> {
        Some(Place {
            time: self.signed()?,
            key: u128::from_le_bytes(self.take(16)?.try_into().ok()?),
            part: self.unsigned()?,
        })
    }
}

impl Frame {
    /// The rows as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.unsigned(self.rows() as u64);
        writer.unsigned(self.columns().len() as u64);
        writer.unsigned(u64::from(self.places().is_some()));
        for place in self.places().into_iter().flat_map(|places| places.iter()) {
            writer.place(&place);
        }
        for column in self.columns() {
            writer.column(column);
        }
        writer.finish()
    }

    /// The rows that these bytes hold, if they are rows of columns of these kinds.
    pub fn decode(bytes: &[u8], kinds: &[Kind]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let rows = usize::try_from(reader.unsigned()?).ok().filter(|rows| *rows <= CHUNK_ROWS)?;
        if reader.unsigned()? != kinds.len() as u64 {
            return None;
        }
        let places = match reader.unsigned()? {
            0 => None,
            _ => {
                let mut places = Vec::new();
                for _ in 0..rows {
                    places.push(reader.place()?);
                }
                Some(Rc::new(Places::Each(places)))
            }
        };
        let columns: Option<Vec<_>> =
            kinds.iter().map(|kind| reader.column(*kind, rows, true).map(Rc::new)).collect();
        let columns = columns?;
        reader.is_empty().then(|| Self::new(rows, columns).with_places(places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_from_its_bytes() {
        let longs = Vector::from_values(Kind::Long, [Value::Long(-5), Value::Null, Value::Long(i64::MAX)]);
        let texts =
            Vector::from_values(Kind::Dynamic, [Value::borrowed("[1]"), Value::Null, Value::borrowed("ü")]);
        let same = Vector::Same(Value::Real(0.5), 3);
        let dictionary = Vector::from_values(Kind::String, ["x", "", "unused"].map(Value::borrowed));
        let coded = Vector::spread(&dictionary.into_dictionary(), vec![1, 0, 1]);
        let whole = Vector::from_values(Kind::DateTime, [0, -1, i64::MIN].map(Value::Long));
        let places = vec![Place { time: -1, key: 1 << 100, part: 3 }; 3];
        let frame = Frame::new(
            3,
            vec![Rc::new(longs), Rc::new(texts), Rc::new(same), Rc::new(coded), Rc::new(whole)],
        )
        .with_places(Some(Rc::new(Places::Each(places))));
        let bytes = frame.encode();
        let kinds = [Kind::Long, Kind::Dynamic, Kind::Real, Kind::String, Kind::DateTime];
        let back = Frame::decode(&bytes, &kinds).unwrap();
        for (column, other) in frame.columns().iter().zip(back.columns()) {
            for row in 0..3 {
                assert_eq!(column.get(row), other.get(row));
            }
        }
        assert!(frame.places().unwrap().iter().eq(back.places().unwrap().iter()));
        assert!(Frame::decode(&bytes, &kinds[..2]).is_none());
        for end in 0..bytes.len() {
            assert!(Frame::decode(&bytes[..end], &kinds).is_none());
        }
    }
}
