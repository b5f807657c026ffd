//! A hash table of numbers of things that lie elsewhere.
//!
//! **Invariant:** at most half of the slots are taken. Probing is bounded: where it would take long because keys were chosen to
//! collide, the owner is told and hashes anew with a careful hash.

use chartroom_base::hash::hash_bytes;
use std::hash::{DefaultHasher, Hasher};

/// Longest probe over quick hashes.
const LONGEST: usize = 256;

/// Slots with the hash's high half above and number + 1 below; 0 is free.
#[derive(Debug, Default)]
struct Slots {
    slots: Vec<u64>,
    taken: usize,
}

enum Probe {
    Found(u32),
    Free(usize),
    Crowded,
}

impl Slots {
    fn place(&self, hash: u32) -> usize {
        let bits = self.slots.len().trailing_zeros();
        (u64::from(hash) >> 32_u32.saturating_sub(bits)) as usize & self.slots.len().wrapping_sub(1)
    }

    #[inline]
    fn probe(&self, hash: u32, longest: usize, is_equal: impl Fn(u32) -> bool) -> Probe {
        let mut place = self.place(hash);
        for _ in 0..longest {
            let Some(slot) = self.slots.get(place) else { return Probe::Crowded };
            if *slot == 0 {
                return Probe::Free(place);
            }
            let number = (*slot as u32).wrapping_sub(1);
            if (*slot >> 32) as u32 == hash && is_equal(number) {
                return Probe::Found(number);
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
        Probe::Crowded
    }

    fn take(&mut self, place: usize, hash: u32, number: u32) {
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = u64::from(hash) << 32 | u64::from(number.wrapping_add(1));
            self.taken += 1;
        }
    }

    /// Makes place for one more.
    fn reserve(&mut self) {
        if (self.taken + 1) * 2 <= self.slots.len() {
            return;
        }
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![0; (old.len() * 2).max(64)];
        for slot in old.into_iter().filter(|slot| *slot != 0) {
            let mut place = self.place((slot >> 32) as u32);
            while self.slots.get(place).is_some_and(|taken| *taken != 0) {
                place = (place + 1) & (self.slots.len() - 1);
            }
            if let Some(free) = self.slots.get_mut(place) {
                *free = slot;
            }
        }
    }

    const fn memory(&self) -> usize {
        self.slots.capacity() * size_of::<u64>()
    }
}

/// Distinct things, numbered from 0 in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Distinct<K> {
    keys: K,
    slots: Slots,
    is_careful: bool,
}

/// Where distinct things lie.
pub(crate) trait Keys: Default {
    /// A thing.
    type Key<'k>: Copy;
    /// How many there are.
    fn len(&self) -> usize;
    /// Thing number `number`.
    fn is(&self, number: u32, key: Self::Key<'_>) -> bool;
    /// Adds one.
    fn push(&mut self, key: Self::Key<'_>);
    /// Its hash; one that resists chosen collisions when `is_careful`.
    fn hash(key: Self::Key<'_>, is_careful: bool) -> u32;
    /// The hash of thing number `number`.
    fn hash_of(&self, number: u32, is_careful: bool) -> u32;
    /// Bytes they take.
    fn memory(&self) -> usize;
}

impl<K: Keys> Distinct<K> {
    /// Of things that differ.
    pub(crate) fn of(keys: K) -> Self {
        let size = (keys.len() * 2 + 2).next_power_of_two().max(64);
        let mut distinct = Self { keys, slots: Slots { slots: vec![0; size], taken: 0 }, is_careful: false };
        distinct.fill();
        distinct
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The things themselves.
    pub(crate) const fn keys(&self) -> &K {
        &self.keys
    }

    /// The number of that thing; `None` when there is none and none is to be added.
    #[inline]
    pub(crate) fn number(&mut self, key: K::Key<'_>, is_adding: bool) -> Option<u32> {
        self.slots.reserve();
        let hash = K::hash(key, self.is_careful);
        match self.slots.probe(hash, self.longest(), |number| self.keys.is(number, key)) {
            Probe::Found(number) => Some(number),
            Probe::Free(place) => {
                let number = is_adding.then(|| u32::try_from(self.keys.len()).ok()).flatten()?;
                self.slots.take(place, hash, number);
                self.keys.push(key);
                Some(number)
            }
            Probe::Crowded if self.is_careful => None,
            Probe::Crowded => {
                self.hash_anew();
                self.number(key, is_adding)
            }
        }
    }

    const fn longest(&self) -> usize {
        if self.is_careful { usize::MAX } else { LONGEST }
    }

    #[cold]
    fn hash_anew(&mut self) {
        self.is_careful = true;
        self.slots = Slots { slots: vec![0; self.slots.slots.len()], taken: 0 };
        self.fill();
    }

    fn fill(&mut self) {
        for number in 0..u32::try_from(self.keys.len()).unwrap_or(u32::MAX) {
            let hash = self.keys.hash_of(number, self.is_careful);
            match self.slots.probe(hash, self.longest(), |_| false) {
                Probe::Free(place) => self.slots.take(place, hash, number),
                _ => return self.hash_anew(),
            }
        }
    }

    pub(crate) fn memory(&self) -> usize {
        self.slots.memory() + self.keys.memory()
    }
}

/// Numbers of 64 bits.
#[derive(Debug, Default)]
pub(crate) struct Numbers(Vec<u64>);

impl Numbers {
    /// Of these, which differ.
    pub(crate) const fn of(numbers: Vec<u64>) -> Self {
        Self(numbers)
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[u64] {
        &self.0
    }

    pub(crate) fn get(&self, number: u32) -> u64 {
        self.0.get(number as usize).copied().unwrap_or(0)
    }
}

impl Keys for Numbers {
    type Key<'k> = u64;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn is(&self, number: u32, key: u64) -> bool {
        self.0.get(number as usize) == Some(&key)
    }

    fn push(&mut self, key: u64) {
        self.0.push(key);
    }

    fn hash(key: u64, is_careful: bool) -> u32 {
        if is_careful {
            return careful(&key.to_le_bytes());
        }
        let mixed = (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
    }

    fn hash_of(&self, number: u32, is_careful: bool) -> u32 {
        Self::hash(self.get(number), is_careful)
    }

    fn memory(&self) -> usize {
        self.0.capacity() * size_of::<u64>()
    }
}

/// Texts, end to end.
#[derive(Debug, Default)]
pub(crate) struct TextKeys {
    bytes: String,
    ends: Vec<usize>,
}

impl TextKeys {
    pub(crate) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(number).copied());
        range.and_then(|(start, end)| self.bytes.get(start..end)).unwrap_or_default()
    }
}

impl Keys for TextKeys {
    type Key<'k> = &'k str;

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn is(&self, number: u32, key: &str) -> bool {
        self.get(number) == key
    }

    fn push(&mut self, key: &str) {
        self.bytes.push_str(key);
        self.ends.push(self.bytes.len());
    }

    fn hash(key: &str, is_careful: bool) -> u32 {
        if is_careful { careful(key.as_bytes()) } else { (hash_bytes(key.as_bytes()) >> 32) as u32 }
    }

    fn hash_of(&self, number: u32, is_careful: bool) -> u32 {
        Self::hash(self.get(number), is_careful)
    }

    fn memory(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>()
    }
}

/// Without a seed: the same everywhere.
#[cold]
fn careful(bytes: &[u8]) -> u32 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    (hasher.finish() >> 32) as u32
}
