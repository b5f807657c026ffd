//! What `now()` is: old files are the rule, and `ago(1h)` before today would find nothing in them.

use chartroom_base::ticks::{PER_SECOND, Ticks};

/// Records newer than this before the clock are of today: the clock is right for them.
const FRESH: i64 = 15 * 60 * PER_SECOND;

/// Which clock queries read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockChoice {
    /// The newest record, unless that is of the last quarter of an hour.
    #[default]
    Records,
    /// The clock of the machine.
    Machine,
}

/// The time that a query takes for now, and whether it is that of the newest record.
#[must_use]
pub fn query_now(choice: ClockChoice, newest: Option<Ticks>, clock: Ticks) -> (Ticks, bool) {
    match newest {
        Some(newest) if choice == ClockChoice::Records && newest.0 < clock.0.saturating_sub(FRESH) => {
            (newest, true)
        }
        _ => (clock, false),
    }
}

/// Whether a query may ask what time it is: by `now()`, `ago(…)` or a setting. Yes too often rather than no once too often.
#[must_use]
pub fn asks_clock(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    text.contains("now") || text.contains("ago") || text.contains("datetime()")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOCK: Ticks = Ticks(638_540_064_000_000_000);

    #[track_caller]
    fn check(choice: ClockChoice, seconds_before: Option<i64>, expected: i64, is_newest: bool) {
        let newest = seconds_before.map(|seconds| Ticks(CLOCK.0 - seconds * PER_SECOND));
        assert_eq!(query_now(choice, newest, CLOCK), (Ticks(CLOCK.0 - expected * PER_SECOND), is_newest));
    }

    #[test]
    fn old_records_set_the_clock() {
        check(ClockChoice::Records, Some(86_400), 86_400, true);
        check(ClockChoice::Records, Some(901), 901, true);
        check(ClockChoice::Records, Some(900), 0, false);
        check(ClockChoice::Records, Some(-5), 0, false);
        check(ClockChoice::Records, None, 0, false);
        check(ClockChoice::Machine, Some(86_400), 0, false);
    }

    #[test]
    fn texts_that_ask_the_clock_are_known() {
        for text in
            ["print now()", "T | where t > AGO(1d)", "set query_now=datetime(2020)", "print datetime( )"]
        {
            assert!(asks_clock(text), "{text}");
        }
        assert!(!asks_clock("AWSCloudTrail | take 3"));
    }
}
