//! `base64_encode_tostring(text)`.
use super::{Call, Function, Kind, Parameter, Value};
use base64::{Engine as _, engine::general_purpose::STANDARD};

pub(super) const FUNCTION: Function = Function {
    name: "base64_encode_tostring",
    aliases: &["base64_encodestring"],
    about: "The text's bytes as base64.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"base64_encode_tostring("Kusto")"#, "S3VzdG8=")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::owned(STANDARD.encode(call.text(0)))
}
