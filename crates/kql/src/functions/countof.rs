//! `countof(text, search, [kind])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::pattern::cached;

pub(super) const FUNCTION: Function = Function {
    name: "countof",
    about: r#"How often a text stands in another, overlaps counted; of kind "regex", how often a regular expression matches."#,
    parameters: &[Parameter::Text, Parameter::Text, Parameter::Text],
    optional: 1,
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"countof("aaaa", "aa")"#, "3"), (r#"countof("aaaa", "aa", "regex")"#, "2"), (r#"countof("abc", "x")"#, "0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (text, search) = (call.text(0), call.text(1));
    let count = match call.text(2) {
        "regex" => match cached(search) {
            Some(regex) => regex.find_iter(text).count(),
            None => return Value::Null,
        },
        "" | "normal" => overlapping(text, search),
        _ => return Value::Null,
    };
    i64::try_from(count).ok().into()
}

fn overlapping(text: &str, search: &str) -> usize {
    let Some(first) = search.chars().next() else { return 0 };
    let mut count = 0;
    let mut rest = text;
    while let Some(at) = rest.find(search) {
        count += 1;
        rest = rest.get(at + first.len_utf8()..).unwrap_or_default();
    }
    count
}
