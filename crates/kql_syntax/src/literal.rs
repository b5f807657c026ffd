//! What literals say: strings, numbers, times.

use crate::keyword::ticks_per_unit;
use chartroom_base::ticks::{PER_DAY, PER_SECOND, Ticks};

/// `text` as a KQL string literal.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len().saturating_add(2));
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// What a string token says, or the message of what is wrong inside (byte offset within the token).
pub(crate) fn unquote(token: &str) -> Result<String, (usize, String)> {
    let body = token.strip_prefix(['h', 'H']).unwrap_or(token);
    for fence in ["```", "~~~"] {
        if let Some(inner) = body.strip_prefix(fence) {
            return Ok(inner.strip_suffix(fence).unwrap_or(inner).to_owned());
        }
    }
    let is_verbatim = body.starts_with('@');
    let body = body.strip_prefix('@').unwrap_or(body);
    let Some(quote) = body.chars().next() else { return Ok(String::new()) };
    let inner = body.get(1..).unwrap_or_default();
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    if is_verbatim {
        let doubled: String = [quote, quote].iter().collect();
        return Ok(inner.replace(&doubled, quote.encode_utf8(&mut [0; 4])));
    }
    unescape(inner).map_err(|(at, message)| {
        (at.saturating_add(token.len().saturating_sub(body.len())).saturating_add(1), message)
    })
}

fn unescape(inner: &str) -> Result<String, (usize, String)> {
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let Some((_, escape)) = chars.next() else { break };
        match escape {
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'a' => text.push('\u{7}'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'v' => text.push('\u{b}'),
            '0'..='7' => {
                // Octal, up to three digits.
                let rest = inner.get(at.saturating_add(1)..).unwrap_or_default();
                let digits: String = rest.chars().take(3).take_while(|c| ('0'..='7').contains(c)).collect();
                for _ in 1..digits.len() {
                    chars.next();
                }
                text.extend(u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32));
            }
            'x' | 'u' | 'U' => {
                let len = match escape {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let digits: String = chars.clone().take(len).map(|(_, c)| c).collect();
                let found = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == len);
                let Some(c) = found.and_then(char::from_u32) else {
                    return Err((at, format!("\\{escape} needs {len} hexadecimal digits of a character")));
                };
                for _ in 0..len {
                    chars.next();
                }
                text.push(c);
            }
            '\\' | '"' | '\'' | '`' => text.push(escape),
            other => {
                return Err((
                    at,
                    format!(
                        "\\{other} is no escape; write \\\\{other}, or @\"…\" for a text without escapes"
                    ),
                ));
            }
        }
    }
    Ok(text)
}

/// Ticks of `1.5h`; `None` when it is no such literal or does not fit.
pub(crate) fn timespan_with_unit(text: &str) -> Option<i64> {
    let at = text.find(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E'))?;
    let number = text.get(..at)?;
    let ticks = ticks_per_unit(text.get(at..)?)?;
    if ticks == 0 {
        // Nanoseconds below a tick are cut.
        return whole_ticks((number.parse::<f64>().ok()? / 100.0).trunc());
    }
    match number.parse::<i64>() {
        Ok(count) => count.checked_mul(ticks),
        #[expect(clippy::cast_precision_loss, reason = "units are below 2^53")]
        Err(_) => whole_ticks(number.parse::<f64>().ok()? * ticks as f64),
    }
}

/// Rounded to the nearest tick.
fn whole_ticks(ticks: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds checked")]
    (ticks.abs() < 9.2e18).then(|| ticks.round() as i64)
}

/// Ticks of a timespan as text: `[-][d.]hh:mm[:ss[.fffffff]]`, or (only in literals) a number of days or `1.5h`.
///
/// `None` when it is none.
#[must_use]
pub fn parse_timespan(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, body) = text.strip_prefix('-').map_or((1, text), |body| (-1, body));
    if body.is_empty() || !body.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let ticks = if body.contains(':') {
        clock(body)?
    } else if body.bytes().all(|byte| byte.is_ascii_digit()) {
        body.parse::<i64>().ok()?.checked_mul(PER_DAY)?
    } else {
        timespan_with_unit(body)?
    };
    ticks.checked_mul(sign)
}

