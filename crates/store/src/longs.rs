//! Columns of integers: long, int, datetime (ticks), timespan (ticks).
//!
//! A full chunk keeps the least value, the unit that all distances from it are multiples of, and the multiples in 0, 1,
//! 2 or 4 bytes where they fit: times in whole seconds take 2 bytes a row.
//!
//! **Invariant:** what null rows hold means nothing.

use crate::bitmap::Bitmap;
use crate::numbers::{NumberChunk, sparse_validity};
use crate::sparse;
use std::ops::RangeInclusive;

/// What the steps of a chunk stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The value of step 0: the least of the chunk.
    pub base: i64,
    /// What one step adds; at least 1.
    pub unit: u64,
}

impl Scale {
    /// The value of a step.
    #[inline]
    #[must_use]
    pub const fn value(self, step: u32) -> i64 {
        self.base.wrapping_add_unsigned(self.unit.wrapping_mul(step as u64))
    }

    /// The steps whose values lie in `range`; `None` when there can be none.
    #[must_use]
    pub fn steps_within(self, range: &RangeInclusive<i64>) -> Option<RangeInclusive<u32>> {
        if *range.end() < self.base {
            return None;
        }
        let low = range.start().max(&self.base).abs_diff(self.base).div_ceil(self.unit);
        let high = range.end().abs_diff(self.base) / self.unit;
        let high = u32::try_from(high).unwrap_or(u32::MAX);
        u32::try_from(low).ok().filter(|&low| low <= high).map(|low| low..=high)
    }
}

