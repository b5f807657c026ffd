//! `replace_strings(text, lookups, rewrites)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "replace_strings",
    about: "The text with every place where one of the lookups stands replaced by the rewrite at its place in the list (or the one rewrite).",
    parameters: &[Parameter::Text, Parameter::Dynamic, Parameter::Any],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"replace_strings("a-b+c", dynamic(["-", "+"]), dynamic(["x", "y"]))"#, "axbyc"), (r#"replace_strings("a-b+c", dynamic(["-", "+"]), "_")"#, "a_b_c"),
        (r#"replace_strings("cat dog", dynamic(["cat", "dog"]), dynamic(["dog", "pigeon"]))"#, "dog pigeon"),
        (r#"replace_strings("This is", dynamic(["is", "This"]), dynamic(["was", "This"]))"#, "Thwas was")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(lookups) = json::elements(call.text(1)) else { return Value::EMPTY };
    let rewrites = call.json(2);
    let rewrites: Vec<Option<String>> = match json::elements(rewrites.text()) {
        // What is no text rewrites nothing; its lookup stays as it is.
        Some(rewrites) => rewrites.map(|rewrite| rewrite.starts_with('"').then(|| json::unquote(rewrite))).collect(),
        None => vec![Some(json::unquote(rewrites.text()))],
    };
    let is_one = rewrites.len() == 1;
    // What was rewritten is not looked through again.
    let mut pieces = vec![(call.text(0).to_owned(), false)];
    for (at, lookup) in lookups.map(json::unquote).enumerate() {
        let Some(rewrite) = rewrites.get(if is_one { 0 } else { at }) else { return Value::EMPTY };
        if lookup.is_empty() {
            continue;
        }
        let rewrite = rewrite.as_ref().unwrap_or(&lookup);
        let mut next = Vec::new();
        for (text, is_rewritten) in pieces {
            if is_rewritten {
                next.push((text, true));
                continue;
            }
            for (number, part) in text.split(&lookup).enumerate() {
                if number > 0 {
                    next.push((rewrite.clone(), true));
                }
                next.push((part.to_owned(), false));
            }
        }
        if next.iter().map(|(text, _)| text.len()).sum::<usize>() > super::replace_string::LONGEST {
            return Value::EMPTY;
        }
        pieces = next;
    }
    Value::owned(pieces.into_iter().map(|(text, _)| text).collect())
}
