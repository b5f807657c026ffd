//! `replace(pattern, rewrite, text)`.
use super::{Call, Function, Kind, Parameter, Value, replace_regex};

pub(super) const FUNCTION: Function = Function {
    name: "replace",
    about: "The old spelling of `replace_regex`, pattern first.",
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Text],
    regex: Some(0),
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r##"replace(@"\d+", "#", "a1b22")"##, "a#b#")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(regex) = call.regex else { return call.value(2) };
    replace_regex::rewritten(regex, call.text(2), call.text(1))
}
