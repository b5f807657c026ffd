//! Columns of numbers: longs (also int, datetime, timespan) and reals.
//!
//! A chunk is dense (a slot a row and, once a row is null, a bitmap of the valid ones) or sparse (pairs). Full chunks
//! of longs are kept as distances from the least value in 0, 1, 2 or 4 bytes where they fit.
//!
//! **Invariant:** slots of null rows hold 0 (the least value, where distances are kept) and mean nothing.

use crate::bitmap::Bitmap;
use crate::codes::put;
use crate::sparse::{self, Sparse};
use std::ops::RangeInclusive;

/// How a chunk of longs lies in memory. Rows beyond a slice are null, and so are rows without their bit in
/// [`LongsView::valid`].
#[derive(Clone, Copy, Debug)]
pub enum LongValues<'a> {
    /// A value a row.
    I64(&'a [i64]),
    /// Distances from `base`, a row each.
    U32(i64, &'a [u32]),
    /// Distances from `base`, a row each.
    U16(i64, &'a [u16]),
    /// Distances from `base`, a row each.
    U8(i64, &'a [u8]),
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
            LongValues::U32(_, values) => values.len(),
            LongValues::U16(_, values) => values.len(),
            LongValues::U8(_, values) => values.len(),
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
            LongValues::U32(base, values) => values.get(row).map(|&value| base.wrapping_add(value.into())),
            LongValues::U16(base, values) => values.get(row).map(|&value| base.wrapping_add(value.into())),
            LongValues::U8(base, values) => values.get(row).map(|&value| base.wrapping_add(value.into())),
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
            LongValues::U32(base, values) => spread(head, base, values),
            LongValues::U16(base, values) => spread(head, base, values),
            LongValues::U8(base, values) => spread(head, base, values),
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
            LongValues::U32(base, values) => {
                (0..).zip(values).for_each(|(row, &value)| each(row, base.wrapping_add(value.into())));
            }
            LongValues::U16(base, values) => {
                (0..).zip(values).for_each(|(row, &value)| each(row, base.wrapping_add(value.into())));
            }
            LongValues::U8(base, values) => {
                (0..).zip(values).for_each(|(row, &value)| each(row, base.wrapping_add(value.into())));
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
            LongValues::I64(values) => Bitmap::from_fn(slots, |row| {
                values.get(row).is_some_and(|&value| low <= value && value <= high)
            }),
            LongValues::Same(..) | LongValues::Sparse(..) => {
                let mut found = Bitmap::filled(slots, false);
                self.for_each(|row, value| {
                    if row < slots && low <= value && value <= high {
                        found.set(row, true);
                    }
                });
                found
            }
            LongValues::U32(base, values) => within(values, distances(base, low, high), slots),
            LongValues::U16(base, values) => within(values, distances(base, low, high), slots),
            LongValues::U8(base, values) => within(values, distances(base, low, high), slots),
        };
        if let Some(valid) = self.valid {
            found.and(valid);
        }
        found.resized(len)
    }
}

fn spread<T: Copy + Into<i64>>(out: &mut [i64], base: i64, distances: &[T]) {
    for (out, &distance) in out.iter_mut().zip(distances) {
        *out = base.wrapping_add(distance.into());
    }
}

/// The distances from `base` that lie in `low..=high`; a range no distance is in when there are none.
fn distances(base: i64, low: i64, high: i64) -> (u64, u64) {
    if high < base { (1, 0) } else { (low.max(base).abs_diff(base), high.abs_diff(base)) }
}

fn within<T: Copy + Into<u64>>(values: &[T], (low, high): (u64, u64), slots: usize) -> Bitmap {
    Bitmap::from_fn(slots, |row| values.get(row).is_some_and(|&value| (low..=high).contains(&value.into())))
}

fn sparse_validity(rows: &[u16], len: usize) -> Bitmap {
    let mut valid = Bitmap::filled(len, false);
    for row in rows.iter().map(|&row| usize::from(row)).take_while(|&row| row < len) {
        valid.set(row, true);
    }
    valid
}

/// Floats of a chunk's rows.
#[derive(Clone, Copy, Debug)]
pub struct RealsView<'a> {
    values: RealValues<'a>,
    valid: Option<&'a Bitmap>,
    count: usize,
}

/// How a chunk of reals lies in memory. Rows beyond a slice are null, and so are rows without their bit in
/// [`RealsView::valid`].
#[derive(Clone, Copy, Debug)]
pub enum RealValues<'a> {
    /// A value a row.
    F64(&'a [f64]),
    /// Only the rows that are not null, ascending, and their values.
    Sparse(&'a [u16], &'a [f64]),
}

impl<'a> RealsView<'a> {
    /// How the values lie, for kernels with a loop of their own.
    #[must_use]
    pub const fn values(&self) -> RealValues<'a> {
        self.values
    }

    /// Which rows are not null; `None` when every row with a slot is. Not for [`RealValues::Sparse`].
    #[must_use]
    pub const fn valid(&self) -> Option<&'a Bitmap> {
        self.valid
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
            RealValues::F64(values) => values.len(),
            RealValues::Sparse(rows, _) => rows.last().map_or(0, |&row| usize::from(row) + 1),
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
    pub fn get(&self, row: usize) -> Option<f64> {
        if self.valid.is_some_and(|valid| !valid.get(row)) {
            return None;
        }
        match self.values {
            RealValues::F64(values) => values.get(row).copied(),
            RealValues::Sparse(rows, values) => sparse::find(rows, values, row),
        }
    }

    /// Writes the value of each row to `out`; what null rows get means nothing.
    pub fn copy_into(&self, out: &mut [f64]) {
        out.fill(0.0);
        match self.values {
            RealValues::F64(values) => out.iter_mut().zip(values).for_each(|(out, &value)| *out = value),
            RealValues::Sparse(..) => self.for_each(|row, value| {
                if let Some(out) = out.get_mut(row) {
                    *out = value;
                }
            }),
        }
    }

    /// The rows that are not null, among the first `len`.
    #[must_use]
    pub fn validity(&self, len: usize) -> Bitmap {
        match (self.values, self.valid) {
            (RealValues::Sparse(rows, _), _) => sparse_validity(rows, len),
            (_, Some(valid)) => valid.clone().resized(len),
            (_, None) => Bitmap::filled(self.len().min(len), true).resized(len),
        }
    }

    /// Calls `visit(row, value)` for every row that is not null, ascending.
    pub fn for_each(&self, mut visit: impl FnMut(usize, f64)) {
        match self.values {
            RealValues::F64(values) => (0..).zip(values).for_each(|(row, &value)| {
                if self.valid.is_none_or(|valid| valid.get(row)) {
                    visit(row, value);
                }
            }),
            RealValues::Sparse(rows, values) => {
                rows.iter().zip(values).for_each(|(&row, &value)| visit(row.into(), value));
            }
        }
    }
}

