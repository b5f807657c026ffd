//! `bag_has_key(bag, key)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json, json_path};

pub(super) const FUNCTION: Function = Function {
    name: "bag_has_key",
    about: "Whether a bag has a property of that name, or at that path (`$.a.b`).",
    parameters: &[Parameter::Dynamic, Parameter::Text],
    returns: |_| Ok(Kind::Bool),
    call,
    examples: &[(r#"bag_has_key(dynamic({"a": {"b": 1}}), "a")"#, "true"), (r#"bag_has_key(dynamic({"a": {"b": 1}}), "$.a.b")"#, "true"), (r#"bag_has_key(dynamic({"a": 1}), "b")"#, "false")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (bag, key) = (call.text(0), call.text(1));
    if json::entries(bag).is_none() {
        return Value::Null;
    }
    let is_path = key.starts_with("$.") || key.starts_with("$[");
    Value::Bool(match json_path::parse(key).filter(|_| is_path) {
        Some(steps) => json_path::follow(bag, &steps).is_some(),
        None => json::property(bag, key).is_some(),
    })
}
