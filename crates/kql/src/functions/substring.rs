//! `substring(text, start, [length])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "substring",
    about: "Characters of a text from a start (from 0; negative: from the end), all or so many.",
    parameters: &[Parameter::Text, Parameter::Whole, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[
        (r#"substring("abcdefg", 1, 2)"#, "bc"),
        (r#"substring("abcdefg", -3, 10)"#, "efg"),
        (r#"substring("äbc", 1)"#, "bc"),
        (r#"substring("abc", 9)"#, ""),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let text = call.text(0);
    let start = call.long(1).unwrap_or(0);
    let start = if start < 0 {
        let back = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
        text.chars().count().saturating_sub(back)
    } else {
        usize::try_from(start).unwrap_or(usize::MAX)
    };
    let length = call.long(2).map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    Value::owned(text.chars().skip(start).take(length).collect())
}
