//! `series_iir(series, numerators, denominators)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_iir",
    about: "The series filtered with infinite impulse response: each value from the values and the results before it, weighed.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic, Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_iir(dynamic([1, 2, 3]), dynamic([1]), dynamic([1, -1]))", "[1.0,3.0,6.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(x), Some(b), Some(a)) =
        (series::numbers(call.text(0)), series::complete(call.text(1)), series::complete(call.text(2)))
    else {
        return Value::Null;
    };
    let Some(first) = a.first().filter(|first| **first != 0.0) else { return Value::Null };
    if x.len().saturating_mul(a.len() + b.len()) > 1 << 28 {
        return Value::Null;
    }
    let mut y: Vec<f64> = Vec::with_capacity(x.len());
    for place in 0..x.len() {
        let forward: f64 = b
            .iter()
            .enumerate()
            .filter_map(|(back, weight)| Some(weight * x.get(place.checked_sub(back)?).copied().flatten()?))
            .sum();
        let behind: f64 = a
            .iter()
            .enumerate()
            .skip(1)
            .filter_map(|(back, weight)| Some(weight * y.get(place.checked_sub(back)?)?))
            .sum();
        y.push((forward - behind) / first);
    }
    series::array(y.into_iter().map(Some))
}
