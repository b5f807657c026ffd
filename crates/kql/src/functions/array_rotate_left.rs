//! `array_rotate_left(array, count)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "array_rotate_left",
    about: "The elements moved towards the front; those that fall off come again at the end.",
    parameters: &[Parameter::Dynamic, Parameter::Whole],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_rotate_left(dynamic([1, 2, 3, 4, 5]), 2)", "[3,4,5,1,2]"), ("array_rotate_left(dynamic([1, 2, 3]), -1)", "[3,1,2]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    rotated(call, call.long(1).unwrap_or(0))
}

/// The array turned by so many elements towards the front.
pub(super) fn rotated(call: &Call<'_, '_>, by: i64) -> Value<'static> {
    let Some(elements) = crate::json::elements(call.text(0)) else { return Value::Null };
    let mut elements: Vec<&str> = elements.collect();
    let count = i64::try_from(elements.len()).unwrap_or(1).max(1);
    elements.rotate_left(usize::try_from(by.rem_euclid(count)).unwrap_or(0));
    let mut all = crate::json::ArrayWriter::default();
    elements.iter().for_each(|element| all.raw(element));
    Value::owned(all.finish())
}
