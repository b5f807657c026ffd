//! One bit per row: validity, liveness, selections.
//!
//! **Invariant:** bits past `len` in the last word are 0, so that counting and comparing need no mask.
//! Binary operations take bitmaps of different lengths: missing bits count as 0.

use std::ops::Range;

/// A growable row of bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    words: Vec<u64>,
    len: usize,
}

/// The bits of the last word that are below `len`.
const fn last_mask(len: usize) -> u64 {
    match len % 64 {
        0 => u64::MAX,
        bits => (1 << bits) - 1,
    }
}

impl Bitmap {
    /// No bits.
    #[must_use]
    pub const fn new() -> Self {
        Self { words: Vec::new(), len: 0 }
    }

    /// `len` bits, all `value`.
    #[must_use]
    pub fn filled(len: usize, value: bool) -> Self {
        let mut bitmap = Self { words: vec![if value { u64::MAX } else { 0 }; len.div_ceil(64)], len };
        bitmap.trim();
        bitmap
    }

    /// `len` bits of which `words` holds the first; missing words are 0, further ones are dropped.
    #[must_use]
    pub fn from_words(mut words: Vec<u64>, len: usize) -> Self {
        words.resize(len.div_ceil(64), 0);
        let mut bitmap = Self { words, len };
        bitmap.trim();
        bitmap
    }

    /// A bit for each row of `0..len`, as `is_set` says.
    #[must_use]
    pub fn from_fn(len: usize, mut is_set: impl FnMut(usize) -> bool) -> Self {
        let words = (0..len.div_ceil(64))
            .map(|word| {
                let first = word * 64;
                (first..len.min(first + 64))
                    .fold(0, |bits, row| bits | u64::from(is_set(row)) << (row - first))
            })
            .collect();
        Self { words, len }
    }

    /// A bit for each of `items`, as `is_set` says; faster than [`Self::from_fn`] and an index.
    #[must_use]
    pub fn from_slice<T>(items: &[T], mut is_set: impl FnMut(&T) -> bool) -> Self {
        let words = items
            .chunks(64)
            .map(|items| {
                items.iter().enumerate().fold(0, |bits, (row, item)| bits | u64::from(is_set(item)) << row)
            })
            .collect();
        Self { words, len: items.len() }
    }

    /// Number of bits.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bits at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bits, 64 a word, the first in the lowest place; those past [`Self::len`] are 0.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The same to write to. What is written past [`Self::len`] is cut off by the next [`Self::trim`].
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// Clears what [`Self::words_mut`] left past the end.
    pub fn trim(&mut self) {
        let mask = last_mask(self.len);
        if let Some(last) = self.words.last_mut() {
            *last &= mask;
        }
    }

    /// Bit `row`; `false` past the end.
    #[inline]
    #[must_use]
    pub fn get(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Sets bit `row`; past the end the bitmap grows by zeros.
    #[inline]
    pub fn set(&mut self, row: usize, value: bool) {
        if row == self.len {
            // Rows come one after the other.
            match self.words.last_mut() {
                Some(word) if !row.is_multiple_of(64) => *word |= u64::from(value) << (row % 64),
                _ => self.words.push(value.into()),
            }
            self.len = row + 1;
            return;
        }
        if row > self.len {
            self.resize(row + 1);
        }
        if let Some(word) = self.words.get_mut(row / 64) {
            let bit = 1 << (row % 64);
            if value { *word |= bit } else { *word &= !bit }
        }
    }

    /// Adds a bit at the end.
    #[inline]
    pub fn push(&mut self, value: bool) {
        self.set(self.len, value);
    }

    /// Cuts to `len` bits, or grows to it by zeros.
    pub fn resize(&mut self, len: usize) {
        self.words.resize(len.div_ceil(64), 0);
        self.len = len;
        self.trim();
    }

    /// The same bits, cut to `len` or grown to it by zeros.
    #[must_use]
    pub fn resized(mut self, len: usize) -> Self {
        self.resize(len);
        self
    }

    /// Makes it `len` bits that are all `value`, keeping the allocation.
    pub fn reset(&mut self, len: usize, value: bool) {
        self.words.clear();
        self.words.resize(len.div_ceil(64), if value { u64::MAX } else { 0 });
        self.len = len;
        self.trim();
    }

    /// Sets all bits of `rows` that lie within the bitmap.
    pub fn fill(&mut self, rows: Range<usize>, value: bool) {
        let end = rows.end.min(self.len);
        let mut row = rows.start;
        while row < end {
            let upto = end.min((row / 64 + 1) * 64);
            let mask = last_mask(upto) & (u64::MAX << (row % 64));
            if let Some(word) = self.words.get_mut(row / 64) {
                if value { *word |= mask } else { *word &= !mask }
            }
            row = upto;
        }
    }

    /// Number of bits that are set.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether any bit is set.
    #[must_use]
    pub fn any(&self) -> bool {
        self.words.iter().any(|&word| word != 0)
    }

    /// Whether every bit is set (also of no bits).
    #[must_use]
    pub fn all(&self) -> bool {
        match self.words.split_last() {
            Some((&last, rest)) => last == last_mask(self.len) && rest.iter().all(|&word| word == u64::MAX),
            None => true,
        }
    }

    /// Number of bits set among the first `row`.
    #[must_use]
    pub fn rank(&self, row: usize) -> usize {
        let row = row.min(self.len);
        let (whole, rest) = self.words.split_at(row / 64);
        let partial = rest.first().map_or(0, |word| (word & ((1 << (row % 64)) - 1)).count_ones());
        whole.iter().map(|word| word.count_ones() as usize).sum::<usize>() + partial as usize
    }

    /// The row of the set bit number `nth`, counted from 0.
    #[must_use]
    pub fn select(&self, nth: usize) -> Option<usize> {
        let mut left = nth;
        for (index, &word) in self.words.iter().enumerate() {
            let count = word.count_ones() as usize;
            if left < count {
                let mut word = word;
                for _ in 0..left {
                    word &= word - 1;
                }
                return Some(index * 64 + word.trailing_zeros() as usize);
            }
            left -= count;
        }
        None
    }

    /// Keeps what is set in both.
    pub fn and(&mut self, other: &Self) {
        let shared = self.words.len().min(other.words.len());
        let (head, tail) = self.words.split_at_mut(shared);
        for (word, &with) in head.iter_mut().zip(&other.words) {
            *word &= with;
        }
        tail.fill(0);
    }

    /// Adds what is set in `other`; the length stays.
    pub fn or(&mut self, other: &Self) {
        for (word, &with) in self.words.iter_mut().zip(&other.words) {
            *word |= with;
        }
        self.trim();
    }

    /// Takes away what is set in `other`.
    pub fn and_not(&mut self, other: &Self) {
        for (word, &with) in self.words.iter_mut().zip(&other.words) {
            *word &= !with;
        }
    }

    /// Turns every bit over.
    pub fn not(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        self.trim();
    }

    /// The rows whose bit is set, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..).step_by(64).zip(&self.words).flat_map(|(first, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                left &= left.wrapping_sub(1);
                (bit < 64).then_some(first + bit)
            })
        })
    }

    /// The rows of a range whose bit is set, ascending.
    #[must_use]
    pub fn rows_in(&self, range: Range<usize>) -> Vec<u32> {
        let mut rows = Vec::new();
        for word in range.start / 64..range.end.min(self.len).div_ceil(64) {
            let mut left = self.words.get(word).copied().unwrap_or(0);
            while left != 0 {
                let row = word * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                if range.contains(&row) {
                    rows.push(row as u32);
                }
            }
        }
        rows
    }

    /// The rows whose bit is set, descending.
    pub fn iter_back(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().rev().flat_map(|(index, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = 63_usize.checked_sub(left.leading_zeros() as usize)?;
                left &= !(1 << bit);
                Some(index * 64 + bit)
            })
        })
    }

    /// Bytes allocated.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }

    /// Gives back what growing allocated too much.
    pub fn shrink(&mut self) {
        self.words.shrink_to_fit();
    }
}

