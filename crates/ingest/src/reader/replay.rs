//! Objects that come again byte for byte: who called, through which session, with which cipher.
//!
//! An object is remembered by its bytes together with what reading it set: which columns to which values, and the evidence it
//! gave. When the same bytes stand at the same place of a later record, they are compared in one go and the values set again;
//! nothing is looked at twice.
//!
//! **Invariant:** replaying changes speed, never rows. What is remembered was read without anything worth noting, set only columns
//! whose best source lies within it, and left nothing over; see [`Plan::begin_capture`].

use super::shape::{Bind, Plan};
use crate::formats::Evidence;
use chartroom_base::bytes::is_equal;
use chartroom_store::{Again, Table};

/// Objects remembered per place, by a sample of their bytes: as many callers as are at work at a time.
const VARIANTS: usize = 1 << VARIANT_BITS;
const VARIANT_BITS: u32 = 12;
/// Shorter ones are read as fast; longer ones would cost memory.
const LENGTHS: std::ops::RangeInclusive<usize> = 40..=4_096;
/// Where objects are told apart by eight bytes each, at most.
const MOST_PROBES: usize = 6;
/// Bytes remembered by one type; with more, it begins anew.
const MOST_BYTES: usize = 8 << 20;
/// Objects between two looks at whether remembering pays, and objects passed over when it does not.
const TRIES: u32 = 1_024;
const PAUSE: u32 = 16 * 1_024;

/// The objects remembered at one place.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    variants: Vec<Option<Box<Variant>>>,
    /// Offsets at which remembered objects were found to differ.
    probes: Vec<usize>,
    tries: u32,
    hits: u32,
    /// Objects still to be passed over.
    pause: u32,
    /// The columns set below this place, as of so many nodes; `None`: something there cannot be replayed.
    slots: Option<Vec<usize>>,
    nodes_seen: usize,
}

#[derive(Debug)]
struct Variant {
    /// Of the sample by which it is found.
    hash: u64,
    bytes: Box<[u8]>,
    /// Brackets open around it.
    depth: u32,
    evidence: Evidence,
    values: Box<[(usize, (u32, Again))]>,
    /// The columns below that it does not set: what it says of them may be nothing, which takes back what was set before.
    unset: Box<[usize]>,
}

/// An object that is read to be remembered.
pub(crate) struct Capture {
    nodes: usize,
    rest: usize,
}

