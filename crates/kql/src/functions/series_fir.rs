//! `series_fir(series, filter, [normalize], [center])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_fir",
    about: "The series filtered with finite impulse response: each value the sum of those before it, weighed.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic, Parameter::Bool, Parameter::Bool],
    optional: 2,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_fir(dynamic([1, 2, 3, 4]), dynamic([1, 1]), false)", "[1.0,3.0,5.0,7.0]"), ("series_fir(dynamic([2, 4, 6]), dynamic([1, 1]))", "[1.0,3.0,5.0]"), ("series_fir(dynamic([0, 3, 0]), dynamic([1, 1, 1]), true, true)", "[1.0,1.0,1.0]"), ("series_fir(dynamic([1, 4, 9]), dynamic([1, -1]))", "[1.0,3.0,5.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(series), Some(filter)) = (series::numbers(call.text(0)), series::complete(call.text(1))) else {
        return Value::Null;
    };
    let sum: f64 = filter.iter().sum();
    // Normalizing divides by the sum, where it is not 0 and no weight is negative unless asked for.
    let is_normal = call.truth(2).unwrap_or_else(|| filter.iter().all(|weight| *weight >= 0.0));
    let scale = if is_normal && sum != 0.0 { sum } else { 1.0 };
    let shift = if call.truth(3) == Some(true) { filter.len() / 2 } else { 0 };
    if series.len().saturating_mul(filter.len()) > 1 << 28 {
        return Value::Null;
    }
    let at = |place: usize| {
        let sum: f64 = filter
            .iter()
            .enumerate()
            .filter_map(|(back, weight)| {
                let from = (place + shift).checked_sub(back)?;
                Some(weight * series.get(from).copied().flatten()?)
            })
            .sum();
        Some(sum / scale)
    };
    series::array((0..series.len()).map(at))
}
