//! `ago(span)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "ago",
    about: "The time that lies a timespan before the query's now.",
    parameters: &[Parameter::TimeSpan],
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("ago(1d)", "2021-08-01T16:01:29.0000000Z"), ("ago(-1h)", "2021-08-02T17:01:29.0000000Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let ticks = call.long(0).and_then(i64::checked_neg).and_then(|ticks| call.now.checked_add(ticks));
    ticks.map_or(Value::Null, |ticks| Value::Long(ticks.0))
}
