//! `bin(value, size)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "bin",
    aliases: &["floor"],
    about: "The value rounded down to a multiple of the size; times count from 0001-01-01, a Monday.",
    parameters: &[Parameter::Any, Parameter::Any],
    returns: |kinds| match kinds {
        [Kind::Real, Kind::Int | Kind::Long | Kind::Real] | [Kind::Int | Kind::Long, Kind::Real] => Ok(Kind::Real),
        [Kind::Int | Kind::Long, Kind::Int | Kind::Long] => Ok(Kind::Long),
        [Kind::DateTime, Kind::TimeSpan] => Ok(Kind::DateTime),
        [Kind::TimeSpan, Kind::TimeSpan] => Ok(Kind::TimeSpan),
        _ => Err("takes a number and a number, or a time and a timespan".to_owned()),
    },
    call,
    examples: &[
        ("bin(-7, 5)", "-10"),
        ("bin(4.5, 1)", "4.0"),
        ("bin(datetime(2021-08-02 16:01), 7d)", "2021-08-02T00:00:00.0000000Z"),
        ("bin(datetime(2021-08-02 16:01:29), 1h)", "2021-08-02T16:00:00.0000000Z"),
        ("bin(5, 0)", "null"),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    match (call.value(0), call.value(1)) {
        (Value::Long(value), Value::Long(size)) if size > 0 => {
            value.div_euclid(size).checked_mul(size).map_or(Value::Null, Value::Long)
        }
        (Value::Long(_), Value::Long(_)) => Value::Null,
        (value, size) => match (value.real(), size.real()) {
            (Some(value), Some(size)) if size > 0.0 => Value::Real((value / size).floor() * size),
            _ => Value::Null,
        },
    }
}
