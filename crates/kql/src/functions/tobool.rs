//! `tobool(value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "tobool",
    aliases: &["toboolean"],
    about: "The value as a truth; null when it is none.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[("tobool(\"TRUE \")", "true"), ("tobool(\"2\")", "true"), ("tobool(\"yes\")", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::Bool)
}
