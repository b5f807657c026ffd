//! `base64_decode_tostring(base64)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "base64_decode_tostring",
    aliases: &["base64_decodestring"],
    about: "The text that base64 stands for; empty when it stands for none.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"base64_decode_tostring("S3VzdG8=")"#, "Kusto"), (r#"base64_decode_tostring("U3RyaW5n0KHR0tGA0L7Rh9C60LA=")"#, "")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let text = bytes(call.text(0)).and_then(|bytes| String::from_utf8(bytes).ok());
    Value::owned(text.unwrap_or_default())
}

/// The bytes of base64 with its padding.
pub(super) fn bytes(base64: &str) -> Option<Vec<u8>> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.decode(base64.trim()).ok()
}
