//! `series_stats_dynamic(series, [ignore missing])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json::ObjectWriter, series};

pub(super) const FUNCTION: Function = Function {
    name: "series_stats_dynamic",
    about: "Least, greatest, mean, deviation, variance, sum and length of a series, as a bag.",
    parameters: &[Parameter::Dynamic, Parameter::Bool],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_stats_dynamic(dynamic([1, 2, 3]))", r#"{"min":1.0,"min_idx":0,"max":3.0,"max_idx":2,"avg":2.0,"stdev":1.0,"variance":1.0,"sum":6.0,"len":3}"#)],
    ..Function::BASE
};

pub(super) fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(stats) = stats(call) else { return Value::Null };
    let mut out = ObjectWriter::default();
    for (name, figure) in ["min", "min_idx", "max", "max_idx", "avg", "stdev", "variance"].iter().zip(&stats.figures) {
        out.value(name, figure);
    }
    out.value("sum", &series::json_number(stats.sum));
    out.value("len", &stats.len.to_string());
    Value::owned(out.finish())
}

/// The figures in order, as JSON, then sum and length.
struct Stats {
    figures: [String; 7],
    sum: f64,
    len: usize,
}

/// The figures of a series; `None` when it has no values, or one is missing and not to be ignored.
#[expect(clippy::cast_precision_loss, reason = "a count of elements")]
fn stats(call: &Call<'_, '_>) -> Option<Stats> {
    let numbers = series::numbers(call.text(0))?;
    let known: Vec<(usize, f64)> = numbers
        .iter()
        .enumerate()
        .filter_map(|(at, number)| Some((at, number.filter(|number| !number.is_nan())?)))
        .collect();
    if known.len() < numbers.len() && call.truth(1) != Some(true) {
        return None;
    }
    let mut least = *known.first()?;
    let mut most = least;
    for (at, number) in &known {
        if *number < least.1 {
            least = (*at, *number);
        }
        if *number > most.1 {
            most = (*at, *number);
        }
    }
    let values: Vec<f64> = known.iter().map(|known| known.1).collect();
    let (sum, count) = (values.iter().sum::<f64>(), values.len() as f64);
    let variance = if count > 1.0 { series::spread(&values) / (count - 1.0) } else { 0.0 };
    Some(Stats {
        figures: [
            series::json_number(least.1),
            least.0.to_string(),
            series::json_number(most.1),
            most.0.to_string(),
            series::json_number(sum / count),
            series::json_number(variance.sqrt()),
            series::json_number(variance),
        ],
        sum,
        len: values.len(),
    })
}
