//! Means, variances and covariances from exact sums.
//!
//! **Invariant:** the sums are exact, so that the differences of large sums are good to the last digits and no order shows.

use super::{Damaged, Reader, Rows, Setup, codec, exact_sum::ExactSum, per_group::State};
use crate::value::Value;

/// Number, sums and sum of products of pairs of floats; of a single column each value is paired with itself.
#[derive(Debug, Default)]
pub(super) struct Moments<const SHAPE: u8> {
    count: u64,
    x: ExactSum,
    y: ExactSum,
    products: ExactSum,
}

/// Of a sample: divided by one less than the number.
pub(super) const VARIANCE: u8 = 0;
/// Of all there are.
pub(super) const VARIANCE_P: u8 = 1;
/// The root of the first.
pub(super) const STDEV: u8 = 2;
/// The root of the second.
pub(super) const STDEV_P: u8 = 3;
/// Of two columns, of a sample.
pub(super) const COVARIANCE: u8 = 4;
/// Of two columns, of all there are.
pub(super) const COVARIANCE_P: u8 = 5;

/// The upper half of a float's bits (Veltkamp).
fn split(a: f64) -> (f64, f64) {
    let scaled = a * 134_217_729.0;
    let high = scaled - (scaled - a);
    (high, a - high)
}

/// A product and what rounding took from it (Dekker).
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    if !product.is_finite() || a.abs() > 1e290 || b.abs() > 1e290 {
        return (product, 0.0);
    }
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    (product, al * bl - (((product - ah * bh) - al * bh) - ah * bl))
}

/// `a * b` of two sums, as an exact sum.
fn product_of(a: &ExactSum, b: &ExactSum) -> ExactSum {
    let ((ah, al), (bh, bl)) = (a.pair(), b.pair());
    let mut sum = ExactSum::default();
    for (x, y) in [(ah, bh), (ah, bl), (al, bh), (al, bl)] {
        let (product, lost) = two_product(x, y);
        sum.add(product);
        sum.add(lost);
    }
    sum
}

impl<const SHAPE: u8> Moments<SHAPE> {
    const IS_PAIR: bool = SHAPE >= COVARIANCE;

    #[expect(clippy::cast_precision_loss, reason = "counts of rows stay below 2^53")]
    fn value(&self) -> f64 {
        let count = self.count as f64;
        let divisor = if matches!(SHAPE, VARIANCE | STDEV | COVARIANCE) { count - 1.0 } else { count };
        if divisor <= 0.0 {
            return 0.0;
        }
        // (n Σxy − Σx Σy) / n / divisor, the difference exact.
        let mut many = ExactSum::default();
        many.add(count);
        let mut difference = product_of(&self.products, &many);
        let other = product_of(&self.x, if Self::IS_PAIR { &self.y } else { &self.x });
        let (high, low) = other.pair();
        difference.add(-high);
        difference.add(-low);
        let spread = difference.total() / count / divisor;
        let spread = if Self::IS_PAIR { spread } else { spread.max(0.0) };
        if matches!(SHAPE, STDEV | STDEV_P) { spread.sqrt() } else { spread }
    }
}

impl<const SHAPE: u8> State for Moments<SHAPE> {
    fn add(&mut self, _: &Setup, rows: &Rows<'_, '_>, row: usize) {
        let Some(x) = rows.argument(0).real(row) else { return };
        let y = if Self::IS_PAIR { rows.argument(1).real(row) } else { Some(x) };
        let Some(y) = y else { return };
        self.count += 1;
        self.x.add(x);
        if Self::IS_PAIR {
            self.y.add(y);
        }
        let (product, lost) = two_product(x, y);
        self.products.add(product);
        self.products.add(lost);
    }

    fn encode(&self, out: &mut Vec<u8>) {
        codec::push_u64(out, self.count);
        for sum in [&self.x, &self.y, &self.products] {
            sum.encode(out);
        }
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        self.count = self.count.saturating_add(bytes.u64()?);
        for sum in [&mut self.x, &mut self.y, &mut self.products] {
            sum.merge(bytes)?;
        }
        Ok(())
    }

    fn finish(&self, _: &Setup, _: usize) -> Value<'static> {
        Value::Real(self.value())
    }

    fn heap(&self) -> usize {
        self.x.heap() + self.y.heap() + self.products.heap()
    }
}
