//! `unixtime_milliseconds_todatetime(milliseconds)`.
use super::{Call, Function, Kind, Parameter, Value, unixtime_seconds_todatetime::after_1970};

pub(super) const FUNCTION: Function = Function {
    name: "unixtime_milliseconds_todatetime",
    about: "The time so many milliseconds after 1970.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("unixtime_milliseconds_todatetime(1546300800000)", "2019-01-01T00:00:00.0000000Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    after_1970(call, 10_000.0)
}
