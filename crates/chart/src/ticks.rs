//! Where a time axis has its marks, and what stands beside them.
//!
//! **Invariant:** ticks are inside the span, ascending, at least `min_gap` pixels apart, and stand on round times *of
//! the zone*: midnight is midnight there, on both sides of a change to summer time.

use crate::time_scale::TimeScale;
use chartroom_base::{
    civil::{civil_from_days, days_from_civil},
    ticks::{PER_DAY, PER_SECOND, Ticks},
};

/// A mark on a time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeTick {
    /// When.
    pub at: Ticks,
    /// Where, in CSS pixels.
    pub x: f64,
    /// What to write: the time of day, or the date where the day changes.
    pub label: String,
}

/// How far apart two ticks are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    /// So many ticks; a divisor of the day.
    Time(i64),
    /// So many days.
    Days(i64),
    /// So many months; a divisor or a multiple of the year.
    Months(i64),
}

const MILLI: i64 = PER_SECOND / 1_000;
const MINUTE: i64 = 60 * PER_SECOND;
const HOUR: i64 = 60 * MINUTE;

/// All steps, the finest first.
const STEPS: [Step; 40] = [
    Step::Time(MILLI),
    Step::Time(2 * MILLI),
    Step::Time(5 * MILLI),
    Step::Time(10 * MILLI),
    Step::Time(20 * MILLI),
    Step::Time(50 * MILLI),
    Step::Time(100 * MILLI),
    Step::Time(200 * MILLI),
    Step::Time(500 * MILLI),
    Step::Time(PER_SECOND),
    Step::Time(2 * PER_SECOND),
    Step::Time(5 * PER_SECOND),
    Step::Time(10 * PER_SECOND),
    Step::Time(15 * PER_SECOND),
    Step::Time(30 * PER_SECOND),
    Step::Time(MINUTE),
    Step::Time(2 * MINUTE),
    Step::Time(5 * MINUTE),
    Step::Time(10 * MINUTE),
    Step::Time(15 * MINUTE),
    Step::Time(30 * MINUTE),
    Step::Time(HOUR),
    Step::Time(2 * HOUR),
    Step::Time(3 * HOUR),
    Step::Time(6 * HOUR),
    Step::Time(12 * HOUR),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(600),
    Step::Months(1_200),
    Step::Months(12_000),
];

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The ticks of an axis in a zone.
///
/// `offset_at` gives what the zone's clocks show beyond UTC at a time, in ticks (east is positive).
/// Labels need about `min_gap` CSS pixels each.
#[must_use]
pub fn time_ticks(scale: &TimeScale, min_gap: f64, offset_at: &dyn Fn(Ticks) -> i64) -> Vec<TimeTick> {
    let span = scale.to.0.saturating_sub(scale.from.0);
    if span <= 0 || scale.width <= 0.0 || min_gap <= 0.0 {
        return Vec::new();
    }
    let most = (scale.width / min_gap).max(1.0);
    let wanted = span as f64 / most;
    let step =
        STEPS.into_iter().find(|step| shortest(*step) as f64 >= wanted).unwrap_or(Step::Months(12_000));

    let mut ticks: Vec<TimeTick> = Vec::new();
    let mut last_day = None;
    let mut local = floor_local(scale.from.0.saturating_add(offset_at(scale.from)), step);
    // Bounded whatever the offsets say: never more steps than fit on the axis, and a few for changes of the clock.
    for _ in 0..(most as usize).saturating_add(8).min(10_000) {
        let at = utc_from_local(local, offset_at);
        if at > scale.to {
            break;
        }
        let x = scale.x(at);
        let is_apart = ticks.last().is_none_or(|last| at > last.at && x - last.x >= min_gap * 0.5);
        if at >= scale.from && is_apart {
            let day = local.div_euclid(PER_DAY);
            let label = label(local, step, last_day);
            last_day = Some(day);
            ticks.push(TimeTick { at, x, label });
        }
        local = next_local(local, step);
    }
    ticks
}

/// The least a step can be, in ticks.
const fn shortest(step: Step) -> i64 {
    match step {
        Step::Time(ticks) => ticks,
        Step::Days(days) => days * PER_DAY,
        Step::Months(months) => months * 28 * PER_DAY,
    }
}

/// The last round local time at or before `local`.
fn floor_local(local: i64, step: Step) -> i64 {
    match step {
        Step::Time(ticks) => local.div_euclid(ticks) * ticks,
        // Day 0 is a Monday, so that steps of weeks begin on Mondays.
        Step::Days(days) => local.div_euclid(PER_DAY * days) * PER_DAY * days,
        Step::Months(months) => {
            let (year, month, _) = civil_from_days(local.div_euclid(PER_DAY));
            start_of_month((year * 12 + month - 1).div_euclid(months) * months)
        }
    }
}

fn next_local(local: i64, step: Step) -> i64 {
    match step {
        Step::Time(ticks) => local.saturating_add(ticks),
        Step::Days(days) => local.saturating_add(days * PER_DAY),
        Step::Months(months) => {
            let (year, month, _) = civil_from_days(local.div_euclid(PER_DAY));
            start_of_month(year * 12 + month - 1 + months)
        }
    }
}

/// Midnight of the first day of month `index`, counted from January of year 0.
fn start_of_month(index: i64) -> i64 {
    days_from_civil(index.div_euclid(12), index.rem_euclid(12) + 1, 1).saturating_mul(PER_DAY)
}

