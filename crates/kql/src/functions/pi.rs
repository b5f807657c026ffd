//! `pi()`.
use super::{Call, Function, Kind, Value};

pub(super) const FUNCTION: Function = Function {
    name: "pi",
    about: "The ratio of a circle's circumference to its diameter.",
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("pi()", "3.141592653589793")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let _ = call;
    Value::Real(std::f64::consts::PI)
}
