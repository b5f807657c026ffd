//! The forms in which logs write points in time, read without a clock, a locale or a table of zones.
//!
//! What a text leaves open is told beside the time ([`Seen`]): which of two numbers is the day, and the zone. Who reads a whole column
//! decides it. What is no time is `None`: the caller keeps its text.

use chartroom_base::ticks::{PER_SECOND, Ticks, UNIX_EPOCH};
use serde::{Deserialize, Serialize};

/// What a text, or a column of them, shows of how its values are written: a set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen(pub u16);

impl Seen {
    /// It names no zone.
    pub const ZONELESS: Self = Self(1);
    /// The first number is a day: above 12.
    pub const DAY_FIRST: Self = Self(2);
    /// The second number is a day: above 12.
    pub const MONTH_FIRST: Self = Self(4);
    /// Either could be.
    pub const EITHER: Self = Self(8);

    /// It has AM or PM.
    pub const HALVES: Self = Self(16);
    /// Its zone was that of the clock of whoever exported it, whichever that was.
    pub const LOCAL: Self = Self(32);
    /// Which number is the day was not known when it was read.
    pub const GUESSED: Self = Self(64);
    /// A cell is not what its column was taken to hold.
    pub const MISFIT: Self = Self(128);
    /// Of a column of which nothing was known: a cell is a number, one that is not written as we do, a truth, a time, a tree, a word for
    /// nothing, anything else.
    pub const NUMBER: Self = Self(256);
    /// See [`Self::NUMBER`].
    pub const INEXACT: Self = Self(512);
    /// See [`Self::NUMBER`].
    pub const TRUTH: Self = Self(1024);
    /// See [`Self::NUMBER`].
    pub const TIME: Self = Self(2048);
    /// See [`Self::NUMBER`].
    pub const TREE: Self = Self(4096);
    /// See [`Self::NUMBER`].
    pub const NOTHING: Self = Self(8192);
    /// See [`Self::NUMBER`].
    pub const WORDS: Self = Self(16384);

    /// Whether it shows that.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// It without those.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// The tick that `text` names; without a zone, that of UTC, and of two numbers that could be it the first is the month.
///
/// ISO 8601 with `T` or a blank, none to nine fractional digits, `Z`, an offset or nothing; the basic form
/// `20131102T010628Z`; `5/25/2023, 4:32:49.469 AM` (month first, unless that is impossible), with or without the comma, the
/// fraction, the seconds, AM or PM, an offset; `21.4.2025, 09:45:54`; `Aug 13, 2020, 12:03:12 AM`; seconds, milliseconds, microseconds
/// or nanoseconds since 1970, told apart by their size; `/Date(1772439330000)/`.
#[must_use]
pub fn parse_time(text: &str) -> Option<Ticks> {
    read_time(text, false).map(|(ticks, _)| ticks)
}

/// The same, with what the text leaves open. `is_day_first`: of two numbers that could be it the first is the day.
#[must_use]
pub fn read_time(text: &str, is_day_first: bool) -> Option<(Ticks, Seen)> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let known = |ticks| (ticks, Seen::default());
    if let Some(read) = iso(bytes) {
        return Some(read);
    }
    if let Some(inner) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        return Ticks::from_unix_millis(inner.parse().ok()?).map(known);
    }
    if bytes.first()?.is_ascii_alphabetic() {
        return month_by_name(text);
    }
    if let Some(&separator) = bytes.iter().take(5).find(|byte| !byte.is_ascii_digit())
        && (separator == b'/' || separator == b'.' && bytes.iter().filter(|&&byte| byte == b'.').count() > 1)
    {
        return numbers(bytes, separator, is_day_first);
    }
    if bytes.get(8) == Some(&b'T') {
        let zone = if bytes.ends_with(b"Z") { Seen::default() } else { Seen::ZONELESS };
        return basic(bytes).map(|ticks| (ticks, zone));
    }
    epoch(text).map(known)
}

