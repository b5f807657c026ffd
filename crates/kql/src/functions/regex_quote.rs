//! `regex_quote(text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "regex_quote",
    about: "The text with all signs of regular expressions escaped.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"regex_quote("(a.b)")"#, r#"\(a\.b\)"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::owned(regex::escape(call.text(0)))
}
