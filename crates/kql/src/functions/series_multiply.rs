//! `series_multiply(series, series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_multiply",
    about: "The products, element by element.",
    parameters: &[Parameter::Any, Parameter::Any],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_multiply(dynamic([1, 2]), dynamic([10, 20]))", "[10.0,40.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (left, right) = (call.json(0), call.json(1));
    let Some(pairs) = series::pairs(left.text(), right.text()) else { return Value::Null };
    series::array(pairs.into_iter().map(|pair| pair.map(|(a, b)| a * b)))
}
