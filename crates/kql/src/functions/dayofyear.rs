//! `dayofyear(time)`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::{PER_DAY, Ticks};

pub(super) const FUNCTION: Function = Function {
    name: "dayofyear",
    about: "The day of the year, from 1.",
    parameters: &[Parameter::DateTime],
    returns: |_| Ok(Kind::Int),
    call,
    examples: &[("dayofyear(datetime(2024-12-31))", "366")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).map(day).into()
}

/// The day of the year, from 1.
pub(super) fn day(ticks: i64) -> i64 {
    let ((year, _, _), _, _) = Ticks(ticks).to_civil();
    let first = Ticks::from_civil((year, 1, 1), (0, 0, 0), 0).unwrap_or_default();
    (ticks - first.0).div_euclid(PER_DAY) + 1
}
