//! What the path of a file says of the records in it: an hour or day, and the resource that wrote them.
//!
//! Storage accounts write `…/resourceId=/SUBSCRIPTIONS/…/y=2026/m=03/d=02/h=08/m=00/PT1H.json`, CloudTrail
//! `…/2026/03/02/…_20260302T0815Z_….json.gz`; people write `export-2026-03-02.csv`. A hint only: it is when records were written down,
//! not when they happened.

use chartroom_base::ticks::Ticks;

/// The time that the path names: the last one in it that is one, the hour where it has one.
pub(crate) fn time_of(path: &str) -> Option<Ticks> {
    let parts: Vec<&str> = path.split(['/', '\\', '!']).collect();
    let value = |part: Option<&&str>, key: &str| number(part?.strip_prefix(key)?);
    for (at, part) in parts.iter().enumerate().rev() {
        let behind = |many: usize| parts.get(at.saturating_add(many));
        if let Some(year) = value(Some(part), "y=").or_else(|| number(part).filter(|_| part.len() == 4)) {
            let (month, day, hour) = if part.starts_with("y=") {
                (value(behind(1), "m="), value(behind(2), "d="), value(behind(3), "h="))
            } else {
                (behind(1).and_then(|part| number(part)), behind(2).and_then(|part| number(part)), None)
            };
            if let (Some(month), Some(day)) = (month, day)
                && let Some(time) = Ticks::from_civil((year, month, day), (hour.unwrap_or(0), 0, 0), 0)
            {
                return Some(time);
            }
        }
        if let Some(time) = in_name(part) {
            return Some(time);
        }
    }
    None
}

/// `20260302T0815Z`, `2026-03-02`, `2026_03_02`, `20260302`.
fn in_name(name: &str) -> Option<Ticks> {
    let bytes = name.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let is_begun = at.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        let rest = name.get(at..).filter(|_| !is_begun)?;
        let (year, rest) = (number(rest.get(..4)?)?, rest.get(4..)?);
        let separator = rest.chars().next().filter(|char| matches!(char, '-' | '_' | '.'));
        let skip = usize::from(separator.is_some());
        let (month, rest) =
            (number(rest.get(skip..skip.checked_add(2)?)?)?, rest.get(skip.checked_add(2)?..)?);
        if separator.is_some_and(|char| !rest.starts_with(char)) {
            return None;
        }
        let (day, rest) = (number(rest.get(skip..skip.checked_add(2)?)?)?, rest.get(skip.checked_add(2)?..)?);
        let clock =
            rest.strip_prefix('T').and_then(|rest| Some((number(rest.get(..2)?)?, number(rest.get(2..4)?)?)));
        if rest.starts_with(|next: char| next.is_ascii_digit()) || !(1990..2100).contains(&year) {
            return None;
        }
        let (hour, minute) = clock.unwrap_or((0, 0));
        Ticks::from_civil((year, month, day), (hour, minute, 0), 0)
    })
}

/// The resource that the path names.
pub(crate) fn resource_of(path: &str) -> Option<&str> {
    let start = path.find("resourceId=")?.checked_add("resourceId=".len())?;
    let rest = path.get(start..)?;
    let end = rest.find("/y=")?;
    rest.get(..end).filter(|id| id.len() > 1)
}

fn number(digits: &str) -> Option<i64> {
    let is_number =
        !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        let found = time_of(path).map_or_else(String::new, |time| time.to_string());
        assert!(found.starts_with(expected) && found.is_empty() == expected.is_empty(), "{path}: {found}");
    }

    #[test]
    fn paths_name_times_and_resources() {
        let archive =
            "insights-logs-auditlogs/resourceId=/SUBSCRIPTIONS/1/X/F1/y=2026/m=03/d=02/h=08/m=00/PT1H.json";
        check(archive, "2026-03-02T08:00:00");
        assert_eq!(resource_of(archive), Some("/SUBSCRIPTIONS/1/X/F1"));
        assert_eq!(resource_of("a/y=2026/m=03/d=02/h=08/m=00/PT1H.json"), None);
        check(
            "AWSLogs/1/CloudTrail/us-east-1/2026/03/02/012345678901_CloudTrail_us-east-1_20260302T0815Z_abc.json.gz",
            "2026-03-02T08:15:00",
        );
        check("a/2026/03/02/x.json", "2026-03-02T00:00:00");
        check("export-2026-03-02.csv", "2026-03-02T00:00:00");
        check("export_2026_03_02 (1).csv", "2026-03-02T00:00:00");
        check("20260302.log", "2026-03-02T00:00:00");
        for none in [
            "query_data.csv",
            "",
            "2026-13-02.csv",
            "120260302.csv",
            "y=2026/m=13/d=02/x",
            "99466898241024408.json",
        ] {
            check(none, "");
        }
    }
}
