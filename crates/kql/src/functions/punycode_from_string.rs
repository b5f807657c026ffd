//! `punycode_from_string(text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "punycode_from_string",
    about: "The text in punycode.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"punycode_from_string("académie-française")"#, "acadmie-franaise-npb1a")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::owned(crate::punycode::encode(call.text(0)).unwrap_or_default())
}
