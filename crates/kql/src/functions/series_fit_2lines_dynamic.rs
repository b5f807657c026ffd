//! `series_fit_2lines_dynamic(series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{
    json::ObjectWriter,
    series::{self, Line, fit},
};

pub(super) const FUNCTION: Function = Function {
    name: "series_fit_2lines_dynamic",
    about: "The two lines of least squares through a series, split where they fit best, as a bag; each line counts from its own first value.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call: |call| {
        let Some(lines) = fitted(call) else { return Value::Null };
        let mut out = ObjectWriter::default();
        lines.whole.iter().for_each(|(name, figure)| out.value(name, figure));
        for (name, side) in [("right", &lines.right), ("left", &lines.left)] {
            let mut bag = ObjectWriter::default();
            figures(side).iter().for_each(|(name, figure)| bag.value(name, figure));
            out.value(name, &bag.finish());
        }
        Value::owned(out.finish())
    },
    examples: &[("series_fit_2lines_dynamic(dynamic([1, 2, 3, 9, 8, 7])).split_idx", "3"), ("series_fit_2lines_dynamic(dynamic([1, 2, 3, 9, 8, 7])).right.slope", "-1.0")],
    ..Function::BASE
};

/// Two lines and what is known of both together.
pub(super) struct Lines {
    pub(super) whole: [(&'static str, String); 5],
    pub(super) right: fit::Figures,
    pub(super) left: fit::Figures,
}

/// The figures of one line, as JSON.
pub(super) fn figures(line: &fit::Figures) -> [(&'static str, String); 5] {
    [
        ("rsquare", series::json_number(line.rsquare)),
        ("slope", series::json_number(line.slope)),
        ("interception", series::json_number(line.interception)),
        ("variance", series::json_number(line.variance)),
        ("rvariance", series::json_number(line.rvariance)),
    ]
}

/// `None` when a value is missing, or there are fewer than four.
pub(super) fn fitted(call: &Call<'_, '_>) -> Option<Lines> {
    let y = series::complete(call.text(0))?;
    let at = fit::split(&y)?;
    let (left, right) = y.split_at_checked(at)?;
    let ((left_figures, left_line), (right_figures, right_line)) = (fit::Figures::of(left), fit::Figures::of(right));
    let (rsquare, variance, rvariance) = fit::explained(series::spread(&y), left_line.rest + right_line.rest, y.len());
    #[expect(clippy::cast_precision_loss, reason = "places in an array")]
    let values = |line: Line, count: usize| (0..count).map(move |x| Some(line.start + line.slope * x as f64));
    let line_fit = series::array_text(values(left_line, left.len()).chain(values(right_line, right.len())));
    Some(Lines {
        whole: [
            ("rsquare", series::json_number(rsquare)),
            ("split_idx", at.to_string()),
            ("variance", series::json_number(variance)),
            ("rvariance", series::json_number(rvariance)),
            ("line_fit", line_fit),
        ],
        right: right_figures,
        left: left_figures,
    })
}
