//! `hash_md5(value)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "hash_md5",
    about: "The MD5 sum of the value's text, in hexadecimal; empty for the empty text.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"hash_md5("World")"#, "f5a7924e621e84c9280a9a27e1bcb7f6"), ("hash_md5(123)", "202cb962ac59075b964b07152d234b70"), (r#"hash_md5("")"#, "")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    hex_of(call, |bytes| md5::Md5::digest(bytes).to_vec())
}

use md5::Digest as _;

/// The digest of the first argument's text in hexadecimal.
pub(super) fn hex_of(call: &Call<'_, '_>, digest: impl Fn(&[u8]) -> Vec<u8>) -> Value<'static> {
    let text = call.shown(0);
    if text.text().is_empty() {
        return Value::EMPTY;
    }
    let mut out = String::new();
    for byte in digest(text.text().as_bytes()) {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    Value::owned(out)
}
