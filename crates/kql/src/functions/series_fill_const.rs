//! `series_fill_const(series, value, [missing])`.
use super::{Call, Function, Kind, Parameter, Value, series_fill_forward::is_missing};
use crate::json::{self, ArrayWriter};

pub(super) const FUNCTION: Function = Function {
    name: "series_fill_const",
    about: "The series with missing values (null, or a given one) replaced by a constant.",
    parameters: &[Parameter::Dynamic, Parameter::Any, Parameter::Any],
    optional: 1,
    is_strict: false,
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_fill_const(dynamic([111, null, 36]), -1)", "[111,-1,36]"), ("series_fill_const(dynamic([1, 0]), 5, 0)", "[1,5]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let value = call.value(0);
    let Some(elements) = json::elements(value.text()) else { return Value::Null };
    let fill = call.json_or_null(1);
    let mut out = ArrayWriter::default();
    elements.for_each(|element| out.raw(if is_missing(call, 2, element) { fill.text() } else { element }));
    Value::owned(out.finish())
}
