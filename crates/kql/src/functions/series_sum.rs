//! `series_sum(series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_sum",
    about: "The sum of the numbers.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("series_sum(dynamic([1, 2, 3, 4]))", "10.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    series::present(call.text(0)).map(|numbers| numbers.iter().sum::<f64>()).into()
}
