//! Points in time as Kusto counts them.

use crate::civil::{civil_from_days, days_from_civil};
use serde::{Deserialize, Serialize};
use std::fmt;

/// 100 ns since 0001-01-01T00:00:00 UTC.
///
/// Covers the years 1 to 9999. Crosses to JavaScript as a `BigInt`: a `number` holds only 53 bits.
/// Displays as ISO 8601 with seven fractional digits, `2021-08-02T16:01:29.0000000Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ticks(pub i64);

/// Ticks in one second.
pub const PER_SECOND: i64 = 10_000_000;
/// Ticks in one day.
pub const PER_DAY: i64 = 86_400 * PER_SECOND;
/// 1970-01-01T00:00:00Z.
pub const UNIX_EPOCH: i64 = 719_162 * PER_DAY;
/// One past the last tick of the year 9999.
pub const END: i64 = 3_652_059 * PER_DAY;

impl Ticks {
    /// The tick of a civil time in UTC, or `None` when a part is out of range. `fraction` counts 100 ns.
    #[must_use]
    pub const fn from_civil(
        (year, month, day): (i64, i64, i64),
        (hour, minute, second): (i64, i64, i64),
        fraction: i64,
    ) -> Option<Self> {
        if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 {
            return None;
        }
        if day > crate::civil::days_in_month(year, month) || hour < 0 || hour > 23 {
            return None;
        }
        // A leap second is the last tick before the next minute, as .NET and Kusto have none.
        let (second, fraction) = if second == 60 { (59, PER_SECOND - 1) } else { (second, fraction) };
        if minute < 0 || minute > 59 || second < 0 || second > 59 || fraction < 0 || fraction >= PER_SECOND {
            return None;
        }
        let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        Some(Self(seconds * PER_SECOND + fraction))
    }

    /// The tick `millis` milliseconds after 1970, or `None` outside the years 1 to 9999.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Option<Self> {
        match millis.checked_mul(10_000) {
            Some(ticks) => Self(0).checked_add(match ticks.checked_add(UNIX_EPOCH) {
                Some(ticks) => ticks,
                None => return None,
            }),
            None => None,
        }
    }

    /// Milliseconds after 1970, rounded towards the past.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        (self.0 - UNIX_EPOCH).div_euclid(10_000)
    }

    /// This and `ticks`, or `None` outside the years 1 to 9999.
    #[must_use]
    pub const fn checked_add(self, ticks: i64) -> Option<Self> {
        match self.0.checked_add(ticks) {
            Some(sum) if sum >= 0 && sum < END => Some(Self(sum)),
            _ => None,
        }
    }

    /// `(year, month, day)`, `(hour, minute, second)` and the 100 ns left over, in UTC.
    #[must_use]
    pub const fn to_civil(self) -> ((i64, i64, i64), (i64, i64, i64), i64) {
        let of_day = self.0.rem_euclid(PER_DAY);
        let seconds = of_day / PER_SECOND;
        (
            civil_from_days(self.0.div_euclid(PER_DAY)),
            (seconds / 3_600, seconds / 60 % 60, seconds % 60),
            of_day % PER_SECOND,
        )
    }
}

impl fmt::Display for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((year, month, day), (hour, minute, second), fraction) = self.to_civil();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:07}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_shows_all_seven_digits() {
        let time = Ticks::from_civil((2021, 8, 2), (16, 1, 29), 1_234_567).unwrap();
        assert_eq!(time.to_string(), "2021-08-02T16:01:29.1234567Z");
        assert_eq!(Ticks(0).to_string(), "0001-01-01T00:00:00.0000000Z");
        assert_eq!(Ticks(END - 1).to_string(), "9999-12-31T23:59:59.9999999Z");
    }

    #[test]
    fn impossible_parts_are_no_time() {
        assert_eq!(Ticks::from_civil((2023, 2, 29), (0, 0, 0), 0), None);
        assert_eq!(Ticks::from_civil((2024, 13, 1), (0, 0, 0), 0), None);
        assert_eq!(Ticks::from_civil((2024, 1, 1), (24, 0, 0), 0), None);
        assert_eq!(Ticks::from_unix_millis(i64::MAX), None);
    }

    #[test]
    fn unix_milliseconds_come_back() {
        for millis in [-62_135_596_800_000, -1, 0, 1_627_920_089_123] {
            assert_eq!(Ticks::from_unix_millis(millis).unwrap().unix_millis(), millis);
        }
    }
}
