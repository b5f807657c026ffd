//! `extract(pattern, group, text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "extract",
    about: "What a group of a regular expression matched (0: all of it); empty when nothing did.",
    parameters: &[Parameter::Text, Parameter::Whole, Parameter::Text],
    regex: Some(0),
    returns: |_| Ok(Kind::String),
    call,
    examples: &[
        (r#"extract("x=([0-9.]+)", 1, "hello x=45.6|wo")"#, "45.6"),
        (r#"extract("x=([0-9.]+)", 7, "hello x=45.6|wo")"#, ""),
        (r#"extract("(z+)", 1, "hello")"#, ""),
        (r#"extract("x=([0-9.]+)", 1, "x=45.6", typeof(real))"#, "45.6"),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let group = call.long(1).and_then(|group| usize::try_from(group).ok());
    let (Some(regex), Some(group)) = (call.regex, group) else { return Value::EMPTY };
    let found = regex.captures(call.text(2)).and_then(|captures| captures.get(group));
    found.map_or(Value::EMPTY, |found| Value::owned(found.as_str().to_owned()))
}
