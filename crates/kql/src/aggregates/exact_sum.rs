//! A sum of floats without error: the same bits for any order of the terms.
//!
//! **Invariant:** the parts do not overlap and rise in size; together they are the exact sum (Shewchuk's expansion). Terms so large
//! that a sum of them might overflow go, scaled down, into an expansion of their own.

use super::{Damaged, Reader, codec};

/// Parts that lie in the struct itself.
const INLINE: usize = 3;
/// No double's exact sum needs more: 2,098 bits in parts of 53.
const MOST: usize = 44;
/// Above this, terms are scaled.
const LARGE: f64 = 1e290;
/// By how much: a power of two, so that nothing is lost.
const SCALE: f64 = 1.0 / (1_u128 << 100) as f64;

/// An exact sum.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExactSum {
    parts: [f64; INLINE],
    len: u8,
    more: Option<Box<Rare>>,
}

/// What few sums need.
#[derive(Clone, Debug)]
struct Rare {
    /// All parts, when there are more than fit inline.
    parts: Vec<f64>,
    /// The large terms, scaled.
    large: Vec<f64>,
    /// The sum of infinities and NaN; 0 when there were none.
    special: f64,
}

/// The sum and what rounding took from it.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let other = sum - a;
    (sum, (a - (sum - other)) + (b - other))
}

/// Adds a term to an expansion; gives its new length. `parts` has place for one more.
fn grow(parts: &mut [f64], len: usize, term: f64) -> usize {
    let mut term = term;
    let mut kept = 0;
    for at in 0..len {
        let Some(part) = parts.get(at).copied() else { break };
        let (sum, lost) = two_sum(term, part);
        if lost != 0.0
            && let Some(slot) = parts.get_mut(kept)
        {
            *slot = lost;
            kept += 1;
        }
        term = sum;
    }
    if let Some(slot) = parts.get_mut(kept) {
        *slot = term;
    }
    kept + 1
}

fn grow_vec(parts: &mut Vec<f64>, term: f64) {
    let len = parts.len();
    parts.push(0.0);
    let len = grow(parts, len, term);
    parts.truncate(len);
}

/// The expansion rounded once, to nearest, ties to even.
fn rounded(parts: &[f64]) -> f64 {
    let mut parts = parts.iter().rev().copied();
    let Some(mut high) = parts.next() else { return 0.0 };
    let mut low = 0.0;
    for part in parts.by_ref() {
        let (sum, lost) = two_sum(high, part);
        high = sum;
        low = lost;
        if low != 0.0 {
            break;
        }
    }
    // Half a unit left over: what comes below decides which way it goes.
    if let Some(next) = parts.next()
        && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
    {
        let twice = low * 2.0;
        let sum = high + twice;
        if twice == sum - high {
            high = sum;
        }
    }
    high
}

impl ExactSum {
    /// Adds a term.
    pub(crate) fn add(&mut self, term: f64) {
        if term.abs() < LARGE {
            self.add_small(term);
        } else if term.is_finite() {
            grow_vec(&mut self.rare().large, term * SCALE);
        } else {
            let rare = self.rare();
            rare.special += term;
        }
    }

    fn rare(&mut self) -> &mut Rare {
        self.more.get_or_insert_with(|| Box::new(Rare { parts: Vec::new(), large: Vec::new(), special: 0.0 }))
    }

    fn add_small(&mut self, term: f64) {
        let len = usize::from(self.len);
        if let Some(rare) = &mut self.more
            && !rare.parts.is_empty()
        {
            grow_vec(&mut rare.parts, term);
            return;
        }
        let mut parts = [0.0; INLINE + 1];
        for (slot, part) in parts.iter_mut().zip(self.parts.iter().take(len)) {
            *slot = *part;
        }
        let grown = grow(&mut parts, len, term);
        if grown > INLINE {
            self.rare().parts = parts.to_vec();
            self.len = 0;
            return;
        }
        for (slot, part) in self.parts.iter_mut().zip(parts) {
            *slot = part;
        }
        self.len = u8::try_from(grown).unwrap_or(0);
    }

