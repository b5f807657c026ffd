//! `datetime_local_to_utc(time, zone)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::zone;

pub(super) const FUNCTION: Function = Function {
    name: "datetime_local_to_utc",
    about: "The time in UTC when clocks of a zone (`Europe/Berlin`) show the given one. Null before 1990, unless they were never changed.",
    parameters: &[Parameter::DateTime, Parameter::Text],
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[(r#"datetime_local_to_utc(datetime(2020-02-02 20:02:20), "Europe/Paris")"#, "2020-02-02T19:02:20.0000000Z"), (r#"datetime_local_to_utc(datetime(2022-03-27 02:00), "Europe/Brussels")"#, "2022-03-27T00:00:00.0000000Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).and_then(|ticks| zone::to_utc(ticks, call.text(1))).into()
}
