//! `reverse(value)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "reverse",
    about: "The characters of the value's text, last first.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"reverse("abc")"#, "cba"), ("reverse(123)", "321")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::owned(call.shown(0).text().chars().rev().collect())
}
