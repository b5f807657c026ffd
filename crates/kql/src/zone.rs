//! Clocks of time zones, from the tables that the crate `jiff` carries: nothing is read from the machine.

use crate::json::ArrayWriter;
use chartroom_base::ticks::{END, PER_SECOND, Ticks, UNIX_EPOCH};
use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{Disambiguation, TimeZone, TimeZoneDatabase},
};
use std::cell::RefCell;

thread_local! {
    /// The zone that was asked for last: mostly all rows ask for one.
    static LAST: RefCell<Option<(String, Option<TimeZone>)>> = const { RefCell::new(None) };
}

fn find(name: &str) -> Option<TimeZone> {
    LAST.with_borrow_mut(|last| match last {
        Some((known, zone)) if known == name => zone.clone(),
        _ => {
            let zone = TimeZoneDatabase::bundled().get(name).ok();
            *last = Some((name.to_owned(), zone.clone()));
            zone
        }
    })
}

fn timestamp(ticks: i64) -> Option<Timestamp> {
    let after = ticks.checked_sub(UNIX_EPOCH)?;
    let nanos = i32::try_from(after.rem_euclid(PER_SECOND) * 100).ok()?;
    Timestamp::new(after.div_euclid(PER_SECOND), nanos).ok()
}

fn ticks(timestamp: Timestamp) -> Option<i64> {
    let nanos = i64::from(timestamp.subsec_nanosecond());
    let ticks = timestamp.as_second().checked_mul(PER_SECOND)?.checked_add(nanos / 100)?;
    ticks.checked_add(UNIX_EPOCH).filter(|ticks| (0..END).contains(ticks))
}

/// What clocks of the zone show at a time; `None` for a zone that is none.
pub(crate) fn to_local(time: i64, zone: &str) -> Option<i64> {
    let offset = find(zone)?.to_offset(timestamp(time)?);
    Ticks(time).checked_add(i64::from(offset.seconds()) * PER_SECOND).map(|ticks| ticks.0)
}

/// When clocks of the zone show a time; the earlier moment where there are two, and where there is none (as if the clocks had
/// been put forward already).
pub(crate) fn to_utc(time: i64, zone: &str) -> Option<i64> {
    let ((year, month, day), (hour, minute, second), fraction) = Ticks(time).to_civil();
    let small = |number: i64| i8::try_from(number).ok();
    let local = DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        i32::try_from(fraction * 100).ok()?,
    )
    .ok()?;
    let moment = find(zone)?.to_ambiguous_timestamp(local).disambiguate(Disambiguation::Earlier);
    ticks(moment.ok()?)
}

/// All zones, as a JSON array.
pub(crate) fn names() -> String {
    let mut all = ArrayWriter::default();
    TimeZoneDatabase::bundled().available().for_each(|name| all.string(name.as_str()));
    all.finish()
}