/// Numbers being written.
#[derive(Clone, Debug)]
pub(crate) enum NumberChunk<T> {
    Absent,
    Dense { values: Vec<T>, valid: Option<Box<Bitmap>>, count: u32 },
    Sparse(Sparse<T>),
}

impl<T: Copy + Default> NumberChunk<T> {
    /// Sets the value of `row`, which is the last row or beyond.
    #[inline]
    pub(crate) fn set(&mut self, row: usize, value: T) {
        match self {
            Self::Dense { values, valid: None, count } if values.len() == row => {
                values.push(value);
                *count += 1;
            }
            _ => self.set_slow(row, value),
        }
    }

    fn set_slow(&mut self, row: usize, value: T) {
        self.truncate(row);
        match self {
            Self::Dense { values, valid, count } => {
                if values.len() < row && valid.is_none() {
                    *valid = Some(Box::new(Bitmap::filled(values.len(), true)));
                }
                put(values, row, value);
                if let Some(valid) = valid {
                    valid.set(row, true);
                }
                *count += 1;
            }
            Self::Sparse(pairs) => {
                pairs.set(row, value);
                if pairs.is_dearer(row + 1, size_of::<T>()) {
                    let mut dense =
                        Self::Dense { values: Vec::with_capacity(row + 1), valid: None, count: 0 };
                    for (row, value) in pairs.iter() {
                        dense.set(row, value);
                    }
                    *self = dense;
                }
            }
            Self::Absent => {
                *self = if row == 0 {
                    Self::Dense { values: Vec::new(), valid: None, count: 0 }
                } else {
                    Self::Sparse(Sparse::default())
                };
                self.set(row, value);
            }
        }
    }

