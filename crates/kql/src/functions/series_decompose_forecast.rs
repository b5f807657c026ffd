//! `series_decompose_forecast(series, points, [period], [trend], [threshold])`.
use super::{Function, Kind, Parameter, Value, series_decompose::{check, parts}};
use crate::series;

pub(super) const FUNCTION: Function = Function {
    name: "series_decompose_forecast",
    about: "What season and trend of a series foretell: its baseline, learnt without so many last points.",
    parameters: &[Parameter::Dynamic, Parameter::Whole, Parameter::Whole, Parameter::Text, Parameter::Number],
    optional: 3,
    is_strict: false,
    check: |arguments| check(arguments, 2, 3),
    returns: |_| Ok(Kind::Dynamic),
    call: |call| parts(call, &[2, 3, 1, 4]).map_or(Value::Null, |parts| series::array(parts.baseline.into_iter().map(Some))),
    examples: &[("series_decompose_forecast(dynamic([1, 2, 3, 0, 0]), 2, 0, 'linefit')", "[1.0,2.0,3.0,4.0,5.0]"), ("series_decompose_forecast(dynamic([1, 2, 1, 2, 0, 0]), 2, 2)", "[1.0,2.0,1.0,2.0,1.0,2.0]")],
    ..Function::BASE
};
