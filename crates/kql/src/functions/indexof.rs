//! `indexof(text, part)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "indexof",
    about: "How many characters come before the first place where the part stands; -1 when it does not.",
    parameters: &[Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"indexof("äbcab", "ab")"#, "3"), (r#"indexof("abc", "x")"#, "-1")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let text = call.text(0);
    let before = text.find(call.text(1)).and_then(|at| text.get(..at)).map(|before| before.chars().count());
    Value::Long(before.and_then(|count| i64::try_from(count).ok()).unwrap_or(-1))
}
