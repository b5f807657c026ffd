//! `set_has_element(array, value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "set_has_element",
    about: "Whether an array has that value.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"set_has_element(dynamic(["a", "b"]), "b")"#, "true"), ("set_has_element(dynamic([1, 2]), 3)", "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let sought = call.json(1);
    let sought = json::canonical(sought.text());
    json::elements(call.text(0)).map(|mut elements| elements.any(|element| json::canonical(element) == sought)).into()
}
