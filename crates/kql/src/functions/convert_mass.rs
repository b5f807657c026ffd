//! `convert_mass(value, from, to)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::units;

pub(super) const FUNCTION: Function = Function {
    name: "convert_mass",
    about: "A mass in another unit (`Kilogram`, `Pound`, …); null for a unit that is unknown here.",
    parameters: &[Parameter::Number, Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[(r#"round(convert_mass(1.2, "Kilogram", "Pound"), 9)"#, "2.645547146")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).and_then(|value| units::convert(units::MASS, value, call.text(1), call.text(2))).into()
}
