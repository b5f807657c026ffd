//! `treepath(bag)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "treepath",
    about: "The paths of all that a bag holds; of arrays the first element stands for all.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"treepath(dynamic({"a": "b", "c": [1, {"x": 2}]}))"#, r#"["['a']","['c']","['c'][0]"]"#), (r#"treepath(dynamic({"a": {"b": [{"c": 1}]}}))"#, r#"["['a']","['a']['b']","['a']['b'][0]","['a']['b'][0]['c']"]"#)],
    ..Function::BASE
};

/// Deeper than this nothing is told.
const DEEPEST: usize = 64;

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    if json::entries(call.text(0)).is_none() {
        return Value::Null;
    }
    let mut all = json::ArrayWriter::default();
    walk(call.text(0), String::new(), 0, &mut all);
    Value::owned(all.finish())
}

fn walk(value: &str, path: String, depth: usize, all: &mut json::ArrayWriter) {
    if !path.is_empty() {
        all.string(&path);
    }
    if depth >= DEEPEST {
        return;
    }
    for (key, value) in json::entries(value).into_iter().flatten() {
        walk(value, format!("{path}['{}']", json::unquote(key)), depth + 1, all);
    }
    let first = json::elements(value).and_then(|mut elements| elements.next());
    if let Some(first) = first {
        walk(first, format!("{path}[0]"), depth + 1, all);
    }
}
