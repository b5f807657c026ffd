//! `datetime_part(part, time)`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::{PER_DAY, PER_SECOND, Ticks};

pub(super) const FUNCTION: Function = Function {
    name: "datetime_part",
    aliases: &["datepart"],
    about: "One part of a time: year, quarter, month, week_of_year, day, dayOfYear, hour, minute, second, millisecond, microsecond or nanosecond.",
    parameters: &[Parameter::Text, Parameter::DateTime],
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"datetime_part("quarter", datetime(2017-10-30 01:02:03.7654321))"#, "4"), (r#"datetime_part("week_of_year", datetime(2017-10-30))"#, "44"), (r#"datetime_part("dayOfYear", datetime(2017-10-30))"#, "303"), (r#"datetime_part("nanosecond", datetime(2017-10-30 01:02:03.7654321))"#, "765432100")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let (Some(ticks), name) = (call.long(1), call.text(0)) else { return Value::Null };
    if ["weekofyear", "week_of_year"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Value::Long(super::week_of_year::week(ticks));
    }
    if name.eq_ignore_ascii_case("dayofyear") {
        return Value::Long(super::dayofyear::day(ticks));
    }
    let ((year, month, day), (hour, minute, second), fraction) = Ticks(ticks).to_civil();
    Value::Long(match Part::named(name) {
        Some(Part::Year) => year,
        Some(Part::Quarter) => (month + 2) / 3,
        Some(Part::Month) => month,
        Some(Part::Day) => day,
        Some(Part::Hour) => hour,
        Some(Part::Minute) => minute,
        Some(Part::Second) => second,
        Some(Part::Millisecond) => fraction / 10_000,
        Some(Part::Microsecond) => fraction / 10,
        Some(Part::Nanosecond) => fraction * 100,
        Some(Part::Week) | None => return Value::Null,
    })
}

/// A unit of the calendar or the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    Microsecond,
    Nanosecond,
}

impl Part {
    /// The part of that name, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        let all = [
            ("year", Self::Year),
            ("quarter", Self::Quarter),
            ("month", Self::Month),
            ("week", Self::Week),
            ("day", Self::Day),
            ("hour", Self::Hour),
            ("minute", Self::Minute),
            ("second", Self::Second),
            ("millisecond", Self::Millisecond),
            ("microsecond", Self::Microsecond),
            ("nanosecond", Self::Nanosecond),
        ];
        all.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, part)| *part)
    }

    /// Its months, where it has them.
    pub(super) const fn months(self) -> Option<i64> {
        match self {
            Self::Year => Some(12),
            Self::Quarter => Some(3),
            Self::Month => Some(1),
            _ => None,
        }
    }

    /// Its ticks, where they are always as many and whole.
    pub(super) const fn ticks(self) -> Option<i64> {
        match self {
            Self::Week => Some(7 * PER_DAY),
            Self::Day => Some(PER_DAY),
            Self::Hour => Some(3_600 * PER_SECOND),
            Self::Minute => Some(60 * PER_SECOND),
            Self::Second => Some(PER_SECOND),
            Self::Millisecond => Some(10_000),
            Self::Microsecond => Some(10),
            _ => None,
        }
    }
}
