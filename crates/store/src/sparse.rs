//! Values of the few rows of a chunk that have one.
//!
//! A chunk of a seldom used column keeps (row, value) pairs until a slot for every row costs less.

/// Pairs of row (within the chunk, ascending) and value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sparse<T> {
    rows: Vec<u16>,
    values: Vec<T>,
}

impl<T: Copy> Sparse<T> {
    pub(crate) fn rows(&self) -> &[u16] {
        &self.rows
    }

    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Sets the value of `row`, which is the last one or beyond.
    #[inline]
    pub(crate) fn set(&mut self, row: usize, value: T) {
        self.truncate(row);
        self.rows.push(row as u16);
        self.values.push(value);
    }

    /// Forgets the rows from `row` on.
    #[inline]
    pub(crate) fn truncate(&mut self, row: usize) {
        while self.rows.last().is_some_and(|&last| usize::from(last) >= row) {
            self.rows.pop();
            self.values.pop();
        }
    }

    /// Whether a slot of `width` bytes for each of `rows` rows costs less.
    pub(crate) fn is_dearer(&self, rows: usize, width: usize) -> bool {
        self.rows.len() * (size_of::<T>() + size_of::<u16>()) > rows * width
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, T)> + '_ {
        self.rows.iter().map(|&row| usize::from(row)).zip(self.values.iter().copied())
    }

    pub(crate) fn shrink(&mut self) {
        self.rows.shrink_to_fit();
        self.values.shrink_to_fit();
    }

    pub(crate) fn memory(&self) -> usize {
        self.rows.capacity() * size_of::<u16>() + self.values.capacity() * size_of::<T>()
    }
}

impl<T: Copy> FromIterator<(usize, T)> for Sparse<T> {
    fn from_iter<I: IntoIterator<Item = (usize, T)>>(pairs: I) -> Self {
        let (rows, values) = pairs.into_iter().map(|(row, value)| (row as u16, value)).unzip();
        Self { rows, values }
    }
}

/// The value of `row` in parallel slices of rows and values.
pub(crate) fn find<T: Copy>(rows: &[u16], values: &[T], row: usize) -> Option<T> {
    let row = u16::try_from(row).ok()?;
    values.get(rows.binary_search(&row).ok()?).copied()
}
