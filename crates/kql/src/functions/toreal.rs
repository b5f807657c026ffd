//! `toreal(value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "toreal",
    aliases: &["todouble"],
    about: "The value as a float; null when it is none.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("todouble(\"5.7\")", "5.7"), ("toreal(3)", "3.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::Real)
}
