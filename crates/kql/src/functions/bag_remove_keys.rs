//! `bag_remove_keys(bag, keys)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json, json_path::{self, Step}};

pub(super) const FUNCTION: Function = Function {
    name: "bag_remove_keys",
    about: "The bag without properties of these names, or at these paths (`$.a.b`).",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"bag_remove_keys(dynamic({"a": 1, "b": 2}), dynamic(["b", "c"]))"#, r#"{"a":1}"#), (r#"bag_remove_keys(dynamic({"a": 1, "b": {"c": 2, "d": 3}}), dynamic(["$.b.c"]))"#, r#"{"a":1,"b":{"d":3}}"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(keys) = json::elements(call.text(1)) else { return Value::Null };
    if json::entries(call.text(0)).is_none() {
        return Value::Null;
    }
    let mut bag = call.text(0).to_owned();
    for key in keys.map(json::unquote) {
        let is_path = key.starts_with("$.") || key.starts_with("$[");
        let steps = json_path::parse(&key).filter(|_| is_path).unwrap_or_else(|| vec![Step::Name(key)]);
        bag = without(&bag, &steps);
    }
    Value::owned(bag)
}

/// The bag without what the path leads to.
fn without(bag: &str, steps: &[Step]) -> String {
    let (Some((Step::Name(name), rest)), Some(entries)) = (steps.split_first(), json::entries(bag)) else {
        return bag.to_owned();
    };
    let mut out = json::ObjectWriter::default();
    for (key, value) in entries {
        if json::unquote(key) != *name {
            out.raw(key, value);
        } else if !rest.is_empty() {
            out.raw(key, &without(value, rest));
        }
    }
    out.finish()
}
