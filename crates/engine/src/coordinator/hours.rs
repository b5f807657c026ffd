//! The hour that a path carries, for choosing files without reading them.
//!
//! Azure's diagnostic settings write `…/y=2021/m=08/d=02/h=16/m=00/PT1H.json`; CloudTrail writes
//! `AWSLogs/<account>/CloudTrail/<region>/2021/08/02/<account>_CloudTrail_<region>_20210802T1600Z_….json.gz`.
//! To add a layout: another function in [`hour_of`].

use chartroom_base::ticks::{PER_DAY, PER_SECOND, Ticks};

/// The span of time a path stands for: its start, and one past its end. An hour where it carries one, else a day.
pub(crate) fn span_of(path: &str) -> Option<(Ticks, Ticks)> {
    let parts: Vec<&str> = path.split('/').collect();
    keyed(&parts).or_else(|| stamped(parts.last().copied().unwrap_or_default())).or_else(|| dated(&parts))
}

/// `y=`, `m=`, `d=` and, if it is there, `h=`, one after the other.
fn keyed(parts: &[&str]) -> Option<(Ticks, Ticks)> {
    let value = |at: usize, key: &str| {
        let part: &str = parts.get(at).copied()?;
        part.strip_prefix(key).and_then(digits)
    };
    (0..parts.len()).find_map(|at| {
        let day = (value(at, "y=")?, value(at + 1, "m=")?, value(at + 2, "d=")?);
        span(day, value(at + 3, "h="))
    })
}

/// `_20210802T1600Z_` within the name.
fn stamped(name: &str) -> Option<(Ticks, Ticks)> {
    name.split(['_', '.']).find_map(|word| {
        let (date, time) = word.strip_suffix('Z')?.split_once('T')?;
        if date.len() != 8 || time.len() < 4 {
            return None;
        }
        let day = (digits(date.get(..4)?)?, digits(date.get(4..6)?)?, digits(date.get(6..)?)?);
        span(day, digits(time.get(..2)?))
    })
}

/// `2021/08/02` below a folder `AWSLogs`.
fn dated(parts: &[&str]) -> Option<(Ticks, Ticks)> {
    let from = parts.iter().position(|part| *part == "AWSLogs")?;
    parts.get(from..)?.windows(3).find_map(|three| {
        let [year, month, day] = three else { return None };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        span((digits(year)?, digits(month)?, digits(day)?), None)
    })
}

fn digits(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn span(day: (i64, i64, i64), hour: Option<i64>) -> Option<(Ticks, Ticks)> {
    let start = Ticks::from_civil(day, (hour.unwrap_or(0), 0, 0), 0)?;
    let len = if hour.is_some() { 3_600 * PER_SECOND } else { PER_DAY };
    Some((start, start.checked_add(len)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        let found = span_of(path).map_or_else(String::new, |(from, to)| {
            format!("{} +{}h", &from.to_string()[..13], (to.0 - from.0) / 3_600 / PER_SECOND)
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn azure_and_cloudtrail_paths_carry_hours() {
        check("x/resourceId=/A/y=2021/m=08/d=02/h=16/m=00/PT1H.json", "2021-08-02T16 +1h");
        check("y=2021/m=08/d=02/log.json", "2021-08-02T00 +24h");
        check(
            "AWSLogs/1/CloudTrail/us-east-1/2023/07/10/1_CloudTrail_us-east-1_20230710T1255Z_x.json.gz",
            "2023-07-10T12 +1h",
        );
        check("AWSLogs/1/CloudTrail/us-east-1/2023/07/10/a.json", "2023-07-10T00 +24h");
    }

    #[test]
    fn other_paths_carry_none() {
        check("2021/08/02/log.json", "");
        check("y=2021/m=13/d=02/h=16/x", "");
        check("a.json", "");
    }
}
