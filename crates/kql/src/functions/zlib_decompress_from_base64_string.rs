//! `zlib_decompress_from_base64_string(base64)`.
use super::{Call, Function, Kind, Parameter, Value, {base64_decode_tostring, gzip_decompress_from_base64_string::unpacked}};

pub(super) const FUNCTION: Function = Function {
    name: "zlib_decompress_from_base64_string",
    about: "The text that was packed with zlib; empty when it was not, or is above 32 MiB.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"zlib_decompress_from_base64_string("eJwLSS0uUSguKcrMS1cwNDIGACxqBQ4=")"#, "Test string 123")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let bytes = base64_decode_tostring::bytes(call.text(0)).unwrap_or_default();
    Value::owned(unpacked(flate2::read::ZlibDecoder::new(bytes.as_slice())))
}
