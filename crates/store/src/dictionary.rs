//! The distinct texts of one column, each with a code.
//!
//! **Invariants:** it only grows; code 0 is the empty text; a code means the same in every chunk of the column; a text
//! lies whole in one block; no block is larger than [`BLOCK_BYTES`] unless it holds a single larger text.

use chartroom_base::hash::hash_bytes;
use hashbrown::HashTable;

/// Bits of a text's address that count bytes within its block.
const BLOCK_BITS: u32 = 20;
/// Bytes in one block of texts.
pub(crate) const BLOCK_BYTES: usize = 1 << BLOCK_BITS;
const MAX_BLOCKS: usize = 1 << (32 - BLOCK_BITS);
/// Most distinct texts: what a table of 2^19 slots holds, so that no buffer passes 4 MiB.
pub(crate) const MAX_ENTRIES: usize = (1 << 19) / 8 * 7;
/// Texts compared in one lookup beyond which somebody chose them to collide.
const MAX_COMPARED: u32 = 32;

/// The distinct texts of one column.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    blocks: Vec<String>,
    /// Block number and first byte in it, of each text but the empty one.
    starts: Vec<u32>,
    codes: HashTable<u32>,
}

/// A block of texts that lie end to end.
#[derive(Clone, Copy, Debug)]
pub struct DictionaryBlock<'a> {
    /// The texts.
    pub text: &'a str,
    /// Code of the first.
    pub first_code: u32,
    starts: &'a [u32],
}

/// Where an address points: block and byte.
const fn split(address: u32) -> (usize, usize) {
    ((address >> BLOCK_BITS) as usize, (address & (BLOCK_BYTES as u32 - 1)) as usize)
}

impl Dictionary {
    /// Number of codes, that of the empty text included; never 0.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() + 1
    }

    /// Whether there is nothing but the empty text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The text of `code`; empty for 0 and for codes never given out.
    #[inline]
    #[must_use]
    pub fn get(&self, code: u32) -> &str {
        text_at(&self.blocks, &self.starts, code)
    }

    /// The code of `text`, if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        let mut compared = 0;
        self.look_up(text, hash_bytes(text.as_bytes()), &mut compared)
    }

    /// All texts with their codes, ascending from 0.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (0..).zip(std::iter::once("").chain((1..self.len()).map(|code| self.get(code as u32))))
    }

    /// The blocks of texts, in the order of their codes, to search in one go.
    pub fn blocks(&self) -> impl Iterator<Item = DictionaryBlock<'_>> {
        let mut first = 0;
        self.blocks.iter().enumerate().map(move |(number, text)| {
            let rest = self.starts.get(first..).unwrap_or_default();
            let count = rest.partition_point(|&address| split(address).0 <= number);
            let block = DictionaryBlock {
                text,
                first_code: first as u32 + 1,
                starts: rest.get(..count).unwrap_or_default(),
            };
            first += count;
            block
        })
    }

    /// Bytes allocated.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.blocks.iter().map(String::capacity).sum::<usize>()
            + self.blocks.capacity() * size_of::<String>()
            + self.starts.capacity() * size_of::<u32>()
            + self.codes.allocation_size()
    }

    /// The code of `text`, which is added when it is new; `None` when the dictionary is full, or when probing
    /// degenerates because the texts were chosen to collide.
    #[inline]
    pub(crate) fn insert(&mut self, text: &str) -> Option<u32> {
        let hash = hash_bytes(text.as_bytes());
        let mut compared = 0;
        match self.look_up(text, hash, &mut compared) {
            Some(code) => Some(code),
            None if compared > MAX_COMPARED => None,
            None => self.add(text, hash),
        }
    }

    #[inline]
    fn look_up(&self, text: &str, hash: u64, compared: &mut u32) -> Option<u32> {
        self.codes
            .find(hash, |&code| {
                *compared += 1;
                *compared <= MAX_COMPARED && self.get(code) == text
            })
            .copied()
    }

    #[cold]
    fn add(&mut self, text: &str, hash: u64) -> Option<u32> {
        if self.len() >= MAX_ENTRIES {
            return None;
        }
        let fits = self.blocks.last().is_some_and(|block| block.len() + text.len() <= BLOCK_BYTES);
        if !fits {
            if self.blocks.len() >= MAX_BLOCKS {
                return None;
            }
            self.blocks.push(String::new());
        }
        let number = self.blocks.len() - 1;
        let block = self.blocks.last_mut()?;
        // A text that fills a block to its end starts the next one: an address holds 20 bits of offset.
        let start = block.len() as u32;
        grow(block, text.len());
        block.push_str(text);
        self.starts.push((number as u32) << BLOCK_BITS | start);
        let code = self.starts.len() as u32;
        let (blocks, starts) = (&self.blocks, &self.starts);
        self.codes.insert_unique(hash, code, |&code| hash_bytes(text_at(blocks, starts, code).as_bytes()));
        Some(code)
    }
}

