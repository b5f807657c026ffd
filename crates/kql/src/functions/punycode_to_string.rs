//! `punycode_to_string(punycode)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "punycode_to_string",
    about: "The text that punycode stands for.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"punycode_to_string("acadmie-franaise-npb1a")"#, "académie-française")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::owned(crate::punycode::decode(call.text(0)).unwrap_or_default())
}