impl Replay {
    /// What is sampled of the object that begins `rest`; `None` when too little of it is in view.
    fn hash(&self, rest: &[u8]) -> Option<u64> {
        let mut hash = 0_u64;
        for &probe in &self.probes {
            let word = u64::from_le_bytes(*rest.get(probe..)?.first_chunk::<8>()?);
            hash = (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        Some(hash)
    }

    /// The object that begins `rest`, if it is known.
    fn find(&self, rest: &[u8]) -> Option<&Variant> {
        let hash = self.hash(rest)?;
        let variant = places(hash)
            .into_iter()
            .find_map(|place| self.variants.get(place)?.as_deref().filter(|variant| variant.hash == hash))?;
        let bytes = rest.get(..variant.bytes.len())?;
        is_equal(bytes, &variant.bytes).then_some(variant)
    }

    /// Counts an object; whether it is worth looking at.
    fn is_worth_it(&mut self) -> bool {
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        self.tries += 1;
        if self.tries > TRIES {
            if self.hits * 4 < self.tries {
                *self = Self { pause: PAUSE, ..Self::default() };
                return false;
            }
            (self.tries, self.hits) = (self.tries / 2, self.hits / 2);
        }
        true
    }

    fn remember(&mut self, mut variant: Box<Variant>) {
        let Some(hash) = self.hash(&variant.bytes) else { return };
        variant.hash = hash;
        self.variants.resize_with(VARIANTS, || None);
        let held = |place: &usize| self.variants.get(*place).and_then(Option::as_deref);
        let places = places(hash);
        if let Some(other) = places.iter().find_map(|place| held(place).filter(|other| other.hash == hash)) {
            // Two objects of one sample: where they differ they are told apart from now on.
            let pairs = other.bytes.iter().zip(&variant.bytes);
            let differs = pairs.take_while(|(a, b)| a == b).count();
            let probe = differs.min(other.bytes.len().min(variant.bytes.len()).saturating_sub(8));
            if self.probes.len() < MOST_PROBES && !self.probes.contains(&probe) {
                self.probes.push(probe);
                self.variants.clear();
                return self.remember(variant);
            }
        }
        // Where there is room, else instead of the one in the first place.
        let free = places.iter().find(|place| held(place).is_none_or(|other| other.hash == hash));
        let place = free.copied().unwrap_or(places[0]);
        if let Some(slot) = self.variants.get_mut(place) {
            *slot = Some(variant);
        }
    }
}

/// The places at which an object of that sample may be.
fn places(hash: u64) -> [usize; 2] {
    let place = usize::try_from(hash >> (64 - VARIANT_BITS)).unwrap_or(0);
    [place, place ^ 1]
}

impl Plan {
    /// Sets again what the object that begins `rest` set before, if it is known; its length and evidence.
    pub(crate) fn replay(
        &mut self,
        node: usize,
        table: &mut Table,
        rest: &[u8],
        depth: u32,
    ) -> Option<(usize, Evidence)> {
        let Self { nodes, slots, row, .. } = self;
        let here = nodes.get_mut(node)?;
        if here.seen == *row {
            return None;
        }
        let replay = here.replay.as_mut()?;
        if !replay.is_worth_it() {
            return None;
        }
        let variant = replay.find(rest).filter(|variant| depth <= variant.depth)?;
        if variant.unset.iter().any(|&slot| slots.get(slot).is_none_or(|slot| slot.is_set(*row))) {
            return None;
        }
        for &(slot, (from, value)) in &variant.values {
            // What was set before, or cannot be set so, is for the reader: it sets the same values again.
            if !slots.get_mut(slot)?.push_again((*row, from), table, value) {
                return None;
            }
        }
        let found = (variant.bytes.len(), variant.evidence);
        replay.hits += 1;
        here.seen = *row;
        Some(found)
    }

    /// Before an object is read: whether it may be remembered.
    ///
    /// It may when each column below it is fed from there by one key, as its best source, and none of them is set yet; and when
    /// the object itself is not kept whole in a column.
    pub(crate) fn begin_capture(&mut self, node: usize, rest_len: usize) -> Option<Capture> {
        let count = self.nodes.len();
        let here = self.nodes.get_mut(node)?;
        if here.seen == self.row || !matches!(here.bind, Bind::Nothing | Bind::Rest) {
            return None;
        }
        let replay = here.replay.get_or_insert_default();
        if replay.pause > 0 {
            return None;
        }
        if replay.nodes_seen != count {
            let slots = self.slots_below(node);
            let replay = self.nodes.get_mut(node)?.replay.as_mut()?;
            (replay.slots, replay.nodes_seen) = (slots, count);
        }
        let slots = self.nodes.get(node)?.replay.as_ref()?.slots.as_ref()?;
        let is_free =
            slots.iter().all(|&slot| self.slots.get(slot).is_some_and(|slot| !slot.is_set(self.row)));
        is_free.then_some(Capture { nodes: count, rest: rest_len })
    }

    /// After it was read, without anything to note: remembers it.
    pub(crate) fn end_capture(
        &mut self,
        capture: &Capture,
        (node, depth): (usize, u32),
        table: &Table,
        bytes: &[u8],
        (evidence, rest_len): (Evidence, usize),
    ) {
        if capture.nodes != self.nodes.len() || capture.rest != rest_len || !LENGTHS.contains(&bytes.len()) {
            return;
        }
        let row = self.row;
        let Some(replay) = self.nodes.get(node).and_then(|node| node.replay.as_ref()) else { return };
        let (mut values, mut unset) = (Vec::new(), Vec::new());
        for &at in replay.slots.iter().flatten() {
            match self.slots.get(at) {
                Some(slot) if slot.is_set(row) => match slot.again(table) {
                    Some(value) => values.push((at, value)),
                    None => return,
                },
                _ => unset.push(at),
            }
        }
        self.replay_bytes += bytes.len();
        if self.replay_bytes > MOST_BYTES {
            self.replay_bytes = 0;
            self.nodes.iter_mut().for_each(|node| node.replay = None);
        }
        if let Some(replay) = self.nodes.get_mut(node).and_then(|node| node.replay.as_mut()) {
            let (values, unset) = (values.into(), unset.into());
            let bytes = bytes.into();
            replay.remember(Box::new(Variant { hash: 0, bytes, depth, evidence, values, unset }));
        }
    }

    /// The columns fed from below a node, each once; `None` when one of them may also be fed otherwise from there.
    fn slots_below(&self, node: usize) -> Option<Vec<usize>> {
        let mut slots = Vec::new();
        let mut open: Vec<usize> = self.nodes.get(node)?.kids().collect();
        while let Some(node) = open.pop() {
            let node = self.nodes.get(node)?;
            open.extend(node.kids());
            let slot = match &node.bind {
                Bind::Nothing | Bind::Rest => continue,
                Bind::Text(slot) => *slot,
                Bind::Columns(columns) => match columns.as_slice() {
                    [one] if one.rank == 0 => one.column,
                    _ => return None,
                },
                Bind::Found(_) => return None,
            };
            // The time is wanted as it was converted last.
            if slots.contains(&slot)
                || self.time == Some(slot)
                || self.slots.get(slot).is_none_or(|slot| slot.is_constant)
            {
                return None;
            }
            slots.push(slot);
        }
        Some(slots)
    }
}