/// How a chunk of longs lies in memory. Rows beyond a slice are null, and so are rows without their bit in
/// [`LongsView::valid`].
#[derive(Clone, Copy, Debug)]
pub enum LongValues<'a> {
    /// A value a row.
    I64(&'a [i64]),
    /// A step a row.
    U32(Scale, &'a [u32]),
    /// A step a row.
    U16(Scale, &'a [u16]),
    /// A step a row.
    U8(Scale, &'a [u8]),
    /// The same value in each of so many first rows.
    Same(i64, usize),
    /// Only the rows that are not null, ascending, and their values.
    Sparse(&'a [u16], &'a [i64]),
}

/// Integers of a chunk's rows: values of int, long, datetime (ticks) and timespan (ticks) columns.
#[derive(Clone, Copy, Debug)]
pub struct LongsView<'a> {
    values: LongValues<'a>,
    valid: Option<&'a Bitmap>,
    bounds: (i64, i64),
    count: usize,
}

impl<'a> LongsView<'a> {
    /// How the values lie, for kernels with a loop of their own.
    #[must_use]
    pub const fn values(&self) -> LongValues<'a> {
        self.values
    }

    /// Which rows are not null; `None` when every row with a slot is. Not for [`LongValues::Sparse`].
    #[must_use]
    pub const fn valid(&self) -> Option<&'a Bitmap> {
        self.valid
    }

    /// No value is less. It may be too low once rows were rolled back or closed. `i64::MAX` when all are null.
    #[must_use]
    pub const fn min(&self) -> i64 {
        self.bounds.0
    }

    /// No value is greater. It may be too high once rows were rolled back or closed. `i64::MIN` when all are null.
    #[must_use]
    pub const fn max(&self) -> i64 {
        self.bounds.1
    }

    /// Number of rows that are not null.
    #[must_use]
    pub const fn value_count(&self) -> usize {
        self.count
    }

    /// Number of rows with a slot; those beyond are null.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.values {
            LongValues::I64(values) => values.len(),
            LongValues::U32(_, steps) => steps.len(),
            LongValues::U16(_, steps) => steps.len(),
            LongValues::U8(_, steps) => steps.len(),
            LongValues::Same(_, len) => len,
            LongValues::Sparse(rows, _) => rows.last().map_or(0, |&row| usize::from(row) + 1),
        }
    }

    /// Whether no row has a slot.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of row `row` of the chunk, unless it is null.
    #[inline]
    #[must_use]
    pub fn get(&self, row: usize) -> Option<i64> {
        if self.valid.is_some_and(|valid| !valid.get(row)) {
            return None;
        }
        match self.values {
            LongValues::I64(values) => values.get(row).copied(),
            LongValues::U32(scale, steps) => steps.get(row).map(|&step| scale.value(step)),
            LongValues::U16(scale, steps) => steps.get(row).map(|&step| scale.value(step.into())),
            LongValues::U8(scale, steps) => steps.get(row).map(|&step| scale.value(step.into())),
            LongValues::Same(value, len) => (row < len).then_some(value),
            LongValues::Sparse(rows, values) => sparse::find(rows, values, row),
        }
    }

    /// Writes the value of each row to `out`; what null rows get means nothing.
    pub fn copy_into(&self, out: &mut [i64]) {
        let slots = self.len().min(out.len());
        let (head, tail) = out.split_at_mut(slots);
        tail.fill(0);
        match self.values {
            LongValues::I64(values) => head.iter_mut().zip(values).for_each(|(out, &value)| *out = value),
            LongValues::U32(scale, steps) => spread(head, scale, steps),
            LongValues::U16(scale, steps) => spread(head, scale, steps),
            LongValues::U8(scale, steps) => spread(head, scale, steps),
            LongValues::Same(value, _) => head.fill(value),
            LongValues::Sparse(rows, values) => {
                head.fill(0);
                for (&row, &value) in rows.iter().zip(values) {
                    if let Some(out) = head.get_mut(usize::from(row)) {
                        *out = value;
                    }
                }
            }
        }
    }

    /// The rows that are not null, among the first `len`.
    #[must_use]
    pub fn validity(&self, len: usize) -> Bitmap {
        match (self.values, self.valid) {
            (LongValues::Sparse(rows, _), _) => sparse_validity(rows, len),
            (_, Some(valid)) => Bitmap::from_words(valid.words().to_vec(), valid.len()).resized(len),
            (_, None) => Bitmap::filled(self.len().min(len), true).resized(len),
        }
    }

    /// Calls `visit(row, value)` for every row that is not null, ascending.
    pub fn for_each(&self, mut visit: impl FnMut(usize, i64)) {
        let mut each = |row: usize, value: i64| {
            if self.valid.is_none_or(|valid| valid.get(row)) {
                visit(row, value);
            }
        };
        match self.values {
            LongValues::I64(values) => (0..).zip(values).for_each(|(row, &value)| each(row, value)),
            LongValues::U32(scale, steps) => {
                (0..).zip(steps).for_each(|(row, &step)| each(row, scale.value(step)));
            }
            LongValues::U16(scale, steps) => {
                (0..).zip(steps).for_each(|(row, &step)| each(row, scale.value(step.into())));
            }
            LongValues::U8(scale, steps) => {
                (0..).zip(steps).for_each(|(row, &step)| each(row, scale.value(step.into())));
            }
            LongValues::Same(value, len) => (0..len).for_each(|row| each(row, value)),
            LongValues::Sparse(rows, values) => {
                rows.iter().zip(values).for_each(|(&row, &value)| each(row.into(), value));
            }
        }
    }

    /// The rows among the first `len` whose value lies in `range`; null rows do not.
    #[must_use]
    pub fn rows_within(&self, range: &RangeInclusive<i64>, len: usize) -> Bitmap {
        let (low, high) = (*range.start(), *range.end());
        if low > high || low > self.max() || high < self.min() {
            return Bitmap::filled(len, false);
        }
        if low <= self.min() && high >= self.max() {
            return self.validity(len);
        }
        let slots = self.len().min(len);
        let mut found = match self.values {
            LongValues::I64(values) => {
                Bitmap::from_slice(values.get(..slots).unwrap_or_default(), |&value| {
                    low <= value && value <= high
                })
            }
            LongValues::Same(..) | LongValues::Sparse(..) => {
                let mut found = Bitmap::filled(slots, false);
                self.for_each(|row, value| {
                    if row < slots && low <= value && value <= high {
                        found.set(row, true);
                    }
                });
                found
            }
            LongValues::U32(scale, steps) => within(steps, scale.steps_within(range), slots),
            LongValues::U16(scale, steps) => within(steps, scale.steps_within(range), slots),
            LongValues::U8(scale, steps) => within(steps, scale.steps_within(range), slots),
        };
        if let Some(valid) = self.valid {
            found.and(valid);
        }
        found.resized(len)
    }
}

fn spread<T: Copy + Into<u32>>(out: &mut [i64], scale: Scale, steps: &[T]) {
    for (out, &step) in out.iter_mut().zip(steps) {
        *out = scale.value(step.into());
    }
}

