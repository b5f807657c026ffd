//! `trim(pattern, text)`.
use crate::pattern::cached;
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
    let (start, end) = (format!("^({pattern})"), format!("({pattern})$"));
    let both = format!("{start}|{end}");
    // A named group cannot stand in both: then one end after the other.
    match cached(&both) {
        Some(_) => removed(&both, call.value(1)),
        None => removed(&end, removed(&start, call.value(1))),
    }
}
