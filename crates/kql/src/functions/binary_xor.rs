//! `binary_xor(x, y)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "binary_xor",
    about: "The bits that one of them has.",
    parameters: &[Parameter::Whole, Parameter::Whole],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[("binary_xor(12, 10)", "6")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).zip(call.long(1)).map(|(x, y)| x ^ y).into()
}
