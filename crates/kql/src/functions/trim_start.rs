//! `trim_start(pattern, text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "trim_start",
    about: "The text without what a regular expression matches at its start, once.",
    parameters: &[Parameter::Text, Parameter::Text],
    regex: Some(0),
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"trim_start("--", "--a--")"#, "a--"), (r#"trim_start(@"\s+", "  a ")"#, "a ")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let text = call.text(1);
    match call.regex.and_then(|regex| regex.find(text)) {
        Some(found) if found.start() == 0 => Value::owned(text.get(found.end()..).unwrap_or_default().to_owned()),
        _ => call.value(1),
    }
}
