//! Sketches as values: what `hll` and `tdigest` leave of many values, for functions and aggregates alike.
//!
//! **Invariant:** a sketch depends on the values alone, not on their order, so that shards merge to the same bytes. Both are exact as
//! long as there are few different values. As a dynamic an [`Hll`] is `[precision, kind, base64]`, a [`Digest`] `[type, [values], [weights]]`.

use crate::{
    json::{self, ArrayWriter},
    value::{Value, push_export},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chartroom_schema::kind::Kind;
use std::collections::BTreeSet;

/// Different values up to which an [`Hll`] knows each; beyond it estimates.
const MOST_HASHES: usize = 8_192;

/// How many different values there were.
#[derive(Clone, Debug)]
pub(crate) struct Hll {
    /// Two to this power registers.
    precision: u8,
    kept: Kept,
}

#[derive(Clone, Debug)]
enum Kept {
    Hashes(BTreeSet<u64>),
    Registers(Vec<u8>),
}

impl Hll {
    /// Of no values, for one of Kusto's accuracies (0 to 4).
    pub(crate) fn new(accuracy: i64) -> Self {
        let precision = match accuracy {
            0 => 12,
            2 => 16,
            3 => 17,
            4 => 18,
            _ => 14,
        };
        Self { precision, kept: Kept::Hashes(BTreeSet::new()) }
    }

    /// Adds a value by its hash.
    pub(crate) fn add(&mut self, hash: u64) {
        match &mut self.kept {
            Kept::Hashes(hashes) => {
                hashes.insert(hash);
                if hashes.len() > MOST_HASHES {
                    let mut registers = vec![0; 1 << self.precision];
                    hashes.iter().for_each(|hash| raise(&mut registers, self.precision, *hash));
                    self.kept = Kept::Registers(registers);
                }
            }
            Kept::Registers(registers) => raise(registers, self.precision, hash),
        }
    }

    /// Adds another's values; of two precisions the lower stays.
    pub(crate) fn merge(&mut self, other: &Self) {
        match &other.kept {
            Kept::Hashes(hashes) => {
                self.lower(other.precision);
                hashes.iter().for_each(|hash| self.add(*hash));
            }
            Kept::Registers(registers) => {
                self.lower(other.precision);
                let others = lowered(registers, other.precision, self.precision);
                let own = match &self.kept {
                    Kept::Registers(own) => own.clone(),
                    Kept::Hashes(hashes) => {
                        let mut own = vec![0; 1 << self.precision];
                        hashes.iter().for_each(|hash| raise(&mut own, self.precision, *hash));
                        own
                    }
                };
                self.kept = Kept::Registers(own.iter().zip(&others).map(|(a, b)| *a.max(b)).collect());
            }
        }
    }

    fn lower(&mut self, precision: u8) {
        if precision < self.precision {
            if let Kept::Registers(registers) = &mut self.kept {
                *registers = lowered(registers, self.precision, precision);
            }
            self.precision = precision;
        }
    }

    /// How many different values, exactly or about.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "an estimate of a count"
    )]
    pub(crate) fn count(&self) -> i64 {
        let registers = match &self.kept {
            Kept::Hashes(hashes) => return i64::try_from(hashes.len()).unwrap_or(i64::MAX),
            Kept::Registers(registers) => registers,
        };
        let size = registers.len() as f64;
        let sum: f64 = registers.iter().map(|rank| 0.5_f64.powi(i32::from(*rank))).sum();
        let estimate = 0.7213 / (1.0 + 1.079 / size) * size * size / sum;
        let empty = registers.iter().filter(|rank| **rank == 0).count();
        let is_sparse = estimate <= 2.5 * size && empty > 0;
        (if is_sparse { size * (size / empty as f64).ln() } else { estimate }).round() as i64
    }

    /// Bytes it holds.
    pub(crate) fn memory(&self) -> usize {
        match &self.kept {
            Kept::Hashes(hashes) => hashes.len() * 16,
            Kept::Registers(registers) => registers.len(),
        }
    }

    /// As a dynamic.
    pub(crate) fn json(&self) -> String {
        let mut out = ArrayWriter::default();
        out.raw(&self.precision.to_string());
        let (kind, bytes) = match &self.kept {
            Kept::Hashes(hashes) => ("0", hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect()),
            Kept::Registers(registers) => ("1", registers.clone()),
        };
        out.raw(kind);
        out.string(&STANDARD.encode(bytes));
        out.finish()
    }

    /// Of a dynamic; `None` when it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = json::elements(text)?;
        let precision = parts.next()?.parse::<u8>().ok().filter(|precision| (12..=18).contains(precision))?;
        let kind = parts.next()?;
        let bytes = STANDARD.decode(json::unquote(parts.next()?)).ok()?;
        let kept = match kind {
            "0" => {
                let (hashes, rest) = bytes.as_chunks::<8>();
                if !rest.is_empty() || hashes.len() > MOST_HASHES {
                    return None;
                }
                Kept::Hashes(hashes.iter().map(|hash| u64::from_le_bytes(*hash)).collect())
            }
            _ if bytes.len() == 1_usize << precision => Kept::Registers(bytes),
            _ => return None,
        };
        Some(Self { precision, kept })
    }
}

