//! `bag_pack(key, value, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::ObjectWriter;

pub(super) const FUNCTION: Function = Function {
    name: "bag_pack",
    aliases: &["pack", "pack_dictionary"],
    about: "A bag of names and values.",
    parameters: &[Parameter::Any, Parameter::Any],
    repeats: true,
    is_strict: false,
    returns: |kinds| if kinds.len().is_multiple_of(2) { Ok(Kind::Dynamic) } else { Err("takes pairs of name and value".to_owned()) },
    call,
    examples: &[(r#"bag_pack("a", 1, "b", "x")"#, r#"{"a":1,"b":"x"}"#), (r#"bag_pack("t", 1h, "n", long(null))"#, r#"{"t":"01:00:00","n":null}"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut out = ObjectWriter::default();
    let mut seen = std::collections::BTreeSet::new();
    for at in (0..call.arguments.len()).step_by(2) {
        let key = call.shown(at).text().to_owned();
        if seen.insert(key.clone()) {
            out.value(&key, call.json_or_null(at + 1).text());
        }
    }
    Value::owned(out.finish())
}
