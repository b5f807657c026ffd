//! `atan2(y, x)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "atan2",
    about: "The angle between the x axis and the ray to a point.",
    parameters: &[Parameter::Number, Parameter::Number],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("atan2(0, -1)", "3.141592653589793")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).zip(call.real(1)).map(|(y, x)| y.atan2(x)).into()
}
