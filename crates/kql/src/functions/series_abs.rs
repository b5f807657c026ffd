//! `series_abs(series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_abs",
    about: "The size of each number.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_abs(dynamic([-6.5, 0, 8.2]))", "[6.5,0.0,8.2]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    series::map(call.text(0), f64::abs)
}
