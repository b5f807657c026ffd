//! `series_fill_backward(series, [missing])`.
use super::{Call, Function, Kind, Parameter, Value, series_fill_forward::is_missing};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "series_fill_backward",
    about: "The series with missing values (null, or a given one) replaced by the next one.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    optional: 1,
    is_strict: false,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_fill_backward(dynamic([null, 1, null, 2, null]))", "[1,1,2,2,null]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let value = call.value(0);
    let Some(elements) = json::elements(value.text()) else { return Value::Null };
    let mut elements: Vec<&str> = elements.collect();
    let mut next = None;
    for element in elements.iter_mut().rev() {
        if is_missing(call, 1, element) {
            *element = next.unwrap_or(element);
        } else {
            next = Some(*element);
        }
    }
    let mut out = ArrayWriter::default();
    elements.iter().for_each(|element| out.raw(element));
    Value::owned(out.finish())
}
