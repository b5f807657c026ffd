//! `round(number, [digits])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "round",
    about: "The number rounded to so many digits behind the point (0), halves away from zero.",
    parameters: &[Parameter::Number, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("round(2.5)", "3.0"), ("round(-2.5)", "-3.0"), ("round(1234.567, 1)", "1234.6"), ("round(1234.5, -2)", "1200.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(real), digits) = (call.value(0).real(), call.long(1).unwrap_or(0)) else { return Value::Null };
    let Ok(digits) = i32::try_from(digits) else { return Value::Real(real) };
    let factor = 10_f64.powi(digits.clamp(-300, 15).abs());
    Value::Real(if digits < 0 { (real / factor).round() * factor } else { (real * factor).round() / factor })
}
