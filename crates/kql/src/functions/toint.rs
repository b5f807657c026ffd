//! `toint(value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "toint",
    aliases: &[],
    about: "The value as a 32-bit integer; null when a text is none; larger numbers wrap.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Int),
    call,
    examples: &[("toint(\"5\")", "5"), ("toint(9999999999)", "1410065407"), ("toint(\"x\")", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::Int)
}
