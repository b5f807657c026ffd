//! `asin(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "asin",
    about: "The angle whose sine it is; null outside -1 to 1.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("asin(0)", "0.0"), ("asin(-2)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).filter(|x| x.is_nan() || x.abs() <= 1.0).map(f64::asin).into()
}
