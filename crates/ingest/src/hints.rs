//! What is known of a file besides its bytes: what a person said of it where it was not recognised right, and what all of it showed where
//! its beginning left two readings open.
//!
//! **Invariant:** a file read with the same hints gives the same rows, however it is cut.

use crate::encoding::Encoding;
use crate::framing::rows::form::{RowForm, Values};
use crate::time::{Seen, read_time, zone_minutes};
use crate::{PartReport, order, place_time};
use chartroom_base::ticks::Ticks;
use chartroom_zones::{Clocks, Disambiguation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// Whether the times under a key begin with the day, as the whole file shows.
    pub orders: BTreeMap<String, bool>,
    /// What the cells of a table's column hold, as the whole file shows.
    pub cells: Cells,
}

/// What the cells of columns hold, by the columns' names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells(pub(crate) BTreeMap<String, Values>);

impl Hints {
    /// These and what all of the file at `path` showed when it was read with them; `None` when that changes nothing.
    #[must_use]
    pub fn settled(&self, report: &PartReport, path: &str) -> Option<Self> {
        let mut settled = self.clone();
        if self.is_day_first.is_none() {
            let decided = order::decide(&report.times, &report.orders, place_time::time_of(path));
            for (key, is_day_first) in decided {
                let Some(is_day_first) = is_day_first else { continue };
                let was = self.orders.get(key).or_else(|| report.head_orders.get(key)).copied();
                let seen = report.times.get(key).copied().unwrap_or_default();
                // What is not known is read month first, and marked where it is open.
                let is_right = was
                    .map_or(!(seen.has(Seen::GUESSED) || is_day_first && seen.has(Seen::EITHER)), |was| {
                        was == is_day_first
                    });
                if !is_right {
                    settled.orders.insert(key.to_owned(), is_day_first);
                }
            }
        }
        if report.delimiter.is_some() {
            let found =
                report.times.iter().filter_map(|(key, seen)| Some((key.clone(), Values::of_all(*seen)?)));
            settled.cells.0.extend(found);
        }
        (settled != *self).then_some(settled)
    }

    /// Which number of the file's dates is the day, in words, and whether that was guessed; `None` where there are no such dates.
    #[must_use]
    pub fn day_order(&self, report: &PartReport, path: &str) -> Option<(&'static str, bool)> {
        let decided = order::decide(&report.times, &report.orders, place_time::time_of(path));
        if decided.is_empty() {
            return None;
        }
        let is_day_first =
            self.is_day_first.unwrap_or_else(|| decided.values().any(|order| *order == Some(true)));
        let is_open = |key: &str| report.times.get(key).is_some_and(|seen| seen.has(Seen::EITHER));
        let is_guessed =
            self.is_day_first.is_none() && decided.iter().any(|(key, order)| order.is_none() && is_open(key));
        Some((if is_day_first { "day first" } else { "month first" }, is_guessed))
    }
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

/// What a file says of the times in it besides them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Around {
    /// What its header says of their zone.
    tag: String,
    /// Whether the times under a key begin with the day, as its head shows.
    orders: BTreeMap<String, bool>,
}

impl Around {
    /// Of a file whose rows are of that form if it is a table.
    pub(crate) fn new(form: Option<&RowForm>) -> Self {
        let tag = form.map_or_else(String::new, |form| form.zone_tag.clone());
        let orders = form.map_or_else(BTreeMap::new, |form| form.orders.clone());
        Self { tag, orders }
    }
}

/// How the times of a file are read.
#[derive(Debug, Default)]
pub(crate) struct TimeRules {
    is_day_first: Option<bool>,
    orders: BTreeMap<String, bool>,
    zone: Option<Zone>,
    /// The header says that the zone was that of whoever exported it.
    is_local: bool,
}

impl TimeRules {
    /// Of a file with these hints.
    pub(crate) fn new(hints: &Hints, around: &Around) -> Self {
        let zone = Zone::named(hints.zone.as_deref().unwrap_or(&around.tag));
        let mut orders = around.orders.clone();
        orders.extend(hints.orders.clone());
        let is_local = around.tag.to_ascii_lowercase().starts_with("local");
        Self { is_day_first: hints.is_day_first, orders, zone, is_local }
    }

    /// The time that a value under the key `path` says, and what was assumed for it.
    pub(crate) fn read(&self, text: &str, path: &str) -> Option<(Ticks, Seen)> {
        let order = self.is_day_first.or_else(|| self.orders.get(path).copied());
        let (ticks, mut seen) = self.read_as(text, order.unwrap_or(false))?;
        if order.is_none() && seen.has(Seen::EITHER) && !seen.has(Seen::HALVES) {
            seen = seen.and(Seen::GUESSED);
        }
        Some((ticks, seen))
    }

    /// Both readings of a time that leaves open which number is the day: by month, by day.
    pub(crate) fn read_both(&self, text: &str) -> Option<[i64; 2]> {
        Some([self.read_as(text, false)?.0.0, self.read_as(text, true)?.0.0])
    }

    fn read_as(&self, text: &str, is_day_first: bool) -> Option<(Ticks, Seen)> {
        let (ticks, seen) = read_time(text, is_day_first)?;
        if !seen.has(Seen::ZONELESS) {
            return Some((ticks, seen));
        }
        Some(match self.zone.as_ref().and_then(|zone| zone.to_utc(ticks)) {
            // Said or known: nothing is assumed.
            Some(ticks) => (ticks, seen.without(Seen::ZONELESS.and(Seen::LOCAL))),
            // Nor was anything to say, or it was long ago: that it is UTC's stays assumed.
            None if self.is_local => (ticks, seen.and(Seen::LOCAL)),
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
        let rules = TimeRules::new(
            &Hints { zone: Some("Asia/Jerusalem".to_owned()), ..Hints::default() },
            &Around::default(),
        );
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
