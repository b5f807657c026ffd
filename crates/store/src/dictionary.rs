//! The distinct texts of one column, each with a code.
//!
//! **Invariants:** its codes only grow; code 0 is the empty text; a code means the same in every chunk of the column, at any time:
//! what is known of a code stays true, also when the texts are forgotten because no chunk has codes any more; a text
//! lies whole in one block; no block is larger than [`BLOCK_BYTES`] unless it holds a single larger text.

use crate::slots::{Found, Slots};
use chartroom_base::bytes::is_equal;
use chartroom_base::hash::hash_bytes;
use std::ops::Range;

/// Bits of a text's address that count bytes within its block.
const BLOCK_BITS: u32 = 20;
/// Bytes in one block of texts.
pub(crate) const BLOCK_BYTES: usize = 1 << BLOCK_BITS;
const MAX_BLOCKS: usize = 1 << (32 - BLOCK_BITS);
/// Bits of a place among the recent codes.
const RECENT_BITS: u32 = 8;

/// The distinct texts of one column.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    blocks: Vec<String>,
    /// Block number and first byte in it, of each text but the empty one.
    starts: Vec<u32>,
    /// Codes whose texts were forgotten: those from 1 up to this one.
    gone: u32,
    slots: Slots,
    /// The code last asked for by each [`sketch`]: columns of few values need no more.
    recent: Vec<u32>,
}

/// Where among the recent codes that of `text` would be. Looks at its ends only; collisions cost a little time.
#[inline(always)]
fn sketch(text: &[u8]) -> usize {
    let ends = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first).rotate_left(31) ^ u64::from_le_bytes(*last),
        _ => match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
            }
            _ => text.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        },
    };
    ((ends ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - RECENT_BITS)) as usize
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
    /// Number of codes given out so far, that of the empty text included; never 0.
    #[must_use]
    pub fn len(&self) -> usize {
        self.gone as usize + self.starts.len() + 1
    }

    /// Number of texts it holds, the empty one included.
    pub(crate) const fn held(&self) -> usize {
        self.starts.len() + 1
    }

    /// Forgets all texts. Their codes are not given out again.
    pub(crate) fn forget(&mut self) {
        *self = Self { gone: self.gone + self.starts.len() as u32, ..Self::default() };
    }

    /// Whether it has a text of that code, other than the empty one.
    #[inline]
    pub(crate) fn holds(&self, code: u32) -> bool {
        code > self.gone && (code as usize) < self.len()
    }

    /// Whether there is nothing but the empty text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The text of `code`; empty for 0, for codes never given out and for those that were forgotten.
    #[inline]
    #[must_use]
    pub fn get(&self, code: u32) -> &str {
        text_at(&self.blocks, &self.starts, code.wrapping_sub(self.gone))
    }

    /// The code of `text`, if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        match self.look_up(text, hash_bytes(text.as_bytes())) {
            Found::Code(code) => Some(code),
            Found::Free(_) => None,
            // Probing degenerated when another text was to be added, which then was not.
            Found::Crowded => self.iter().find(|&(_, other)| other == text).map(|(code, _)| code),
        }
    }

    /// All texts with their codes, ascending, the empty one first.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        let codes = (self.gone + 1..).take(self.starts.len());
        std::iter::once((0, "")).chain(codes.map(|code| (code, self.get(code))))
    }

    /// The blocks of texts, in the order of their codes, to search in one go.
    pub fn blocks(&self) -> impl Iterator<Item = DictionaryBlock<'_>> {
        let mut first = 0;
        self.blocks.iter().enumerate().map(move |(number, text)| {
            let rest = self.starts.get(first..).unwrap_or_default();
            let count = rest.partition_point(|&address| split(address).0 <= number);
            let block = DictionaryBlock {
                text,
                first_code: self.gone + first as u32 + 1,
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
            + self.slots.memory()
            + self.recent.capacity() * size_of::<u32>()
    }

    /// The code of `text`, which is added when it is new; `None` when the dictionary is full, or when probing
    /// degenerates because the texts were chosen to collide.
    #[inline]
    pub(crate) fn insert(&mut self, text: &str) -> Option<u32> {
        let place = sketch(text.as_bytes());
        if let Some(&code) = self.recent.get(place)
            && self.is_text_of(code, text)
        {
            return Some(code);
        }
        self.insert_by_hash(text, place)
    }

    #[inline(never)]
    fn insert_by_hash(&mut self, text: &str, place: usize) -> Option<u32> {
        let hash = hash_bytes(text.as_bytes());
        let code = match self.look_up(text, hash) {
            Found::Code(code) => code,
            Found::Free(slot) => self.add(text, hash, slot)?,
            Found::Crowded => return None,
        };
        match self.recent.get_mut(place) {
            Some(recent) => *recent = code,
            // A column that is always the same has no use for it.
            None if code > 1 => self.recent = vec![0; 1 << RECENT_BITS],
            None => {}
        }
        Some(code)
    }

    #[inline]
    fn look_up(&self, text: &str, hash: u64) -> Found {
        self.slots.find(hash, |code| self.is_text_of(code, text))
    }

    /// Whether `text` is that of `code`.
    #[inline(always)]
    pub(crate) fn is_text_of(&self, code: u32, text: &str) -> bool {
        let code = code.wrapping_sub(self.gone);
        is_equal(bytes_at(&self.blocks, &self.starts, code), text.as_bytes())
    }

    #[cold]
    fn add(&mut self, text: &str, hash: u64, slot: usize) -> Option<u32> {
        let code = self.len() as u32;
        let fits = self.blocks.last().is_some_and(|block| block.len() + text.len() <= BLOCK_BYTES);
        if !fits && self.blocks.len() >= MAX_BLOCKS || !self.slots.put(slot, hash, code) {
            return None;
        }
        if !fits {
            self.blocks.push(String::new());
        }
        let number = self.blocks.len() - 1;
        let block = self.blocks.last_mut()?;
        let start = block.len() as u32;
        grow(block, text.len());
        block.push_str(text);
        self.starts.push((number as u32) << BLOCK_BITS | start);
        Some(code)
    }
}

/// Block and byte range of the text of `code`, counted from 1 behind those that are gone.
#[inline]
fn range_of(blocks: &[String], starts: &[u32], code: u32) -> Option<(usize, Range<usize>)> {
    let index = (code as usize).wrapping_sub(1);
    let (number, start) = split(*starts.get(index)?);
    let end = match starts.get(index + 1) {
        Some(&next) if split(next).0 == number => split(next).1,
        _ => blocks.get(number)?.len(),
    };
    Some((number, start..end))
}

#[inline]
fn text_at<'a>(blocks: &'a [String], starts: &[u32], code: u32) -> &'a str {
    range_of(blocks, starts, code)
        .and_then(|(number, range)| blocks.get(number)?.get(range))
        .unwrap_or_default()
}

