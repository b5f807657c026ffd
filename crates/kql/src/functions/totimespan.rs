//! `totimespan(value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "totimespan",
    aliases: &["totime"],
    about: "The value as a timespan; null when it is none; numbers are ticks.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::TimeSpan),
    call,
    examples: &[("totimespan(\"1.02:03:04.5\")", "1.02:03:04.5000000"), ("totimespan(\"10\")", "null"), ("totimespan(10000000)", "00:00:01")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    convert(call.value(0), call.kind_of(0), Kind::TimeSpan)
}
