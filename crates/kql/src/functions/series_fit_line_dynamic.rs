//! `series_fit_line_dynamic(series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::json::ObjectWriter;

pub(super) const FUNCTION: Function = Function {
    name: "series_fit_line_dynamic",
    about: "The line of least squares through a series, as a bag.",
    parameters: &[Parameter::Dynamic],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_fit_line_dynamic(dynamic([1, 2, 3])).slope", "1.0")],
    ..Function::BASE
};

pub(super) fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(figures) = fitted(call) else { return Value::Null };
    let mut out = ObjectWriter::default();
    for (name, figure) in ["rsquare", "slope", "variance", "rvariance", "interception", "line_fit"].iter().zip(&figures) {
        out.value(name, figure);
    }
    Value::owned(out.finish())
}

/// The figures of the line, as JSON.
#[expect(clippy::cast_precision_loss, reason = "places in an array")]
fn fitted(call: &Call<'_, '_>) -> Option<[String; 6]> {
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