/// The same without looking for the boundaries of characters.
#[inline]
fn bytes_at<'a>(blocks: &'a [String], starts: &[u32], code: u32) -> &'a [u8] {
    range_of(blocks, starts, code)
        .and_then(|(number, range)| blocks.get(number)?.as_bytes().get(range))
        .unwrap_or_default()
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
    use crate::slots::MAX_ENTRIES;

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
    fn a_code_never_comes_to_mean_another_text() {
        let mut dictionary = Dictionary::default();
        dictionary.insert("a");
        dictionary.insert("b");
        dictionary.forget();
        assert!(dictionary.is_empty());
        assert_eq!((dictionary.get(1), dictionary.find("a"), dictionary.holds(1)), ("", None, false));
        assert_eq!(
            (dictionary.insert("c"), dictionary.insert("a"), dictionary.insert("c")),
            (Some(3), Some(4), Some(3))
        );
        assert_eq!(dictionary.iter().collect::<Vec<_>>(), [(0, ""), (3, "c"), (4, "a")]);
        assert_eq!((dictionary.len(), dictionary.holds(4), dictionary.holds(5)), (5, true, false));
        let block = dictionary.blocks().next().unwrap();
        assert_eq!((block.first_code, block.code_at(1)), (3, (4, 2)));
    }

    #[test]
    fn counting_texts_fill_it_to_the_brim_without_crowding() {
        let mut dictionary = Dictionary::default();
        let mut codes = (0..).map_while(|number| dictionary.insert(&format!("i-{number:08}")));
        assert_eq!(codes.by_ref().count(), MAX_ENTRIES);
        assert_eq!(dictionary.len(), MAX_ENTRIES + 1);
        assert_eq!(dictionary.insert("i-00000007"), Some(8));
        assert_eq!(dictionary.insert("another"), None);
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
