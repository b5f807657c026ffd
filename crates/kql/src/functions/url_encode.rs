//! `url_encode(text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "url_encode",
    about: "The text as in a form: a blank as `+`, everything but letters, digits and `-_.!*()` as `%xx`.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"url_encode("https://a.b/hello world")"#, "https%3a%2f%2fa.b%2fhello+world")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut out = String::new();
    for byte in call.text(0).bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'!' | b'*' | b'(' | b')') {
            out.push(char::from(byte));
        } else if byte == b' ' {
            out.push('+');
        } else {
            out.push_str(&format!("%{byte:02x}"));
        }
    }
    Value::owned(out)
}
