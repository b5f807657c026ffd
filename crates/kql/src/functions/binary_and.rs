//! `binary_and(x, y)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "binary_and",
    about: "The bits that both have.",
    parameters: &[Parameter::Whole, Parameter::Whole],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[("binary_and(12, 10)", "8")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).zip(call.long(1)).map(|(x, y)| x & y).into()
}
