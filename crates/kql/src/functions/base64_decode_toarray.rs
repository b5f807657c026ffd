//! `base64_decode_toarray(base64)`.
use super::{Call, Function, Kind, Parameter, Value, base64_decode_tostring};
use crate::json::ArrayWriter;

pub(super) const FUNCTION: Function = Function {
    name: "base64_decode_toarray",
    about: "The bytes that base64 stands for, as an array; null when it stands for none.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"base64_decode_toarray("S3VzdG8=")"#, "[75,117,115,116,111]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(bytes) = base64_decode_tostring::bytes(call.text(0)) else { return Value::Null };
    let mut array = ArrayWriter::default();
    bytes.iter().for_each(|byte| array.raw(itoa::Buffer::new().format(*byte)));
    Value::owned(array.finish())
}
