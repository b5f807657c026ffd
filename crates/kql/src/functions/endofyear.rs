//! `endofyear(time, [years])`.
use super::{Call, Function, Kind, Parameter, Value, endofmonth};

pub(super) const FUNCTION: Function = Function {
    name: "endofyear",
    about: "The last tick of the time's year, or of a year so many later.",
    parameters: &[Parameter::DateTime, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("endofyear(datetime(2021-08-02))", "2021-12-31T23:59:59.9999999Z"), ("endofyear(datetime(9999-08-02))", "9999-12-31T23:59:59.9999999Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    endofmonth::last_before(call, 12).into()
}
