//! The discrete Fourier transform of any length, and the autocovariance that it gives.
//!
//! Lengths that are no power of two go by Bluestein's way: a convolution of the next power of two that holds it.

use std::f64::consts::PI;

/// A series of complex numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Complex {
    pub(crate) real: Vec<f64>,
    pub(crate) imaginary: Vec<f64>,
}

impl Complex {
    /// Zeros.
    fn zeros(count: usize) -> Self {
        Self { real: vec![0.0; count], imaginary: vec![0.0; count] }
    }

    fn at(&self, at: usize) -> (f64, f64) {
        let part = |part: &[f64]| part.get(at).copied().unwrap_or(0.0);
        (part(&self.real), part(&self.imaginary))
    }

    fn set(&mut self, at: usize, (real, imaginary): (f64, f64)) {
        if let (Some(x), Some(y)) = (self.real.get_mut(at), self.imaginary.get_mut(at)) {
            (*x, *y) = (real, imaginary);
        }
    }

    fn len(&self) -> usize {
        self.real.len()
    }

    /// Swaps the parts of each number: a transform between two of these is the inverse one, but for its scale.
    fn turned(self) -> Self {
        Self { real: self.imaginary, imaginary: self.real }
    }
}

fn times((a, b): (f64, f64), (c, d): (f64, f64)) -> (f64, f64) {
    (a * c - b * d, a * d + b * c)
}

/// `e^(-iπ numerator/denominator)`.
#[expect(clippy::cast_precision_loss, reason = "places in a series")]
fn root(numerator: usize, denominator: usize) -> (f64, f64) {
    let angle = -PI * numerator as f64 / denominator as f64;
    (angle.cos(), angle.sin())
}

/// The transform of a length that is a power of two.
fn power_of_two(mut x: Complex) -> Complex {
    let count = x.len();
    if count < 2 {
        return x;
    }
    let bits = count.trailing_zeros();
    for at in 0..count {
        let turned = at.reverse_bits() >> (usize::BITS - bits);
        if turned > at {
            let (a, b) = (x.at(at), x.at(turned));
            x.set(at, b);
            x.set(turned, a);
        }
    }
    let mut half = 1;
    while half < count {
        for place in 0..half {
            let turn = root(place, half);
            let mut at = place;
            while at < count {
                let (even, odd) = (x.at(at), times(x.at(at + half), turn));
                x.set(at, (even.0 + odd.0, even.1 + odd.1));
                x.set(at + half, (even.0 - odd.0, even.1 - odd.1));
                at += 2 * half;
            }
        }
        half *= 2;
    }
    x
}

/// The transform, without scale.
pub(crate) fn forward(x: Complex) -> Complex {
    let count = x.len();
    if count.is_power_of_two() || count == 0 {
        return power_of_two(x);
    }
    // Squares of places, taken modulo twice the length so that angles stay exact.
    let chirp = |at: usize| {
        let (at, turn) = (at as u64, 2 * count as u64);
        root(usize::try_from(at * at % turn).unwrap_or(0), count)
    };
    let size = (2 * count).next_power_of_two();
    let (mut a, mut b) = (Complex::zeros(size), Complex::zeros(size));
    for at in 0..count {
        let turn = chirp(at);
        a.set(at, times(x.at(at), turn));
        b.set(at, (turn.0, -turn.1));
        b.set((size - at) % size, (turn.0, -turn.1));
    }
    let (a, b) = (power_of_two(a), power_of_two(b));
    let mut both = Complex::zeros(size);
    for at in 0..size {
        both.set(at, times(a.at(at), b.at(at)));
    }
    let both = inverse_of_power(both);
    let mut out = Complex::zeros(count);
    for at in 0..count {
        out.set(at, times(both.at(at), chirp(at)));
    }
    out
}

#[expect(clippy::cast_precision_loss, reason = "a length")]
fn scaled(mut x: Complex) -> Complex {
    let count = x.len() as f64;
    x.real.iter_mut().chain(&mut x.imaginary).for_each(|part| *part /= count);
    x
}

fn inverse_of_power(x: Complex) -> Complex {
    scaled(power_of_two(x.turned()).turned())
}

/// The transform back, by the length.
pub(crate) fn inverse(x: Complex) -> Complex {
    scaled(forward(x.turned()).turned())
}

/// Per lag the sum of the products of the values that lie so far apart, after the mean is taken away.
#[expect(clippy::cast_precision_loss, reason = "a count of elements")]
pub(crate) fn autocovariance(y: &[f64]) -> Vec<f64> {
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let mut x = Complex::zeros((2 * y.len()).next_power_of_two());
    for (at, y) in y.iter().enumerate() {
        x.set(at, (y - mean, 0.0));
    }
    let mut x = power_of_two(x);
    for at in 0..x.len() {
        let (a, b) = x.at(at);
        x.set(at, (a * a + b * b, 0.0));
    }
    let mut lags = inverse_of_power(x).real;
    lags.truncate(y.len());
    lags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transforms_of_any_length_go_back() {
        for count in [1, 2, 3, 5, 8, 12, 60, 127] {
            let real: Vec<f64> = (0..count).map(|at| f64::from((at * 37 + 11) % 17)).collect();
            let there = forward(Complex { real: real.clone(), imaginary: vec![0.0; real.len()] });
            assert!((there.real[0] - real.iter().sum::<f64>()).abs() < 1e-9);
            let back = inverse(there);
            assert!(back.real.iter().zip(&real).all(|(a, b)| (a - b).abs() < 1e-9), "{count}");
        }
    }
}
