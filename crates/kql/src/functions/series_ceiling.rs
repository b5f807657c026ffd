//! `series_ceiling(series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_ceiling",
    about: "The least whole number not below each number.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_ceiling(dynamic([-1.5, 1, 2.5]))", "[-1.0,1.0,3.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    series::map(call.text(0), f64::ceil)
}
