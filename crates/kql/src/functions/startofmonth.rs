//! `startofmonth(time, [months])`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::Ticks;

pub(super) const FUNCTION: Function = Function {
    name: "startofmonth",
    about: "Midnight of the first of the time's month, or of a month so many later.",
    parameters: &[Parameter::DateTime, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[
        ("startofmonth(datetime(2021-08-02 16:01))", "2021-08-01T00:00:00.0000000Z"),
        ("startofmonth(datetime(2021-08-02), -8)", "2020-12-01T00:00:00.0000000Z"),
    ],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(ticks) = call.long(0) else { return Value::Null };
    let ((year, month, _), _, _) = Ticks(ticks).to_civil();
    let months = (year * 12 + month - 1).checked_add(call.long(1).unwrap_or(0));
    let start = months.and_then(|months| {
        Ticks::from_civil((months.div_euclid(12), months.rem_euclid(12) + 1, 1), (0, 0, 0), 0)
    });
    start.map_or(Value::Null, |ticks| Value::Long(ticks.0))
}
