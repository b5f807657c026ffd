//! `series_seasonal(series, [period])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series::{self, decompose};

pub(super) const FUNCTION: Function = Function {
    name: "series_seasonal",
    about: "The season of the series: for each place in the period, the median of the values at it. Without a period (or -1) it is found; zeros where there is none.",
    parameters: &[Parameter::Dynamic, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_seasonal(dynamic([1, 3, 5, 1, 3, 5, 2, 4, 6]), 3)", "[1.0,3.0,5.0,1.0,3.0,5.0,1.0,3.0,5.0]"), ("series_seasonal(dynamic([1, 3, 5, 2, 4, 6]))", "[0.0,0.0,0.0,0.0,0.0,0.0]")],
    ..Function::BASE
};

/// What a period that is found must score here.
const THRESHOLD: f64 = 0.7;

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(numbers) = series::numbers(call.text(0)) else { return Value::Null };
    let period = call.long(1).unwrap_or(-1);
    let wish = decompose::Wish { period, trend: decompose::Trend::Nothing, test_points: 0, threshold: THRESHOLD };
    series::array(decompose::decompose(&numbers, &wish).seasonal.into_iter().map(Some))
}
