//! How a zone's changes lie in the tables, for the build, which writes them, and the crate, which reads them.
//!
//! A zone: its offset at first; how many changes follow; the minutes from each to the next, the first from the cut on; by how much each moves
//! the offset; then the yearly rule that goes on from there, if there is one. Offsets are in quarters of an hour. Times and steps lie
//! apart and are differences, because those are alike in many zones.

use chartroom_base::civil::days_from_civil;

/// Two days before the bound, so that a time that clocks showed around it is read rightly.
pub(crate) const CUT: i64 = crate::since::SINCE_SECONDS - 2 * 86_400;

/// From that time on a zone shows an offset, both in seconds, the time of Unix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// When.
    pub(crate) at: i64,
    /// Ahead of UTC.
    pub(crate) offset: i32,
}

/// A day of each year and a time of it, as clocks show it until then: RFC 9636's `Mm.w.d/time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// 1 to 12.
    pub(crate) month: u8,
    /// 1 to 5, the last being the last in the month.
    pub(crate) week: u8,
    /// 0 is Sunday.
    pub(crate) weekday: u8,
    /// May be before that day's midnight, or days after.
    pub(crate) minute: i16,
}

/// Two changes every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The first year of it.
    pub(crate) year: i64,
    /// Of half the year, in seconds.
    pub(crate) standard: i32,
    /// Of the other half.
    pub(crate) summer: i32,
    /// To summer.
    pub(crate) start: Day,
    /// Back.
    pub(crate) end: Day,
}

/// Seconds of Unix, by UTC.
pub(crate) fn start_of_month(year: i64, month: u8) -> i64 {
    (days_from_civil(year, i64::from(month), 1) - days_from_civil(1970, 1, 1)) * 86_400
}

impl Day {
    /// When it comes, in seconds of Unix, by clocks that show `offset`.
    fn of(self, year: i64, offset: i32) -> i64 {
        let first = start_of_month(year, self.month) / 86_400;
        // 1970-01-01 was a Thursday.
        let to_weekday = (i64::from(self.weekday) - (first + 4)).rem_euclid(7);
        let mut day = first + to_weekday + 7 * (i64::from(self.week) - 1);
        let (year, next) = if self.month == 12 { (year + 1, 1) } else { (year, self.month + 1) };
        while day * 86_400 >= start_of_month(year, next) {
            day -= 7;
        }
        day * 86_400 + i64::from(self.minute) * 60 - i64::from(offset)
    }
}

impl Rule {
    /// The changes of a year, in their order.
    pub(crate) fn changes(&self, year: i64) -> [Change; 2] {
        let to_summer = Change { at: self.start.of(year, self.standard), offset: self.summer };
        let back = Change { at: self.end.of(year, self.summer), offset: self.standard };
        if to_summer.at < back.at { [to_summer, back] } else { [back, to_summer] }
    }
}

/// A zone's offset at the cut, what changes it, and the rule that goes on.
#[derive(Debug)]
pub(crate) struct Zone {
    /// In seconds.
    pub(crate) first: i32,
    /// By time.
    pub(crate) changes: Vec<Change>,
    /// After those.
    pub(crate) rule: Option<Rule>,
}

impl Zone {
    /// The zone at the head of `bytes`, which lose it; `None` when they end too early.
    pub(crate) fn read(bytes: &mut &[u8]) -> Option<Self> {
        let first = quarters(bytes)?;
        let count = number(bytes)?;
        let (mut at, mut offset) = (CUT, first);
        let mut changes = Vec::new();
        for _ in 0..count {
            at += number(bytes)? * 60;
            changes.push(Change { at, offset });
        }
        for change in &mut changes {
            offset += quarters(bytes)?;
            change.offset = offset;
        }
        let rule = match number(bytes)? {
            0 => None,
            year => Some(Rule {
                year: 1990 + year,
                standard: quarters(bytes)?,
                summer: quarters(bytes)?,
                start: Day::read(bytes)?,
                end: Day::read(bytes)?,
            }),
        };
        Some(Self { first, changes, rule })
    }
}

impl Day {
    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let ([month, week, weekday, high, low], rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(Self {
            month: *month,
            week: *week,
            weekday: *weekday,
            minute: i16::from_be_bytes([*high, *low]),
        })
    }
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn number(bytes: &mut &[u8]) -> Option<i64> {
    let mut sum = 0;
    for shift in [0, 7, 14, 21] {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        sum |= i64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(sum);
        }
    }
    None
}

/// Quarters of an hour, as seconds.
fn quarters(bytes: &mut &[u8]) -> Option<i32> {
    let (byte, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(i32::from(byte.cast_signed()) * 900)
}
