//! Buckets of time that a person would choose.

use chartroom_base::ticks::{PER_DAY, PER_SECOND, Ticks};
use chartroom_kql::Counts;
use chartroom_protocol::result::{TimelineData, TimelineSeries};

const MINUTE: i64 = 60 * PER_SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Lengths of a bucket, ascending; beyond the last its doublings.
const STEPS: [i64; 27] = [
    PER_SECOND / 1_000,
    PER_SECOND / 500,
    PER_SECOND / 200,
    PER_SECOND / 100,
    PER_SECOND / 50,
    PER_SECOND / 20,
    PER_SECOND / 10,
    PER_SECOND / 5,
    PER_SECOND / 2,
    PER_SECOND,
    2 * PER_SECOND,
    5 * PER_SECOND,
    10 * PER_SECOND,
    15 * PER_SECOND,
    30 * PER_SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    PER_DAY,
    7 * PER_DAY,
];

/// Outcomes from below; others follow by name.
const STACK: [&str; 4] = ["Success", "NA", "Pending", "Failure"];

/// Start, length and number of at most `most` buckets over `first..=last`. A start is a whole multiple of the length.
pub(crate) fn buckets(first: Ticks, last: Ticks, most: u32) -> (Ticks, i64, u32) {
    let most = i64::from(most.clamp(10, 500));
    let count = |step: i64| last.0.div_euclid(step) - first.0.div_euclid(step) + 1;
    let doublings = std::iter::successors(Some(14 * PER_DAY), |step| Some(step * 2));
    let step = STEPS
        .into_iter()
        .chain(doublings.take(24))
        .find(|&step| count(step) <= most)
        .unwrap_or(chartroom_base::ticks::END);
    let from = first.0.div_euclid(step) * step;
    (Ticks(from), step, u32::try_from(count(step)).unwrap_or(0))
}

/// The timeline as the page draws it.
pub(crate) fn data(from: Ticks, step: i64, buckets: u32, mut sums: Counts) -> TimelineData {
    let mut series = Vec::new();
    for outcome in STACK {
        if let Some(counts) = sums.by_outcome.remove(outcome) {
            series.push(TimelineSeries { outcome: outcome.to_owned(), counts });
        }
    }
    series.extend(sums.by_outcome.into_iter().map(|(outcome, counts)| TimelineSeries { outcome, counts }));
    for one in &mut series {
        one.counts.resize(buckets as usize, 0);
    }
    TimelineData { from, step, buckets, series, without_time: sums.without_time }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(len: i64, most: u32, step: i64, count: u32) {
        let first = Ticks::from_civil((2021, 8, 2), (0, 0, 0), 0).unwrap();
        let (from, found, buckets) = super::buckets(first, Ticks(first.0 + len), most);
        assert_eq!((found, buckets), (step, count));
        assert!(from <= first && first.0 - from.0 < found);
    }

    #[test]
    fn steps_are_those_of_a_clock() {
        check(HOUR - 1, 60, MINUTE, 60);
        check(HOUR, 60, 2 * MINUTE, 31);
        check(0, 100, PER_SECOND / 1_000, 1);
        check(30 * PER_DAY, 31, PER_DAY, 31);
        check(4_000 * PER_DAY, 100, 56 * PER_DAY, 73);
    }

    #[test]
    fn all_of_time_fits() {
        let (_, _, count) = buckets(Ticks(0), Ticks(chartroom_base::ticks::END - 1), 10);
        assert!((1..=10).contains(&count));
    }
}
