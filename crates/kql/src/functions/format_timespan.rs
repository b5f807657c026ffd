//! `format_timespan(span, format)`.
use super::{Call, Function, Kind, Parameter, Value, format_datetime::formatted};
use chartroom_base::ticks::{PER_DAY, PER_SECOND};

pub(super) const FUNCTION: Function = Function {
    name: "format_timespan",
    about: "The timespan as a format says: `dd.hh:mm:ss.fffffff`, in any order and length.",
    parameters: &[Parameter::TimeSpan, Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"format_timespan(time(29.09:00:05.12345), "dd.hh:mm:ss:FF")"#, "29.09:00:05:12"), (r#"format_timespan(time(29.09:00:05.12345), "ddd.h:mm:ss [fffffff]")"#, "029.9:00:05 [1234500]")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(ticks) = call.long(0) else { return Value::EMPTY };
    let size = ticks.unsigned_abs();
    let (per_day, per_second) = (PER_DAY.unsigned_abs(), PER_SECOND.unsigned_abs());
    let (seconds, fraction) = (size % per_day / per_second, size % per_second);
    formatted(call.text(1), |letter, wanted| {
        let (number, most) = match letter {
            'd' => (size / per_day, 8),
            'h' | 'H' => (seconds / 3_600, 2),
            'm' => (seconds / 60 % 60, 2),
            's' => (seconds % 60, 2),
            'f' | 'F' => {
                let digits = wanted.min(7);
                return Some((format!("{fraction:07}").get(..digits)?.to_owned(), digits));
            }
            _ => return None,
        };
        let width = wanted.min(most);
        Some((format!("{number:0width$}"), width))
    })
}
