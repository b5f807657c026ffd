//! `replace_regex(text, pattern, rewrite)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::pattern;

pub(super) const FUNCTION: Function = Function {
    name: "replace_regex",
    about: r#"The text with every match of a regular expression rewritten; `\1` stands for a group."#,
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Text],
    regex: Some(1),
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r##"replace_regex("a1b22", @"\d+", "#")"##, "a#b#"), (r#"replace_regex("ab", "(a)(b)", @"\2\1")"#, "ba"), (r#"replace_regex("a", "a", "$1")"#, "$1")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(regex) = call.regex else { return call.value(0) };
    rewritten(regex, call.text(0), call.text(2))
}

/// Every match rewritten.
pub(super) fn rewritten(regex: &regex::Regex, text: &str, rewrite: &str) -> Value<'static> {
    if rewrite.len().saturating_mul(text.len() + 1) > super::replace_string::LONGEST.saturating_mul(64) {
        return Value::EMPTY;
    }
    Value::owned(regex.replace_all(text, pattern::rewrite(rewrite)).into_owned())
}