/// `[d.]hh:mm[:ss[.fffffff]]` in ticks.
fn clock(body: &str) -> Option<i64> {
    let mut parts = body.split(':');
    let first = parts.next()?;
    let (days, hours) = match first.split_once('.') {
        Some((days, hours)) => (digits(days)?, digits(hours)?),
        None => (0, digits(first)?),
    };
    let minutes = digits(parts.next()?)?;
    let (seconds, fraction) = match parts.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            Some((seconds, fraction)) => (digits(seconds)?, fraction_ticks(fraction)?),
            None => (digits(seconds)?, 0),
        },
    };
    if parts.next().is_some() || hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let of_day = hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    days.checked_mul(PER_DAY)?.checked_add(of_day.checked_mul(PER_SECOND)?)?.checked_add(fraction)
}

fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// The digits behind a decimal point, as ticks; digits past the seventh are cut.
fn fraction_ticks(text: &str) -> Option<i64> {
    digits(text.get(..text.len().min(18))?)?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded: String = text.chars().chain("0000000".chars()).take(7).collect();
    padded.parse().ok()
}

/// Ticks of a time as Kusto reads it: ISO 8601 (to the year, month, day, minute or fraction; `T` or a blank; zone or UTC),
/// `YYYYMMDD`, `MM/DD/YYYY` (also with `-` or `.`; month first), `YYYY/MM/DD`, RFC 822 and `2 Dec 2022`, `Dec 2, 2022`.
///
/// `None` when it is none of them.
#[must_use]
pub fn parse_datetime(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.len() > 64 || !text.is_ascii() {
        return None;
    }
    iso(text).or_else(|| slashed(text)).or_else(|| month_named(text))
}

fn iso(text: &str) -> Option<i64> {
    let date_len = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, rest) = text.split_at_checked(date_len)?;
    let date = if date.len() == 8 && digits(date).is_some() {
        (digits(date.get(..4)?)?, digits(date.get(4..6)?)?, digits(date.get(6..)?)?)
    } else {
        // A zone may follow the date at once only as `Z`.
        let mut parts = date.trim_end_matches(['Z', 'z']).split('-');
        let year = parts.next().filter(|year| year.len() == 4)?;
        let month = parts.next().map_or(Some(1), digits)?;
        let day = parts.next().map_or(Some(1), digits)?;
        if parts.next().is_some() {
            return None;
        }
        (digits(year)?, month, day)
    };
    at(date, rest.get(1..).unwrap_or_default())
}

