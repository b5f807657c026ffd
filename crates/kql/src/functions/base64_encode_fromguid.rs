//! `base64_encode_fromguid(guid)`.
use super::{Call, Function, Kind, Parameter, Value};
use base64::{Engine as _, engine::general_purpose::STANDARD};

pub(super) const FUNCTION: Function = Function {
    name: "base64_encode_fromguid",
    about: "The guid's 16 bytes as base64.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[("base64_encode_fromguid(guid(10e99626-bc2b-4c75-bb3e-fe606de25700))", "JpbpECu8dUy7Pv5gbeJXAA==")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let digits: String = call.text(0).chars().filter(|c| *c != '-').collect();
    let byte = |at: usize| digits.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let bytes: Option<Vec<u8>> = order.into_iter().map(byte).collect();
    Value::owned(bytes.map(|bytes| STANDARD.encode(bytes)).unwrap_or_default())
}
