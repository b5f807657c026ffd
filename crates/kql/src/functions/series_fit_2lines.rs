//! `series_fit_2lines(series)`.
use super::{Function, Kind, Parameter, Value, series_fit_2lines_dynamic::{figures, fitted}};
use crate::json::ObjectWriter;

pub(super) const FUNCTION: Function = Function {
    name: "series_fit_2lines",
    about: "The two lines of least squares through a series, split where they fit best, a column for each of their figures.",
    columns: &[("rsquare", Kind::Real), ("split_idx", Kind::Long), ("variance", Kind::Real), ("rvariance", Kind::Real), ("line_fit", Kind::Dynamic), ("right_rsquare", Kind::Real), ("right_slope", Kind::Real), ("right_interception", Kind::Real), ("right_variance", Kind::Real), ("right_rvariance", Kind::Real), ("left_rsquare", Kind::Real), ("left_slope", Kind::Real), ("left_interception", Kind::Real), ("left_variance", Kind::Real), ("left_rvariance", Kind::Real)],
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call: |call| {
        let Some(lines) = fitted(call) else { return Value::Null };
        let mut out = ObjectWriter::default();
        lines.whole.iter().for_each(|(name, figure)| out.value(name, figure));
        for (side, line) in [("right", &lines.right), ("left", &lines.left)] {
            figures(line).iter().for_each(|(name, figure)| out.value(&format!("{side}_{name}"), figure));
        }
        Value::owned(out.finish())
    },
    examples: &[("series_fit_2lines(dynamic([1, 2, 3, 9, 8, 7]))", "1.0, 3, 11.6, 0.0, [1.0,2.0,3.0,9.0,8.0,7.0], 1.0, -1.0, 9.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0")],
    ..Function::BASE
};
