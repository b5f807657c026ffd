//! Columns of bools: a bitmap of values and, once a row is null, one of the valid rows.

use crate::bitmap::Bitmap;

/// Bools of a chunk's rows.
#[derive(Clone, Copy, Debug)]
pub struct BoolsView<'a> {
    chunk: &'a BoolChunk,
}

impl<'a> BoolsView<'a> {
    /// The rows that are `true`; those beyond its end are not. No null row is.
    #[must_use]
    pub const fn values(&self) -> &'a Bitmap {
        &self.chunk.values
    }

    /// The rows that are not null; those beyond its end are.
    #[must_use]
    pub const fn valid(&self) -> &'a Bitmap {
        &self.chunk.valid
    }

    /// The value of row `row` of the chunk, unless it is null.
    #[inline]
    #[must_use]
    pub fn get(&self, row: usize) -> Option<bool> {
        self.chunk.valid.get(row).then(|| self.chunk.values.get(row))
    }
}

/// Bools being written and kept; no bits when no row has a value.
#[derive(Clone, Debug, Default)]
pub(crate) struct BoolChunk {
    values: Bitmap,
    valid: Bitmap,
}

impl BoolChunk {
    pub(crate) fn view(&self) -> Option<BoolsView<'_>> {
        (!self.valid.is_empty()).then_some(BoolsView { chunk: self })
    }

    /// Sets the value of `row`, which is the last row or beyond.
    #[inline]
    pub(crate) fn set(&mut self, row: usize, value: bool) {
        self.valid.set(row, true);
        self.values.set(row, value);
    }

    /// Forgets the rows from `row` on.
    #[inline]
    pub(crate) fn truncate(&mut self, row: usize) {
        if self.valid.len() > row {
            self.valid.resize(row);
            self.values.resize(row);
        }
    }

    pub(crate) fn seal(&mut self) {
        if !self.valid.any() {
            *self = Self::default();
        }
        self.valid.shrink();
        self.values.shrink();
    }

    pub(crate) fn memory(&self) -> usize {
        self.values.memory() + self.valid.memory()
    }
}
