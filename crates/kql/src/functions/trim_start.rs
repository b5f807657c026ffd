//! `trim_start(pattern, text)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{needle::compile_regex, pattern::cached};

pub(super) const FUNCTION: Function = Function {
    name: "trim_start",
    about: "The text without what a regular expression matches at its start, once.",
    parameters: &[Parameter::Text, Parameter::Text],
    check,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"trim_start("--", "--a--")"#, "a--"), (r#"trim_start(@"\s+", "  a ")"#, "a ")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    removed(&format!("^({})", call.text(0)), call.value(1))
}

/// A pattern that is a constant must be one.
pub(super) fn check(constants: &[Option<Value<'_>>]) -> Result<(), String> {
    match constants.first() {
        Some(Some(pattern)) => compile_regex(&format!("^({})", pattern.text())).map(|_| ()).map_err(|error| format!("takes a pattern: {error}")),
        _ => Err("takes a constant as its pattern".to_owned()),
    }
}

/// The text without what the pattern matches.
pub(super) fn removed<'a>(pattern: &str, text: Value<'a>) -> Value<'a> {
    match cached(pattern) {
        Some(regex) if regex.is_match(text.text()) => Value::owned(regex.replace_all(text.text(), "").into_owned()),
        _ => text,
    }
}
