//! Round numbers on an axis of values, and how they are written.

/// A linear axis of values that ends on round numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberAxis {
    /// The lower end.
    pub low: f64,
    /// The upper end; always above `low`.
    pub high: f64,
    /// The round numbers within, ascending.
    pub ticks: Vec<f64>,
    step: f64,
}

impl NumberAxis {
    /// An axis from `low` to `high` or a little beyond, with about `wanted` ticks; ends given as fixed stay.
    #[must_use]
    pub fn new(low: f64, high: f64, wanted: usize, fixed: (Option<f64>, Option<f64>)) -> Self {
        let (mut low, mut high) = (fixed.0.unwrap_or(low), fixed.1.unwrap_or(high));
        if !low.is_finite() || !high.is_finite() || high < low {
            (low, high) = (0.0, 1.0);
        }
        if high - low <= low.abs().max(high.abs()) * 1e-12 {
            // One value alone: something to either side of it, zero among it where that is near.
            let room = if low == 0.0 { 1.0 } else { low.abs() };
            (low, high) = (
                if low < 0.0 { low - room } else { low.min(0.0) },
                if low > 0.0 { high + room } else { 0.0_f64.max(high) + room },
            );
        }
        let step = nice_step((high - low) / wanted.max(1) as f64);
        if fixed.0.is_none() {
            low = (low / step).floor() * step;
        }
        if fixed.1.is_none() {
            high = (high / step).ceil() * step;
        }
        let first = (low / step).ceil();
        let count = (((high - low) / step).floor() as usize).min(1_000);
        let ticks = (0..=count)
            .map(|at| (first + at as f64) * step)
            .filter(|tick| *tick <= high + step * 1e-9)
            .collect();
        Self { low, high, ticks, step }
    }

    /// Where a value stands between the ends: 0.0 to 1.0, beyond when it is not within.
    #[must_use]
    pub fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    /// A tick as it is written: no more digits than tell it from its neighbours.
    #[must_use]
    pub fn label(&self, tick: f64) -> String {
        compact(tick, self.step)
    }
}

/// The next larger of 1, 2, 5 times a power of ten.
fn nice_step(step: f64) -> f64 {
    if !(step > 0.0 && step.is_finite()) {
        return 1.0;
    }
    let power = 10.0_f64.powf(step.log10().floor());
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| step <= factor * power * (1.0 + 1e-9));
    nice.unwrap_or(10.0) * power
}

/// `12.5k`, `3M`: a number with a step of `step` to its neighbours.
fn compact(number: f64, step: f64) -> String {
    const UNITS: [(f64, &str); 5] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")];
    let size = number.abs();
    if size < step * 1e-6 {
        return "0".to_owned();
    }
    if !(1e-4..1e15).contains(&size) {
        return format!("{number:e}");
    }
    let (unit, sign) = UNITS.into_iter().find(|(unit, _)| size >= *unit * 0.999_999).unwrap_or((1.0, ""));
    // A thousand is written whole where its neighbours are no thousands.
    let (unit, sign) = if sign == "k" && step < 100.0 { (1.0, "") } else { (unit, sign) };
    let digits = (-(step / unit).log10().floor()).clamp(0.0, 6.0) as usize;
    let mut text = format!("{:.digits$}", number / unit);
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    text.push_str(sign);
    text
}

/// A value as it is read: digits grouped, at most six behind the point.
#[must_use]
pub fn exact(number: f64) -> String {
    if !(1e-6..1e15).contains(&number.abs()) && number != 0.0 {
        return format!("{number:e}");
    }
    let text = format!("{number:.6}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(low: f64, high: f64, expected: &str) {
        let axis = NumberAxis::new(low, high, 4, (None, None));
        let labels: Vec<_> = axis.ticks.iter().map(|tick| axis.label(*tick)).collect();
        assert_eq!(labels.join(" "), expected);
    }

    #[test]
    fn ticks_are_round() {
        check(0.0, 7.0, "0 2 4 6 8");
        check(0.0, 48_210.0, "0 20k 40k 60k");
        check(0.0, 3.2e6, "0 1M 2M 3M 4M");
        check(0.0, 0.07, "0 0.02 0.04 0.06 0.08");
        check(-3.0, 9.0, "-5 0 5 10");
        check(1_990.0, 2_020.0, "1990 2000 2010 2020");
        check(5.0, 5.0, "0 5 10");
        check(0.0, 0.0, "0 0.5 1");
    }

    #[test]
    fn fixed_ends_stay() {
        let axis = NumberAxis::new(0.0, 7.0, 4, (Some(1.0), Some(6.5)));
        assert_eq!((axis.low, axis.high), (1.0, 6.5));
        assert_eq!(axis.ticks, [2.0, 4.0, 6.0]);
    }

    #[test]
    fn values_are_written_in_groups() {
        assert_eq!(exact(1_234_567.5), "1,234,567.5");
        assert_eq!(exact(-12.0), "-12");
        assert_eq!(exact(0.0), "0");
        assert_eq!(exact(1e30), "1e30");
    }

    proptest! {
        #[test]
        fn an_axis_holds_its_values(low in -1e12_f64..1e12, span in 0.0_f64..1e12, wanted in 1_usize..20) {
            let axis = NumberAxis::new(low, low + span, wanted, (None, None));
            prop_assert!(axis.high > axis.low);
            prop_assert!(axis.ticks.len() <= wanted + 3, "{:?}", axis);
            prop_assert!(axis.share(low) >= -1e-9 && axis.share(low + span) <= 1.0 + 1e-9);
            prop_assert!(axis.ticks.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
