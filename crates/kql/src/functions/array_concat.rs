//! `array_concat(array, …)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "array_concat",
    about: "The elements of all arrays, one array behind the other.",
    parameters: &[Parameter::Dynamic],
    repeats: true,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_concat(dynamic([1, 2]), dynamic([3]))", "[1,2,3]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let mut all = ArrayWriter::default();
    for array in call.arguments {
        let Some(elements) = json::elements(array.text()) else { return Value::Null };
        elements.for_each(|element| all.raw(element));
    }
    Value::owned(all.finish())
}
