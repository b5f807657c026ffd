//! `series_fit_line(series)`.
use super::{Function, Kind, Parameter, series_fit_line_dynamic};

pub(super) const FUNCTION: Function = Function {
    name: "series_fit_line",
    about: "The line of least squares through a series, a column for each of its figures.",
    columns: &[("rsquare", Kind::Real), ("slope", Kind::Real), ("variance", Kind::Real), ("rvariance", Kind::Real), ("interception", Kind::Real), ("line_fit", Kind::Dynamic)],
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call: series_fit_line_dynamic::call,
    examples: &[("series_fit_line(dynamic([1, 2, 3]))", "1.0, 1.0, 1.0, 0.0, 1.0, [1.0,2.0,3.0]")],
    ..Function::BASE
};
