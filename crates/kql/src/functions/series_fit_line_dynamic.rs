//! `series_fit_line_dynamic(series)`.
use super::{Call, Function, Kind, Parameter, Value, series_fit_line::fitted};
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

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(figures) = fitted(call) else { return Value::Null };
    let mut out = ObjectWriter::default();
    for (name, figure) in ["rsquare", "slope", "variance", "rvariance", "interception", "line_fit"].iter().zip(&figures) {
        out.value(name, figure);
    }
    Value::owned(out.finish())
}
