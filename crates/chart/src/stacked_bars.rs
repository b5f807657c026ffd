//! Counts over time as bars, stacked by kind, over a time axis.

use crate::{
    scene::{Anchor, Mark, Scene},
    ticks::time_ticks,
    time_scale::TimeScale,
};
use chartroom_base::ticks::Ticks;

/// What to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct StackedBars<'a> {
    /// Start of the first bucket.
    pub from: Ticks,
    /// Length of a bucket in ticks.
    pub step: i64,
    /// How many buckets.
    pub buckets: u32,
    /// From below: palette index, and one count per bucket.
    pub series: Vec<(u8, &'a [u32])>,
    /// Width of the surface in CSS pixels.
    pub width: f64,
    /// Height of the bars in CSS pixels; the axis takes [`AXIS_HEIGHT`] more.
    pub height: f64,
}

/// What the axis takes below the bars, in CSS pixels.
pub const AXIS_HEIGHT: f64 = 18.0;
/// What a label on the axis needs, in CSS pixels.
const LABEL_WIDTH: f64 = 76.0;
/// A count above zero is never lower than this: one failure among a million must be seen.
const LEAST_HEIGHT: f64 = 1.5;

impl StackedBars<'_> {
    /// The axis below the bars.
    #[must_use]
    pub fn scale(&self) -> TimeScale {
        let length = self.step.saturating_mul(i64::from(self.buckets));
        TimeScale { from: self.from, to: Ticks(self.from.0.saturating_add(length)), width: self.width }
    }

    /// The bucket at `x`, or `None` beside all of them.
    #[must_use]
    pub fn bucket_at(&self, x: f64) -> Option<u32> {
        if self.buckets == 0 || self.width <= 0.0 || x < 0.0 || x >= self.width {
            return None;
        }
        Some(((x / self.width * f64::from(self.buckets)) as u32).min(self.buckets - 1))
    }

    /// Bars, ticks and labels. `offset_at` as in [`time_ticks`].
    #[must_use]
    pub fn scene(&self, offset_at: &dyn Fn(Ticks) -> i64) -> Scene {
        let mut marks = Vec::new();
        let count = |series: &[u32], bucket: usize| u64::from(series.get(bucket).copied().unwrap_or(0));
        let buckets = usize::try_from(self.buckets).unwrap_or(0);
        let tallest = (0..buckets)
            .map(|bucket| self.series.iter().map(|(_, counts)| count(counts, bucket)).sum::<u64>())
            .max()
            .unwrap_or(0);
        let pitch = self.width / f64::from(self.buckets.max(1));
        let gap = if pitch >= 4.0 { 1.0 } else { 0.0 };
        if tallest > 0 {
            for bucket in 0..buckets {
                let mut y = self.height;
                for (palette, counts) in &self.series {
                    let rows = count(counts, bucket);
                    if rows == 0 {
                        continue;
                    }
                    let height = (rows as f64 / tallest as f64 * self.height).max(LEAST_HEIGHT).min(y);
                    y -= height;
                    let x = pitch * bucket as f64;
                    marks.push(Mark::Bar { x, y, width: pitch - gap, height, palette: *palette });
                }
            }
        }
        for tick in time_ticks(&self.scale(), LABEL_WIDTH, offset_at) {
            marks.push(Mark::Tick { x: tick.x, y: self.height, length: 4.0 });
            // A label at an edge would be cut: it is anchored inwards there.
            let anchor = match tick.x {
                x if x < LABEL_WIDTH / 2.0 => Anchor::Start,
                x if x > self.width - LABEL_WIDTH / 2.0 => Anchor::End,
                _ => Anchor::Middle,
            };
            marks.push(Mark::Label { x: tick.x, y: self.height + 14.0, anchor, text: tick.label });
        }
        Scene { width: self.width, height: self.height + AXIS_HEIGHT, marks, hits: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chartroom_base::ticks::PER_SECOND;
    use proptest::prelude::*;

    fn bars<'a>(series: Vec<(u8, &'a [u32])>, buckets: u32) -> StackedBars<'a> {
        let from = Ticks::from_civil((2021, 8, 2), (0, 0, 0), 0).unwrap();
        StackedBars { from, step: 3_600 * PER_SECOND, buckets, series, width: 240.0, height: 50.0 }
    }

    #[test]
    fn the_tallest_stack_fills_the_height_and_the_rest_stand_on_the_axis() {
        let scene = bars(vec![(0, &[3, 1]), (1, &[1, 0])], 2).scene(&|_| 0);
        let drawn: Vec<_> = scene.marks.iter().filter(|mark| matches!(mark, Mark::Bar { .. })).collect();
        assert_eq!(
            drawn,
            [
                &Mark::Bar { x: 0.0, y: 12.5, width: 119.0, height: 37.5, palette: 0 },
                &Mark::Bar { x: 0.0, y: 0.0, width: 119.0, height: 12.5, palette: 1 },
                &Mark::Bar { x: 120.0, y: 37.5, width: 119.0, height: 12.5, palette: 0 },
            ]
        );
    }

    #[test]
    fn one_failure_among_a_million_is_seen() {
        let scene = bars(vec![(0, &[1_000_000, 0]), (1, &[0, 1])], 2).scene(&|_| 0);
        assert!(
            scene
                .marks
                .iter()
                .any(|mark| matches!(mark, Mark::Bar { palette: 1, height, .. } if *height >= LEAST_HEIGHT))
        );
    }

    #[test]
    fn a_place_has_its_bucket() {
        let bars = bars(vec![(0, &[1, 1, 1])], 3);
        assert_eq!(bars.bucket_at(0.0), Some(0));
        assert_eq!(bars.bucket_at(239.9), Some(2));
        assert_eq!(bars.bucket_at(240.0), None);
        assert_eq!(bars.bucket_at(-1.0), None);
    }

    #[test]
    fn nothing_counted_draws_the_axis_alone() {
        let scene = bars(vec![(0, &[0, 0])], 2).scene(&|_| 0);
        assert!(!scene.marks.iter().any(|mark| matches!(mark, Mark::Bar { .. })));
    }

    proptest! {
        #[test]
        fn bars_stay_on_the_surface(counts in proptest::collection::vec(any::<u32>(), 1..60), more in proptest::collection::vec(any::<u32>(), 1..60)) {
            let buckets = u32::try_from(counts.len().max(more.len())).unwrap();
            let scene = bars(vec![(0, &counts), (1, &more)], buckets).scene(&|_| 0);
            for mark in scene.marks {
                if let Mark::Bar { x, y, width, height, .. } = mark {
                    prop_assert!(x >= 0.0 && x + width <= 240.0 + 1e-6);
                    prop_assert!(y >= -1e-6 && y + height <= 50.0 + 1e-6);
                }
            }
        }
    }
}
