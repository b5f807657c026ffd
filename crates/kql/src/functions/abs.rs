//! `abs(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "abs",
    about: "The size of a number, without its sign.",
    parameters: &[Parameter::Number],
    returns: |kinds| Ok(if kinds == [Kind::Real] { Kind::Real } else { Kind::Long }),
    call,
    examples: &[("abs(-5)", "5"), ("abs(-1.5)", "1.5")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    match call.value(0) {
        Value::Long(long) => Value::Long(long.wrapping_abs()),
        Value::Real(real) => Value::Real(real.abs()),
        _ => Value::Null,
    }
}
