//! `series_stats(series, [ignore missing])`.
use super::{Call, Function, Kind, Parameter, Value, series_stats_dynamic::stats};

pub(super) const FUNCTION: Function = Function {
    name: "series_stats",
    about: "Least, greatest, mean, deviation and variance of a series, a column each.",
    parameters: &[Parameter::Dynamic, Parameter::Bool],
    optional: 1,
    outputs: &[("min", Kind::Real), ("min_idx", Kind::Long), ("max", Kind::Real), ("max_idx", Kind::Long), ("avg", Kind::Real), ("stdev", Kind::Real), ("variance", Kind::Real)],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_stats(dynamic([1, 2, 3]))", "[1.0,0,3.0,2,2.0,1.0,1.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    stats(call).map(|stats| format!("[{}]", stats.figures.join(","))).into()
}
