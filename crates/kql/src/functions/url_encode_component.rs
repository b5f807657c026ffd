//! `url_encode_component(text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "url_encode_component",
    about: "The text with everything but letters, digits and `-_.~` as `%XX`.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"url_encode_component("hello world/ä")"#, "hello%20world%2F%C3%A4")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut out = String::new();
    for byte in call.text(0).bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    Value::owned(out)
}
