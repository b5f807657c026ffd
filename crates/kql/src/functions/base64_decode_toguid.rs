//! `base64_decode_toguid(base64)`.
use super::{Call, Function, Kind, Parameter, Value, base64_decode_tostring};

pub(super) const FUNCTION: Function = Function {
    name: "base64_decode_toguid",
    about: "The guid whose 16 bytes base64 stands for; null when it is none.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Guid),
    call,
    examples: &[(r#"base64_decode_toguid("JpbpECu8dUy7Pv5gbeJXAA==")"#, "10e99626-bc2b-4c75-bb3e-fe606de25700")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(bytes) = base64_decode_tostring::bytes(call.text(0)).and_then(|bytes| <[u8; 16]>::try_from(bytes).ok()) else {
        return Value::Null;
    };
    // .NET keeps the first three groups with their lowest byte first.
    let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let mut text = String::new();
    for (at, from) in order.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let byte = bytes.get(*from).copied().unwrap_or(0);
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    Value::owned(text)
}
