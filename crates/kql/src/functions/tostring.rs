//! `tostring(value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "tostring",
    aliases: &[],
    about: "The value as text; null is the empty text.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[("tostring(1.5)", "1.5"), ("tostring(5.0)", "5"), ("tostring(1e300)", "1E+300"), ("tostring(0.00001)", "1E-05"), ("tostring(true)", "True"), ("tostring(dynamic(true))", "true"), ("tostring(long(null))", ""), ("tostring(dynamic({\"a\": [1, 2]}))", "{\"a\":[1,2]}")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::String)
}
