//! `series_dot_product(series, series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_dot_product",
    about: "The sum of the products, element by element.",
    parameters: &[Parameter::Any, Parameter::Any],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("series_dot_product(dynamic([1, 2, 3]), dynamic([4, 5, 6]))", "32.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (left, right) = (call.json(0), call.json(1));
    let pairs = series::pairs(left.text(), right.text());
    pairs.map(|pairs| pairs.into_iter().flatten().map(|(a, b)| a * b).sum::<f64>()).into()
}
