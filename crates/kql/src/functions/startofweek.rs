//! `startofweek(time, [weeks])`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::{PER_DAY, Ticks};

pub(super) const FUNCTION: Function = Function {
    name: "startofweek",
    about: "Midnight of the Sunday that the time's week begins with, or of a week so many later.",
    parameters: &[Parameter::DateTime, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[
        ("startofweek(datetime(2021-08-07 16:01))", "2021-08-01T00:00:00.0000000Z"),
        ("startofweek(datetime(2021-08-01), 1)", "2021-08-08T00:00:00.0000000Z"),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(ticks) = call.long(0) else { return Value::Null };
    let day = ticks.div_euclid(PER_DAY);
    let sunday = day - (day + 1).rem_euclid(7);
    let weeks = call.long(1).unwrap_or(0).checked_mul(7 * PER_DAY);
    let start = weeks.and_then(|weeks| Ticks(sunday * PER_DAY).checked_add(weeks));
    start.map_or(Value::Null, |ticks| Value::Long(ticks.0))
}
