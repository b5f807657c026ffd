//! All values' bits together: `binary_all_and`, `binary_all_or`, `binary_all_xor`.

use super::{Damaged, Reader, Rows, Setup, codec, per_group::State};
use crate::value::Value;

/// The bits so far; none yet before the first value.
#[derive(Debug, Default)]
pub(super) struct Bits<const OP: u8>(Option<i64>);

/// Both.
pub(super) const AND: u8 = 0;
/// Either.
pub(super) const OR: u8 = 1;
/// One of them.
pub(super) const XOR: u8 = 2;

impl<const OP: u8> Bits<OP> {
    fn join(&mut self, bits: i64) {
        self.0 = Some(match self.0 {
            None => bits,
            Some(old) => match OP {
                AND => old & bits,
                OR => old | bits,
                _ => old ^ bits,
            },
        });
    }
}

impl<const OP: u8> State for Bits<OP> {
    fn add(&mut self, _: &Setup, rows: &Rows<'_, '_>, row: usize) {
        if let Some(bits) = rows.argument(0).long(row) {
            self.join(bits);
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        codec::push_value(out, &self.0.map_or(Value::Null, Value::Long));
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        if let Value::Long(bits) = bytes.value()? {
            self.join(bits);
        }
        Ok(())
    }

    fn finish(&self, _: &Setup, _: usize) -> Value<'static> {
        self.0.map_or(Value::Null, Value::Long)
    }
}
