//! `isascii(text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "isascii",
    about: "Whether all characters are ASCII.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"isascii("abc")"#, "true"), (r#"isascii("ä")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(call.text(0).is_ascii())
}
