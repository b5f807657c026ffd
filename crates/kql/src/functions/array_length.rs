//! `array_length(array)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "array_length",
    aliases: &["arraylength"],
    about: "The number of elements of a dynamic array; null for anything else.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[("array_length(dynamic([1, 2]))", "2"), ("array_length(dynamic({}))", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let count = json::elements(call.text(0)).map(Iterator::count);
    count.and_then(|count| i64::try_from(count).ok()).map_or(Value::Null, Value::Long)
}
