//! `datetime_diff(part, later, earlier)`.
use super::{Call, Function, Kind, Parameter, Value, datetime_part::Part};
use chartroom_base::ticks::{PER_DAY, Ticks};

pub(super) const FUNCTION: Function = Function {
    name: "datetime_diff",
    about: "How many boundaries of years, quarters, months, weeks, days, hours, … lie between two times.",
    parameters: &[Parameter::Text, Parameter::DateTime, Parameter::DateTime],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"datetime_diff("year", datetime(2017-01-01), datetime(2000-12-31))"#, "17"), (r#"datetime_diff("week", datetime(2024-03-05), datetime(2024-01-01))"#, "9"), (r#"datetime_diff("hour", datetime(2021-08-02 01:01), datetime(2021-08-02 00:59))"#, "1"), (r#"datetime_diff("month", datetime(2021-01-01), datetime(2021-03-01))"#, "-2")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(part), Some(a), Some(b)) = (Part::named(call.text(0)), call.long(1), call.long(2)) else {
        return Value::Null;
    };
    let place = |ticks: i64| {
        if let Some(months) = part.months() {
            let ((year, month, _), _, _) = Ticks(ticks).to_civil();
            return Some((year * 12 + month - 1).div_euclid(months));
        }
        match part {
            Part::Nanosecond => ticks.checked_mul(100),
            // Weeks begin on Sunday; day 0 is a Monday.
            Part::Week => Some((ticks.div_euclid(PER_DAY) + 1).div_euclid(7)),
            _ => Some(ticks.div_euclid(part.ticks()?)),
        }
    };
    match (part, place(a), place(b)) {
        (Part::Nanosecond, ..) => a.checked_sub(b).and_then(|ticks| ticks.checked_mul(100)).into(),
        (_, Some(a), Some(b)) => a.checked_sub(b).into(),
        _ => Value::Null,
    }
}
