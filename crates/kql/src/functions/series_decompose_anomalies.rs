//! `series_decompose_anomalies(series, [threshold], [period], [trend], [test points], [method], [threshold of the season])`.
use super::{Call, Function, Kind, Parameter, Value, series_decompose::{check, parts}, series_outliers::range};
use crate::{
    json::{ArrayWriter, ObjectWriter},
    series::{self, decompose::outliers},
};

pub(super) const FUNCTION: Function = Function {
    name: "series_decompose_anomalies",
    about: "Where a series leaves its season and trend: 1 for up, -1 for down, 0 else; how far (see `series_outliers`); and the baseline.",
    columns: &[("ad_flag", Kind::Dynamic), ("ad_score", Kind::Dynamic), ("baseline", Kind::Dynamic)],
    parameters: &[Parameter::Dynamic, Parameter::Number, Parameter::Whole, Parameter::Text, Parameter::Whole, Parameter::Text, Parameter::Number],
    optional: 6,
    is_strict: false,
    check: |arguments| match arguments.get(5) {
        Some(Some(method)) if range(method.text()).is_none() => Err("takes 'ctukey' or 'tukey' as its method".to_owned()),
        _ => check(arguments, 2, 3),
    },
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_decompose_anomalies(dynamic([1, 2, 1, 2, 1, 2, 1, 2, 20]), 1.5, 0, 'none', 0, 'tukey')", "[0,0,0,0,0,0,0,0,1], [0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,18.0], [0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(parts), Some((low, high))) = (parts(call, &[2, 3, 4, 6]), range(call.text(5))) else { return Value::Null };
    let threshold = call.real(1).unwrap_or(1.5);
    let test_points = call.long(4).and_then(|points| usize::try_from(points).ok()).unwrap_or(0);
    let scores = outliers(&parts.residual, test_points, low, high);
    let mut flags = ArrayWriter::default();
    for score in &scores {
        flags.raw(if *score > threshold { "1" } else if *score < -threshold { "-1" } else { "0" });
    }
    let mut out = ObjectWriter::default();
    out.value("ad_flag", &flags.finish());
    out.value("ad_score", &series::array_text(scores.into_iter().map(Some)));
    out.value("baseline", &series::array_text(parts.baseline.into_iter().map(Some)));
    Value::owned(out.finish())
}