/// The instant at which the zone's clocks show `local`; the first after a gap.
fn utc_from_local(local: i64, offset_at: &dyn Fn(Ticks) -> i64) -> Ticks {
    let guess = local.saturating_sub(offset_at(Ticks(local)));
    Ticks(local.saturating_sub(offset_at(Ticks(guess))))
}

fn label(local: i64, step: Step, last_day: Option<i64>) -> String {
    let days = local.div_euclid(PER_DAY);
    let (year, month, day) = civil_from_days(days);
    let month_name = MONTHS.get(usize::try_from(month - 1).unwrap_or(0)).copied().unwrap_or("");
    let of_day = local.rem_euclid(PER_DAY);
    let (hour, minute, second) = (of_day / HOUR, of_day / MINUTE % 60, of_day / PER_SECOND % 60);
    match step {
        Step::Months(months) if months >= 12 => format!("{year:04}"),
        Step::Months(_) if month == 1 || last_day.is_none() => format!("{month_name} {year:04}"),
        Step::Months(_) => month_name.to_owned(),
        Step::Days(_) => day_label(last_day, days, month_name, day),
        Step::Time(_) if of_day == 0 => format!("{day:02} {month_name}"),
        Step::Time(ticks) if ticks >= MINUTE => format!("{hour:02}:{minute:02}"),
        Step::Time(ticks) if ticks >= PER_SECOND => format!("{hour:02}:{minute:02}:{second:02}"),
        Step::Time(_) => format!("{minute:02}:{second:02}.{:03}", of_day % PER_SECOND / MILLI),
    }
}

/// The day alone within a month already named, with the month where it begins.
fn day_label(last_day: Option<i64>, days: i64, month_name: &str, day: i64) -> String {
    let is_same_month = last_day.is_some_and(|last| {
        let ((last_year, last_month, _), (year, month, _)) = (civil_from_days(last), civil_from_days(days));
        (last_year, last_month) == (year, month)
    });
    if is_same_month { format!("{day:02}") } else { format!("{day:02} {month_name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(day: i64, hour: i64, minute: i64) -> Ticks {
        Ticks::from_civil((2021, 8, day), (hour, minute, 0), 0).unwrap()
    }

    #[track_caller]
    fn check(from: Ticks, to: Ticks, offset: i64, expected: &str) {
        let scale = TimeScale { from, to, width: 700.0 };
        let labels: Vec<_> =
            time_ticks(&scale, 70.0, &|_| offset).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels.join(" | "), expected);
    }

    #[test]
    fn a_week_shows_days_and_names_the_month_once() {
        check(at(2, 0, 0), at(9, 0, 0), 0, "02 Aug | 03 | 04 | 05 | 06 | 07 | 08 | 09");
    }

    #[test]
    fn a_day_shows_hours_and_the_date_at_midnight() {
        check(at(2, 18, 0), at(3, 6, 0), 0, "18:00 | 20:00 | 22:00 | 03 Aug | 02:00 | 04:00 | 06:00");
    }

    #[test]
    fn round_times_are_those_of_the_zone() {
        check(at(2, 18, 0), at(3, 6, 0), 30 * MINUTE, "20:00 | 22:00 | 03 Aug | 02:00 | 04:00 | 06:00");
    }

    #[test]
    fn seconds_and_milliseconds_have_their_own_labels() {
        let from = at(2, 18, 0);
        check(
            from,
            Ticks(from.0 + 40 * PER_SECOND),
            0,
            "18:00:00 | 18:00:05 | 18:00:10 | 18:00:15 | 18:00:20 | 18:00:25 | 18:00:30 | 18:00:35 | 18:00:40",
        );
        check(
            from,
            Ticks(from.0 + 4 * MILLI),
            0,
            "00:00.000 | 00:00.001 | 00:00.002 | 00:00.003 | 00:00.004",
        );
    }

    #[test]
    fn the_hour_that_summer_time_skips_has_no_tick_twice() {
        // Clocks go from +0 to +1 h at 01:00 UTC.
        let change = at(2, 1, 0);
        let offset_at = move |time: Ticks| if time >= change { HOUR } else { 0 };
        let scale = TimeScale { from: at(1, 22, 0), to: at(2, 5, 0), width: 700.0 };
        let ticks = time_ticks(&scale, 70.0, &offset_at);
        assert!(ticks.windows(2).all(|pair| pair[0].at < pair[1].at));
        assert_eq!(ticks.last().unwrap().label, "06:00");
    }

    #[test]
    fn no_span_has_no_ticks() {
        check(at(2, 0, 0), at(2, 0, 0), 0, "");
    }

    proptest! {
        #[test]
        fn ticks_are_inside_ascending_and_few(
            from in 0_i64..chartroom_base::ticks::END,
            span in 1_i64..PER_DAY * 400_000,
            width in 1.0_f64..3_000.0,
            gap in 20.0_f64..200.0,
            offset_hours in -14_i64..=14,
        ) {
            let scale = TimeScale { from: Ticks(from), to: Ticks(from + span), width };
            let ticks = time_ticks(&scale, gap, &|_| offset_hours * HOUR);
            prop_assert!(ticks.len() <= (width / gap).max(1.0) as usize + 1);
            for tick in &ticks {
                prop_assert!(tick.at >= scale.from && tick.at <= scale.to);
            }
            prop_assert!(ticks.windows(2).all(|pair| pair[0].at < pair[1].at));
        }
    }
}
