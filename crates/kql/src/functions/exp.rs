//! `exp(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "exp",
    about: "e raised to the number.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("exp(0)", "1.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).map(f64::exp).into()
}
