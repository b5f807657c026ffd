//! `toguid(value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "toguid",
    aliases: &[],
    about: "The value as a guid; null when it is none.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Guid),
    call,
    examples: &[("toguid(\"70FC66F7-8279-44FC-9092-D364D70FCE44\")", "70fc66f7-8279-44fc-9092-d364d70fce44"), ("toguid(\"x\")", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::Guid)
}
