//! `unixtime_seconds_todatetime(seconds)`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "unixtime_seconds_todatetime",
    about: "The time so many seconds after 1970.",
    parameters: &[Parameter::Number],
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("unixtime_seconds_todatetime(1546300800)", "2019-01-01T00:00:00.0000000Z"), ("unixtime_seconds_todatetime(-62135596801)", "null")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    after_1970(call, 10_000_000.0)
}

/// The time so many units of that many ticks after 1970.
pub(super) fn after_1970(call: &Call<'_, '_>, ticks: f64) -> Value<'static> {
    use chartroom_base::ticks::{Ticks, UNIX_EPOCH};
    #[expect(clippy::cast_possible_truncation, reason = "saturates; then it is out of range")]
    let after = match call.value(0) {
        Value::Long(count) if ticks >= 1.0 => count.checked_mul(ticks as i64),
        Value::Long(count) => Some(count / ((1.0 / ticks).round() as i64)),
        value => value.real().filter(|count| count.is_finite()).map(|count| (count * ticks) as i64),
    };
    after.and_then(|after| Ticks(UNIX_EPOCH).checked_add(after)).map(|ticks| ticks.0).into()
}
