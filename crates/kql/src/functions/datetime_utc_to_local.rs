//! `datetime_utc_to_local(time, zone)`.
use super::{Call, Function, Kind, Parameter, Value};
use crate::zone;

pub(super) const FUNCTION: Function = Function {
    name: "datetime_utc_to_local",
    about: "The time as clocks of a zone (`Europe/Berlin`) show it. Null before 1990, unless they were never changed.",
    parameters: &[Parameter::DateTime, Parameter::Text],
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[(r#"datetime_utc_to_local(datetime(2020-02-03 04:02:20), "US/Pacific")"#, "2020-02-02T20:02:20.0000000Z"), (r#"datetime_utc_to_local(datetime(2020-02-03), "nowhere")"#, "null"), (r#"datetime_utc_to_local(datetime(1989-12-31 23:59:59), "Europe/Berlin")"#, "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).and_then(|ticks| zone::to_local(ticks, call.text(1))).into()
}
