//! `series_product(series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_product",
    about: "The product of the numbers.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("series_product(dynamic([1, 2, 3, 4]))", "24.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    series::present(call.text(0)).map(|numbers| numbers.iter().product::<f64>()).into()
}
