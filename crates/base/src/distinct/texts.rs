//! Distinct texts.

use super::{
    NONE,
    slots::{BLOCK, Probe, Slots, careful},
};
use crate::hash::hash_bytes;

/// Distinct texts, numbered; they lie end to end.
#[derive(Clone, Debug, Default)]
pub struct DistinctTexts {
    bytes: String,
    ends: Vec<usize>,
    slots: Slots,
}

#[inline]
fn hash(text: &str, is_careful: bool) -> u32 {
    if is_careful { careful(text.as_bytes()) } else { (hash_bytes(text.as_bytes()) >> 32) as u32 }
}

/// The text of number `number` of those that lie end to end.
#[inline]
fn text_at<'a>(bytes: &'a str, ends: &[usize], number: usize) -> &'a str {
    let start = number.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied());
    let range = start.zip(ends.get(number).copied());
    range.and_then(|(start, end)| bytes.get(start..end)).unwrap_or_default()
}

impl DistinctTexts {
    /// How many.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// That of number `number`; empty when there is none.
    #[must_use]
    pub fn get(&self, number: u32) -> &str {
        text_at(&self.bytes, &self.ends, number as usize)
    }

    /// All of them end to end, and where each ends.
    #[must_use]
    pub fn into_parts(self) -> (String, Vec<usize>) {
        (self.bytes, self.ends)
    }

    /// The number of this one; `None` when it has none and is not to get one.
    #[must_use]
    pub fn number(&mut self, text: &str, is_adding: bool) -> Option<u32> {
        self.slots.reserve(1);
        let number = self.number_hashed(text, hash(text, self.slots.is_careful), is_adding);
        (number != NONE).then_some(number)
    }

    /// Per text of those that lie end to end its number, [`NONE`] when it has none and is not to get one.
    #[must_use]
    pub fn number_all(&mut self, bytes: &str, ends: &[usize], is_adding: bool) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(ends.len());
        let mut hashes = [0; BLOCK];
        let mut next = 0;
        for ends in ends.chunks(BLOCK) {
            self.slots.reserve(ends.len());
            let was_careful = self.slots.is_careful;
            let mut start = next;
            for (of, end) in hashes.iter_mut().zip(ends) {
                *of = hash(bytes.get(start..*end).unwrap_or_default(), was_careful);
                start = *end;
            }
            self.slots.fetch(hashes.get(..ends.len()).unwrap_or_default());
            for (of, end) in hashes.iter().zip(ends) {
                let text = bytes.get(next..*end).unwrap_or_default();
                next = *end;
                let is_careful = self.slots.is_careful;
                let hash = if is_careful == was_careful { *of } else { hash(text, is_careful) };
                numbers.push(self.number_hashed(text, hash, is_adding));
            }
        }
        numbers
    }

    #[inline]
    fn number_hashed(&mut self, text: &str, hash: u32, is_adding: bool) -> u32 {
        let Self { bytes, ends, slots } = self;
        match slots.probe(hash, |number| text_at(bytes, ends, number as usize) == text) {
            Probe::Found(number) => number,
            Probe::Free(place) if is_adding => {
                let number = u32::try_from(ends.len()).unwrap_or(NONE);
                if number != NONE {
                    slots.take(place, hash, number);
                    bytes.push_str(text);
                    ends.push(bytes.len());
                }
                number
            }
            Probe::Free(_) => NONE,
            Probe::Crowded => self.number_crowded(text, is_adding),
        }
    }

    #[cold]
    fn number_crowded(&mut self, text: &str, is_adding: bool) -> u32 {
        if self.slots.is_careful {
            return NONE;
        }
        // A block of texts may still be on its way in.
        self.slots = Slots::with_capacity(self.ends.len() + BLOCK, true);
        for number in 0..u32::try_from(self.ends.len()).unwrap_or(NONE) {
            let hash = hash(text_at(&self.bytes, &self.ends, number as usize), true);
            if let Probe::Free(place) = self.slots.probe(hash, |_| false) {
                self.slots.take(place, hash, number);
            }
        }
        self.number_hashed(text, hash(text, true), is_adding)
    }

    /// Bytes it holds.
    #[must_use]
    pub const fn memory(&self) -> usize {
        self.slots.memory() + self.bytes.capacity() + self.ends.capacity() * size_of::<usize>()
    }
}