    fn small(&self) -> &[f64] {
        match &self.more {
            Some(rare) if !rare.parts.is_empty() => &rare.parts,
            _ => self.parts.get(..usize::from(self.len)).unwrap_or_default(),
        }
    }

    /// The sum, rounded once.
    pub(crate) fn total(&self) -> f64 {
        let small = rounded(self.small());
        match &self.more {
            Some(rare) if rare.special != 0.0 => rare.special,
            Some(rare) if !rare.large.is_empty() => {
                // Both are rounded sums of exact ones: the same for any order of the terms.
                let large = rounded(&rare.large);
                if large.abs() < 1.0 { small } else { (large + small * SCALE) / SCALE }
            }
            _ => small,
        }
    }

    /// The sum as a float and what that float lacks, for differences of large sums.
    pub(crate) fn pair(&self) -> (f64, f64) {
        let high = self.total();
        if !high.is_finite() {
            return (high, 0.0);
        }
        let mut rest = self.clone();
        rest.add(-high);
        (high, rest.total())
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let (large, special) =
            self.more.as_ref().map_or((&[][..], 0.0), |rare| (&rare.large[..], rare.special));
        codec::push_f64(out, special);
        for parts in [self.small(), large] {
            codec::push_count(out, parts.len());
            parts.iter().for_each(|part| codec::push_f64(out, *part));
        }
    }

    pub(crate) fn merge(&mut self, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        let special = bytes.f64()?;
        if special != 0.0 {
            self.rare().special += special;
        }
        for is_large in [false, true] {
            let count = bytes.count(8)?;
            if count > MOST {
                return Err(Damaged);
            }
            for _ in 0..count {
                let part = bytes.f64()?;
                if !part.is_finite() {
                    return Err(Damaged);
                }
                if is_large { grow_vec(&mut self.rare().large, part) } else { self.add_small(part) }
            }
        }
        Ok(())
    }

    pub(crate) fn heap(&self) -> usize {
        self.more
            .as_ref()
            .map_or(0, |rare| size_of::<Rare>() + 8 * (rare.parts.capacity() + rare.large.capacity()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(terms: &[f64], expected: f64) {
        let mut sum = ExactSum::default();
        terms.iter().for_each(|term| sum.add(*term));
        assert_eq!(sum.total().to_bits(), expected.to_bits(), "{terms:?}: {}", sum.total());
    }

    #[test]
    fn sums_are_rounded_once() {
        check(&[], 0.0);
        check(&[0.1; 10], 1.0);
        check(&[1e100, 1.0, -1e100], 1.0);
        check(&[1.0, 1e-16, 1e-16], 1.000_000_000_000_000_2);
        check(&[f64::MAX, f64::MAX, -f64::MAX], f64::MAX);
        check(&[f64::MAX, 1.0, -f64::MAX], 1.0);
        check(&[f64::INFINITY, 1.0], f64::INFINITY);
        assert!({
            let mut sum = ExactSum::default();
            [f64::INFINITY, f64::NEG_INFINITY].iter().for_each(|term| sum.add(*term));
            sum.total().is_nan()
        });
    }

    proptest! {
        #[test]
        fn order_and_cuts_change_nothing(terms in prop::collection::vec(-1e300..1e300_f64, 0..40), cut in 0..40_usize) {
            let cut = cut.min(terms.len());
            let mut whole = ExactSum::default();
            terms.iter().for_each(|term| whole.add(*term));
            let mut parts = ExactSum::default();
            for half in [&terms[cut..], &terms[..cut]] {
                let mut part = ExactSum::default();
                half.iter().rev().for_each(|term| part.add(*term));
                let mut bytes = Vec::new();
                part.encode(&mut bytes);
                parts.merge(&mut Reader::new(&bytes)).unwrap();
            }
            prop_assert_eq!(whole.total().to_bits(), parts.total().to_bits());
        }
    }
}
