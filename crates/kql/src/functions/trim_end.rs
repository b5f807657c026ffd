//! `trim_end(pattern, text)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::pattern::cached;

pub(super) const FUNCTION: Function = Function {
    name: "trim_end",
    about: "The text without what a regular expression matches at its end, once.",
    parameters: &[Parameter::Text, Parameter::Text],
    regex: Some(0),
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"trim_end("--", "--a--")"#, "--a"), (r#"trim_end("a", "aaaa")"#, "aaa")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::owned(text_before(call.text(0), call.text(1)).to_owned())
}

/// The text before what the pattern matches at its end.
pub(super) fn text_before<'t>(pattern: &str, text: &'t str) -> &'t str {
    let found = cached(&format!("(?:{pattern})$")).and_then(|regex| regex.find(text).map(|found| found.start()));
    found.and_then(|start| text.get(..start)).unwrap_or(text)
}