impl FromIterator<bool> for Bitmap {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut bitmap = Self::new();
        for bit in bits {
            bitmap.push(bit);
        }
        bitmap
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_filled_bitmap_is_full_to_its_last_bit() {
        for len in [0, 1, 63, 64, 65, 200] {
            let full = Bitmap::filled(len, true);
            assert_eq!((full.count(), full.all()), (len, true), "{len}");
            assert!(!Bitmap::filled(len, false).any());
        }
    }

    proptest! {
        #[test]
        fn it_behaves_as_a_vector_of_bools(
            a in prop::collection::vec(any::<bool>(), 0..300),
            b in prop::collection::vec(any::<bool>(), 0..300),
            range in (0_usize..320, 0_usize..320),
        ) {
            let (left, right): (Bitmap, Bitmap) = (a.iter().copied().collect(), b.iter().copied().collect());
            let of_b = |row: usize| b.get(row).copied().unwrap_or(false);
            let model = |f: &dyn Fn(usize, bool) -> bool| -> Bitmap {
                a.iter().enumerate().map(|(row, &bit)| f(row, bit)).collect()
            };
            let apply = |f: &dyn Fn(&mut Bitmap)| { let mut bits = left.clone(); f(&mut bits); bits };
            prop_assert_eq!(&Bitmap::from_fn(a.len(), |row| a[row]), &left);
            prop_assert_eq!(&Bitmap::from_slice(&a, |&bit| bit), &left);
            prop_assert_eq!(apply(&|bits| bits.and(&right)), model(&|row, bit| bit && of_b(row)));
            prop_assert_eq!(apply(&|bits| bits.or(&right)), model(&|row, bit| bit || of_b(row)));
            prop_assert_eq!(apply(&|bits| bits.and_not(&right)), model(&|row, bit| bit && !of_b(row)));
            prop_assert_eq!(apply(&Bitmap::not), model(&|_, bit| !bit));
            prop_assert_eq!(
                apply(&|bits| bits.fill(range.0..range.1, true)),
                model(&|row, bit| bit || (range.0..range.1).contains(&row))
            );
            prop_assert_eq!(
                apply(&|bits| bits.fill(range.0..range.1, false)),
                model(&|row, bit| bit && !(range.0..range.1).contains(&row))
            );
            let rows: Vec<usize> = (0..a.len()).filter(|&row| a[row]).collect();
            prop_assert_eq!(&left.iter().collect::<Vec<_>>(), &rows);
            prop_assert_eq!(left.iter_back().collect::<Vec<_>>(), rows.iter().rev().copied().collect::<Vec<_>>());
            prop_assert_eq!(left.count(), rows.len());
            prop_assert_eq!(left.rank(range.0), rows.iter().filter(|&&row| row < range.0).count());
            prop_assert_eq!(left.select(range.0), rows.get(range.0).copied());
            let mut cut = left.clone();
            cut.resize(range.0);
            prop_assert_eq!(cut.count(), left.rank(range.0));
        }
    }
}
