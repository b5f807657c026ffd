//! `datetime_list_timezones()`.
use super::{Call, Function, Kind, Value};
use crate::zone;

pub(super) const FUNCTION: Function = Function {
    name: "datetime_list_timezones",
    about: "The names of all time zones, as an array.",
    returns: |_| Ok(Kind::Dynamic),
    call,
    examples: &[("array_length(datetime_list_timezones()) > 300", "true")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let _ = call;
    Value::owned(zone::names())
}
