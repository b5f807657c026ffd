//! `datetime_add(part, count, time)`.
use super::{Call, Function, Kind, Parameter, Value, datetime_part::Part};
use chartroom_base::ticks::Ticks;

pub(super) const FUNCTION: Function = Function {
    name: "datetime_add",
    about: "The time so many years, quarters, months, weeks, days, hours, minutes, seconds, milliseconds, microseconds or nanoseconds later.",
    parameters: &[Parameter::Text, Parameter::Whole, Parameter::DateTime],
    returns: |_| Ok(Kind::DateTime),
    call,
    examples: &[(r#"datetime_add("month", 1, datetime(2024-01-31))"#, "2024-02-29T00:00:00.0000000Z"), (r#"datetime_add("year", -1, datetime(2024-02-29))"#, "2023-02-28T00:00:00.0000000Z"), (r#"datetime_add("week", 1, datetime(2024-01-01))"#, "2024-01-08T00:00:00.0000000Z"), (r#"datetime_add("microsecond", 1, datetime(2024-01-01))"#, "2024-01-01T00:00:00.0000010Z")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(part), Some(count), Some(ticks)) = (Part::named(call.text(0)), call.long(1), call.long(2)) else {
        return Value::Null;
    };
    later(part, count, ticks).into()
}

/// The time so many parts later; in months that have no such day, their last.
fn later(part: Part, count: i64, ticks: i64) -> Option<i64> {
    if let Some(months) = part.months() {
        let ((year, month, day), time, fraction) = Ticks(ticks).to_civil();
        let months = (year * 12 + month - 1).checked_add(count.checked_mul(months)?)?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let day = (28..=day).rev().find(|day| Ticks::from_civil((year, month, *day), (0, 0, 0), 0).is_some()).unwrap_or(day);
        return Ticks::from_civil((year, month, day), time, fraction).map(|ticks| ticks.0);
    }
    let by = match part {
        Part::Nanosecond => count / 100,
        _ => count.checked_mul(part.ticks()?)?,
    };
    Ticks(ticks).checked_add(by).map(|ticks| ticks.0)
}
