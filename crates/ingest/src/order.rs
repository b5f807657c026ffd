//! Which of two numbers is the day: decided per column, by all of a file.
//!
//! A reader notes of each column both readings of the times that leave it open; parts of a file are put together in the order in which
//! they lie in it. Then, by falling weight: a number above 12; AM or PM; other times of the same records; which reading is in order, as
//! exports are; the file's other columns; a date in the file's path. What nothing decides is read month first, and said to be guessed.
//! **Invariant:** what is decided does not depend on how the file was cut, nor on how its times were read.

use crate::time::Seen;
use chartroom_base::ticks::{PER_SECOND, Ticks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Two times of one record are not further apart, zones and late deliveries included.
const APART: i64 = 3 * 86_400 * PER_SECOND;

/// What the times of a column show that leave the order of day and month open. Of two figures the first is of the reading by month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSeen {
    /// By the offset of the first of them, per part of the file.
    runs: BTreeMap<u64, [Run; 2]>,
    /// Records of which another time says that this reading is meant.
    agreeing: [u64; 2],
}

/// Times in the order in which they lie in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    first: i64,
    last: i64,
    least: i64,
    most: i64,
    rises: u64,
    falls: u64,
}

impl Run {
    const fn one(time: i64) -> Self {
        Self { first: time, last: time, least: time, most: time, rises: 0, falls: 0 }
    }

    /// The two, one behind the other.
    fn then(self, other: Self) -> Self {
        let (rises, falls) = (other.first > self.last, other.first < self.last);
        Self {
            first: self.first,
            last: other.last,
            least: self.least.min(other.least),
            most: self.most.max(other.most),
            rises: self.rises.saturating_add(other.rises).saturating_add(u64::from(rises)),
            falls: self.falls.saturating_add(other.falls).saturating_add(u64::from(falls)),
        }
    }

    /// Steps against the way most go.
    fn breaks(self) -> u64 {
        self.rises.min(self.falls)
    }
}

impl OrderSeen {
    /// Another time of the part at hand: both readings, where it lies, and other times of its record, which leave nothing open.
    pub(crate) fn add(&mut self, at: u64, readings: [i64; 2], others: impl Iterator<Item = i64>) {
        let one = readings.map(Run::one);
        match self.runs.values_mut().next_back() {
            Some(runs) => {
                for (run, one) in runs.iter_mut().zip(one) {
                    *run = run.then(one);
                }
            }
            None => {
                self.runs.insert(at, one);
            }
        }
        let mut near = [false; 2];
        for other in others {
            for (near, reading) in near.iter_mut().zip(readings) {
                *near |= other.abs_diff(reading) <= APART.unsigned_abs();
            }
        }
        let [by_month, by_day] = &mut self.agreeing;
        match near {
            [true, false] => *by_month = by_month.saturating_add(1),
            [false, true] => *by_day = by_day.saturating_add(1),
            _ => {}
        }
    }

    /// What the same part shows behind it.
    pub(crate) fn append(&mut self, more: &Self) {
        for (&at, runs) in &more.runs {
            match self.runs.values_mut().next_back() {
                Some(known) => {
                    for (known, run) in known.iter_mut().zip(runs) {
                        *known = known.then(*run);
                    }
                }
                None => {
                    self.runs.insert(at, *runs);
                }
            }
        }
        self.agree(more);
    }

    /// What another part of the file shows.
    pub(crate) fn merge(&mut self, other: Self) {
        self.agree(&other);
        self.runs.extend(other.runs);
    }

    fn agree(&mut self, other: &Self) {
        for (sum, more) in self.agreeing.iter_mut().zip(other.agreeing) {
            *sum = sum.saturating_add(more);
        }
    }

    /// Forgets where the file was cut, once all of it is here.
    pub(crate) fn join(&mut self) {
        if let (Some(whole), Some(&first)) = (self.whole(), self.runs.keys().next()) {
            self.runs = BTreeMap::from([(first, whole)]);
        }
    }

    /// All parts, in the order of the file.
    fn whole(&self) -> Option<[Run; 2]> {
        let mut runs = self.runs.values().copied();
        let first = runs.next()?;
        Some(runs.fold(first, |[a, b], [c, d]| [a.then(c), b.then(d)]))
    }

    /// Whether the day comes first, by what its own records show.
    fn by_records(&self) -> Option<bool> {
        let [by_month, by_day] = self.agreeing;
        if by_month != by_day && by_month.min(by_day).saturating_mul(8) < by_month.max(by_day) {
            return Some(by_day > by_month);
        }
        let [by_month, by_day] = self.whole()?.map(Run::breaks);
        let is_clear = by_month.min(by_day).saturating_mul(8) < by_month.max(by_day);
        is_clear.then_some(by_day < by_month)
    }

    /// The same, by a day near which the records are.
    fn by_date(&self, date: Ticks) -> Option<bool> {
        let [by_month, by_day] = self.whole()?.map(|run| {
            let (from, to) = (run.least.saturating_sub(APART), run.most.saturating_add(APART));
            // What is read wrong spreads over the months: near is only what lies there as a whole.
            (from..=to).contains(&date.0) && run.most.saturating_sub(run.least) <= 31 * 86_400 * PER_SECOND
        });
        (by_month != by_day).then_some(by_day)
    }
}

