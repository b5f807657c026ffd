//! `bag_set_key(bag, key, value)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ObjectWriter};

pub(super) const FUNCTION: Function = Function {
    name: "bag_set_key",
    about: "The bag with a property of that name set.",
    parameters: &[Parameter::Dynamic, Parameter::Text, Parameter::Any],
    is_strict: false,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"bag_set_key(dynamic({"a": 1}), "b", 2)"#, r#"{"a":1,"b":2}"#), (r#"bag_set_key(dynamic({"a": 1, "c": 3}), "a", "x")"#, r#"{"a":"x","c":3}"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(entries) = json::entries(call.text(0)) else { return Value::Null };
    let (name, new) = (call.text(1), call.json_or_null(2));
    let mut out = ObjectWriter::default();
    let mut is_set = false;
    for (key, value) in entries {
        let is_it = json::unquote(key) == name;
        is_set |= is_it;
        out.raw(key, if is_it { new.text() } else { value });
    }
    if !is_set {
        out.value(name, new.text());
    }
    Value::owned(out.finish())
}
