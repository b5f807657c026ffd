//! `series_fit_poly(y series, [x series], [degree])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json::ObjectWriter, series::{self, fit}};

pub(super) const FUNCTION: Function = Function {
    name: "series_fit_poly",
    about: "The polynomial of least squares through a series, over another one (1, 2, …) and of a degree (1, at most 64); coefficients of high powers first.",
    columns: &[("rsquare", Kind::Real), ("coefficients", Kind::Dynamic), ("variance", Kind::Real), ("rvariance", Kind::Real), ("poly_fit", Kind::Dynamic)],
    parameters: &[Parameter::Dynamic, Parameter::Dynamic, Parameter::Whole],
    optional: 2,
    check: |arguments| match arguments.get(2) {
        Some(Some(degree)) if !degree.long().is_some_and(|degree| (1..=64).contains(&degree)) => Err("takes a degree from 1 to 64".to_owned()),
        _ => Ok(()),
    },
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_fit_poly(dynamic([1, 2, 3]))", "1.0, [1.0,0.0], 1.0, 0.0, [1.0,2.0,3.0]"), ("series_fit_poly(dynamic([1, 2]), dynamic([1]))", "null, null, null, null, null")],
    ..Function::BASE
};

#[expect(clippy::cast_precision_loss, reason = "places in an array")]
fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let fitted = || {
        let y = series::complete(call.text(0))?;
        let x = if call.has(1) { series::complete(call.text(1))? } else { (1..=y.len()).map(|x| x as f64).collect() };
        let degree = if call.has(2) { usize::try_from(call.long(2)?).ok()? } else { 1 };
        let (coefficients, values) = fit::polynomial(&x, &y, degree)?;
        let rest = y.iter().zip(&values).map(|(y, fit)| (y - fit).powi(2)).sum();
        let (rsquare, variance, rvariance) = fit::explained(series::spread(&y), rest, y.len());
        let mut out = ObjectWriter::default();
        out.value("rsquare", &series::json_number(rsquare));
        out.value("coefficients", &series::array_text(coefficients.into_iter().map(Some)));
        out.value("variance", &series::json_number(variance));
        out.value("rvariance", &series::json_number(rvariance));
        out.value("poly_fit", &series::array_text(values.into_iter().map(Some)));
        Some(out.finish())
    };
    fitted().into()
}
