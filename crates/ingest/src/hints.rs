//! What is known of a file besides its bytes: what a person said of it where it was not recognised right, and what all of it showed where
//! its beginning left two readings open.
//!
//! **Invariant:** a file read with the same hints gives the same rows, however it is cut.

use crate::encoding::Encoding;
use crate::time::{Seen, read_time, zone_minutes};
use chartroom_base::ticks::{PER_SECOND, Ticks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How a file is to be read; by default, as it is recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hints {
    /// Id of the log type that its records are of, whatever the rules say.
    pub format: Option<String>,
    /// The zone of times that name none.
    pub zone: Option<Zone>,
    /// Whether `3/4/2025` is in April, in all columns.
    pub is_day_first: Option<bool>,
    /// How its characters are written.
    pub encoding: Option<Encoding>,
    /// It is a table with that between its cells.
    pub delimiter: Option<u8>,
    /// Keys whose times begin with the day, as the whole file shows.
    pub day_first: BTreeSet<String>,
}

/// A zone with the changes of its clocks, as the host knows them: no table of zones is in the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its name for the person, e.g. `Asia/Jerusalem`.
    pub name: String,
    /// Seconds east of Greenwich before the first change.
    pub offset: i32,
    /// When its clocks change, and what they show from then on: ticks in UTC, rising, and seconds east of Greenwich.
    pub changes: Vec<(i64, i32)>,
}

impl Zone {
    /// The zone that is always so far east.
    #[must_use]
    pub fn fixed(name: &str, seconds: i32) -> Self {
        Self { name: name.to_owned(), offset: seconds, changes: Vec::new() }
    }

    /// The zone that a name says by itself: `UTC`, `+02:00`, `UTC-7`.
    #[must_use]
    pub fn told(name: &str) -> Option<Self> {
        let is_utc = ["utc", "gmt", "z", "coordinated universal time"].iter().any(|utc| name.eq_ignore_ascii_case(utc));
        let minutes = if is_utc { Some(0) } else { zone_minutes(name).filter(|_| !name.is_empty()) };
        let seconds = minutes?.checked_mul(60)?;
        Some(Self::fixed(name, i32::try_from(seconds).ok()?))
    }

    /// The tick at which its clocks show what UTC's show at `shown`. Of an hour that comes twice the first is meant; one that is left out
    /// counts as if it had come.
    #[must_use]
    pub fn to_utc(&self, shown: Ticks) -> Option<Ticks> {
        let mut offset = self.offset;
        for &(at, next) in &self.changes {
            let first = at.checked_add(i64::from(offset.max(next)).checked_mul(PER_SECOND)?)?;
            if shown.0 < first {
                break;
            }
            offset = next;
        }
        shown.checked_add(i64::from(offset).checked_mul(PER_SECOND)?.checked_neg()?)
    }
}

/// How the times of a file are read.
#[derive(Debug, Default)]
pub(crate) struct TimeRules {
    is_day_first: Option<bool>,
    day_first: BTreeSet<String>,
    zone: Option<Zone>,
}

impl TimeRules {
    /// Of a file with these hints, whose header says `tag` of its times.
    pub(crate) fn new(hints: &Hints, tag: &str) -> Self {
        let zone = hints.zone.clone().or_else(|| Zone::told(tag));
        Self { is_day_first: hints.is_day_first, day_first: hints.day_first.clone(), zone }
    }

    /// The time that a value under the key `path` says, and what was assumed for it.
    pub(crate) fn read(&self, text: &str, path: &str) -> Option<(Ticks, Seen)> {
        let is_day_first =
            self.is_day_first.unwrap_or_else(|| !self.day_first.is_empty() && self.day_first.contains(path));
        let (ticks, seen) = read_time(text, is_day_first)?;
        match &self.zone {
            // Said or known: nothing is assumed.
            Some(zone) if seen.has(Seen::ZONELESS) => Some((zone.to_utc(ticks)?, Seen(seen.0 & !Seen::ZONELESS.0))),
            _ => Some((ticks, seen)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_time;

    #[track_caller]
    fn check(zone: &Zone, shown: &str, expected: &str) {
        let ticks = zone.to_utc(parse_time(shown).unwrap()).unwrap();
        assert_eq!(ticks.to_string(), parse_time(expected).unwrap().to_string(), "{shown}");
    }

    #[test]
    fn a_night_in_which_clocks_change() {
        let at = |text| parse_time(text).unwrap().0;
        let changes = vec![(at("2026-03-27T00:00:00Z"), 10_800), (at("2026-10-24T23:00:00Z"), 7_200)];
        let zone = Zone { name: "Asia/Jerusalem".to_owned(), offset: 7_200, changes };
        check(&zone, "2026-03-27T01:59:59", "2026-03-26T23:59:59Z");
        check(&zone, "2026-03-27T03:00:00", "2026-03-27T00:00:00Z");
        check(&zone, "2026-07-01T12:00:00", "2026-07-01T09:00:00Z");
        // 01:30 comes twice; the first is meant.
        check(&zone, "2026-10-25T01:30:00", "2026-10-24T22:30:00Z");
        check(&zone, "2026-10-25T02:00:00", "2026-10-25T00:00:00Z");
    }

    #[test]
    fn zones_that_say_themselves() {
        let offset = |name| Zone::told(name).map(|zone| zone.offset);
        assert_eq!(offset("UTC"), Some(0));
        assert_eq!(offset("+02:00"), Some(7_200));
        assert_eq!(offset("UTC-7"), Some(-25_200));
        assert_eq!(offset("Jerusalem"), None);
        assert_eq!(offset("Local Time"), None);
        assert_eq!(offset(""), None);
    }
}
