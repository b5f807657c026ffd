//! `log(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "log",
    about: "The natural logarithm; null of what is negative.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("log(1)", "0.0"), ("log(-1)", "null"), ("log(0)", "-Infinity")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).filter(|x| x.is_nan() || *x >= 0.0).map(|x| x.abs().ln()).into()
}
