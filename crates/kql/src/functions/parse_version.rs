//! `parse_version(version)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "parse_version",
    about: "A version of one to four numbers as a decimal that orders as versions do; null when it is none.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Decimal),
    call,
    examples: &[(r#"parse_version("1.2.3.40")"#, "1000000020000000300000040"), (r#"parse_version("0.2")"#, "20000000000000000"), (r#"parse_version("x")"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let parts: Vec<&str> = call.text(0).split('.').collect();
    if parts.is_empty() || parts.len() > 4 {
        return Value::Null;
    }
    let mut number = 0_u128;
    for at in 0..4 {
        let part = parts.get(at).copied().unwrap_or("0");
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Value::Null;
        }
        number = number * 100_000_000 + part.parse::<u128>().unwrap_or(0);
    }
    Value::owned(number.to_string())
}
