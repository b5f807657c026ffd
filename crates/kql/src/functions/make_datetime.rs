//! `make_datetime(year, month, day, [hour, minute, second])`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::{PER_SECOND, Ticks};

pub(super) const FUNCTION: Function = Function {
    name: "make_datetime",
    about: "The time of these parts; null when there is none such.",
    parameters: &[Parameter::Whole, Parameter::Whole, Parameter::Whole, Parameter::Whole, Parameter::Whole, Parameter::Number],
    optional: 3,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("make_datetime(2017, 10, 1)", "2017-10-01T00:00:00.0000000Z"), ("make_datetime(2017, 10, 1, 12, 11, 0.1234567)", "2017-10-01T12:11:00.1234567Z"), ("make_datetime(2017, 13, 1)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let part = |at: usize| call.long(at).unwrap_or(0);
    let (hour, minute) = (part(3), part(4));
    #[expect(clippy::cast_possible_truncation, reason = "below 60 seconds")]
    let ticks = call.real(5).filter(|second| (0.0..60.0).contains(second)).map(|second| (second * 1e7).round() as i64);
    let ticks = match (call.has(5), ticks) {
        (true, None) => return Value::Null,
        (_, ticks) => ticks.unwrap_or(0),
    };
    let time = Ticks::from_civil((part(0), part(1), part(2)), (hour, minute, ticks / PER_SECOND), ticks % PER_SECOND);
    time.map(|ticks| ticks.0).into()
}
