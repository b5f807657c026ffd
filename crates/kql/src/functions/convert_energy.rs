//! `convert_energy(value, from, to)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::units;

pub(super) const FUNCTION: Function = Function {
    name: "convert_energy",
    about: "An energy in another unit (`Joule`, `KilowattHour`, …); null for a unit that is unknown here.",
    parameters: &[Parameter::Number, Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[(r#"round(convert_energy(1.2, "Joule", "Calorie"), 9)"#, "0.286806883")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).and_then(|value| units::convert(units::ENERGY, value, call.text(1), call.text(2))).into()
}
