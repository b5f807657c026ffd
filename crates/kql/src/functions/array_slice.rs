//! `array_slice(array, start, end)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "array_slice",
    about: "The elements from one place to another, both included; negative places count from the end.",
    parameters: &[Parameter::Dynamic, Parameter::Whole, Parameter::Whole],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_slice(dynamic([1, 2, 3, 4]), 1, 2)", "[2,3]"), ("array_slice(dynamic([1, 2, 3, 4, 5]), 2, -1)", "[3,4,5]"), ("array_slice(dynamic([1, 2, 3]), 5, 6)", "[]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(elements) = json::elements(call.text(0)) else { return Value::Null };
    let elements: Vec<&str> = elements.collect();
    let count = i64::try_from(elements.len()).unwrap_or(i64::MAX);
    let place = |at: i64| if at < 0 { count.saturating_add(at) } else { at };
    let (start, end) = (place(call.long(1).unwrap_or(0)), place(call.long(2).unwrap_or(-1)));
    let mut all = ArrayWriter::default();
    for (_, element) in (0_i64..).zip(elements).filter(|(at, _)| (start..=end).contains(at)) {
        all.raw(element);
    }
    Value::owned(all.finish())
}
