//! `isnotnull(value)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "isnotnull",
    aliases: &["notnull"],
    about: "Whether a value is not null; a text never is null (see isnotempty).",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[("isnotnull(1)", "true"), ("isnotnull(datetime(null))", "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(!call.value(0).is_null())
}
