//! `isnotempty(value)`.
use super::{Call, Function, Kind, Parameter, Value, isempty::is_empty};

pub(super) const FUNCTION: Function = Function {
    name: "isnotempty",
    aliases: &["notempty"],
    about: "Whether a value is neither null nor the empty text.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"isnotempty("a")"#, "true"), ("notempty(long(null))", "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(!is_empty(call))
}