/// Puts a hash into its register.
#[expect(clippy::cast_possible_truncation, reason = "at most 64 zeros")]
fn raise(registers: &mut [u8], precision: u8, hash: u64) {
    let at = usize::try_from(hash >> (64 - precision)).unwrap_or(usize::MAX);
    let rest = hash << precision;
    let rank = rest.leading_zeros().min(64 - u32::from(precision)) as u8 + 1;
    if let Some(register) = registers.get_mut(at) {
        *register = (*register).max(rank);
    }
}

/// Registers as they would be at a lower precision.
fn lowered(registers: &[u8], from: u8, to: u8) -> Vec<u8> {
    let Some(shift) = from.checked_sub(to).filter(|shift| *shift > 0) else { return registers.to_vec() };
    let mut lower = vec![0_u8; 1 << to];
    for (at, rank) in registers.iter().enumerate().filter(|(_, rank)| **rank > 0) {
        // The bits that no longer number the register begin the rest of the hash.
        let bits = at & ((1 << shift) - 1);
        let zeros = if bits == 0 { *rank + shift } else { shift - u8::try_from(bits.ilog2()).unwrap_or(0) };
        if let Some(register) = lower.get_mut(at >> shift) {
            *register = (*register).max(zeros);
        }
    }
    lower
}

/// Values with their weights, for percentiles.
#[derive(Clone, Debug)]
pub(crate) struct Digest {
    /// Of the values.
    pub(crate) kind: Kind,
    /// Values as numbers that order alike, and weights; in order once settled.
    pub(crate) entries: Vec<(u64, u64)>,
}

/// Different values up to which a digest knows each.
const MOST_ENTRIES: usize = 4_096;

const TOP: u64 = 1 << 63;

/// A number that orders as the value does.
pub(crate) fn ordered(value: &Value<'_>) -> Option<u64> {
    match value {
        Value::Long(long) => Some(long.cast_unsigned() ^ TOP),
        Value::Real(real) if !real.is_nan() => {
            // 0.0 and -0.0 are one value.
            let bits = if *real == 0.0 { 0 } else { real.to_bits() };
            Some(if bits & TOP == 0 { bits | TOP } else { !bits })
        }
        _ => None,
    }
}

/// The value of such a number.
pub(crate) fn value_of(ordered: u64, kind: Kind) -> Value<'static> {
    if kind == Kind::Real {
        Value::Real(f64::from_bits(if ordered & TOP == 0 { !ordered } else { ordered ^ TOP }))
    } else {
        Value::Long((ordered ^ TOP).cast_signed())
    }
}

/// In order, equal values once.
pub(crate) fn settle(entries: &mut Vec<(u64, u64)>) {
    entries.sort_unstable();
    entries.dedup_by(|later, first| {
        let is_same = later.0 == first.0;
        if is_same {
            first.1 = first.1.saturating_add(later.1);
        }
        is_same
    });
}

/// The value at the nearest rank.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a count: not negative, not above it"
)]
pub(crate) fn at_rank(entries: &[(u64, u64)], percent: f64) -> Option<u64> {
    let total = total(entries);
    let rank = ((percent / 100.0 * total as f64).ceil() as u64).max(1);
    let mut seen = 0_u64;
    let found = entries.iter().find(|entry| {
        seen = seen.saturating_add(entry.1);
        seen >= rank
    });
    found.or(entries.last()).map(|entry| entry.0)
}

fn total(entries: &[(u64, u64)]) -> u64 {
    entries.iter().fold(0, |total: u64, entry| total.saturating_add(entry.1))
}

impl Digest {
    /// With few enough values: of neighbours one stands for all, the finer the nearer to an end.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a share of a count")]
    pub(crate) fn settled(mut self) -> Self {
        settle(&mut self.entries);
        if self.entries.len() <= MOST_ENTRIES {
            return self;
        }
        let total = total(&self.entries) as f64;
        let bucket = |seen: u64, weight: u64| {
            let share = (seen as f64 + weight as f64 / 2.0) / total;
            let place = (2.0 * share - 1.0).clamp(-1.0, 1.0).asin() / std::f64::consts::PI + 0.5;
            (place * (MOST_ENTRIES / 2) as f64) as u32
        };
        let mut out: Vec<(u64, u64)> = Vec::new();
        let (mut seen, mut last) = (0_u64, None);
        // The heaviest of each bucket stands for it; of equal ones the first.
        let mut heaviest = 0;
        for (value, weight) in &self.entries {
            let own = bucket(seen, *weight);
            seen = seen.saturating_add(*weight);
            match out.last_mut().filter(|_| last == Some(own)) {
                Some(known) => {
                    known.1 = known.1.saturating_add(*weight);
                    if *weight > heaviest {
                        (known.0, heaviest) = (*value, *weight);
                    }
                }
                None => {
                    heaviest = *weight;
                    out.push((*value, *weight));
                }
            }
            last = Some(own);
        }
        self.entries = out;
        self
    }

