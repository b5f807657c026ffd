//! `repeat(value, count)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{aggregates::MOST_ELEMENTS, json::ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "repeat",
    about: "An array of the value so many times; null when there are more than 1,048,576.",
    parameters: &[Parameter::Any, Parameter::Whole],
    is_strict: false,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("repeat(1, 3)", "[1,1,1]"), (r#"repeat("a", 0)"#, "[]"), ("repeat(1, -1)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(count) = call.long(1).and_then(|count| usize::try_from(count).ok()).filter(|count| *count <= MOST_ELEMENTS) else {
        return Value::Null;
    };
    let value = call.json_or_null(0);
    if value.text().len().saturating_mul(count) > super::replace_string::LONGEST.saturating_mul(8) {
        return Value::Null;
    }
    let mut all = ArrayWriter::default();
    (0..count).for_each(|_| all.raw(value.text()));
    Value::owned(all.finish())
}
