//! `isnan(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "isnan",
    about: "Whether it is a real that is no number.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[("isnan(real(nan))", "true"), ("isnan(1.5)", "false"), ("isnan(real(null))", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(matches!(call.value(0), Value::Real(x) if x.is_nan()))
}
