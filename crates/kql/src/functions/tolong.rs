//! `tolong(value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "tolong",
    aliases: &[],
    about: "The value as a 64-bit integer; null when a text is none.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[("tolong(\"0x10\")", "16"), ("tolong(\"5.7\")", "null"), ("tolong(5.7)", "5"), ("tolong(1s)", "10000000")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::Long)
}
