//! `indexof_regex(text, pattern, [start], [length], [occurrence])`.
use super::{Call, Function, Kind, Parameter, Value, indexof};

pub(super) const FUNCTION: Function = Function {
    name: "indexof_regex",
    about: "How many characters come before a match of a regular expression; -1 when there is none.",
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Whole, Parameter::Whole, Parameter::Whole],
    optional: 3,
    regex: Some(1),
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"indexof_regex("abcabc", "a.c")"#, "0"), (r#"indexof_regex("abcabc", "a.c", 1)"#, "3"), (r#"indexof_regex("abcabc", "a.c", 0, -1, 2)"#, "3"), (r#"indexof_regex("abc", "x")"#, "-1"), (r#"indexof_regex("abc", "a", -1)"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(regex) = call.regex.filter(|_| call.long(2).unwrap_or(0) >= 0) else { return Value::Null };
    let text = call.text(0);
    // A match may be empty: the next begins behind the character at hand.
    let step = |at: usize| text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    let find = |from: usize| {
        let found = regex.find_at(text, from.min(text.len()))?;
        (from <= text.len()).then(|| (found.start(), found.len().max(step(found.start()))))
    };
    indexof::occurrence(call, text, find).map_or(Value::Null, Value::Long)
}
