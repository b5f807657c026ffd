//! `binary_shift_left(x, bits)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "binary_shift_left",
    about: "The bits moved up; the count is taken modulo 64, null when it is negative.",
    parameters: &[Parameter::Whole, Parameter::Whole],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[("binary_shift_left(1, 4)", "16"), ("binary_shift_left(1, -1)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let bits = call.long(1).and_then(|bits| u32::try_from(bits.rem_euclid(64)).ok().filter(|_| bits >= 0));
    call.long(0).zip(bits).map(|(x, bits)| x.wrapping_shl(bits)).into()
}
