//! `trim_end(pattern, text)`.
use super::{Call, Function, Kind, Parameter, Value, trim_start::removed};

pub(super) const FUNCTION: Function = Function {
    name: "trim_end",
    about: "The text without what a regular expression matches at its end, once.",
    parameters: &[Parameter::Text, Parameter::Text],
    check: super::trim_start::check,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"trim_end("--", "--a--")"#, "--a"), (r#"trim_end("a", "aaaa")"#, "aaa")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    removed(&format!("({})$", call.text(0)), call.value(1))
}
