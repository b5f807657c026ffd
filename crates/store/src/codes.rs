//! The codes of one chunk of a text column: 1, 2 or 4 bytes a row, or pairs where few rows have a text.
//!
//! **Invariant:** rows without a slot hold code 0, the empty text.

use crate::sparse::{self, Sparse};

/// Codes of a chunk's rows into the column's dictionary. Rows beyond the slice, or not among `rows`, are 0.
#[derive(Clone, Copy, Debug)]
pub enum Codes<'a> {
    /// One byte a row.
    U8(&'a [u8]),
    /// Two bytes a row.
    U16(&'a [u16]),
    /// Four bytes a row.
    U32(&'a [u32]),
    /// Only the rows that have a text, ascending; `codes[i]` belongs to `rows[i]`.
    Sparse {
        /// Rows within the chunk.
        rows: &'a [u16],
        /// Their codes.
        codes: &'a [u32],
    },
}

impl Codes<'_> {
    /// The code of row `row` of the chunk.
    #[inline]
    #[must_use]
    pub fn get(&self, row: usize) -> u32 {
        match self {
            Self::U8(codes) => codes.get(row).map_or(0, |&code| code.into()),
            Self::U16(codes) => codes.get(row).map_or(0, |&code| code.into()),
            Self::U32(codes) => codes.get(row).copied().unwrap_or(0),
            Self::Sparse { rows, codes } => sparse::find(rows, codes, row).unwrap_or(0),
        }
    }

    /// Calls `visit(row, code)` for every row with a slot, ascending; some of the codes may be 0.
    #[inline]
    pub fn for_each(&self, mut visit: impl FnMut(usize, u32)) {
        match self {
            Self::U8(codes) => codes.iter().enumerate().for_each(|(row, &code)| visit(row, code.into())),
            Self::U16(codes) => codes.iter().enumerate().for_each(|(row, &code)| visit(row, code.into())),
            Self::U32(codes) => codes.iter().enumerate().for_each(|(row, &code)| visit(row, code)),
            Self::Sparse { rows, codes } => {
                rows.iter().zip(*codes).for_each(|(&row, &code)| visit(row.into(), code));
            }
        }
    }

    /// The codes of these rows, which ascend.
    #[must_use]
    pub fn of(&self, rows: &[u32]) -> Vec<u32> {
        let at = |row: &u32| *row as usize;
        match self {
            Self::U8(codes) => {
                rows.iter().map(|row| codes.get(at(row)).map_or(0, |&code| code.into())).collect()
            }
            Self::U16(codes) => {
                rows.iter().map(|row| codes.get(at(row)).map_or(0, |&code| code.into())).collect()
            }
            Self::U32(codes) => rows.iter().map(|row| codes.get(at(row)).copied().unwrap_or(0)).collect(),
            Self::Sparse { rows: known, codes } => {
                let mut left = known.iter().zip(*codes).peekable();
                let code = |row: &u32| {
                    while left.next_if(|(known, _)| u32::from(**known) < *row).is_some() {}
                    left.next_if(|(known, _)| u32::from(**known) == *row).map_or(0, |(_, code)| *code)
                };
                rows.iter().map(code).collect()
            }
        }
    }

    /// Writes the code of each row to `out`, 0 where there is none.
    pub fn copy_into(&self, out: &mut [u32]) {
        out.fill(0);
        match self {
            Self::U8(codes) => out.iter_mut().zip(*codes).for_each(|(out, &code)| *out = code.into()),
            Self::U16(codes) => out.iter_mut().zip(*codes).for_each(|(out, &code)| *out = code.into()),
            Self::U32(codes) => out.iter_mut().zip(*codes).for_each(|(out, &code)| *out = code),
            Self::Sparse { .. } => self.for_each(|row, code| {
                if let Some(out) = out.get_mut(row) {
                    *out = code;
                }
            }),
        }
    }
}

/// Codes being written and kept.
#[derive(Clone, Debug)]
pub(crate) enum CodeChunk {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    Sparse(Sparse<u32>),
}

/// Writes `value` at `row`, the last row or beyond; rows between are `T::default()`.
#[inline(always)]
pub(crate) fn put<T: Copy + Default>(slots: &mut Vec<T>, row: usize, value: T) {
    if slots.len() != row {
        skip_to(slots, row);
    }
    slots.push(value);
}

/// Apart, so that the usual case stays short.
#[inline(never)]
fn skip_to<T: Copy + Default>(slots: &mut Vec<T>, row: usize) {
    slots.resize(row, T::default());
}

impl CodeChunk {
    /// A chunk whose first row with a text is `row`.
    pub(crate) fn starting_at(row: usize) -> Self {
        if row == 0 { Self::U8(Vec::new()) } else { Self::Sparse(Sparse::default()) }
    }

    pub(crate) fn view(&self) -> Codes<'_> {
        match self {
            Self::U8(codes) => Codes::U8(codes),
            Self::U16(codes) => Codes::U16(codes),
            Self::U32(codes) => Codes::U32(codes),
            Self::Sparse(pairs) => Codes::Sparse { rows: pairs.rows(), codes: pairs.values() },
        }
    }

    /// Sets the code of `row`, which is the last row or beyond.
    #[inline(always)]
    pub(crate) fn set(&mut self, row: usize, code: u32) {
        match self {
            // The way of most, kept so short that it costs less than a call.
            Self::U8(codes) if code < 0x100 && codes.len() == row && row < codes.capacity() => {
                codes.push(code as u8);
            }
            _ => self.set_other(row, code),
        }
    }

    #[inline(never)]
    fn set_other(&mut self, row: usize, code: u32) {
        match self {
            Self::U8(codes) if let Ok(code) = u8::try_from(code) => put(codes, row, code),
            Self::U16(codes) if let Ok(code) = u16::try_from(code) => put(codes, row, code),
            Self::U32(codes) => put(codes, row, code),
            _ => self.set_slow(row, code),
        }
    }

    #[cold]
    fn set_slow(&mut self, row: usize, code: u32) {
        match self {
            Self::Sparse(pairs) => {
                pairs.set(row, code);
                // The largest code is looked for now and then only: it takes a walk over all pairs.
                if !pairs.is_dearer(row + 1, 1) || !pairs.len().is_multiple_of(64) {
                    return;
                }
                let width = width_of(pairs.values().iter().copied().max().unwrap_or(0));
                if pairs.is_dearer(row + 1, width) {
                    *self = dense(pairs.iter(), row + 1, width);
                }
                return;
            }
            Self::U8(codes) if code <= u32::from(u16::MAX) => {
                *self = Self::U16(codes.iter().map(|&code| code.into()).collect());
            }
            Self::U8(codes) => *self = Self::U32(codes.iter().map(|&code| code.into()).collect()),
            Self::U16(codes) => *self = Self::U32(codes.iter().map(|&code| code.into()).collect()),
            Self::U32(_) => {}
        }
        self.set(row, code);
    }

    /// Forgets the rows from `row` on.
    #[inline]
    pub(crate) fn truncate(&mut self, row: usize) {
        match self {
            Self::U8(codes) => codes.truncate(row),
            Self::U16(codes) => codes.truncate(row),
            Self::U32(codes) => codes.truncate(row),
            Self::Sparse(pairs) => pairs.truncate(row),
        }
    }

    /// Brings a full chunk into its smallest form; `None` when no row has a text.
    pub(crate) fn seal(&mut self) -> Option<()> {
        if let Self::Sparse(pairs) = self {
            pairs.shrink();
            return (pairs.len() > 0).then_some(());
        }
        let (mut count, mut len, mut max) = (0, 0, 0);
        self.view().for_each(|row, code| {
            if code != 0 {
                (count, len, max) = (count + 1, row + 1, max.max(code));
            }
        });
        let width = width_of(max);
        // Half: pairs are slower to read, so they must save more than a little.
        if count * 6 * 2 < len * width {
            let mut pairs = Vec::with_capacity(count);
            self.view().for_each(|row, code| {
                if code != 0 {
                    pairs.push((row, code));
                }
            });
            *self = Self::Sparse(pairs.into_iter().collect());
        }
        match self {
            Self::U8(codes) => {
                codes.truncate(len);
                codes.shrink_to_fit();
            }
            Self::U16(codes) => {
                codes.truncate(len);
                codes.shrink_to_fit();
            }
            Self::U32(codes) => {
                codes.truncate(len);
                codes.shrink_to_fit();
            }
            Self::Sparse(pairs) => pairs.shrink(),
        }
        (count > 0).then_some(())
    }

    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::U8(codes) => codes.capacity(),
            Self::U16(codes) => codes.capacity() * 2,
            Self::U32(codes) => codes.capacity() * 4,
            Self::Sparse(pairs) => pairs.memory(),
        }
    }
}

const fn width_of(max: u32) -> usize {
    if max <= u8::MAX as u32 {
        1
    } else if max <= u16::MAX as u32 {
        2
    } else {
        4
    }
}

fn dense(pairs: impl Iterator<Item = (usize, u32)>, rows: usize, width: usize) -> CodeChunk {
    let mut wide = vec![0_u32; rows];
    for (row, code) in pairs {
        if let Some(slot) = wide.get_mut(row) {
            *slot = code;
        }
    }
    match width {
        1 => CodeChunk::U8(wide.iter().map(|&code| code as u8).collect()),
        2 => CodeChunk::U16(wide.iter().map(|&code| code as u16).collect()),
        _ => CodeChunk::U32(wide),
    }
}
