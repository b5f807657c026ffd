//! `cot(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "cot",
    about: "The cotangent of an angle in radians.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("round(cot(1), 6)", "0.642093")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).map(|x| 1.0 / x.tan()).into()
}
