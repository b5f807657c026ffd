//! `series_fill_forward(series, [missing])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "series_fill_forward",
    about: "The series with missing values (null, or a given one) replaced by the one before.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    optional: 1,
    is_strict: false,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_fill_forward(dynamic([null, 1, null, 2, null]))", "[null,1,1,2,2]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let value = call.value(0);
    let Some(elements) = json::elements(value.text()) else { return Value::Null };
    let elements: Vec<&str> = elements.collect();
    let mut out = ArrayWriter::default();
    let mut last = None;
    for element in elements {
        if !is_missing(call, 1, element) {
            last = Some(element);
        }
        out.raw(last.unwrap_or(element));
    }
    Value::owned(out.finish())
}

/// Whether the element is null, or the value that argument `at` says stands for nothing.
pub(super) fn is_missing(call: &Call<'_, '_>, at: usize, element: &str) -> bool {
    match call.json(at) {
        Value::Null => element == "null",
        missing => json::canonical(missing.text()) == json::canonical(element),
    }
}
