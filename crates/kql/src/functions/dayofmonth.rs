//! `dayofmonth(time)`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::Ticks;

pub(super) const FUNCTION: Function = Function {
    name: "dayofmonth",
    aliases: &[],
    about: "The day of the month, from 1.",
    parameters: &[Parameter::DateTime],
    returns: |_| Ok(Kind::Int),
    call,
    examples: &[("dayofmonth(datetime(2021-08-02 16:01))", "2")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).map_or(Value::Null, |ticks| {
        let (date, _, _) = Ticks(ticks).to_civil();
        Value::Long(date.2)
    })
}
