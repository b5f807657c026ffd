//! `strrep(value, times, [delimiter])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "strrep",
    about: "The value's text so many times (at most 1024), a delimiter between.",
    parameters: &[Parameter::Any, Parameter::Whole, Parameter::Any],
    optional: 1,
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"strrep("ABC", 2)"#, "ABCABC"), (r#"strrep(123, 3, ".")"#, "123.123.123"), (r#"strrep("a", 0)"#, "")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (value, delimiter) = (call.shown(0), call.shown(2));
    let times = usize::try_from(call.long(1).unwrap_or(0)).unwrap_or(0).min(1024);
    if (value.text().len() + delimiter.text().len()).saturating_mul(times) > super::replace_string::LONGEST {
        return Value::EMPTY;
    }
    Value::owned(vec![value.text(); times].join(delimiter.text()))
}
