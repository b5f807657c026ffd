//! `series_asin(series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_asin",
    about: "The angle whose sine each number is.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_asin(dynamic([0]))", "[0.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    series::map(call.text(0), f64::asin)
}
