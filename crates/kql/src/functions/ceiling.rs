//! `ceiling(x)`.
use super::{Call, Function, Parameter, Value, first_kind};

pub(super) const FUNCTION: Function = Function {
    name: "ceiling",
    about: "The least whole number not below it.",
    parameters: &[Parameter::Number],
    returns: first_kind,
    call,
    examples: &[("ceiling(-1.1)", "-1.0"), ("ceiling(0.9)", "1.0"), ("ceiling(3)", "3")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    match call.value(0) {
        Value::Real(x) => Value::Real(x.ceil() + 0.0),
        other => other,
    }
}
