//! Texts that repeat too seldom for a dictionary: end to end in blocks.
//!
//! **Invariant:** a text lies whole in one block; `ends` are positions in the block of their row.

use crate::dictionary::{BLOCK_BYTES, grow};
use std::ops::Range;

/// A block of texts of consecutive rows, end to end.
#[derive(Clone, Copy, Debug)]
pub struct PlainBlock<'a> {
    /// The texts.
    pub text: &'a str,
    /// Row (within the chunk) of the first.
    pub first_row: usize,
    ends: &'a [u32],
}

impl PlainBlock<'_> {
    /// The rows it holds.
    #[must_use]
    pub const fn rows(&self) -> Range<usize> {
        self.first_row..self.first_row + self.ends.len()
    }

    /// The row that byte `at` belongs to, and where that row's text ends. A match of several bytes that begins at `at`
    /// lies in this row only if it ends by there.
    #[must_use]
    pub fn row_at(&self, at: usize) -> (usize, usize) {
        let index = self.ends.partition_point(|&end| end as usize <= at);
        (self.first_row + index, self.ends.get(index).map_or(self.text.len(), |&end| end as usize))
    }

    /// The bytes of row `row` of the chunk; `None` when the row is not in this block.
    #[must_use]
    pub fn range_of(&self, row: usize) -> Option<Range<usize>> {
        let index = row.checked_sub(self.first_row)?;
        let end = *self.ends.get(index)? as usize;
        let start =
            index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&end| end as usize);
        Some(start..end)
    }
}

/// The texts of a chunk's rows.
#[derive(Clone, Copy, Debug)]
pub struct PlainView<'a> {
    chunk: &'a PlainChunk,
}

impl<'a> PlainView<'a> {
    /// The text of row `row` of the chunk; empty beyond the last.
    #[inline]
    #[must_use]
    pub fn get(&self, row: usize) -> &'a str {
        self.chunk.get(row)
    }

    /// Number of rows with a slot; those beyond are empty.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunk.ends.len()
    }

    /// Whether no row has a slot.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunk.ends.is_empty()
    }

    /// The blocks in the order of their rows, to search in one go.
    pub fn blocks(&self) -> impl Iterator<Item = PlainBlock<'a>> + use<'a> {
        let chunk = self.chunk;
        chunk.blocks.iter().enumerate().map(move |(number, block)| {
            let end = chunk.blocks.get(number + 1).map_or(chunk.ends.len(), |next| next.first_row);
            PlainBlock {
                text: &block.text,
                first_row: block.first_row,
                ends: chunk.ends.get(block.first_row..end).unwrap_or_default(),
            }
        })
    }

    /// Appends the texts of these rows, which ascend, to `bytes`, and where each ends to `ends`.
    pub fn copy_into(&self, rows: &[u32], bytes: &mut String, ends: &mut Vec<usize>) {
        ends.reserve(rows.len());
        let mut left = rows;
        for block in self.blocks() {
            let range = block.rows();
            let own;
            (own, left) = left.split_at(left.partition_point(|row| (*row as usize) < range.end));
            let before = bytes.len();
            if own.len() == range.len() {
                let end = block.ends.last().map_or(0, |end| *end as usize);
                bytes.push_str(block.text.get(..end).unwrap_or_default());
                ends.extend(block.ends.iter().map(|end| before + *end as usize));
                continue;
            }
            for row in own {
                bytes.push_str(
                    block.range_of(*row as usize).and_then(|range| block.text.get(range)).unwrap_or_default(),
                );
                ends.push(bytes.len());
            }
        }
        ends.extend(left.iter().map(|_| bytes.len()));
    }

    /// The text of every row with a slot, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let chunk = self.chunk;
        (0..chunk.ends.len()).map(|row| chunk.get(row))
    }
}

#[derive(Clone, Debug)]
struct Block {
    first_row: usize,
    text: String,
}

/// Texts being written and kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlainChunk {
    blocks: Vec<Block>,
    ends: Vec<u32>,
}

impl PlainChunk {
    pub(crate) const fn view(&self) -> PlainView<'_> {
        PlainView { chunk: self }
    }

    pub(crate) fn get(&self, row: usize) -> &str {
        let Some(&end) = self.ends.get(row) else { return "" };
        let number = match self.blocks.len() {
            1 => 0,
            _ => self.blocks.partition_point(|block| block.first_row <= row).saturating_sub(1),
        };
        let Some(block) = self.blocks.get(number) else { return "" };
        let start = if row == block.first_row { 0 } else { self.ends.get(row - 1).copied().unwrap_or(0) };
        block.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Sets the text of `row`, which is the last row or beyond.
    #[inline]
    pub(crate) fn set(&mut self, row: usize, text: &str) {
        if self.ends.len() > row {
            self.truncate(row);
        }
        let fits = self.blocks.last().is_some_and(|block| block.text.len() + text.len() <= BLOCK_BYTES);
        if !fits {
            self.start_block(row);
        }
        let Some(block) = self.blocks.last_mut() else { return };
        if self.ends.len() < row {
            self.ends.resize(row, block.text.len() as u32);
        }
        grow(&mut block.text, text.len());
        block.text.push_str(text);
        self.ends.push(block.text.len() as u32);
    }

    #[cold]
    fn start_block(&mut self, row: usize) {
        // Empty rows before it belong to the block before.
        let end = self.blocks.last().map_or(0, |block| block.text.len() as u32);
        self.ends.resize(row, end);
        let first_row = if self.blocks.is_empty() { 0 } else { row };
        self.blocks.push(Block { first_row, text: String::new() });
    }

    /// Forgets the rows from `row` on.
    #[inline]
    pub(crate) fn truncate(&mut self, row: usize) {
        if self.ends.len() <= row {
            return;
        }
        self.ends.truncate(row);
        while self.blocks.len() > 1 && self.blocks.last().is_some_and(|block| block.first_row >= row) {
            self.blocks.pop();
        }
        if let Some(block) = self.blocks.last_mut() {
            let end = if block.first_row < row { self.ends.last().copied().unwrap_or(0) } else { 0 };
            block.text.truncate(end as usize);
        }
    }

    /// Gives back what growing allocated too much; `None` when no row has a text.
    pub(crate) fn seal(&mut self) -> Option<()> {
        self.ends.shrink_to_fit();
        self.blocks.shrink_to_fit();
        if let Some(block) = self.blocks.last_mut() {
            block.text.shrink_to_fit();
        }
        self.blocks.iter().any(|block| !block.text.is_empty()).then_some(())
    }

    pub(crate) fn memory(&self) -> usize {
        self.ends.capacity() * size_of::<u32>()
            + self.blocks.capacity() * size_of::<Block>()
            + self.blocks.iter().map(|block| block.text.capacity()).sum::<usize>()
    }
}
