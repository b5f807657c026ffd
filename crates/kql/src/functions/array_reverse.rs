//! `array_reverse(array)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "array_reverse",
    about: "The elements, last first.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_reverse(dynamic([1, 2, 3]))", "[3,2,1]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(elements) = json::elements(call.text(0)) else { return Value::Null };
    let mut all = ArrayWriter::default();
    elements.collect::<Vec<_>>().iter().rev().for_each(|element| all.raw(element));
    Value::owned(all.finish())
}
