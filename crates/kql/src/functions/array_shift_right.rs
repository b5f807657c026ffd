//! `array_shift_right(array, count, [fill])`.
use super::{Call, Function, Kind, Parameter, Value, array_shift_left};

pub(super) const FUNCTION: Function = Function {
    name: "array_shift_right",
    about: "The elements moved towards the end, the places that fall free filled (with null).",
    parameters: &[Parameter::Dynamic, Parameter::Whole, Parameter::Any],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_shift_right(dynamic([1, 2, 3, 4, 5]), 2)", "[null,null,1,2,3]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    array_shift_left::shifted(call, call.long(1).unwrap_or(0).wrapping_neg())
}