/// The number in `digits`, all of which must be digits.
#[inline]
fn number(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    digits
        .iter()
        .try_fold(0_i64, |value, &digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
}

fn iso(bytes: &[u8]) -> Option<(Ticks, Seen)> {
    let head = bytes.first_chunk::<10>()?;
    let [_, _, _, _, b'-', _, _, b'-', _, _] = head else { return None };
    let date = (number(head.get(..4)?)?, number(head.get(5..7)?)?, number(head.get(8..)?)?);
    let rest = bytes.get(10..)?;
    if rest.is_empty() {
        return midnight(date);
    }
    // `2020-05-13, 04:52:01 PM` is what CloudTrail's event history once exported, by the clock of the browser.
    let (rest, local) = rest.strip_prefix(b",").map_or((rest, Seen::default()), |rest| (rest, Seen::LOCAL));
    let rest =
        rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" ")).or_else(|| rest.strip_prefix(b"t"))?;
    let (ticks, seen) = clock(date, rest)?;
    Some((
        ticks,
        if seen.has(Seen::ZONELESS) { seen.and(local).without(Seen::HALVES) } else { Seen::default() },
    ))
}

/// The beginning of a day in a zone that is not said.
fn midnight(date: (i64, i64, i64)) -> Option<(Ticks, Seen)> {
    Some((Ticks::from_civil(date, (0, 0, 0), 0)?, Seen::ZONELESS))
}

/// `hh:mm[:ss[.fraction]][ AM][ zone]` of `date`.
fn clock(date: (i64, i64, i64), bytes: &[u8]) -> Option<(Ticks, Seen)> {
    let (hour, rest) = leading(bytes, 2)?;
    let (minute, mut rest) = leading(rest.strip_prefix(b":")?, 2)?;
    let mut second = 0;
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix(b":") {
        (second, rest) = leading(after, 2)?;
        if let Some(after) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
            let count = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if count == 0 || count > 9 {
                return None;
            }
            // Ticks hold seven digits; what is finer is cut.
            fraction = (0..7).fold(0, |sum, at| {
                sum * 10
                    + if at < count { after.get(at).map_or(0, |digit| i64::from(digit - b'0')) } else { 0 }
            });
            rest = after.get(count..)?;
        }
    }
    let text = std::str::from_utf8(rest).ok()?.trim_start_matches([' ', '\u{202f}', '\u{a0}']);
    let mut seen = Seen::default();
    let (hour, zone) = match half_of_day(text) {
        Some((is_afternoon, zone)) => {
            if !(1..=12).contains(&hour) {
                return None;
            }
            seen = Seen::HALVES;
            (hour % 12 + if is_afternoon { 12 } else { 0 }, zone.trim_start())
        }
        None => (hour, text),
    };
    let offset = zone_minutes(zone)?;
    let ticks =
        Ticks::from_civil(date, (hour, minute, second), fraction)?.checked_add(-offset * 60 * PER_SECOND)?;
    Some((ticks, if zone.trim().is_empty() { seen.and(Seen::ZONELESS) } else { seen }))
}

/// One to `most` digits and what follows.
fn leading(bytes: &[u8], most: usize) -> Option<(i64, &[u8])> {
    let count = bytes.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    Some((number(bytes.get(..count)?)?, bytes.get(count..)?))
}

fn half_of_day(text: &str) -> Option<(bool, &str)> {
    [("AM", false), ("PM", true), ("a.m.", false), ("p.m.", true)].into_iter().find_map(
        |(word, is_afternoon)| {
            let start = text.get(..word.len())?;
            start
                .eq_ignore_ascii_case(word)
                .then(|| (is_afternoon, text.get(word.len()..).unwrap_or_default()))
        },
    )
}

