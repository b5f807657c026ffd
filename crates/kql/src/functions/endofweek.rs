//! `endofweek(time, [weeks])`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::{PER_DAY, Ticks};

pub(super) const FUNCTION: Function = Function {
    name: "endofweek",
    about: "The last tick of the Saturday that ends the time's week, or of a week so many later.",
    parameters: &[Parameter::DateTime, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("endofweek(datetime(2021-08-02 16:01))", "2021-08-07T23:59:59.9999999Z"), ("endofweek(datetime(2021-08-01), -1)", "2021-07-31T23:59:59.9999999Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(ticks) = call.long(0) else { return Value::Null };
    let day = ticks.div_euclid(PER_DAY);
    let saturday = day - (day + 1).rem_euclid(7) + 6;
    let last = call.long(1).unwrap_or(0).checked_mul(7 * PER_DAY);
    let last = last.and_then(|weeks| Ticks(saturday * PER_DAY + PER_DAY - 1).checked_add(weeks));
    last.map(|ticks| ticks.0).into()
}
