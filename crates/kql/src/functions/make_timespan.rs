//! `make_timespan([days], hours, minutes, [seconds])`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::{PER_DAY, PER_SECOND};

pub(super) const FUNCTION: Function = Function {
    name: "make_timespan",
    about: "The timespan of these parts; null when there is none such.",
    parameters: &[Parameter::Whole, Parameter::Whole, Parameter::Number, Parameter::Number],
    optional: 2,
    returns: |_| Ok(Kind::TimeSpan),
    call,
    examples: &[("make_timespan(1, 12)", "01:12:00"), ("make_timespan(1, 12, 30.5)", "01:12:30.5000000"), ("make_timespan(1, 12, 30, 55.123)", "1.12:30:55.1230000"), ("make_timespan(24, 0)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (days, first) = if call.has(3) { (call.long(0), 1) } else { (Some(0), 0) };
    let seconds = if call.has(first + 2) { call.real(first + 2) } else { Some(0.0) };
    let (Some(days), Some(hours), Some(minutes), Some(seconds)) = (days, call.long(first), call.long(first + 1), seconds)
    else {
        return Value::Null;
    };
    if !(0..24).contains(&hours) || !(0..60).contains(&minutes) || !(0.0..60.0).contains(&seconds) {
        return Value::Null;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 60 seconds")]
    let seconds = (seconds * 1e7).round() as i64;
    let days = days.checked_mul(PER_DAY);
    days.and_then(|days| days.checked_add((hours * 3_600 + minutes * 60) * PER_SECOND + seconds)).into()
}
