//! `startofday(time, [days])`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::{PER_DAY, Ticks};

pub(super) const FUNCTION: Function = Function {
    name: "startofday",
    about: "Midnight of the time's day, or of a day so many later.",
    parameters: &[Parameter::DateTime, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[
        ("startofday(datetime(2021-08-02 16:01))", "2021-08-02T00:00:00.0000000Z"),
        ("startofday(datetime(2021-08-02 16:01), -1)", "2021-08-01T00:00:00.0000000Z"),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(ticks) = call.long(0) else { return Value::Null };
    let midnight = Ticks(ticks - ticks.rem_euclid(PER_DAY));
    let days = call.long(1).unwrap_or(0).checked_mul(PER_DAY);
    days.and_then(|days| midnight.checked_add(days)).map_or(Value::Null, |ticks| Value::Long(ticks.0))
}
