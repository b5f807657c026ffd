//! How a time is taken apart for the screen.

use chartroom_base::ticks::{PER_SECOND, Ticks};

/// A time as three parts, so that the screen can mute what repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeParts {
    /// `2021-08-02`.
    pub date: String,
    /// `16:01:29`.
    pub time: String,
    /// `.151`, or all seven digits when the time has them.
    pub fraction: String,
}

/// The parts of `time` on clocks that show `offset` ticks beyond UTC.
#[must_use]
pub fn time_parts(time: Ticks, offset: i64) -> TimeParts {
    let local = Ticks(time.0.saturating_add(offset).max(0));
    let ((year, month, day), (hour, minute, second), fraction) = local.to_civil();
    let fraction =
        if fraction % 10_000 == 0 { format!(".{:03}", fraction / 10_000) } else { format!(".{fraction:07}") };
    TimeParts {
        date: format!("{year:04}-{month:02}-{day:02}"),
        time: format!("{hour:02}:{minute:02}:{second:02}"),
        fraction,
    }
}

/// `2021-08-02 16:01`, for ranges.
#[must_use]
pub fn minute_text(time: Ticks, offset: i64) -> String {
    let TimeParts { date, time, .. } = time_parts(time, offset);
    format!("{date} {}", time.get(..5).unwrap_or(&time))
}

/// `+02:00`, or nothing at all for no offset.
#[must_use]
pub fn offset_text(offset: i64) -> String {
    let minutes = offset / (60 * PER_SECOND);
    if minutes == 0 {
        return String::new();
    }
    let sign = if minutes < 0 { '−' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// The time of a cell as exported, `2021-08-02T16:01:29.0000000Z`.
#[must_use]
pub fn parse_exported(text: &str) -> Option<Ticks> {
    let number = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<i64>().ok());
    let fraction = match text.get(19..)?.strip_suffix('Z')? {
        "" => 0,
        rest => {
            let digits = rest.strip_prefix('.')?;
            if digits.len() != 7 {
                return None;
            }
            digits.parse().ok()?
        }
    };
    Ticks::from_civil(
        (number(0, 4)?, number(5, 7)?, number(8, 10)?),
        (number(11, 13)?, number(14, 16)?, number(17, 19)?),
        fraction,
    )
}

/// The hour in a `datetime-local` field, `2021-08-02T16:00`, taken as UTC.
#[must_use]
pub fn parse_hour_field(text: &str) -> Option<Ticks> {
    let whole = format!("{}:00Z", text.get(..16)?);
    parse_exported(&whole)
}
