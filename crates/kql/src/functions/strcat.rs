//! `strcat(value, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::convert::convert;

pub(super) const FUNCTION: Function = Function {
    name: "strcat",
    about: "The values' texts, one behind the other; nulls are empty.",
    parameters: &[Parameter::Any],
    repeats: true,
    is_strict: false,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"strcat("a", int(null), 1, true)"#, "a1True")],
    ..Function::BASE
};

/// The values from argument `from` on, with `delimiter` between them.
pub(super) fn join<'a>(call: &Call<'_, 'a>, from: usize, delimiter: &str) -> Value<'a> {
    let mut text = String::new();
    for at in from..call.arguments.len() {
        if at > from {
            text.push_str(delimiter);
        }
        let value = convert(call.value(at), call.kind_of(at), Kind::String);
        // A text in a log never is so long; a query that doubles a text thirty times would be.
        if text.len() + value.text().len() > super::replace_string::LONGEST {
            break;
        }
        text.push_str(value.text());
    }
    Value::owned(text)
}

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    join(call, 0, "")
}
