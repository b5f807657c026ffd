//! `binary_or(x, y)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "binary_or",
    about: "The bits that either has.",
    parameters: &[Parameter::Whole, Parameter::Whole],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[("binary_or(12, 10)", "14")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).zip(call.long(1)).map(|(x, y)| x | y).into()
}
