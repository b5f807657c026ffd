//! `isutf8(text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "isutf8",
    about: "Whether the text is UTF-8; here each is.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"isutf8("ä")"#, "true")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let _ = call;
    Value::Bool(true)
}
