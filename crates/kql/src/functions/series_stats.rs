//! `series_stats(series, [ignore missing])`.
use super::{Function, Kind, Parameter, series_stats_dynamic};

pub(super) const FUNCTION: Function = Function {
    name: "series_stats",
    about: "Least, greatest, mean, deviation and variance of a series, a column each; null when a value is missing, unless told to pass over it.",
    columns: &[("min", Kind::Real), ("min_idx", Kind::Long), ("max", Kind::Real), ("max_idx", Kind::Long), ("avg", Kind::Real), ("stdev", Kind::Real), ("variance", Kind::Real)],
    parameters: &[Parameter::Dynamic, Parameter::Bool],
    optional: 1,
    returns: |_| Ok(Kind::Dynamic),
    call: series_stats_dynamic::call,
    examples: &[("series_stats(dynamic([1, 2, 3]))", "1.0, 0, 3.0, 2, 2.0, 1.0, 1.0"), ("series_stats(dynamic([1, null]))", "null, null, null, null, null, null, null")],
    ..Function::BASE
};
