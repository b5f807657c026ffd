//! `series_seasonal(series, period)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_seasonal",
    about: "The season of the series: for each place in the period, the median of the values at it.",
    parameters: &[Parameter::Dynamic, Parameter::Whole],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_seasonal(dynamic([1, 3, 5, 1, 3, 5, 2, 4, 6]), 3)", "[1.0,3.0,5.0,1.0,3.0,5.0,1.0,3.0,5.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(numbers) = series::numbers(call.text(0)) else { return Value::Null };
    let Some(period) = call.long(1).and_then(|period| usize::try_from(period).ok()).filter(|period| *period > 0) else {
        return Value::Null;
    };
    let median = |phase: usize| {
        let mut values: Vec<f64> = numbers.iter().skip(phase).step_by(period).copied().flatten().collect();
        values.sort_by(f64::total_cmp);
        let upper = *values.get(values.len() / 2)?;
        let lower = *values.get((values.len().checked_sub(1)?) / 2)?;
        Some(f64::midpoint(lower, upper))
    };
    let season: Vec<Option<f64>> = (0..period.min(numbers.len())).map(median).collect();
    series::array((0..numbers.len()).map(|at| season.get(at % period).copied().flatten()))
}
