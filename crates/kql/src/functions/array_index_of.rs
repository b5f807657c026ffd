//! `array_index_of(array, value, [start], [length], [occurrence])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "array_index_of",
    about: "The place of a value in an array; -1 when it is not there.",
    parameters: &[Parameter::Dynamic, Parameter::Any, Parameter::Whole, Parameter::Whole, Parameter::Whole],
    optional: 3,
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"array_index_of(dynamic(["a", "b"]), "b")"#, "1"), (r#"array_index_of(dynamic(["a", "b"]), "z")"#, "-1"), ("array_index_of(dynamic([1, 2, 1, 2]), 2, 0, 4, 2)", "3"), ("array_index_of(dynamic([1, 2, 3]), 1, 1)", "-1"), ("array_index_of(dynamic([1, 2, 3]), 3, -1)", "2")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(elements) = json::elements(call.text(0)) else { return Value::Null };
    let elements: Vec<&str> = elements.collect();
    let sought = call.json(1);
    let sought = json::canonical(sought.text());
    let count = i64::try_from(elements.len()).unwrap_or(i64::MAX);
    let start = match call.long(2).unwrap_or(0) {
        negative @ ..0 => count.saturating_add(negative).max(0),
        start => start,
    };
    let end = match call.long(3) {
        Some(length) if length >= 0 => start.saturating_add(length),
        _ => i64::MAX,
    };
    let Ok(nth) = usize::try_from(call.long(4).unwrap_or(1) - 1) else { return Value::Null };
    let places = (0_i64..).zip(&elements).filter(|(at, element)| {
        (start..end).contains(at) && json::canonical(element) == sought
    });
    Value::Long(places.map(|(at, _)| at).nth(nth).unwrap_or(-1))
}
