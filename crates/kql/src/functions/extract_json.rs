//! `extract_json(path, json)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json, json_path};

pub(super) const FUNCTION: Function = Function {
    name: "extract_json",
    aliases: &["extractjson"],
    about: "What a path (`$.a.b[0]`) leads to in a JSON text.",
    parameters: &[Parameter::Text, Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"extract_json("$.hosts[1].name", '{"hosts": [{"name": "a"}, {"name": "b"}]}')"#, "b"), (r#"extract_json("$.n", '{"n": 30}', typeof(long))"#, "30"), (r#"extract_json("$.x", '{"n": 30}')"#, "")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let found = json_path::parse(call.text(0)).and_then(|steps| json_path::follow(call.text(1), &steps));
    match found {
        Some("null") | None => Value::EMPTY,
        Some(found) => match json::compact(found) {
            Some(found) => Value::owned(json::unquote(&found)),
            None => Value::EMPTY,
        },
    }
}
