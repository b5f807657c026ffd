//! `isnull(value)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "isnull",
    about: "Whether a value is null; a text never is (see isempty).",
    parameters: &[Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[("isnull(long(null))", "true"), (r#"isnull("")"#, "false"), ("isnull(0)", "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::Bool(call.value(0).is_null())
}
