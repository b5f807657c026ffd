//! `acos(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "acos",
    about: "The angle whose cosine it is; null outside -1 to 1.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("acos(1)", "0.0"), ("acos(2)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).filter(|x| x.is_nan() || x.abs() <= 1.0).map(f64::acos).into()
}
