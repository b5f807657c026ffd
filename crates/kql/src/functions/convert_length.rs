//! `convert_length(value, from, to)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::units;

pub(super) const FUNCTION: Function = Function {
    name: "convert_length",
    about: "A length in another unit (`Meter`, `Foot`, …); null for a unit that is unknown here.",
    parameters: &[Parameter::Number, Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[(r#"round(convert_length(1.2, "Meter", "Foot"), 9)"#, "3.937007874"), (r#"convert_length(1, "Meter", "x")"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.real(0).and_then(|value| units::convert(units::LENGTH, value, call.text(1), call.text(2))).into()
}
