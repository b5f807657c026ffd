//! A hash table of numbers of things that lie elsewhere.

use std::hash::{DefaultHasher, Hasher};

/// Longest probe over quick hashes.
const LONGEST: usize = 256;
/// Things whose slots are fetched together: the processor waits for them all at once.
pub(super) const BLOCK: usize = 64;

/// Slots with the hash above and number + 1 below; 0 is free. A slot's place is the hash's highest bits, so that growing writes
/// one slot behind the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    slots: Vec<u64>,
    taken: usize,
    /// Whether the careful hash is in use.
    pub(super) is_careful: bool,
}

/// What a lookup comes to.
pub(super) enum Probe {
    /// It has that number.
    Found(u32),
    /// It has none, and would go here.
    Free(usize),
    /// Too many others are in the way to tell.
    Crowded,
}

impl Slots {
    /// Without any, with place for so many.
    pub(super) fn with_capacity(count: usize, is_careful: bool) -> Self {
        let size = (count * 2 + 2).next_power_of_two().max(64);
        Self { slots: vec![0; size], taken: 0, is_careful }
    }

    #[inline]
    fn place(&self, hash: u32) -> usize {
        let bits = self.slots.len().trailing_zeros();
        (u64::from(hash) >> 32_u32.saturating_sub(bits)) as usize & self.slots.len().wrapping_sub(1)
    }

    /// Has the processor fetch the slots of these hashes.
    #[inline]
    pub(super) fn fetch(&self, hashes: &[u32]) {
        let met =
            hashes.iter().fold(0, |met, hash| met | self.slots.get(self.place(*hash)).copied().unwrap_or(0));
        std::hint::black_box(met);
    }

    #[inline]
    pub(super) fn probe(&self, hash: u32, is_equal: impl Fn(u32) -> bool) -> Probe {
        let longest = if self.is_careful { usize::MAX } else { LONGEST };
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

    #[inline]
    pub(super) fn take(&mut self, place: usize, hash: u32, number: u32) {
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = u64::from(hash) << 32 | u64::from(number.wrapping_add(1));
            self.taken += 1;
        }
    }

    /// Makes place for so many more.
    #[inline]
    pub(super) fn reserve(&mut self, more: usize) {
        while (self.taken + more) * 2 > self.slots.len() {
            self.grow();
        }
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
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

    pub(super) const fn memory(&self) -> usize {
        self.slots.capacity() * size_of::<u64>()
    }
}

/// Resists chosen collisions as far as a hash without a seed does: the same everywhere.
#[cold]
pub(super) fn careful(bytes: &[u8]) -> u32 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    (hasher.finish() >> 32) as u32
}
