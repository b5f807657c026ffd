//! `isinf(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "isinf",
    about: "Whether it is an infinite real.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[("isinf(1.0 / 0.0)", "true"), ("isinf(1)", "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(matches!(call.value(0), Value::Real(x) if x.is_infinite()))
}
