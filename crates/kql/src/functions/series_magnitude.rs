//! `series_magnitude(series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_magnitude",
    about: "The length of the series as a vector.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("series_magnitude(dynamic([3, 4]))", "5.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    series::present(call.text(0)).map(|numbers| numbers.iter().map(|x| x * x).sum::<f64>().sqrt()).into()
}
