//! `isfinite(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "isfinite",
    about: "Whether it is a number that is neither infinite nor NaN.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[("isfinite(1.5)", "true"), ("isfinite(1.0 / 0.0)", "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(call.real(0).is_some_and(f64::is_finite))
}
