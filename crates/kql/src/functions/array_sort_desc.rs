//! `array_sort_desc(array, [more arrays], [nulls last])`.
use super::{Call, Function, Parameter, Value, array_sort_asc};

pub(super) const FUNCTION: Function = Function {
    name: "array_sort_desc",
    about: "The elements from the greatest on; nulls last. Further arrays are put in the same order, a column each.",
    parameters: &[Parameter::Dynamic, Parameter::Any],
    optional: 1,
    repeats: true,
    is_strict: false,
    returns: array_sort_asc::returns,
    call,
    examples: &[("array_sort_desc(dynamic([1, null, 3, 2]))", "[3,2,1,null]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    array_sort_asc::sorted(call, true)
}
