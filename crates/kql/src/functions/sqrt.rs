//! `sqrt(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "sqrt",
    about: "The square root; null of what is negative.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("sqrt(16)", "4.0"), ("sqrt(-1)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).filter(|x| x.is_nan() || *x >= 0.0).map(f64::sqrt).into()
}
