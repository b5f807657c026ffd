//! Candidates by two bytes at a distance, 16 places at a time.
//!
//! The one module with `unsafe`: the vector loads. What it buys: see the example `search` (it prints GB/s with and without).

use std::fmt;

/// Two bytes of a needle, where they stand in it, and how to compare them.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    first: Probe,
    second: Probe,
    is_fold: bool,
}

/// One byte of a needle.
#[derive(Clone, Copy, Debug)]
struct Probe {
    /// Where it stands in the needle.
    offset: usize,
    /// The byte, a letter in lower case when case is aside.
    byte: u8,
    /// Bits to set in the text's byte before comparing: 0x20 for a letter when case is aside, else none. What then is equal by
    /// chance (`@` and a backtick) is sorted out when the needle is compared.
    mask: u8,
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pair({:?}, {:?})", self.first, self.second)
    }
}

/// How often a byte stands in logs, roughly: larger is more frequent.
const fn frequency(byte: u8) -> u8 {
    match byte {
        b'e' | b'a' | b'i' | b't' | b'o' | b'n' | b'r' | b's' => 250,
        b'0'..=b'9' | b'"' | b'-' | b'/' | b'.' | b':' => 220,
        b'c' | b'd' | b'l' | b'm' | b'p' | b'u' => 200,
        b'b' | b'f' | b'g' | b'h' | b'v' | b'w' | b'y' | b' ' | b'_' => 140,
        b'j' | b'k' | b'q' | b'x' | b'z' => 80,
        b'A'..=b'Z' => 60,
        0x80.. => 20,
        _ => 40,
    }
}

impl Pair {
    /// The two rarest bytes of the needle, which must not be empty.
    pub(super) fn new(needle: &[u8], is_fold: bool) -> Self {
        let probe = |offset: usize| {
            let byte = needle.get(offset).copied().unwrap_or(0);
            Probe { offset, byte, mask: if is_fold && byte.is_ascii_lowercase() { 0x20 } else { 0 } }
        };
        let rank = |offset: &usize| needle.get(*offset).map_or(u8::MAX, |byte| frequency(*byte));
        let rarest = (0..needle.len()).min_by_key(rank).unwrap_or(0);
        let next = (0..needle.len()).filter(|offset| *offset != rarest).min_by_key(rank).unwrap_or(rarest);
        Self { first: probe(rarest.min(next)), second: probe(rarest.max(next)), is_fold }
    }

    /// The first place at or after `from` where `needle` (the one it was made of) stands in `text`.
    #[inline]
    pub(super) fn find(&self, text: &[u8], needle: &[u8], from: usize) -> Option<usize> {
        let last = text.len().checked_sub(needle.len())?;
        let mut at = from;
        // Places are tested while the loads of both probes stay inside: a load at `at` reads up to
        // `at + second.offset + WIDTH`.
        while at + self.second.offset + WIDTH <= text.len() {
            let mut candidates = self.candidates(text, at);
            while candidates != 0 {
                let start = at + candidates.trailing_zeros() as usize;
                if start <= last && self.stands(text, needle, start) {
                    return Some(start);
                }
                candidates &= candidates - 1;
            }
            at += WIDTH;
        }
        (at..=last).find(|start| self.has(self.first, text, *start) && self.stands(text, needle, *start))
    }

    fn has(&self, probe: Probe, text: &[u8], start: usize) -> bool {
        text.get(start + probe.offset).is_some_and(|byte| byte | probe.mask == probe.byte)
    }

    #[inline]
    fn stands(&self, text: &[u8], needle: &[u8], start: usize) -> bool {
        let Some(there) = text.get(start..start + needle.len()) else { return false };
        if self.is_fold { there.eq_ignore_ascii_case(needle) } else { there == needle }
    }
}

/// Places tested at once.
const WIDTH: usize = 32;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[expect(unsafe_code, reason = "vector loads; the slice bounds are checked before each")]
impl Pair {
    /// A bit per place `at .. at + WIDTH` where both bytes stand.
    #[inline]
    fn candidates(&self, text: &[u8], at: usize) -> u32 {
        use std::arch::wasm32::{i8x16_bitmask, u8x16_eq, u8x16_splat, v128_and, v128_load, v128_or};
        let half = |start: usize| {
            let (Some(first), Some(second)) =
                (text.get(start + self.first.offset..), text.get(start + self.second.offset..))
            else {
                return 0;
            };
            if first.len() < 16 || second.len() < 16 {
                return 0;
            }
            // SAFETY: both slices hold at least 16 bytes, and v128_load has no alignment to keep.
            let (first, second) =
                unsafe { (v128_load(first.as_ptr().cast()), v128_load(second.as_ptr().cast())) };
            let first = u8x16_eq(v128_or(first, u8x16_splat(self.first.mask)), u8x16_splat(self.first.byte));
            let second =
                u8x16_eq(v128_or(second, u8x16_splat(self.second.mask)), u8x16_splat(self.second.byte));
            u32::from(i8x16_bitmask(v128_and(first, second)))
        };
        half(at) | half(at + 16) << 16
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "vector loads; the slice bounds are checked before each")]
impl Pair {
    /// A bit per place `at .. at + WIDTH` where both bytes stand.
    #[inline]
    fn candidates(&self, text: &[u8], at: usize) -> u32 {
        use std::arch::x86_64::{
            _mm_and_si128, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
        };
        let half = |start: usize| {
            let (Some(first), Some(second)) =
                (text.get(start + self.first.offset..), text.get(start + self.second.offset..))
            else {
                return 0;
            };
            if first.len() < 16 || second.len() < 16 {
                return 0;
            }
            // SAFETY: both slices hold at least 16 bytes, and loadu has no alignment to keep. SSE2 is part of x86_64.
            unsafe {
                let first = _mm_loadu_si128(first.as_ptr().cast());
                let second = _mm_loadu_si128(second.as_ptr().cast());
                let splat = |byte: u8| _mm_set1_epi8(byte.cast_signed());
                let first =
                    _mm_cmpeq_epi8(_mm_or_si128(first, splat(self.first.mask)), splat(self.first.byte));
                let second =
                    _mm_cmpeq_epi8(_mm_or_si128(second, splat(self.second.mask)), splat(self.second.byte));
                _mm_movemask_epi8(_mm_and_si128(first, second)).cast_unsigned()
            }
        };
        half(at) | half(at + 16) << 16
    }
}

#[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
impl Pair {
    /// A bit per place `at .. at + WIDTH` where both bytes stand.
    #[inline]
    fn candidates(&self, text: &[u8], at: usize) -> u32 {
        (0..WIDTH)
            .filter(|place| self.has(self.first, text, at + place) && self.has(self.second, text, at + place))
            .fold(0, |bits, place| bits | 1 << place)
    }
}
