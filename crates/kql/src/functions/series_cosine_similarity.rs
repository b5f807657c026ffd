//! `series_cosine_similarity(series, series, [magnitude, magnitude])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_cosine_similarity",
    about: "How alike two series point, from -1 to 1.",
    parameters: &[Parameter::Dynamic, Parameter::Dynamic, Parameter::Number, Parameter::Number],
    optional: 2,
    returns: |_| Ok(Kind::Real),
    call,
    examples: &[("series_cosine_similarity(dynamic([0, 1]), dynamic([0, 2]))", "1.0"), ("series_cosine_similarity(dynamic([0, 1]), dynamic([1, 0]))", "0.0")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(a), Some(b)) = (series::complete(call.text(0)), series::complete(call.text(1))) else { return Value::Null };
    if a.len() != b.len() {
        return Value::Null;
    }
    let length = |given: Option<f64>, series: &[f64]| given.unwrap_or_else(|| series.iter().map(|x| x * x).sum::<f64>().sqrt());
    let dot: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
    Value::Real(dot / (length(call.real(2), &a) * length(call.real(3), &b)))
}