/// Minutes east of Greenwich; nothing is UTC.
pub(crate) fn zone_minutes(zone: &str) -> Option<i64> {
    let zone = zone.trim_end().trim_start_matches('(').trim_end_matches(')');
    let zone = zone.strip_prefix("UTC").or_else(|| zone.strip_prefix("GMT")).unwrap_or(zone);
    if matches!(zone, "" | "Z" | "z") {
        return Some(0);
    }
    let (sign, rest) = match zone.as_bytes() {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest {
        [a, b, b':', c, d] | [a, b, c, d] => (number(&[*a, *b])?, number(&[*c, *d])?),
        [a, b] => (number(&[*a, *b])?, 0),
        [a] => (number(&[*a])?, 0),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// `5/25/2023, 4:32:49.469 AM` and its kin; with dots between the numbers the day comes first, always.
fn numbers(bytes: &[u8], separator: u8, is_day_first: bool) -> Option<(Ticks, Seen)> {
    let (a, rest) = leading(bytes, 4)?;
    let (b, rest) = leading(rest.strip_prefix(&[separator])?, 2)?;
    let (c, rest) = leading(rest.strip_prefix(&[separator])?, 4)?;
    let mut seen = Seen::default();
    let (year, month, day) = if a > 31 {
        (a, b, c)
    } else if separator == b'.' {
        (c, b, a)
    } else if a > 12 {
        seen = Seen::DAY_FIRST;
        (c, b, a)
    } else if b > 12 {
        seen = Seen::MONTH_FIRST;
        (c, a, b)
    } else {
        seen = if a == b { seen } else { Seen::EITHER };
        if is_day_first { (c, b, a) } else { (c, a, b) }
    };
    let year = if (0..100).contains(&year) { 2000 + year } else { year };
    let (ticks, more) = clock_after((year, month, day), rest)?;
    // Only where the order is open it matters that who writes so begins with the month.
    let more = if seen.has(Seen::EITHER) { more } else { more.without(Seen::HALVES) };
    Some((ticks, seen.and(more)))
}

fn clock_after(date: (i64, i64, i64), rest: &[u8]) -> Option<(Ticks, Seen)> {
    let rest = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
    if rest.is_empty() { midnight(date) } else { clock(date, rest) }
}

/// `Aug 13, 2020, 12:03:12 AM`, `May 19, 2020, 23:17 (UTC-07:00)`.
fn month_by_name(text: &str) -> Option<(Ticks, Seen)> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let (name, rest) = text.split_once(' ')?;
    let short = name.get(..3)?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|&month| month == short)?;
    let (day, rest) = leading(rest.as_bytes(), 2)?;
    let (year, rest) = leading(rest.strip_prefix(b",")?.trim_ascii_start(), 4)?;
    let (ticks, seen) = clock_after((year, i64::try_from(month).ok()? + 1, day), rest)?;
    Some((ticks, seen.without(Seen::HALVES)))
}

/// `20131102T010628Z`.
fn basic(bytes: &[u8]) -> Option<Ticks> {
    let date = (number(bytes.get(..4)?)?, number(bytes.get(4..6)?)?, number(bytes.get(6..8)?)?);
    let time = (number(bytes.get(9..11)?)?, number(bytes.get(11..13)?)?, number(bytes.get(13..15)?)?);
    matches!(bytes.get(15..)?, b"Z" | b"").then(|| Ticks::from_civil(date, time, 0)).flatten()
}

/// A count since 1970, by magnitude: seconds up to eleven digits, then milliseconds, microseconds, nanoseconds.
fn epoch(text: &str) -> Option<Ticks> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.len() < 9 || digits.len() > 19 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let (ticks, unit) = match digits.len() {
        ..=11 => (whole.checked_mul(PER_SECOND)?, PER_SECOND),
        12..=14 => (whole.checked_mul(10_000)?, 10_000),
        15..=17 => (whole.checked_mul(10)?, 10),
        _ => (whole.div_euclid(100), 0),
    };
    let mut part = 0;
    if !fraction.is_empty() {
        let digits = fraction.as_bytes().get(..fraction.len().min(7))?;
        let scale = 10_i64.checked_pow(u32::try_from(digits.len()).ok()?)?;
        part = number(digits)? * unit / scale;
    }
    Ticks(0).checked_add(ticks.checked_add(part)?.checked_add(UNIX_EPOCH)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown = parse_time(text).map_or_else(|| "none".to_owned(), |ticks| ticks.to_string());
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn iso_forms() {
        check("2026-03-02T08:15:30Z", "2026-03-02T08:15:30.0000000Z");
        check("2022-08-19T17:07:30.2400300Z", "2022-08-19T17:07:30.2400300Z");
        check("2022-08-19T17:07:30.123456789Z", "2022-08-19T17:07:30.1234567Z");
        check("2021-08-02 16:01:29Z", "2021-08-02T16:01:29.0000000Z");
        check("2026-03-02T08:15:30.123", "2026-03-02T08:15:30.1230000Z");
        check("2026-03-02T08:15:30+02:00", "2026-03-02T06:15:30.0000000Z");
        check("2026-03-02T08:15:30.5-0730", "2026-03-02T15:45:30.5000000Z");
        check("2026-03-02", "2026-03-02T00:00:00.0000000Z");
        check("20131102T010628Z", "2013-11-02T01:06:28.0000000Z");
        check("2020-05-13, 04:52:01 PM", "2020-05-13T16:52:01.0000000Z");
    }

    #[test]
    fn forms_of_the_portal() {
        check("5/25/2023, 4:32:49.469 AM", "2023-05-25T04:32:49.4690000Z");
        check("5/25/2023, 12:00:00.000 AM", "2023-05-25T00:00:00.0000000Z");
        check("5/25/2023, 12:00:00 PM", "2023-05-25T12:00:00.0000000Z");
        check("5/25/2023, 4:32:49.469\u{202f}PM", "2023-05-25T16:32:49.4690000Z");
        check("1/27/2024 4:02:29.126 PM +00:00", "2024-01-27T16:02:29.1260000Z");
        check("21/04/2025, 09:45:54.000", "2025-04-21T09:45:54.0000000Z");
        check("16/07/2026 20:26:12.030", "2026-07-16T20:26:12.0300000Z");
        check("01/09/2007 09:41:00", "2007-01-09T09:41:00.0000000Z");
        check("2025/4/21 9:45:54", "2025-04-21T09:45:54.0000000Z");
        check("21.4.2025, 09:45:54", "2025-04-21T09:45:54.0000000Z");
        check("3.4.2025 09:45", "2025-04-03T09:45:00.0000000Z");
        check("Aug 13, 2020, 12:03:12 AM", "2020-08-13T00:03:12.0000000Z");
        check("Jan 22, 2021 12:46:28 AM", "2021-01-22T00:46:28.0000000Z");
        check("May 19, 2020, 23:17 (UTC-07:00)", "2020-05-20T06:17:00.0000000Z");
    }

    #[test]
    fn what_a_text_leaves_open_is_told() {
        #[track_caller]
        fn open(text: &str, expected: Seen) {
            assert_eq!(read_time(text, false).map(|(_, seen)| seen), Some(expected), "{text}");
        }
        open("2026-03-02T08:15:30Z", Seen(0));
        open("2026-03-02T08:15:30+02:00", Seen(0));
        open("2026-03-02T08:15:30", Seen::ZONELESS);
        open("2026-03-02", Seen::ZONELESS);
        open("1424476529", Seen(0));
        open("5/25/2023, 4:32 AM", Seen::MONTH_FIRST.and(Seen::ZONELESS));
        open("25/5/2023 4:32", Seen::DAY_FIRST.and(Seen::ZONELESS));
        open("5/4/2023 4:32:00 AM +00:00", Seen::EITHER.and(Seen::HALVES));
        open("5/4/2023 4:32:00 +00:00", Seen::EITHER);
        open("2020-05-13, 04:52:01 PM", Seen::LOCAL.and(Seen::ZONELESS));
        open("2020-05-13, 04:52:01 PM Z", Seen(0));
        open("5/5/2023 4:32:00 AM Z", Seen(0));
        let day_first = read_time("5/4/2023 0:00 Z", true).map(|(ticks, _)| ticks.to_string());
        assert_eq!(day_first.as_deref(), Some("2023-04-05T00:00:00.0000000Z"));
    }

    #[test]
    fn counts_since_1970_by_their_size() {
        check("1424476529", "2015-02-20T23:55:29.0000000Z");
        check("1424476529.25", "2015-02-20T23:55:29.2500000Z");
        check("1424476529123", "2015-02-20T23:55:29.1230000Z");
        check("1424476529123456", "2015-02-20T23:55:29.1234560Z");
        check("1424476529123456789", "2015-02-20T23:55:29.1234567Z");
        check("/Date(1772439330000)/", "2026-03-02T08:15:30.0000000Z");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "x",
            "now",
            "2026-13-01",
            "2026-02-30T00:00:00Z",
            "2026-03-02T25:00:00Z",
            "13:00",
            "5/25/2023, 13:00:00 AM",
            "42",
            "99466898241024408999",
            "2026-03-02T08:15:30.Z",
            "2026-03-02T08:15:30 Mars",
            "1/2",
            "é",
            "9999999999999999999",
        ] {
            check(text, "none");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_tick_written_is_the_tick_read(ticks in 0..chartroom_base::ticks::END) {
            proptest::prop_assert_eq!(parse_time(&Ticks(ticks).to_string()), Some(Ticks(ticks)));
        }

        #[test]
        fn no_text_panics(text in "[0-9/:., TZAPMapm+-]{0,32}") {
            let _time = parse_time(&text);
        }
    }
}
