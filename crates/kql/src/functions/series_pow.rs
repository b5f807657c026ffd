//! `series_pow(series, series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_pow",
    about: "Each element of one series raised to that of another.",
    parameters: &[Parameter::Any, Parameter::Any],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_pow(dynamic([1, 2, 3, 4]), dynamic([1, 2, 3, 0.5]))", "[1.0,4.0,27.0,2.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (left, right) = (call.json(0), call.json(1));
    let Some(pairs) = series::pairs(left.text(), right.text()) else { return Value::Null };
    series::array(pairs.into_iter().map(|pair| pair.map(|(a, b)| a.powf(b))))
}
