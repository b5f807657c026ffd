//! `now([offset])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "now",
    about: "When the query was asked, the same everywhere in it; with an offset, that much later.",
    parameters: &[Parameter::TimeSpan],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("now()", "2021-08-02T16:01:29.0000000Z"), ("now(-1d)", "2021-08-01T16:01:29.0000000Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.now.checked_add(call.long(0).unwrap_or(0)).map_or(Value::Null, |ticks| Value::Long(ticks.0))
}
