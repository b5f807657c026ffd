//! `array_shift_left(array, count, [fill])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "array_shift_left",
    about: "The elements moved towards the front, the places that fall free filled (with null).",
    parameters: &[Parameter::Dynamic, Parameter::Whole, Parameter::Any],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_shift_left(dynamic([1, 2, 3, 4, 5]), 2)", "[3,4,5,null,null]"), ("array_shift_left(dynamic([1, 2, 3, 4, 5]), -2, -1)", "[-1,-1,1,2,3]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    shifted(call, call.long(1).unwrap_or(0))
}

/// The array moved by so many elements towards the front.
pub(super) fn shifted(call: &Call<'_, '_>, by: i64) -> Value<'static> {
    let Some(elements) = crate::json::elements(call.text(0)) else { return Value::Null };
    let elements: Vec<&str> = elements.collect();
    let fill = call.json_or_null(2);
    let mut all = crate::json::ArrayWriter::default();
    for at in 0..i64::try_from(elements.len()).unwrap_or(0) {
        let from = usize::try_from(at.saturating_add(by)).ok();
        all.raw(from.and_then(|from| elements.get(from)).copied().unwrap_or(fill.text()));
    }
    Value::owned(all.finish())
}
