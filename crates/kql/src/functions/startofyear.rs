//! `startofyear(time, [years])`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::Ticks;

pub(super) const FUNCTION: Function = Function {
    name: "startofyear",
    about: "Midnight of the first of January of the time's year, or of a year so many later.",
    parameters: &[Parameter::DateTime, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("startofyear(datetime(2021-08-02 16:01))", "2021-01-01T00:00:00.0000000Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(ticks) = call.long(0) else { return Value::Null };
    let ((year, _, _), _, _) = Ticks(ticks).to_civil();
    let year = year.checked_add(call.long(1).unwrap_or(0));
    let start = year.and_then(|year| Ticks::from_civil((year, 1, 1), (0, 0, 0), 0));
    start.map_or(Value::Null, |ticks| Value::Long(ticks.0))
}
