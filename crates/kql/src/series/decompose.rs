//! Season, trend and rest of a series; what of the rest is out of the ordinary.

use super::{fft::autocovariance, fit};
use chartroom_base::sort;

/// How the trend is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trend {
    Average,
    Line,
    Nothing,
}

impl Trend {
    /// By its name in KQL; the first without one.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "avg" | "" => Some(Self::Average),
            "linefit" => Some(Self::Line),
            "none" => Some(Self::Nothing),
            _ => None,
        }
    }
}

/// What a series is made of; all parts are as long as it.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) baseline: Vec<f64>,
    pub(crate) seasonal: Vec<f64>,
    pub(crate) trend: Vec<f64>,
    /// Missing where the series is.
    pub(crate) residual: Vec<Option<f64>>,
}

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    /// -1: to be found; 0: none.
    pub(crate) period: i64,
    pub(crate) trend: Trend,
    /// Points at the end from which nothing is learnt.
    pub(crate) test_points: usize,
    /// What a period that is found must score.
    pub(crate) threshold: f64,
}

/// The shortest period that is found by itself.
const SHORTEST: usize = 4;

/// Takes a series apart: first the season, then the trend of what it leaves.
pub(crate) fn decompose(series: &[Option<f64>], wish: &Wish) -> Parts {
    let known = series.get(..series.len().saturating_sub(wish.test_points)).unwrap_or_default();
    let period = match usize::try_from(wish.period) {
        Ok(period) => Some(period).filter(|period| *period > 0),
        Err(_) => {
            period(&filled(known)).filter(|(_, score)| *score >= wish.threshold).map(|(period, _)| period)
        }
    };
    let seasonal = match period {
        Some(period) => season(known, series.len(), period),
        None => vec![0.0; series.len()],
    };
    let rest: Vec<Option<f64>> =
        known.iter().zip(&seasonal).map(|(value, season)| value.map(|value| value - season)).collect();
    let trend = trend(&rest, series.len(), wish.trend);
    let baseline: Vec<f64> = seasonal.iter().zip(&trend).map(|(season, trend)| season + trend).collect();
    let residual =
        series.iter().zip(&baseline).map(|(value, base)| value.map(|value| value - base)).collect();
    Parts { baseline, seasonal, trend, residual }
}

/// For each place the median of the known values at the same place of the period.
pub(crate) fn season(known: &[Option<f64>], count: usize, period: usize) -> Vec<f64> {
    let median = |phase: usize| {
        let mut values: Vec<f64> = known.iter().skip(phase).step_by(period).copied().flatten().collect();
        sort::sort_by(&mut values, f64::total_cmp);
        let upper = values.get(values.len() / 2)?;
        let lower = values.get(values.len().checked_sub(1)? / 2)?;
        Some(f64::midpoint(*lower, *upper))
    };
    let season: Vec<f64> = (0..period.min(count)).map(|phase| median(phase).unwrap_or(0.0)).collect();
    (0..count).map(|at| season.get(at % period).copied().unwrap_or(0.0)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "places in an array")]
fn trend(known: &[Option<f64>], count: usize, trend: Trend) -> Vec<f64> {
    let values: Vec<f64> = known.iter().copied().flatten().collect();
    if values.is_empty() || trend == Trend::Nothing {
        return vec![0.0; count];
    }
    if trend == Trend::Average {
        return vec![values.iter().sum::<f64>() / values.len() as f64; count];
    }
    let line = fit(&filled(known));
    (0..count).map(|at| line.start + line.slope * at as f64).collect()
}

/// Missing values as the one before (at the start: the first).
fn filled(series: &[Option<f64>]) -> Vec<f64> {
    let mut last = series.iter().copied().flatten().next().unwrap_or(0.0);
    series
        .iter()
        .map(|value| {
            last = value.filter(|value| value.is_finite()).unwrap_or(last);
            last
        })
        .collect()
}

/// The most significant period of a series and how much it shows, from 0 to 1; `None` when there is none.
///
/// A period is a hill of the autocorrelation, of four points or more and less than half of the series. Its score is the correlation
/// of the values that lie a period apart, a little less the longer the period is: twice a period is none of its own.
#[expect(clippy::cast_precision_loss, reason = "a count of elements")]
pub(crate) fn period(y: &[f64]) -> Option<(usize, f64)> {
    let lags = autocovariance(y);
    let total = lags.first().copied().filter(|total| *total > 1e-12)?;
    let count = y.len() as f64;
    let overlap = |lag: usize| Some(lags.get(lag)? / total * count / (count - lag as f64));
    let mut best: Option<(usize, f64)> = None;
    let mut valley = f64::INFINITY;
    for lag in 1..y.len().div_ceil(2) {
        let (before, own, after) = (overlap(lag - 1)?, overlap(lag)?, overlap(lag + 1)?);
        // A trend falls without valleys.
        if lag >= SHORTEST && own > 0.0 && own >= before && own >= after && own - valley > 0.1 {
            let score = own.min(1.0) * (1.0 - lag as f64 / (5.0 * count));
            if best.is_none_or(|(_, known)| score > known + 1e-9) {
                best = Some((lag, score));
            }
        }
        valley = valley.min(own);
    }
    best
}

/// Tukey's test: how far each value lies outside the range between two percentiles, in lengths of that range. Missing values score 0.
pub(crate) fn outliers(series: &[Option<f64>], test_points: usize, low: f64, high: f64) -> Vec<f64> {
    let known = series.get(..series.len().saturating_sub(test_points)).unwrap_or_default();
    let mut sorted: Vec<f64> = known.iter().copied().flatten().filter(|value| !value.is_nan()).collect();
    sort::sort_by(&mut sorted, f64::total_cmp);
    let (Some(low), Some(high)) = (quantile(&sorted, low), quantile(&sorted, high)) else {
        return vec![0.0; series.len()];
    };
    let score = |value: f64| {
        if value > high {
            (value - high) / (high - low)
        } else if value < low {
            (value - low) / (high - low)
        } else {
            0.0
        }
    };
    series.iter().map(|value| value.map_or(0.0, score)).collect()
}

/// The value at a percentile, on the line between its neighbours.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in an array"
)]
fn quantile(sorted: &[f64], percent: f64) -> Option<f64> {
    let place = percent.clamp(0.0, 100.0) / 100.0 * sorted.len().checked_sub(1)? as f64;
    let low = *sorted.get(place.floor() as usize)?;
    let high = *sorted.get(place.ceil() as usize)?;
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(series: &[i32], expected: Option<usize>) {
        let y: Vec<f64> = series.iter().map(|value| f64::from(*value)).collect();
        let found = period(&y).filter(|(_, score)| *score >= 0.6);
        assert_eq!(found.map(|(period, _)| period), expected, "{found:?}");
    }

    #[test]
    fn periods_are_found_where_they_show() {
        check(&[2, 5, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1], Some(6));
        check(&[8, 12, 14, 12, 10, 10, 12, 14, 12, 10, 10, 12, 14, 12, 10, 10, 12, 14, 12, 10], Some(5));
        check(&[1, 3, 5, 2, 4, 6, 1, 3, 5, 2, 4, 6], None);
        check(&(0..50).collect::<Vec<_>>(), None);
        check(&[7; 30], None);
        check(&[], None);
    }
}