#[inline]
fn text_at<'a>(blocks: &'a [String], starts: &[u32], code: u32) -> &'a str {
    let index = (code as usize).wrapping_sub(1);
    let Some(&address) = starts.get(index) else { return "" };
    let (number, start) = split(address);
    let Some(block) = blocks.get(number) else { return "" };
    let end = match starts.get(index + 1) {
        Some(&next) if split(next).0 == number => split(next).1,
        _ => block.len(),
    };
    block.get(start..end).unwrap_or_default()
}

/// Makes room for `more` bytes: doubling up to a block, so that a small column stays small, and exact beyond.
pub(crate) fn grow(block: &mut String, more: usize) {
    let needed = block.len() + more;
    if needed > block.capacity() {
        let capacity = needed.max((block.capacity() * 2).clamp(64, BLOCK_BYTES));
        block.reserve_exact(capacity - block.len());
    }
}

impl<'a> DictionaryBlock<'a> {
    /// Number of texts in it.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether it holds no text.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The code of the text that byte `at` belongs to, and where that text ends. A match of several bytes that begins
    /// at `at` lies in this text only if it ends by there.
    #[must_use]
    pub fn code_at(&self, at: usize) -> (u32, usize) {
        let index = self.starts.partition_point(|&address| split(address).1 <= at).saturating_sub(1);
        let end = self.starts.get(index + 1).map_or(self.text.len(), |&next| split(next).1);
        (self.first_code + index as u32, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_text_is_code_zero_and_others_keep_theirs() {
        let mut dictionary = Dictionary::default();
        assert_eq!(dictionary.insert("a"), Some(1));
        assert_eq!(dictionary.insert("bc"), Some(2));
        assert_eq!(dictionary.insert("a"), Some(1));
        assert_eq!(dictionary.iter().collect::<Vec<_>>(), [(0, ""), (1, "a"), (2, "bc")]);
        assert_eq!(
            (dictionary.find(""), dictionary.find("bc"), dictionary.find("d")),
            (Some(0), Some(2), None)
        );
        assert_eq!(dictionary.get(77), "");
    }

    #[test]
    fn texts_cross_blocks_whole() {
        let mut dictionary = Dictionary::default();
        let texts: Vec<String> = (0..40)
            .map(|n| format!("{n:02}{}", "x".repeat(if n == 7 { 3 << 20 } else { 100_000 })))
            .collect();
        for text in &texts {
            dictionary.insert(text).unwrap();
        }
        for (text, code) in texts.iter().zip(1..) {
            assert_eq!(dictionary.get(code), text);
            assert_eq!(dictionary.insert(text), Some(code));
        }
        let mut seen = 0;
        for block in dictionary.blocks() {
            let mut at = 0;
            for index in 0..block.len() {
                let (code, end) = block.code_at(at);
                assert_eq!(code, block.first_code + index as u32);
                assert_eq!(&block.text[at..end], dictionary.get(code));
                at = end;
                seen += 1;
            }
        }
        assert_eq!(seen, texts.len());
    }
}
