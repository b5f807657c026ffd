//! `abs(x)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "abs",
    about: "The size of a number or timespan, without its sign.",
    parameters: &[Parameter::Any],
    returns: |kinds| match kinds {
        [Kind::Int | Kind::Long] => Ok(Kind::Long),
        [Kind::Real | Kind::Decimal] => Ok(Kind::Real),
        [Kind::TimeSpan] => Ok(Kind::TimeSpan),
        _ => Err("takes a number or a timespan".to_owned()),
    },
    call,
    examples: &[("abs(-5)", "5"), ("abs(-1.5)", "1.5"), ("abs(-90m)", "01:30:00"), ("abs(decimal(-2.5))", "2.5")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    match convert(call.value(0), call.kind_of(0), call.kind) {
        Value::Long(long) => Value::Long(long.wrapping_abs()),
        Value::Real(real) => Value::Real(real.abs()),
        _ => Value::Null,
    }
}