/// Which of the first `slots` steps lie in `wanted`.
fn within<T: Copy + Into<u32>>(steps: &[T], wanted: Option<RangeInclusive<u32>>, slots: usize) -> Bitmap {
    let Some((low, high)) = wanted.map(RangeInclusive::into_inner) else {
        return Bitmap::filled(slots, false);
    };
    let width = high - low;
    // One comparison: what is below `low` wraps round to more than the width.
    Bitmap::from_slice(steps.get(..slots).unwrap_or_default(), |&step| step.into().wrapping_sub(low) <= width)
}

/// Integers being written, and kept.
#[derive(Clone, Debug)]
pub(crate) struct LongChunk {
    values: Values,
    bounds: (i64, i64),
}

#[derive(Clone, Debug)]
enum Values {
    /// As written.
    Open(NumberChunk<i64>),
    /// As steps.
    Packed(Box<Packed>),
}

#[derive(Clone, Debug)]
struct Packed {
    scale: Scale,
    steps: Steps,
    valid: Option<Box<Bitmap>>,
    count: usize,
}

#[derive(Clone, Debug)]
enum Steps {
    U32(Vec<u32>),
    U16(Vec<u16>),
    U8(Vec<u8>),
    /// Step 0 in each of so many rows.
    Zero(usize),
}

impl Default for LongChunk {
    fn default() -> Self {
        Self { values: Values::Open(NumberChunk::Absent), bounds: (i64::MAX, i64::MIN) }
    }
}

impl LongChunk {
    /// Sets the value of `row`, which is the last row or beyond.
    #[inline]
    pub(crate) fn set(&mut self, row: usize, value: i64) {
        if let Values::Open(numbers) = &mut self.values {
            numbers.set(row, value);
            self.bounds = (self.bounds.0.min(value), self.bounds.1.max(value));
        }
    }

    /// Forgets the rows from `row` on.
    #[inline]
    pub(crate) fn truncate(&mut self, row: usize) {
        if let Values::Open(numbers) = &mut self.values {
            numbers.truncate(row);
        }
    }

    /// Brings a full chunk into its smallest form, and its bounds to the point.
    pub(crate) fn seal(&mut self) {
        let Values::Open(numbers) = &mut self.values else { return };
        numbers.seal();
        let mut bounds = (i64::MAX, i64::MIN);
        if let Some(view) = self.view() {
            view.for_each(|_, value| bounds = (bounds.0.min(value), bounds.1.max(value)));
        }
        self.bounds = bounds;
        if let Some(packed) = self.packed() {
            self.values = Values::Packed(Box::new(packed));
        }
    }

    fn packed(&self) -> Option<Packed> {
        let Values::Open(NumberChunk::Dense { values, valid, count }) = &self.values else { return None };
        let (base, max) = self.bounds;
        let (mut unit, range) = (0, max.abs_diff(base));
        self.view()?.for_each(|_, value| unit = common(unit, value.abs_diff(base)));
        let unit = unit.max(1);
        // Null rows hold no value of the chunk, so what they hold is cut to fit.
        let step = |&value: &i64| value.max(base).abs_diff(base).min(range) / unit;
        let steps = match range / unit {
            0 => Steps::Zero(values.len()),
            1..=0xff => Steps::U8(values.iter().map(|value| step(value) as u8).collect()),
            0x100..=0xffff => Steps::U16(values.iter().map(|value| step(value) as u16).collect()),
            0x1_0000..=0xffff_ffff => Steps::U32(values.iter().map(|value| step(value) as u32).collect()),
            _ => return None,
        };
        Some(Packed { scale: Scale { base, unit }, steps, valid: valid.clone(), count: *count as usize })
    }

