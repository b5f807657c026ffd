//! `translate(search, replacement, text)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "translate",
    about: "The text with each character of the first list replaced by the one at its place in the second; its last goes on.",
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"translate("krasp", "otsku", "spark")"#, "kusto"), (r#"translate("abc", "x", "abc")"#, "xxx"), (r#"translate("abc", "", "ab")"#, "")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let replacements: Vec<char> = call.text(1).chars().collect();
    let search: Vec<char> = call.text(0).chars().collect();
    let translated = call.text(2).chars().filter_map(|c| match search.iter().position(|sought| *sought == c) {
        Some(at) => replacements.get(at).or(replacements.last()).copied(),
        None => Some(c),
    });
    Value::owned(translated.collect())
}
