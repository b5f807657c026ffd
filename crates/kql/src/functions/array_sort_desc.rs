//! `array_sort_desc(array, [nulls last])`.
use super::{Call, Function, Kind, Parameter, Value, array_sort_asc};

pub(super) const FUNCTION: Function = Function {
    name: "array_sort_desc",
    about: "The elements from the greatest on; nulls last.",
    parameters: &[Parameter::Dynamic, Parameter::Bool],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_sort_desc(dynamic([1, null, 3, 2]))", "[3,2,1,null]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    array_sort_asc::sorted(call, true)
}
