//! `isempty(value)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "isempty",
    about: "Whether a value is null or the empty text.",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"isempty("")"#, "true"), ("isempty(long(null))", "true"), ("isempty(dynamic(0))", "false")],
    ..Function::BASE
};

/// Whether argument 0 is null or empty; a dynamic empty string is empty too.
pub(super) fn is_empty(call: &Call<'_, '_>) -> bool {
    let value = call.value(0);
    value.is_null() || value == Value::EMPTY || (call.kind_of(0) == Kind::Dynamic && value.text() == "\"\"")
}

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(is_empty(call))
}
