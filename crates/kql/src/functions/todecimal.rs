//! `todecimal(value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "todecimal",
    about: "The value as a decimal number of 34 digits; null when it is none.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Decimal),
    call,
    examples: &[(r#"todecimal("0.1") + todecimal("0.2")"#, "0.3"), ("todecimal(5)", "5"), (r#"todecimal("x")"#, "null"), ("toreal(decimal(1.5))", "1.5"), ("decimal(10) / 4", "2.5"), ("decimal(1.5) > 1", "true")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::Decimal)
}
