//! `bag_keys(bag)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "bag_keys",
    about: "The names of a bag's properties; null for anything else.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"bag_keys(dynamic({"a": 1, "b": {"c": 2}}))"#, r#"["a","b"]"#), ("bag_keys(dynamic([1]))", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(entries) = json::entries(call.text(0)) else { return Value::Null };
    let mut seen = std::collections::BTreeSet::new();
    let mut all = ArrayWriter::default();
    entries.filter(|(key, _)| seen.insert(*key)).for_each(|(key, _)| all.raw(key));
    Value::owned(all.finish())
}