/// Whether the day comes first in columns whose times leave that open somewhere, as far as it can be known: of each, by what `times`
/// and `orders` say under its key. `date`: a day that the path of the file names.
pub(crate) fn decide<'t>(
    times: &'t BTreeMap<String, Seen>,
    orders: &BTreeMap<String, OrderSeen>,
    date: Option<Ticks>,
) -> BTreeMap<&'t str, Option<bool>> {
    let by_column = |path: &str, seen: Seen| match (seen.has(Seen::DAY_FIRST), seen.has(Seen::MONTH_FIRST)) {
        (true, true) => None,
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) if seen.has(Seen::EITHER.and(Seen::HALVES)) => Some(false),
        (false, false) => orders.get(path).and_then(OrderSeen::by_records),
    };
    let is_of_order =
        |seen: Seen| [Seen::EITHER, Seen::DAY_FIRST, Seen::MONTH_FIRST].iter().any(|&order| seen.has(order));
    let of_order = times.iter().filter(|(_, seen)| is_of_order(**seen));
    let mut decided: BTreeMap<&str, Option<bool>> =
        of_order.map(|(path, &seen)| (path.as_str(), by_column(path, seen))).collect();
    // One program wrote all of the file.
    let is_known = |wanted: bool| decided.values().any(|order| *order == Some(wanted));
    let others = match (is_known(true), is_known(false)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    };
    for (path, order) in &mut decided {
        let is_mixed = times.get(*path).is_some_and(|seen| seen.has(Seen::DAY_FIRST.and(Seen::MONTH_FIRST)));
        if order.is_none() && !is_mixed {
            *order = others.or_else(|| orders.get(*path)?.by_date(date?));
        }
    }
    decided
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::read_time;

    /// Whether the day comes first in a column of these texts, cut into parts before each of `cuts`; `known`: another time per record.
    fn order(texts: &[&str], known: &[&str], cuts: &[usize], date: Option<&str>) -> Option<bool> {
        let mut times = BTreeMap::from([("t".to_owned(), Seen::default())]);
        let mut parts = vec![OrderSeen::default()];
        for (at, text) in texts.iter().enumerate() {
            if cuts.contains(&at) {
                parts.push(OrderSeen::default());
            }
            let readings = [false, true].map(|day_first| read_time(text, day_first).unwrap());
            let seen = times.get_mut("t").unwrap();
            *seen = seen.and(readings[0].1);
            let known = known.get(at).map(|known| read_time(known, false).unwrap().0.0);
            if readings[0].1.has(Seen::EITHER) {
                parts.last_mut().unwrap().add(at as u64, readings.map(|(time, _)| time.0), known.into_iter());
            }
        }
        // Parts come in any order.
        let mut all = OrderSeen::default();
        parts.into_iter().rev().for_each(|part| all.merge(part));
        let orders = BTreeMap::from([("t".to_owned(), all)]);
        decide(&times, &orders, date.map(|date| read_time(date, false).unwrap().0))
            .get("t")
            .copied()
            .flatten()
    }

    #[track_caller]
    fn check(texts: &[&str], known: &[&str], date: Option<&str>, expected: Option<bool>) {
        for cuts in [&[][..], &[1], &[1, 2], &[2, 3, 4]] {
            assert_eq!(order(texts, known, cuts, date), expected, "{texts:?} cut at {cuts:?}");
        }
    }

    #[test]
    fn the_day_is_found_by_evidence() {
        check(&["3/4/2025 9:00", "13/4/2025 9:00"], &[], None, Some(true));
        check(&["3/4/2025 9:00", "4/13/2025 9:00"], &[], None, Some(false));
        // Each order is shown: nothing is known of the rest.
        check(&["3/4/2025 9:00", "13/4/2025 9:00", "4/13/2025 9:00"], &[], Some("2025-04-03"), None);
        check(&["3/4/2025 9:00 AM", "3/5/2025 1:00 PM"], &[], None, Some(false));
        check(&["3/4/2025 9:00 AM", "13/4/2025 1:00 PM"], &[], None, Some(true));
        // Another column says when it was.
        check(&["3/4/2025 9:00"], &["2025-04-03T09:00:01Z"], None, Some(true));
        check(&["3/4/2025 9:00"], &["2025-03-04T07:00:00Z"], None, Some(false));
        // In order by one reading only: falling, rising.
        check(&["1/4/2025 9:00", "12/3/2025 9:00", "2/3/2025 8:00"], &[], None, Some(true));
        check(&["3/11/2025 9:00", "3/12/2025 9:00", "4/1/2025 8:00"], &[], None, Some(false));
        // In order by both: only the path tells.
        let both = ["3/4/2025 9:00", "3/4/2025 10:00", "3/4/2025 11:00"];
        check(&both, &[], None, None);
        check(&both, &[], Some("2025-04-03"), Some(true));
        check(&both, &[], Some("2025-03-05"), Some(false));
        check(&both, &[], Some("2025-08-05"), None);
        check(&["5/5/2025 9:00"], &[], None, None);
    }

    #[test]
    fn columns_of_one_file_are_written_alike() {
        let seen = |flags: &[Seen]| flags.iter().fold(Seen::default(), |all, flag| all.and(*flag));
        let times = BTreeMap::from([
            ("a".to_owned(), seen(&[Seen::EITHER, Seen::DAY_FIRST])),
            ("b".to_owned(), seen(&[Seen::EITHER])),
            ("c".to_owned(), seen(&[Seen::ZONELESS])),
        ]);
        let found = decide(&times, &BTreeMap::new(), None);
        assert_eq!(found, BTreeMap::from([("a", Some(true)), ("b", Some(true))]));
    }
}
