//! `base64_encode_fromarray(bytes)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;
use base64::{Engine as _, engine::general_purpose::STANDARD};

pub(super) const FUNCTION: Function = Function {
    name: "base64_encode_fromarray",
    about: "An array of bytes as base64; empty when it is none.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[("base64_encode_fromarray(dynamic([75, 117, 115, 116, 111]))", "S3VzdG8=")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let bytes = json::elements(call.text(0)).and_then(|bytes| bytes.map(|byte| byte.parse().ok()).collect::<Option<Vec<u8>>>());
    Value::owned(bytes.map(|bytes| STANDARD.encode(bytes)).unwrap_or_default())
}
