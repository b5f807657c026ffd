//! `replace_strings(text, lookups, rewrites)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "replace_strings",
    about: "The text with every place where one of the lookups stands replaced by the rewrite at its place in the list (or the one rewrite).",
    parameters: &[Parameter::Text, Parameter::Dynamic, Parameter::Any],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"replace_strings("a-b+c", dynamic(["-", "+"]), dynamic(["x", "y"]))"#, "axbyc"), (r#"replace_strings("a-b+c", dynamic(["-", "+"]), "_")"#, "a_b_c")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(lookups) = json::elements(call.text(1)) else { return Value::EMPTY };
    let rewrites = call.json(2);
    let rewrites: Vec<String> = match json::elements(rewrites.text()) {
        Some(rewrites) => rewrites.map(json::unquote).collect(),
        None => vec![json::unquote(rewrites.text())],
    };
    let is_one = rewrites.len() == 1;
    let mut text = call.text(0).to_owned();
    for (at, lookup) in lookups.map(json::unquote).enumerate() {
        let Some(rewrite) = rewrites.get(if is_one { 0 } else { at }) else { return Value::EMPTY };
        if lookup.is_empty() {
            continue;
        }
        if rewrite.len().saturating_mul(text.len()) > super::replace_string::LONGEST && rewrite.len() > lookup.len() {
            return Value::EMPTY;
        }
        text = text.replace(&lookup, rewrite);
    }
    Value::owned(text)
}
