//! `dayofweek(time)`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::PER_DAY;

pub(super) const FUNCTION: Function = Function {
    name: "dayofweek",
    about: "Whole days since the Sunday before, as a timespan.",
    parameters: &[Parameter::DateTime],
    returns: |_| Ok(Kind::TimeSpan),
    call,
    examples: &[
        ("dayofweek(datetime(2021-08-02))", "1.00:00:00"),
        ("dayofweek(datetime(2021-08-01 23:59))", "00:00:00"),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    // Day 0 is a Monday.
    call.long(0).map_or(Value::Null, |ticks| Value::Long((ticks.div_euclid(PER_DAY) + 1).rem_euclid(7) * PER_DAY))
}