    pub(crate) fn view(&self) -> Option<LongsView<'_>> {
        let (values, valid, count) = match &self.values {
            Values::Open(NumberChunk::Absent) => return None,
            Values::Open(NumberChunk::Dense { values, valid, count }) => {
                (LongValues::I64(values), valid.as_deref(), *count as usize)
            }
            Values::Open(NumberChunk::Sparse(pairs)) => {
                (LongValues::Sparse(pairs.rows(), pairs.values()), None, pairs.len())
            }
            Values::Packed(packed) => {
                let values = match &packed.steps {
                    Steps::U32(steps) => LongValues::U32(packed.scale, steps),
                    Steps::U16(steps) => LongValues::U16(packed.scale, steps),
                    Steps::U8(steps) => LongValues::U8(packed.scale, steps),
                    Steps::Zero(len) => LongValues::Same(packed.scale.base, *len),
                };
                (values, packed.valid.as_deref(), packed.count)
            }
        };
        Some(LongsView { values, valid, bounds: self.bounds, count })
    }

    pub(crate) fn memory(&self) -> usize {
        match &self.values {
            Values::Open(numbers) => numbers.memory(),
            Values::Packed(packed) => {
                let steps = match &packed.steps {
                    Steps::U32(steps) => steps.capacity() * 4,
                    Steps::U16(steps) => steps.capacity() * 2,
                    Steps::U8(steps) => steps.capacity(),
                    Steps::Zero(_) => 0,
                };
                steps + packed.valid.as_ref().map_or(0, |valid| valid.memory()) + size_of::<Packed>()
            }
        }
    }
}

/// The greatest common divisor; of 0 and another the other.
fn common(mut a: u64, mut b: u64) -> u64 {
    if a == 1 || b == 0 {
        return a;
    }
    while a != 0 {
        (a, b) = (b % a, a);
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A chunk of these values, sealed or not, answers as they do.
    fn check(values: &[Option<i64>], is_sealed: bool) -> LongChunk {
        let mut chunk = LongChunk::default();
        for (row, value) in values.iter().enumerate() {
            if let Some(value) = *value {
                chunk.set(row, value);
            }
        }
        if is_sealed {
            chunk.seal();
        }
        let present: Vec<(usize, i64)> =
            values.iter().enumerate().filter_map(|(row, value)| Some((row, (*value)?))).collect();
        let Some(view) = chunk.view() else {
            assert!(present.is_empty());
            return chunk;
        };
        assert_eq!(view.value_count(), present.len());
        assert_eq!(Some(view.min()), present.iter().map(|&(_, value)| value).min());
        assert_eq!(Some(view.max()), present.iter().map(|&(_, value)| value).max());
        let mut visited = Vec::new();
        view.for_each(|row, value| visited.push((row, value)));
        assert_eq!(visited, present);
        assert_eq!(
            view.validity(values.len()).iter().collect::<Vec<_>>(),
            present.iter().map(|&(row, _)| row).collect::<Vec<_>>()
        );
        let mut copied = vec![0; values.len()];
        view.copy_into(&mut copied);
        for (row, value) in values.iter().enumerate() {
            assert_eq!(view.get(row), *value);
            assert!(value.is_none_or(|value| copied[row] == value));
        }
        for (low, high) in [
            (i64::MIN, i64::MAX),
            (-5, 5),
            (0, 3_000_000_000),
            (view.min(), view.min()),
            (view.max(), i64::MAX),
            (1, 0),
        ] {
            let rows =
                present.iter().filter(|&&(_, value)| low <= value && value <= high).map(|&(row, _)| row);
            assert_eq!(
                view.rows_within(&(low..=high), values.len()).iter().collect::<Vec<_>>(),
                rows.collect::<Vec<_>>()
            );
        }
        chunk
    }

    #[test]
    fn whole_seconds_take_two_bytes() {
        let values: Vec<_> = (0..4_000).map(|row| Some(637_000_000_000_000_000 + row * 10_000_000)).collect();
        assert!(check(&values, true).memory() < 4_000 * 2 + 200);
    }

    #[test]
    fn extremes_stay_as_they_are() {
        for is_sealed in [false, true] {
            check(&[Some(i64::MIN), None, Some(i64::MAX), Some(0)], is_sealed);
            check(&[Some(i64::MAX); 3], is_sealed);
            check(&[Some(i64::MIN), None, Some(i64::MIN)], is_sealed);
            check(&[None; 3], is_sealed);
        }
    }

    proptest! {
        #[test]
        fn every_form_holds_the_same_values(
            rows in prop::collection::vec(prop::option::weighted(0.7, any::<i64>()), 0..200),
            unit in 1_i64..1_000, modulus in prop::sample::select(vec![1, 7, 250, 60_000, 4_000_000_000, i64::MAX]),
            base in any::<i64>(), gap in 0_usize..400, is_sealed in any::<bool>(),
        ) {
            let values: Vec<Option<i64>> = std::iter::repeat_n(None, gap)
                .chain(rows.iter().map(|value| value.map(|value| (value % modulus).wrapping_mul(unit).wrapping_add(base))))
                .collect();
            check(&values, is_sealed);
        }
    }
}
