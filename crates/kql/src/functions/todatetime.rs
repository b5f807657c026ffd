//! `todatetime(value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "todatetime",
    aliases: &[],
    about: "The value as a time in UTC; null when it is none.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("todatetime(\"2022-12-02T13:45:56+02:00\")", "2022-12-02T11:45:56.0000000Z"), ("todatetime(\"13-01-2022\")", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::DateTime)
}
