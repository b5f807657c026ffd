//! `strcat_delim(delimiter, value, …)`.
use super::{Call, Function, Kind, Parameter, Value, strcat::join};

pub(super) const FUNCTION: Function = Function {
    name: "strcat_delim",
    about: "The values' texts with a delimiter between them; nulls are empty.",
    parameters: &[Parameter::Text, Parameter::Any, Parameter::Any],
    repeats: true,
    is_strict: false,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"strcat_delim("-", "a", int(null), "b")"#, "a--b")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    join(call, 1, call.text(0))
}
