//! `series_sign(series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_sign",
    about: "-1, 0 or 1, as each number is.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_sign(dynamic([-6, 0, 8]))", "[-1.0,0.0,1.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    series::map(call.text(0), |x| if x == 0.0 { 0.0 } else { x.signum() })
}
