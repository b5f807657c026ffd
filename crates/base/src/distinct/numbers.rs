//! Distinct numbers of 64 bits.

use super::{
    NONE,
    slots::{BLOCK, Probe, Slots, careful},
};

/// Distinct numbers of 64 bits, numbered.
#[derive(Clone, Debug, Default)]
pub struct DistinctNumbers {
    keys: Vec<u64>,
    slots: Slots,
}

#[inline]
fn hash(key: u64, is_careful: bool) -> u32 {
    if is_careful {
        return careful(&key.to_le_bytes());
    }
    let mixed = (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
}

impl DistinctNumbers {
    /// Of these, which differ.
    #[must_use]
    pub fn of(keys: Vec<u64>) -> Self {
        let mut distinct = Self { slots: Slots::with_capacity(keys.len(), false), keys };
        distinct.fill();
        distinct
    }

    /// How many.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// All of them, by number.
    #[must_use]
    pub fn all(&self) -> &[u64] {
        &self.keys
    }

    /// That of number `number`; 0 when there is none.
    #[must_use]
    pub fn get(&self, number: u32) -> u64 {
        self.keys.get(number as usize).copied().unwrap_or(0)
    }

    /// The number of this one; `None` when it has none and is not to get one.
    #[must_use]
    pub fn number(&mut self, key: u64, is_adding: bool) -> Option<u32> {
        self.slots.reserve(1);
        let number = self.number_hashed(key, hash(key, self.slots.is_careful), is_adding);
        (number != NONE).then_some(number)
    }

    /// Per key its number, [`NONE`] when it has none and is not to get one.
    #[must_use]
    pub fn number_all(&mut self, keys: &[u64], is_adding: bool) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(keys.len());
        let mut hashes = [0; BLOCK];
        // Neighbours are often the same: times of one bin.
        let mut last = None;
        for keys in keys.chunks(BLOCK) {
            self.slots.reserve(keys.len());
            let was_careful = self.slots.is_careful;
            for (of, key) in hashes.iter_mut().zip(keys) {
                *of = hash(*key, was_careful);
            }
            self.slots.fetch(hashes.get(..keys.len()).unwrap_or_default());
            for (of, key) in hashes.iter().zip(keys) {
                let number = match last {
                    Some((known, number)) if known == *key => number,
                    _ if self.slots.is_careful == was_careful => self.number_hashed(*key, *of, is_adding),
                    _ => self.number_hashed(*key, hash(*key, self.slots.is_careful), is_adding),
                };
                last = Some((*key, number));
                numbers.push(number);
            }
        }
        numbers
    }

    #[inline]
    fn number_hashed(&mut self, key: u64, hash: u32, is_adding: bool) -> u32 {
        match self.slots.probe(hash, |number| self.keys.get(number as usize) == Some(&key)) {
            Probe::Found(number) => number,
            Probe::Free(place) if is_adding => {
                let number = u32::try_from(self.keys.len()).unwrap_or(NONE);
                if number != NONE {
                    self.slots.take(place, hash, number);
                    self.keys.push(key);
                }
                number
            }
            Probe::Free(_) => NONE,
            Probe::Crowded => self.number_crowded(key, is_adding),
        }
    }

    #[cold]
    fn number_crowded(&mut self, key: u64, is_adding: bool) -> u32 {
        if self.slots.is_careful {
            return NONE;
        }
        self.hash_anew();
        self.number_hashed(key, hash(key, true), is_adding)
    }

    #[cold]
    fn hash_anew(&mut self) {
        // A block of keys may still be on its way in.
        self.slots = Slots::with_capacity(self.keys.len() + BLOCK, true);
        self.fill();
    }

    fn fill(&mut self) {
        let is_careful = self.slots.is_careful;
        for (number, key) in (0_u32..).zip(&self.keys) {
            let hash = hash(*key, is_careful);
            match self.slots.probe(hash, |_| false) {
                Probe::Free(place) => self.slots.take(place, hash, number),
                _ => return self.hash_anew(),
            }
        }
    }

    /// Bytes it holds.
    #[must_use]
    pub const fn memory(&self) -> usize {
        self.slots.memory() + self.keys.capacity() * size_of::<u64>()
    }
}
