//! `convert_volume(value, from, to)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::units;

pub(super) const FUNCTION: Function = Function {
    name: "convert_volume",
    about: "A volume in another unit (`CubicMeter`, `Liter`, …); null for a unit that is unknown here.",
    parameters: &[Parameter::Number, Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[(r#"round(convert_volume(1.2, "CubicMeter", "Liter"), 9)"#, "1200.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).and_then(|value| units::convert(units::VOLUME, value, call.text(1), call.text(2))).into()
}
