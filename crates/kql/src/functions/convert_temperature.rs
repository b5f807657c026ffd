//! `convert_temperature(value, from, to)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::units;

pub(super) const FUNCTION: Function = Function {
    name: "convert_temperature",
    about: "A temperature in another unit (`Kelvin`, `DegreeCelsius`, `DegreeFahrenheit`, `DegreeRankine`); null for a unit that is unknown here.",
    parameters: &[Parameter::Number, Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[(r#"round(convert_temperature(1.2, "Kelvin", "DegreeCelsius"), 6)"#, "-271.95")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).and_then(|value| units::temperature(value, call.text(1), call.text(2))).into()
}
