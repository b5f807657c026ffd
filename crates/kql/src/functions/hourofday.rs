//! `hourofday(time)`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::Ticks;

pub(super) const FUNCTION: Function = Function {
    name: "hourofday",
    aliases: &[],
    about: "The hour of the day, from 0.",
    parameters: &[Parameter::DateTime],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[("hourofday(datetime(2021-08-02 16:01))", "16")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).map_or(Value::Null, |ticks| {
        let (_, time, _) = Ticks(ticks).to_civil();
        Value::Long(time.0)
    })
}
