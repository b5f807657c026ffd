//! `array_rotate_right(array, count)`.
use super::{Call, Function, Kind, Parameter, Value, array_rotate_left};

pub(super) const FUNCTION: Function = Function {
    name: "array_rotate_right",
    about: "The elements moved towards the end; those that fall off come again at the front.",
    parameters: &[Parameter::Dynamic, Parameter::Whole],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_rotate_right(dynamic([1, 2, 3, 4, 5]), 2)", "[4,5,1,2,3]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    array_rotate_left::rotated(call, call.long(1).unwrap_or(0).wrapping_neg())
}
