//! Sums and means of decimals.
//!
//! Decimals add exactly as long as all their digits lie within 34 places, in any order. A sum whose digits reach further is null,
//! as what is lost would depend on the order.

use super::{Damaged, Reader, Rows, Setup, codec, per_group::State};
use crate::{decimal::Decimal, value::Value};

/// A sum, or a mean, of one group.
#[derive(Debug, Default)]
pub(super) struct DecimalSum<const MEAN: bool> {
    sum: Decimal,
    count: i64,
    is_lost: bool,
}

impl<const MEAN: bool> DecimalSum<MEAN> {
    fn plus(&mut self, term: Decimal) {
        let sum = self.sum.plus(term);
        // Exact when taking it off again leaves what was there, and the other way round.
        let is_exact = |sum: Decimal| {
            sum.plus(term.negated()) == Some(self.sum) && sum.plus(self.sum.negated()) == Some(term)
        };
        match sum.filter(|sum| is_exact(*sum)) {
            Some(sum) => self.sum = sum,
            None => self.is_lost = true,
        }
    }
}

impl<const MEAN: bool> State for DecimalSum<MEAN> {
    fn add(&mut self, _: &Setup, rows: &Rows<'_, '_>, row: usize) {
        if let Ok(term) = rows.argument(0).value(row).text().parse() {
            self.plus(term);
            self.count += 1;
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.is_lost));
        codec::push_i64(out, self.count);
        codec::push_text(out, &self.sum.to_string());
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        self.is_lost |= bytes.byte()? != 0;
        self.count = self.count.wrapping_add(bytes.i64()?);
        self.plus(bytes.text()?.parse().ok().ok_or(Damaged)?);
        Ok(())
    }

    fn finish(&self, _: &Setup, _: usize) -> Value<'static> {
        let total = if MEAN { self.sum.over(Decimal::from_long(self.count)) } else { Some(self.sum) };
        total.filter(|_| !self.is_lost).map(|total| total.to_string()).into()
    }
}
