//! `series_pearson_correlation(series, series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_pearson_correlation",
    about: "How two series go together, from -1 to 1.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic],
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("round(series_pearson_correlation(dynamic([1, 2, 3]), dynamic([2, 4, 6])), 9)", "1.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(a), Some(b)) = (series::complete(call.text(0)), series::complete(call.text(1))) else { return Value::Null };
    if a.len() != b.len() || a.is_empty() {
        return Value::Null;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of elements")]
    let count = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / count, b.iter().sum::<f64>() / count);
    let both: f64 = a.iter().zip(&b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum();
    Value::Real(both / (series::spread(&a) * series::spread(&b)).sqrt())
}
