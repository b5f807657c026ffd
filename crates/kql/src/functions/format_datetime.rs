//! `format_datetime(time, format)`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::Ticks;

pub(super) const FUNCTION: Function = Function {
    name: "format_datetime",
    about: "The time as a format says: `yyyy-MM-dd HH:mm:ss.fffffff tt`, in any order and length.",
    parameters: &[Parameter::DateTime, Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"format_datetime(datetime(2017-01-29 09:00:05), "yy-MM-dd [HH:mm:ss]")"#, "17-01-29 [09:00:05]"), (r#"format_datetime(datetime(2017-01-29 09:00:05), "yyyy-M-dd [H:mm:ss]")"#, "2017-1-29 [9:00:05]"), (r#"format_datetime(datetime(2017-01-29 21:00:05.5), "hh:mm tt .fff")"#, "09:00 PM .500")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let Some(ticks) = call.long(0) else { return Value::EMPTY };
    let ((year, month, day), (hour, minute, second), fraction) = Ticks(ticks).to_civil();
    let half_day = if hour % 12 == 0 { 12 } else { hour % 12 };
    formatted(call.text(1), |letter, wanted| {
        let (number, most) = match letter {
            'y' => {
                return Some(match wanted {
                    1 => ((year % 100).to_string(), 1),
                    2 | 3 => (format!("{:02}", year % 100), 2),
                    _ => (format!("{year:04}"), 4),
                });
            }
            't' => return (wanted > 1).then(|| ((if hour < 12 { "AM" } else { "PM" }).to_owned(), 2)),
            'f' | 'F' => {
                let digits = wanted.min(7);
                return Some((format!("{fraction:07}").get(..digits)?.to_owned(), digits));
            }
            'M' => (month, 2),
            'd' => (day, 2),
            'H' => (hour, 2),
            'h' => (half_day, 2),
            'm' => (minute, 2),
            's' => (second, 2),
            _ => return None,
        };
        let width = wanted.min(most);
        Some((format!("{number:0width$}"), width))
    })
}

/// A format with each run of letters replaced; `part` gives what stands for a letter that comes so often, and for how many of
/// them. Empty when a letter or sign is none.
pub(super) fn formatted(format: &str, part: impl Fn(char, usize) -> Option<(String, usize)>) -> Value<'static> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        if matches!(letter, ' ' | '/' | '-' | ':' | ',' | '.' | '_' | '[' | ']') {
            out.push(letter);
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let run = rest.chars().take_while(|c| *c == letter).count();
        let Some((text, used)) = part(letter, run) else { return Value::EMPTY };
        out.push_str(&text);
        rest = rest.get(used.max(1)..).unwrap_or_default();
    }
    Value::owned(out)
}
