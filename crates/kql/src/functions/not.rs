//! `not(condition)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "not",
    about: "The opposite of a truth; null stays null.",
    parameters: &[Parameter::Bool],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[("not(true)", "false"), ("not(bool(null))", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.value(0).truth().map_or(Value::Null, |truth| Value::Bool(!truth))
}
