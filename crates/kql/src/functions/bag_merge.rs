//! `bag_merge(bag, bag, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ObjectWriter};

pub(super) const FUNCTION: Function = Function {
    name: "bag_merge",
    about: "One bag of all properties; of a name that comes again, the first bag has its way.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    repeats: true,
    is_strict: false,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"bag_merge(dynamic({"a": 1, "b": 2}), dynamic({"b": 3, "c": 4}))"#, r#"{"a":1,"b":2,"c":4}"#), (r#"bag_merge(dynamic({"a": 1}), dynamic(null))"#, r#"{"a":1}"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut seen = std::collections::BTreeSet::new();
    let mut out = ObjectWriter::default();
    let mut is_any = false;
    for (key, value) in call.arguments.iter().filter_map(|bag| {
        let entries = json::entries(bag.text());
        is_any |= entries.is_some();
        entries
    }).flatten() {
        if seen.insert(json::unquote(key)) {
            out.raw(key, value);
        }
    }
    if is_any { Value::owned(out.finish()) } else { Value::Null }
}
