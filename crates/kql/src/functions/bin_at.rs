//! `bin_at(value, size, anchor)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "bin_at",
    about: "The value rounded down to the anchor plus a multiple of the size.",
    parameters: &[Parameter::Any, Parameter::Any, Parameter::Any],
    returns: |kinds| match kinds { [Kind::DateTime, Kind::TimeSpan, Kind::DateTime] => Ok(Kind::DateTime), [Kind::TimeSpan, Kind::TimeSpan, Kind::TimeSpan] => Ok(Kind::TimeSpan), [Kind::Int | Kind::Long, Kind::Int | Kind::Long, Kind::Int | Kind::Long] => Ok(Kind::Long), [a, b, c] if [a, b, c].iter().all(|kind| matches!(kind, Kind::Int | Kind::Long | Kind::Real)) => Ok(Kind::Real), _ => Err("takes three numbers, a time, a timespan and a time, or three timespans".to_owned()) },
    call,
    examples: &[("bin_at(6.5, 2.5, 7)", "4.5"), ("bin_at(time(1h), 1d, 12h)", "-12:00:00"), ("bin_at(datetime(2017-05-17 10:20), 7d, datetime(2017-06-04))", "2017-05-14T00:00:00.0000000Z"), ("bin_at(5, 0, 1)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    match (call.value(0), call.value(1), call.value(2)) {
        (Value::Long(value), Value::Long(size), Value::Long(anchor)) if call.kind != Kind::Real => {
            if size <= 0 {
                return Value::Null;
            }
            let steps = (i128::from(value) - i128::from(anchor)).div_euclid(i128::from(size));
            let binned = i64::try_from(steps * i128::from(size) + i128::from(anchor)).ok();
            let is_time = call.kind == Kind::DateTime;
            binned.filter(|ticks| !is_time || (0..chartroom_base::ticks::END).contains(ticks)).into()
        }
        (value, size, anchor) => match (value.real(), size.real(), anchor.real()) {
            (Some(value), Some(size), Some(anchor)) if size > 0.0 => {
                Value::Real(((value - anchor) / size).floor() * size + anchor)
            }
            _ => Value::Null,
        },
    }
}
