//! Lines and polynomials of least squares.

use super::{Line, fit, spread};

/// A fit of part of a series, and what it leaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) rsquare: f64,
    pub(crate) slope: f64,
    pub(crate) interception: f64,
    pub(crate) variance: f64,
    pub(crate) rvariance: f64,
}

/// Variance and that of what a fit leaves, over one less than the count; with the share that the fit explains.
#[expect(clippy::cast_precision_loss, reason = "a count of elements")]
pub(crate) fn explained(total: f64, rest: f64, count: usize) -> (f64, f64, f64) {
    let degrees = (count as f64 - 1.0).max(1.0);
    (if total > 0.0 { 1.0 - rest / total } else { 1.0 }, total / degrees, rest / degrees)
}

impl Figures {
    /// Of a line through these.
    pub(crate) fn of(y: &[f64]) -> (Self, Line) {
        let line = fit(y);
        let (rsquare, variance, rvariance) = explained(spread(y), line.rest, y.len());
        (Self { rsquare, slope: line.slope, interception: line.start, variance, rvariance }, line)
    }
}

/// Where two lines fit best: the place at which the right one begins. `None` for fewer than four values.
///
/// Each side has two values at least; of equal splits the first wins.
pub(crate) fn split(y: &[f64]) -> Option<usize> {
    let left = rests(y.iter().copied());
    let mut right = rests(y.iter().rev().copied());
    right.reverse();
    let rest = |at: usize| Some(left.get(at.checked_sub(1)?)? + right.get(at)?);
    let splits = (2..y.len().checked_sub(1)?).filter_map(|at| Some((at, rest(at)?)));
    splits.reduce(|best, next| if next.1 < best.1 { next } else { best }).map(|(at, _)| at)
}

/// Per place the sum of squares that a line leaves of the values up to it.
#[expect(clippy::cast_precision_loss, reason = "places in an array")]
fn rests(y: impl Iterator<Item = f64>) -> Vec<f64> {
    // Means and sums of squares as they grow: sums of large squares would lose the small ones.
    let (mut mean_x, mut mean_y, mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let rests = y.enumerate().map(|(at, y)| {
        let (x, count) = (at as f64, at as f64 + 1.0);
        let (dx, dy) = (x - mean_x, y - mean_y);
        mean_x += dx / count;
        mean_y += dy / count;
        xx += dx * (x - mean_x);
        xy += dx * (y - mean_y);
        yy += dy * (y - mean_y);
        if xx > 0.0 { (yy - xy * xy / xx).max(0.0) } else { 0.0 }
    });
    rests.collect()
}

/// The greatest degree of a polynomial.
pub(crate) const MOST_DEGREE: usize = 64;

/// The coefficients of the polynomial of least squares, that of the highest power first, and its values at `x`.
///
/// `None` when there are fewer places than coefficients.
#[expect(clippy::cast_precision_loss, reason = "counts and degrees")]
pub(crate) fn polynomial(x: &[f64], y: &[f64], degree: usize) -> Option<(Vec<f64>, Vec<f64>)> {
    let count = x.len();
    if count != y.len() || count <= degree || degree > MOST_DEGREE {
        return None;
    }
    // Around the middle and of size one, so that high powers stay comparable.
    let (low, high) =
        x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
    let middle = f64::midpoint(low, high);
    let scale = if high > low { (high - low) / 2.0 } else { 1.0 };
    let t: Vec<f64> = x.iter().map(|x| (x - middle) / scale).collect();
    // Polynomials that are orthogonal over these places, by their recurrence; each as coefficients of t, lowest power first.
    let mut basis: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    let (mut result, mut left) = (vec![0.0; degree + 1], y.to_vec());
    let mut values = vec![0.0; count];
    for order in 0..=degree {
        let (mut own, mut coefficients) = match basis.last() {
            None => (vec![1.0; count], vec![1.0]),
            Some((last, coefficients, _)) => {
                let own = last.iter().zip(&t).map(|(last, t)| last * t).collect();
                (own, [0.0].iter().chain(coefficients).copied().collect())
            }
        };
        // Twice: what rounding left of the others goes the second time.
        for _ in 0..2 {
            for (other, known, norm) in &basis {
                let share = own.iter().zip(other).map(|(a, b)| a * b).sum::<f64>() / norm;
                own.iter_mut().zip(other).for_each(|(own, other)| *own -= share * other);
                coefficients.iter_mut().zip(known).for_each(|(own, known)| *own -= share * known);
            }
        }
        let norm: f64 = own.iter().map(|own| own * own).sum();
        if norm <= 1e-20 * count as f64 {
            // Fewer distinct places than coefficients.
            return if order == 0 { None } else { Some((places(&result, middle, scale), values)) };
        }
        let share = own.iter().zip(&left).map(|(a, b)| a * b).sum::<f64>() / norm;
        for ((value, rest), own) in values.iter_mut().zip(&mut left).zip(&own) {
            *value += share * own;
            *rest -= share * own;
        }
        result.iter_mut().zip(&coefficients).for_each(|(result, own)| *result += share * own);
        basis.push((own, coefficients, norm));
    }
    Some((places(&result, middle, scale), values))
}

/// The polynomial of `t = (x - middle) / scale` as one of `x`, highest power first.
fn places(coefficients: &[f64], middle: f64, scale: f64) -> Vec<f64> {
    let mut result: Vec<f64> = vec![0.0; coefficients.len()];
    for coefficient in coefficients.iter().rev() {
        // result = result * t + coefficient
        let mut next = vec![0.0; result.len()];
        for (power, known) in result.iter().enumerate() {
            if let Some(slot) = next.get_mut(power + 1) {
                *slot += known / scale;
            }
            if let Some(slot) = next.get_mut(power) {
                *slot -= known * middle / scale;
            }
        }
        if let Some(first) = next.first_mut() {
            *first += coefficient;
        }
        result = next;
    }
    result.reverse();
    result
}
