//! `series_fit_line(series)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "series_fit_line",
    about: "The line of least squares through a series: how well it fits, slope, variances, where it begins, and its values; a column each.",
    parameters: &[Parameter::Dynamic],
    outputs: &[("rsquare", Kind::Real), ("slope", Kind::Real), ("variance", Kind::Real), ("rvariance", Kind::Real), ("interception", Kind::Real), ("line_fit", Kind::Dynamic)],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_fit_line(dynamic([1, 2, 3]))", "[1.0,1.0,1.0,0.0,1.0,[1.0,2.0,3.0]]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    fitted(call).map(|figures| format!("[{}]", figures.join(","))).into()
}

/// The figures of the line, as JSON.
#[expect(clippy::cast_precision_loss, reason = "places in an array")]
pub(super) fn fitted(call: &Call<'_, '_>) -> Option<[String; 6]> {
    use crate::series;
    let y = series::complete(call.text(0)).filter(|y| y.len() > 1)?;
    let (line, total, count) = (series::fit(&y), series::spread(&y), y.len() as f64);
    let values = (0..y.len()).map(|x| Some(line.start + line.slope * x as f64));
    Some([
        series::json_number(if total > 0.0 { 1.0 - line.rest / total } else { 1.0 }),
        series::json_number(line.slope),
        series::json_number(total / (count - 1.0)),
        series::json_number(line.rest / (count - 1.0)),
        series::json_number(line.start),
        series::array_text(values),
    ])
}
