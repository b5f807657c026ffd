//! Columns of reals.

use crate::bitmap::Bitmap;
use crate::numbers::{NumberChunk, sparse_validity};
use crate::sparse;

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