    /// Forgets the rows from `row` on.
    #[inline]
    pub(crate) fn truncate(&mut self, row: usize) {
        match self {
            Self::Dense { values, valid, count } if values.len() > row => {
                values.truncate(row);
                if let Some(valid) = valid {
                    valid.resize(row);
                    *count = valid.count() as u32;
                } else {
                    *count = row as u32;
                }
            }
            Self::Sparse(pairs) => pairs.truncate(row),
            _ => {}
        }
    }

    /// Gives back what growing allocated too much, as pairs where they take much less.
    pub(crate) fn seal(&mut self) {
        match self {
            Self::Absent => {}
            Self::Sparse(pairs) if pairs.len() == 0 => *self = Self::Absent,
            Self::Sparse(pairs) => pairs.shrink(),
            Self::Dense { count: 0, .. } => *self = Self::Absent,
            Self::Dense { values, valid, count } => {
                let pair = size_of::<T>() + size_of::<u16>();
                if let Some(valid) = valid
                    && *count as usize * pair * 2 < values.len() * size_of::<T>()
                {
                    let pairs = valid.iter().filter_map(|row| Some((row, *values.get(row)?)));
                    *self = Self::Sparse(pairs.collect());
                } else {
                    values.shrink_to_fit();
                }
            }
        }
    }

    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Absent => 0,
            Self::Dense { count, .. } => *count as usize,
            Self::Sparse(pairs) => pairs.len(),
        }
    }

    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::Absent => 0,
            Self::Dense { values, valid, .. } => {
                values.capacity() * size_of::<T>() + valid.as_ref().map_or(0, |valid| valid.memory())
            }
            Self::Sparse(pairs) => pairs.memory(),
        }
    }
}

impl NumberChunk<f64> {
    pub(crate) fn view(&self) -> Option<RealsView<'_>> {
        let (values, valid) = match self {
            Self::Absent => return None,
            Self::Dense { values, valid, .. } => (RealValues::F64(values), valid.as_deref()),
            Self::Sparse(pairs) => (RealValues::Sparse(pairs.rows(), pairs.values()), None),
        };
        Some(RealsView { values, valid, count: self.count() })
    }
}

/// Longs being written, with bounds.
#[derive(Clone, Debug)]
pub(crate) struct LongChunk {
    numbers: NumberChunk<i64>,
    bounds: (i64, i64),
}

impl Default for LongChunk {
    fn default() -> Self {
        Self { numbers: NumberChunk::Absent, bounds: (i64::MAX, i64::MIN) }
    }
}

impl LongChunk {
    #[inline]
    pub(crate) fn set(&mut self, row: usize, value: i64) {
        self.numbers.set(row, value);
        self.bounds = (self.bounds.0.min(value), self.bounds.1.max(value));
    }

    #[inline]
    pub(crate) fn truncate(&mut self, row: usize) {
        self.numbers.truncate(row);
    }

    pub(crate) fn seal(&mut self) {
        self.numbers.seal();
    }

    pub(crate) fn view(&self) -> Option<LongsView<'_>> {
        let (values, valid) = match &self.numbers {
            NumberChunk::Absent => return None,
            NumberChunk::Dense { values, valid, .. } => (LongValues::I64(values), valid.as_deref()),
            NumberChunk::Sparse(pairs) => (LongValues::Sparse(pairs.rows(), pairs.values()), None),
        };
        Some(LongsView { values, valid, bounds: self.bounds, count: self.numbers.count() })
    }

    pub(crate) fn memory(&self) -> usize {
        self.numbers.memory()
    }
}
