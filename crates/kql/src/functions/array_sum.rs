//! `array_sum(array)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json;

pub(super) const FUNCTION: Function = Function {
    name: "array_sum",
    about: "The sum of an array's numbers; null when an element is none.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("array_sum(dynamic([1, 2, 3.5]))", "6.5"), (r#"array_sum(dynamic([1, "x"]))"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(mut elements) = json::elements(call.text(0)) else { return Value::Null };
    elements.try_fold(0.0, |sum, element| Some(sum + element.parse::<f64>().ok()?)).into()
}
