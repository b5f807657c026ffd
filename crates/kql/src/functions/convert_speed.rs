//! `convert_speed(value, from, to)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::units;

pub(super) const FUNCTION: Function = Function {
    name: "convert_speed",
    about: "A speed in another unit (`MeterPerSecond`, `Knot`, …); null for a unit that is unknown here.",
    parameters: &[Parameter::Number, Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[(r#"round(convert_speed(1.2, "MeterPerSecond", "CentimeterPerHour"), 6)"#, "432000.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (from, to) = (units::speed(call.text(1)), units::speed(call.text(2)));
    call.real(0).zip(from.zip(to)).map(|(value, (from, to))| value * from / to).into()
}
