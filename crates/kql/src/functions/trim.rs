//! `trim(pattern, text)`.
use super::{Call, Function, Kind, Parameter, Value, trim_end};

pub(super) const FUNCTION: Function = Function {
    name: "trim",
    about: "The text without what a regular expression matches at its start and end, once each.",
    parameters: &[Parameter::Text, Parameter::Text],
    regex: Some(0),
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"trim("--", "--a--")"#, "a"), (r#"trim("a", "aaaa")"#, "aa"), (r#"trim(@"\s+", "  a b ")"#, "a b")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let text = call.text(1);
    let start = call.regex.and_then(|regex| regex.find(text)).filter(|found| found.start() == 0);
    let rest = start.and_then(|found| text.get(found.end()..)).unwrap_or(text);
    Value::owned(trim_end::text_before(call.text(0), rest).to_owned())
}
