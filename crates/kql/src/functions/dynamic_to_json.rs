//! `dynamic_to_json(value)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "dynamic_to_json",
    about: "The value as JSON with the names of its bags in order, so that equal values give equal texts.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"dynamic_to_json(dynamic({"b": 2, "a": {"d": 1, "c": [1, 2]}}))"#, r#"{"a":{"c":[1,2],"d":1},"b":2}"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    Value::owned(in_order(call.json(0).text(), 0))
}

/// The JSON with its bags' names in order.
pub(super) fn in_order(json: &str, depth: usize) -> String {
    use crate::json::{ArrayWriter, MAX_DEPTH, ObjectWriter, elements, entries};
    if depth > MAX_DEPTH {
        return json.to_owned();
    }
    if let Some(elements) = elements(json) {
        let mut all = ArrayWriter::default();
        elements.for_each(|element| all.raw(&in_order(element, depth + 1)));
        return all.finish();
    }
    let Some(entries) = entries(json) else { return json.to_owned() };
    let mut sorted = std::collections::BTreeMap::new();
    sorted.extend(entries);
    let mut out = ObjectWriter::default();
    sorted.iter().for_each(|(key, value)| out.raw(key, &in_order(value, depth + 1)));
    out.finish()
}
