//! `convert_force(value, from, to)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::units;

pub(super) const FUNCTION: Function = Function {
    name: "convert_force",
    about: "A force in another unit (`Newton`, `PoundForce`, …); null for a unit that is unknown here.",
    parameters: &[Parameter::Number, Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[(r#"round(convert_force(1.2, "Newton", "Decanewton"), 9)"#, "0.12")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).and_then(|value| units::convert(units::FORCE, value, call.text(1), call.text(2))).into()
}
