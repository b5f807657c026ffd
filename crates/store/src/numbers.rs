//! A chunk of numbers being written: what columns of longs and of reals share.
//!
//! Dense: a slot a row and, once a row is null, a bitmap of the valid ones. Sparse: pairs of row and value.
//!
//! **Invariant:** slots of null rows hold 0 and mean nothing.

use crate::bitmap::Bitmap;
use crate::codes::put;
use crate::sparse::Sparse;

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
                // Only those that go are counted: it is one row, time and again.
                let gone = valid.as_ref().map_or(values.len() - row, |valid| {
                    (row..values.len()).filter(|&row| valid.get(row)).count()
                });
                *count -= gone as u32;
                values.truncate(row);
                if let Some(valid) = valid {
                    valid.resize(row);
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

/// Which of the first `len` rows are among `rows`.
pub(crate) fn sparse_validity(rows: &[u16], len: usize) -> Bitmap {
    let mut valid = Bitmap::filled(len, false);
    for row in rows.iter().map(|&row| usize::from(row)).take_while(|&row| row < len) {
        valid.set(row, true);
    }
    valid
}
