//! What is known of a file besides its bytes: what a person said of it where it was not recognised right, and what all of it showed where
//! its beginning left two readings open.
//!
//! **Invariant:** a file read with the same hints gives the same rows, however it is cut.

use crate::encoding::Encoding;
use crate::time::{Seen, read_time, zone_minutes};
use chartroom_base::ticks::Ticks;
use chartroom_zones::{Clocks, Disambiguation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How a file is to be read; by default, as it is recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hints {
    /// Id of the log type that its records are of, whatever the rules say.
    pub format: Option<String>,
    /// The zone of times that name none, as [`Zone::named`] knows it.
    pub zone: Option<String>,
    /// Whether `3/4/2025` is in April, in all columns.
    pub is_day_first: Option<bool>,
    /// How its characters are written.
    pub encoding: Option<Encoding>,
    /// It is a table with that between its cells.
    pub delimiter: Option<u8>,
    /// Keys whose times begin with the day, as the whole file shows.
    pub day_first: BTreeSet<String>,
}

/// A zone and its clocks.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its name for the person: as the tables of zones have it, or as it was said.
    pub name: String,
    clocks: Clocks,
}

impl Zone {
    /// The zone of that name: `UTC`, `+02:00`, `UTC-7`, `Asia/Jerusalem`, `Jerusalem`. `None` where no zone, or more than one, is called so,
    /// as for `Local Time`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let said = name.trim();
        let fixed = |minutes: i64| {
            let seconds = i32::try_from(minutes.checked_mul(60)?).ok()?;
            Some(Self { name: said.to_owned(), clocks: Clocks::fixed(seconds)? })
        };
        if ["utc", "gmt", "z", "coordinated universal time"].iter().any(|utc| said.eq_ignore_ascii_case(utc))
        {
            return fixed(0);
        }
        if let Some(minutes) = zone_minutes(said).filter(|_| !said.is_empty()) {
            return fixed(minutes);
        }
        let city = format!("/{}", said.replace(' ', "_")).to_ascii_lowercase();
        let is_it =
            |zone: &str| zone.eq_ignore_ascii_case(said) || zone.to_ascii_lowercase().ends_with(&city);
        let mut found = chartroom_zones::names().filter(|zone| is_it(zone));
        let first = found.next().filter(|_| !said.is_empty())?;
        // Old names of a zone (`Israel`, `Asia/Tel_Aviv`) end otherwise: two that end alike are two places.
        if found.next().is_some() {
            return None;
        }
        Some(Self { name: first.to_owned(), clocks: Clocks::named(first)? })
    }

    /// The tick at which its clocks show what UTC's show at `shown`. Of an hour that comes twice the first is meant; one that is left out
    /// counts as if the clocks had not been changed yet. `None` before its clocks are known ([`chartroom_zones::SINCE`]).
    #[must_use]
    pub fn to_utc(&self, shown: Ticks) -> Option<Ticks> {
        self.clocks.to_utc(shown, Disambiguation::Compatible)
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
        let zone = Zone::named(hints.zone.as_deref().unwrap_or(tag));
        Self { is_day_first: hints.is_day_first, day_first: hints.day_first.clone(), zone }
    }

    /// The time that a value under the key `path` says, and what was assumed for it.
    pub(crate) fn read(&self, text: &str, path: &str) -> Option<(Ticks, Seen)> {
        let is_day_first =
            self.is_day_first.unwrap_or_else(|| !self.day_first.is_empty() && self.day_first.contains(path));
        let (ticks, seen) = read_time(text, is_day_first)?;
        let zone = self.zone.as_ref().filter(|_| seen.has(Seen::ZONELESS));
        Some(match zone.and_then(|zone| zone.to_utc(ticks)) {
            // Said or known: nothing is assumed.
            Some(ticks) => (ticks, Seen(seen.0 & !Seen::ZONELESS.0)),
            // Nor was anything to say, or it was long ago: that it is UTC's stays assumed.
            None => (ticks, seen),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_time;

    #[track_caller]
    fn check(zone: &str, shown: &str, expected: &str) {
        let ticks = Zone::named(zone).unwrap().to_utc(parse_time(shown).unwrap()).unwrap();
        assert_eq!(ticks.to_string(), parse_time(expected).unwrap().to_string(), "{shown}");
    }

    #[test]
    fn a_night_in_which_clocks_change() {
        check("Jerusalem", "2026-03-27T01:59:59", "2026-03-26T23:59:59Z");
        check("Jerusalem", "2026-03-27T03:00:00", "2026-03-27T00:00:00Z");
        // Left out that night.
        check("Jerusalem", "2026-03-27T02:30:00.5", "2026-03-27T00:30:00.5Z");
        check("Jerusalem", "2026-07-01T12:00:00", "2026-07-01T09:00:00Z");
        // 01:30 comes twice; the first is meant.
        check("Asia/Jerusalem", "2026-10-25T01:30:00", "2026-10-24T22:30:00Z");
        check("asia/jerusalem", "2026-10-25T02:00:00", "2026-10-25T00:00:00Z");
        check("New York", "2026-01-01T00:00:00", "2026-01-01T05:00:00Z");
        check("+02:00", "2026-01-01T00:00:00", "2025-12-31T22:00:00Z");
        check("UTC-7", "2026-01-01T00:00:00", "2026-01-01T07:00:00Z");
    }

    #[test]
    fn a_time_before_the_clocks_are_known_stays_assumed() {
        let rules =
            TimeRules::new(&Hints { zone: Some("Asia/Jerusalem".to_owned()), ..Hints::default() }, "");
        let (ticks, seen) = rules.read("1985-07-01T12:00:00", "time").unwrap();
        assert_eq!((ticks, seen.has(Seen::ZONELESS)), (parse_time("1985-07-01T12:00:00Z").unwrap(), true));
        let (ticks, seen) = rules.read("1990-07-01T12:00:00", "time").unwrap();
        assert_eq!((ticks, seen.has(Seen::ZONELESS)), (parse_time("1990-07-01T09:00:00Z").unwrap(), false));
    }

    #[test]
    fn what_names_no_zone_is_none() {
        for name in ["", "Local Time", "Local", "Atlantis", "/", "[UTC"] {
            assert!(Zone::named(name).is_none(), "{name}");
        }
        assert_eq!(Zone::named("Jerusalem").map(|zone| zone.name).as_deref(), Some("Asia/Jerusalem"));
    }
}
