//! `series_greater(series, series)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::{json::ArrayWriter, series};

pub(super) const FUNCTION: Function = Function {
    name: "series_greater",
    about: "Whether the elements stand so: the first greater than the second, element by element.",
    parameters: &[Parameter::Any, Parameter::Any],
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("series_greater(dynamic([1, 2, 4]), dynamic([4, 2, 1]))", "[false,false,true]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (left, right) = (call.json(0), call.json(1));
    let Some(pairs) = series::pairs(left.text(), right.text()) else { return Value::Null };
    let mut out = ArrayWriter::default();
    for pair in pairs {
        out.raw(match pair {
            Some((a, b)) if a > b => "true",
            Some(_) => "false",
            None => "null",
        });
    }
    Value::owned(out.finish())
}
