//! `series_outliers(series, [kind], [ignored value], [low percentile], [high percentile], [test points])`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::series::{self, decompose::outliers};

pub(super) const FUNCTION: Function = Function {
    name: "series_outliers",
    about: "How far each value of a series lies out of the ordinary, by Tukey's test: beyond 1.5 or below -1.5 it is an outlier. Missing and ignored values score 0.",
    parameters: &[Parameter::Dynamic, Parameter::Text, Parameter::Number, Parameter::Number, Parameter::Number, Parameter::Whole],
    optional: 5,
    is_strict: false,
    check: |arguments| {
        let given = |at: usize| arguments.get(at).and_then(Option::as_ref);
        if given(1).is_some_and(|kind| range(kind.text()).is_none()) {
            return Err("takes \"ctukey\" or \"tukey\" as its kind".to_owned());
        }
        let is_outside = |at: usize| given(at).and_then(Value::real).is_some_and(|percent| !(2.0..=98.0).contains(&percent));
        if is_outside(3) || is_outside(4) { Err("takes percentiles from 2 to 98".to_owned()) } else { Ok(()) }
    },
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_outliers(dynamic([1, 2, 3, 4, 20]), 'tukey')", "[-0.5,0.0,0.0,0.0,8.0]"), ("series_outliers(dynamic([1, 2, 3, null, 4, -999, 5]), 'tukey', -999)", "[-0.5,0.0,0.0,0.0,0.0,0.0,0.5]"), ("series_outliers(dynamic([0, 10, 20]), 'ctukey', double(null), 50, 75)", "[-2.0,0.0,1.0]")],
    ..Function::BASE
};

/// The percentiles of a kind.
pub(super) fn range(kind: &str) -> Option<(f64, f64)> {
    match kind {
        "ctukey" | "" => Some((10.0, 90.0)),
        "tukey" => Some((25.0, 75.0)),
        _ => None,
    }
}

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(mut numbers), Some((low, high))) = (series::numbers(call.text(0)), range(call.text(1))) else { return Value::Null };
    if let Some(ignored) = call.real(2).filter(|ignored| !ignored.is_nan()) {
        numbers.iter_mut().filter(|number| **number == Some(ignored)).for_each(|number| *number = None);
    }
    let custom = |at: usize, usual: f64| call.real(at).filter(|_| call.text(1) != "tukey").unwrap_or(usual);
    let test_points = call.long(5).and_then(|points| usize::try_from(points).ok()).unwrap_or(0);
    series::array(outliers(&numbers, test_points, custom(3, low), custom(4, high)).into_iter().map(Some))
}
