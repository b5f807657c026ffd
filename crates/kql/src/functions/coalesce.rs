//! `coalesce(value, …)`.
use super::{Call, Function, Parameter, Value, common_kind, promoted};

pub(super) const FUNCTION: Function = Function {
    name: "coalesce",
    about: "The first value that is not null; of texts, the first that is not empty.",
    parameters: &[Parameter::Any, Parameter::Any],
    repeats: true,
    is_strict: false,
    returns: |kinds| common_kind(kinds.iter().copied()),
    call,
    examples: &[(r#"coalesce("", "b")"#, "b"), ("coalesce(long(null), 2)", "2"), ("coalesce(int(null), int(null))", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let found = call.arguments.iter().position(|value| !value.is_null() && *value != Value::EMPTY);
    found.map_or(Value::Null, |at| promoted(call, at))
}