/// `MM/DD/YYYY` and `YYYY/MM/DD`.
fn slashed(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(' ').unwrap_or((text, ""));
    let separator = date.chars().find(|c| matches!(c, '/' | '-' | '.'))?;
    let mut parts = date.split(separator);
    let (first, second, third) = (parts.next()?, digits(parts.next()?)?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    match (first.len(), third.len()) {
        (4, 1..=2) => at((digits(first)?, second, digits(third)?), time),
        (1..=2, 4) => at((digits(third)?, digits(first)?, second), time),
        _ => None,
    }
}

fn month_named(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let month_of = |word: &str| {
        let lower = word.to_ascii_lowercase();
        let at = MONTHS.iter().position(|month| lower.starts_with(month))?;
        i64::try_from(at).ok()?.checked_add(1)
    };
    let lower = text.to_ascii_lowercase();
    let text = match DAYS.iter().find(|day| lower.starts_with(**day)) {
        Some(_) => text.split_once(' ')?.1,
        None => text,
    };
    let mut words = text.splitn(4, ' ').map(|word| word.trim_end_matches(','));
    let (first, second, year) = (words.next()?, words.next()?, words.next()?);
    let (month, day) = match month_of(second) {
        Some(month) => (month, digits(first)?),
        None => (month_of(first)?, digits(second)?),
    };
    let year = match year.len() {
        // As RFC 822 had it; .NET's window ends in 2049.
        2 => digits(year).map(|year| {
            if year < 50 { 2_000_i64.saturating_add(year) } else { 1_900_i64.saturating_add(year) }
        })?,
        4 => digits(year)?,
        _ => return None,
    };
    at((year, month, day), words.next().unwrap_or_default())
}

/// A date with a time of day and a zone behind it.
fn at(date: (i64, i64, i64), time: &str) -> Option<i64> {
    let time = time.trim();
    let zone_at = time.find(['Z', 'z', '+', '-', 'G', 'U']).unwrap_or(time.len());
    let (clock_text, zone) = time.split_at_checked(zone_at)?;
    let clock_text = clock_text.trim_end();
    let (mut clock_parts, mut fraction) = ((0, 0, 0), 0);
    if !clock_text.is_empty() {
        let (whole, fraction_text) = clock_text.split_once(['.', ',']).unwrap_or((clock_text, ""));
        let mut parts = whole.split(':');
        let hour = digits(parts.next()?)?;
        let minute = digits(parts.next()?)?;
        let second = parts.next().map_or(Some(0), digits)?;
        if parts.next().is_some() || (fraction_text.is_empty() && clock_text.contains('.')) {
            return None;
        }
        clock_parts = (hour, minute, second);
        if !fraction_text.is_empty() {
            fraction = fraction_ticks(fraction_text)?;
        }
    }
    let offset = zone_ticks(zone)?;
    let ticks = Ticks::from_civil(date, clock_parts, fraction)?;
    ticks.checked_add(offset.checked_neg()?).map(|ticks| ticks.0)
}

/// Ticks east of UTC.
fn zone_ticks(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "Z" | "z" | "GMT" | "UTC") {
        return Some(0);
    }
    let (sign, body) = match zone.strip_prefix('-') {
        Some(body) => (-1, body),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = match body.split_once(':') {
        Some((hours, minutes)) => (digits(hours)?, digits(minutes)?),
        None if body.len() == 4 => (digits(body.get(..2)?)?, digits(body.get(2..)?)?),
        None => (digits(body)?, 0),
    };
    if hours > 14 || minutes > 59 {
        return None;
    }
    hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(60)?.checked_mul(PER_SECOND)?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_datetime(text: &str, expected: &str) {
        let shown = parse_datetime(text).map_or("null".to_owned(), |ticks| Ticks(ticks).to_string());
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn times_as_kusto_reads_them() {
        check_datetime("2014-05-25T08:20:03.123456Z", "2014-05-25T08:20:03.1234560Z");
        check_datetime("2014-05-25 08:20", "2014-05-25T08:20:00.0000000Z");
        check_datetime("2014-05", "2014-05-01T00:00:00.0000000Z");
        check_datetime("2025", "2025-01-01T00:00:00.0000000Z");
        check_datetime("20221202", "2022-12-02T00:00:00.0000000Z");
        check_datetime("2022-12-02T13:45:56+02:00", "2022-12-02T11:45:56.0000000Z");
        check_datetime("Sat, 8 Nov 14 15:05:02 GMT", "2014-11-08T15:05:02.0000000Z");
        check_datetime("Dec 2, 2022", "2022-12-02T00:00:00.0000000Z");
        check_datetime("2 Dec 2022 10:00", "2022-12-02T10:00:00.0000000Z");
        check_datetime("12/02/2022 01:02:03", "2022-12-02T01:02:03.0000000Z");
        check_datetime("13-01-2022", "null");
        check_datetime("yesterday", "null");
        check_datetime("2022-02-30", "null");
    }

    #[test]
    fn lengths_of_time() {
        assert_eq!(parse_timespan("2"), Some(2 * PER_DAY));
        assert_eq!(parse_timespan("1.02:03:04.5"), Some(PER_DAY + 73_845_000_000));
        assert_eq!(parse_timespan("-00:00:01"), Some(-PER_SECOND));
        assert_eq!(parse_timespan("1.5h"), Some(54_000_000_000));
        assert_eq!(parse_timespan("1microsecond"), Some(10));
        assert_eq!(parse_timespan("25:00"), None);
        assert_eq!(parse_timespan("9999999999999d"), None);
    }

    #[test]
    fn a_quoted_text_says_the_text() {
        for text in ["", "a\"b\\c\n\t", "it's", "é\u{1F600}"] {
            assert_eq!(unquote(&quote(text)).unwrap(), text);
        }
        assert_eq!(unquote(r#"@"c:\""d""#).unwrap(), r#"c:\"d"#);
        assert_eq!(unquote(r#""\u00e9\x41\101""#).unwrap(), "éAA");
        assert!(unquote(r#""\q""#).is_err());
    }
}
