//! `parse_urlquery(query)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{ArrayWriter, ObjectWriter};

pub(super) const FUNCTION: Function = Function {
    name: "parse_urlquery",
    about: "The parameters of a query string, as texts by name; of a name that comes again, an array.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[(r#"parse_urlquery("k1=v1&k2=v2")"#, r#"{"Query Parameters":{"k1":"v1","k2":"v2"}}"#)],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut out = ObjectWriter::default();
    out.value("Query Parameters", &parameters(call.text(0).trim_start_matches('?')));
    Value::owned(out.finish())
}

/// The parameters as a bag, names in order; those without a name or a value are left out.
pub(super) fn parameters(query: &str) -> String {
    let mut by_name: std::collections::BTreeMap<&str, Vec<&str>> = std::collections::BTreeMap::new();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        if !name.is_empty() && !value.is_empty() {
            by_name.entry(name).or_default().push(value);
        }
    }
    let mut out = ObjectWriter::default();
    for (name, values) in &by_name {
        let mut array = ArrayWriter::default();
        values.iter().for_each(|value| array.string(value));
        let array = array.finish();
        let one = array.get(1..array.len() - 1).filter(|_| values.len() == 1);
        out.value(name, one.unwrap_or(&array));
    }
    out.finish()
}