    /// As a dynamic.
    pub(crate) fn json(&self) -> String {
        let mut values = ArrayWriter::default();
        let mut weights = ArrayWriter::default();
        for (value, weight) in &self.entries {
            match value_of(*value, self.kind) {
                Value::Real(real) => crate::series::push_number(&mut values, Some(real)),
                // Times as ticks.
                value => values.raw(&value.long().unwrap_or_default().to_string()),
            }
            weights.raw(&weight.to_string());
        }
        let mut out = ArrayWriter::default();
        out.string(self.kind.name());
        out.raw(&values.finish());
        out.raw(&weights.finish());
        out.finish()
    }

    /// Of a dynamic; `None` when it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = json::elements(text)?;
        let kind = Kind::from_name(&json::unquote(parts.next()?))?;
        let values = parts.next().and_then(json::elements)?;
        let weights = parts.next().and_then(json::elements)?;
        let value = |text: &str| match kind {
            Kind::Real => crate::series::number(text).map(Value::Real),
            _ => text.parse().ok().map(Value::Long),
        };
        let entry = |(v, weight): (&str, &str)| Some((ordered(&value(v)?)?, weight.parse().ok()?));
        Some(Self { kind, entries: values.zip(weights).map(entry).collect::<Option<_>>()? })
    }

    /// The value at a percentile, as JSON of its kind.
    pub(crate) fn percentile(&self, percent: f64) -> Option<String> {
        let value = value_of(at_rank(&self.entries, percent)?, self.kind);
        let mut text = String::new();
        push_export(&mut text, &value, self.kind);
        let is_text = matches!(self.kind, Kind::DateTime | Kind::TimeSpan)
            || matches!(value, Value::Real(real) if !real.is_finite());
        if !is_text {
            return Some(text);
        }
        let mut quoted = String::new();
        json::push_string(&mut quoted, &text);
        Some(quoted)
    }

    /// How many values are not above this one, and how many there are.
    pub(crate) fn rank(&self, value: &Value<'_>) -> Option<(u64, u64)> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rounded down: whole numbers below it are the same"
        )]
        let value = match (self.kind, value) {
            (Kind::Real, value) => Value::Real(value.real()?),
            (_, Value::Real(real)) => Value::Long(real.floor() as i64),
            (_, value) => value.borrow(),
        };
        let bound = ordered(&value)?;
        Some((
            total(self.entries.get(..self.entries.partition_point(|entry| entry.0 <= bound))?),
            total(&self.entries),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(at: u64) -> u64 {
        let at = at.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let at = (at ^ at >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        at ^ at >> 31
    }

    fn hll(accuracy: i64, values: std::ops::Range<u64>) -> Hll {
        let mut hll = Hll::new(accuracy);
        values.for_each(|value| hll.add(hash(value)));
        hll
    }

    #[test]
    fn counts_are_exact_while_few_and_near_when_many() {
        assert_eq!(hll(1, 0..8_000).count(), 8_000);
        for accuracy in 0..=4 {
            let count = hll(accuracy, 0..200_000).count();
            assert!((190_000..210_000).contains(&count), "{accuracy}: {count}");
        }
    }

    #[test]
    fn parts_merge_to_the_whole() {
        for (a, b) in [(1, 1), (0, 4), (4, 0), (2, 1)] {
            for size in [100, 9_000, 30_000] {
                let mut merged = hll(a, 0..size);
                merged.merge(&hll(b, size / 2..2 * size));
                let whole = hll(if a == 0 || b == 0 { 0 } else { 1 }, 0..2 * size);
                let read = Hll::read(&merged.json()).unwrap();
                assert_eq!(read.json(), merged.json());
                assert_eq!(merged.count(), whole.count(), "{a} {b} {size}");
            }
        }
    }

    #[test]
    fn a_digest_stays_small_and_near() {
        let entries = (0..100_000).filter_map(|at| Some((ordered(&Value::Long(at))?, 1))).collect();
        let digest = Digest { kind: Kind::Long, entries }.settled();
        assert!(digest.entries.len() <= MOST_ENTRIES, "{}", digest.entries.len());
        let median: i64 = digest.percentile(50.0).unwrap().parse().unwrap();
        assert!((49_800..50_200).contains(&median), "{median}");
        assert_eq!(Digest::read(&digest.json()).unwrap().entries, digest.entries);
    }
}
