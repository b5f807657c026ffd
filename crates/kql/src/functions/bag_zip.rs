//! `bag_zip(keys, values)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ObjectWriter};

pub(super) const FUNCTION: Function = Function {
    name: "bag_zip",
    about: "A bag of the names of one array with the values of another; names that are no texts are left out, values that are missing are null.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"bag_zip(dynamic(["a", 8, "b"]), dynamic([1, "2", 2.5]))"#, r#"{"a":1,"b":2.5}"#), (r#"bag_zip(dynamic(["a", "b"]), dynamic([1]))"#, r#"{"a":1,"b":null}"#), (r#"bag_zip(dynamic("a"), dynamic([1]))"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(keys) = json::elements(call.text(0)) else { return Value::Null };
    let values: Vec<&str> = json::elements(call.text(1)).map(Iterator::collect).unwrap_or_default();
    let mut out = ObjectWriter::default();
    for (at, key) in keys.enumerate().filter(|(_, key)| key.starts_with('"')) {
        out.raw(key, values.get(at).copied().unwrap_or("null"));
    }
    Value::owned(out.finish())
}
