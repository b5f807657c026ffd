//! Hash → code: the table behind a dictionary.
//!
//! Open addressing with linear probing; hash and code of an entry lie side by side, so that a lookup touches one line
//! of it, and growing never looks at the texts. Ours rather than hashbrown's because it can say when probing
//! degenerates: the hash resists no chosen collisions, so a file could otherwise cost quadratic time.
//!
//! **Invariants:** at most three quarters are taken, a quarter while that is cheap; no entry is more than [`MAX_PROBES`] slots from its home.

/// Most slots: 4 MiB of them.
const MAX_SLOTS: usize = 1 << 19;
/// Most entries.
pub(crate) const MAX_ENTRIES: usize = MAX_SLOTS / 4 * 3;
/// Tables of up to so many slots are kept emptier: nearly all entries are then found at home, which is what the
/// processor bets on.
const ROOMY_SLOTS: usize = 4_096;
/// Slots looked at before a table counts as crowded. By chance, three quarters full, about 350 are the most.
const MAX_PROBES: usize = 1_024;
/// Texts compared in one lookup: two of the same 32 bits are next to impossible by chance.
const MAX_COMPARED: u32 = 8;

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Half of the hash. Its lowest bits say where the entry would best lie, its home.
    tag: u32,
    /// 0 where there is no entry.
    code: u32,
}

/// A table of codes by hash.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    /// A power of two, or none.
    slots: Vec<Slot>,
    len: usize,
}

/// What a lookup comes to.
pub(crate) enum Found {
    /// There it is.
    Code(u32),
    /// It is not there, and would go here.
    Free(usize),
    /// Too many others are in the way to tell.
    Crowded,
}

impl Slots {
    /// The code of an entry with that hash for which `is_it`.
    #[inline]
    pub(crate) fn find(&self, hash: u64, is_it: impl FnMut(u32) -> bool) -> Found {
        find(&self.slots, hash as u32, is_it)
    }

    /// Puts an entry where [`Self::find`] said; `false` when the table is full or crowded.
    pub(crate) fn put(&mut self, at: usize, hash: u64, code: u32) -> bool {
        let slot = Slot { tag: hash as u32, code };
        let quarters = if self.slots.len() <= ROOMY_SLOTS { 1 } else { 3 };
        if (self.len + 1) * 4 > self.slots.len() * quarters {
            let Some(grown) = self.grown(slot) else { return false };
            self.slots = grown;
        } else if let Some(free) = self.slots.get_mut(at) {
            *free = slot;
        }
        self.len += 1;
        true
    }

    /// A table of twice the size with one more entry.
    fn grown(&self, another: Slot) -> Option<Vec<Slot>> {
        if self.len >= MAX_ENTRIES {
            return None;
        }
        let mut grown = vec![Slot::default(); (self.slots.len() * 2).max(16)];
        for &slot in self.slots.iter().filter(|slot| slot.code != 0).chain([&another]) {
            match find(&grown, slot.tag, |_| false) {
                Found::Free(at) => *grown.get_mut(at)? = slot,
                Found::Code(_) | Found::Crowded => return None,
            }
        }
        Some(grown)
    }

    /// Bytes allocated.
    pub(crate) fn memory(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }
}

#[inline]
fn find(slots: &[Slot], tag: u32, mut is_it: impl FnMut(u32) -> bool) -> Found {
    let mask = slots.len().wrapping_sub(1);
    let (mut at, mut compared) = (tag as usize & mask, 0);
    for _ in 0..MAX_PROBES {
        let Some(slot) = slots.get(at) else { return Found::Free(0) };
        if slot.code == 0 {
            return Found::Free(at);
        }
        if slot.tag == tag {
            if is_it(slot.code) {
                return Found::Code(slot.code);
            }
            compared += 1;
            if compared > MAX_COMPARED {
                break;
            }
        }
        at = (at + 1) & mask;
    }
    Found::Crowded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_one_home_are_found_until_it_is_crowded() {
        let mut slots = Slots::default();
        let mut taken = 0;
        // All homes are slot 0 of any size.
        for code in 1.. {
            let hash = u64::from(code) << 20;
            let Found::Free(at) = slots.find(hash, |_| false) else { break };
            if !slots.put(at, hash, code) {
                break;
            }
            taken = code;
        }
        assert!((250..=MAX_PROBES as u32).contains(&taken), "{taken}");
        for code in 1..=taken {
            assert!(
                matches!(slots.find(u64::from(code) << 20, |found| found == code), Found::Code(found) if found == code)
            );
        }
    }

    #[test]
    fn a_few_texts_may_share_a_hash_and_no_more() {
        let mut slots = Slots::default();
        for code in 1..=MAX_COMPARED + 1 {
            let Found::Free(at) = slots.find(7, |_| false) else { panic!("{code} is refused") };
            assert!(slots.put(at, 7, code));
        }
        assert!(matches!(slots.find(7, |_| false), Found::Crowded));
    }
}
