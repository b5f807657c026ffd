//! `trim(pattern, text)`.
use super::{Call, Function, Kind, Parameter, Value, trim_start::removed};

pub(super) const FUNCTION: Function = Function {
    name: "trim",
    about: "The text without what a regular expression matches at its start and end, once each.",
    parameters: &[Parameter::Text, Parameter::Text],
    check: super::trim_start::check,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"trim("--", "--a--")"#, "a"), (r#"trim("a", "aaaa")"#, "aa"), (r#"trim("a|^b", "ab")"#, "b"), (r#"trim(@"\s+", "  a b ")"#, "a b")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let pattern = call.text(0);
    removed(&format!("^({pattern})|({pattern})$"), call.value(1))
}
