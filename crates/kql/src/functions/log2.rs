//! `log2(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "log2",
    about: "The logarithm to base 2; null of what is negative.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("log2(8)", "3.0"), ("log2(-1)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).filter(|x| x.is_nan() || *x >= 0.0).map(|x| x.abs().log2()).into()
}
