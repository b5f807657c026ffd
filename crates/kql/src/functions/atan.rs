//! `atan(x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "atan",
    about: "The angle whose tangent it is.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("atan(0)", "0.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).map(f64::atan).into()
}
