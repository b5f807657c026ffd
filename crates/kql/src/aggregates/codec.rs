//! States as bytes: little-endian, lengths before what they count.
//!
//! **Invariant:** reading never allocates more than the bytes at hand could hold.

use crate::value::Value;

/// The bytes are no state of that aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a partial result of another shard cannot be read")]
pub struct Damaged;

/// Reads what was encoded, front to back.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// All of these bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        self.take(N)?.try_into().ok().ok_or(Damaged)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Damaged> {
        Ok(self.array::<1>()?[0])
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Damaged> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(crate) fn i64(&mut self) -> Result<i64, Damaged> {
        Ok(i64::from_le_bytes(self.array()?))
    }

    pub(crate) fn i128(&mut self) -> Result<i128, Damaged> {
        Ok(i128::from_le_bytes(self.array()?))
    }

    pub(crate) fn key(&mut self) -> Result<u128, Damaged> {
        Ok(u128::from_le_bytes(self.array()?))
    }

    pub(crate) fn f64(&mut self) -> Result<f64, Damaged> {
        Ok(f64::from_bits(self.u64()?))
    }

    /// How many things of at least `size` bytes follow.
    pub(crate) fn count(&mut self, size: usize) -> Result<usize, Damaged> {
        let count = usize::try_from(self.u64()?).ok().ok_or(Damaged)?;
        if count.checked_mul(size).is_some_and(|bytes| bytes <= self.rest.len()) {
            Ok(count)
        } else {
            Err(Damaged)
        }
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Damaged> {
        let count = self.count(1)?;
        std::str::from_utf8(self.take(count)?).ok().ok_or(Damaged)
    }

    pub(crate) fn value(&mut self) -> Result<Value<'a>, Damaged> {
        Ok(match self.byte()? {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Long(self.i64()?),
            4 => Value::Real(self.f64()?),
            5 => Value::borrowed(self.text()?),
            _ => return Err(Damaged),
        })
    }
}

pub(crate) fn push_u64(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

pub(crate) fn push_i64(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(&number.to_le_bytes());
}

pub(crate) fn push_f64(out: &mut Vec<u8>, number: f64) {
    push_u64(out, number.to_bits());
}

pub(crate) fn push_key(out: &mut Vec<u8>, key: u128) {
    out.extend_from_slice(&key.to_le_bytes());
}

pub(crate) fn push_count(out: &mut Vec<u8>, count: usize) {
    push_u64(out, u64::try_from(count).unwrap_or(u64::MAX));
}

pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    push_count(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

pub(crate) fn push_value(out: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Null => out.push(0),
        Value::Bool(truth) => out.push(1 + u8::from(*truth)),
        Value::Long(long) => {
            out.push(3);
            push_i64(out, *long);
        }
        Value::Real(real) => {
            out.push(4);
            push_f64(out, *real);
        }
        Value::Text(text) => {
            out.push(5);
            push_text(out, text);
        }
    }
}
