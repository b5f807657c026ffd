//! `endofmonth(time, [months])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "endofmonth",
    about: "The last tick of the time's month, or of a month so many later.",
    parameters: &[Parameter::DateTime, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[("endofmonth(datetime(2024-02-10))", "2024-02-29T23:59:59.9999999Z"), ("endofmonth(datetime(2021-08-02), 4)", "2021-12-31T23:59:59.9999999Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    last_before(call, 1).into()
}

/// The last tick before the month that begins so many months after the time's, the second argument's periods later.
pub(super) fn last_before(call: &Call<'_, '_>, period: i64) -> Option<i64> {
    use chartroom_base::ticks::{END, Ticks};
    let ((year, month, _), _, _) = Ticks(call.long(0)?).to_civil();
    let first = (year * 12 + month - 1).div_euclid(period) * period;
    let months = first.checked_add(call.long(1).unwrap_or(0).checked_add(1)?.checked_mul(period)?)?;
    if months == 120_000 {
        return Some(END - 1);
    }
    let next = Ticks::from_civil((months.div_euclid(12), months.rem_euclid(12) + 1, 1), (0, 0, 0), 0)?;
    Some(next.0 - 1).filter(|ticks| *ticks >= 0)
}
