//! `endofday(time, [days])`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::{PER_DAY, Ticks};

pub(super) const FUNCTION: Function = Function {
    name: "endofday",
    about: "The last tick of the time's day, or of a day so many later.",
    parameters: &[Parameter::DateTime, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("endofday(datetime(2021-08-02 16:01))", "2021-08-02T23:59:59.9999999Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(ticks) = call.long(0) else { return Value::Null };
    let last = Ticks(ticks - ticks.rem_euclid(PER_DAY) + PER_DAY - 1);
    let days = call.long(1).unwrap_or(0).checked_mul(PER_DAY);
    days.and_then(|days| last.checked_add(days)).map_or(Value::Null, |ticks| Value::Long(ticks.0))
}
