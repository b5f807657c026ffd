//! Times to places on an axis and back.

use chartroom_base::ticks::Ticks;

/// A linear scale from a span of time to `0.0..=width` CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    /// The time at 0.0.
    pub from: Ticks,
    /// The time at `width`; never before `from`.
    pub to: Ticks,
    /// Length of the axis in CSS pixels.
    pub width: f64,
}

impl TimeScale {
    /// The place of `time`; outside `0.0..=width` when it lies outside the span. 0.0 on a span of no length.
    #[must_use]
    pub fn x(&self, time: Ticks) -> f64 {
        let span = self.span();
        if span <= 0.0 {
            return 0.0;
        }
        // Subtracted as integers first: ticks since year 1 do not fit into a float.
        time.0.saturating_sub(self.from.0) as f64 / span * self.width
    }

    /// The time at `x`, kept within the span.
    #[must_use]
    pub fn time_at(&self, x: f64) -> Ticks {
        if self.width <= 0.0 {
            return self.from;
        }
        let share = (x / self.width).clamp(0.0, 1.0);
        Ticks(self.from.0.saturating_add((share * self.span()) as i64).min(self.to.0))
    }

    fn span(&self) -> f64 {
        self.to.0.saturating_sub(self.from.0) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_span_are_the_ends_of_the_axis() {
        let scale = TimeScale { from: Ticks(1_000), to: Ticks(3_000), width: 200.0 };
        assert_eq!(scale.x(Ticks(1_000)), 0.0);
        assert_eq!(scale.x(Ticks(2_000)), 100.0);
        assert_eq!(scale.x(Ticks(3_000)), 200.0);
        assert_eq!(scale.time_at(-5.0), Ticks(1_000));
        assert_eq!(scale.time_at(100.0), Ticks(2_000));
        assert_eq!(scale.time_at(1e9), Ticks(3_000));
    }

    #[test]
    fn a_span_of_no_length_is_one_place() {
        let scale = TimeScale { from: Ticks(5), to: Ticks(5), width: 200.0 };
        assert_eq!(scale.x(Ticks(5)), 0.0);
        assert_eq!(scale.time_at(50.0), Ticks(5));
    }
}
