//! Where a run of ordinary string bytes stops: at a quote, a backslash or a control character, sixteen bytes at a time.
//!
//! Also whether sixteen bytes begin with a short text, as keys and values are recognised.
//!
//! The only unsafe code of this crate: loads. All read sixteen bytes through a `&[u8; 16]`, so the bytes are there and
//! readable, and the instructions take any alignment.

/// Bit `i` is set when byte `i` is `"`, `\` or below 0x20.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(always)]
pub(crate) fn stop_mask(bytes: &[u8; 16]) -> u32 {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, v128, v128_load, v128_or};
    #[expect(
        unsafe_code,
        reason = "a load of 16 bytes from a reference to 16 bytes; see the head of this file"
    )]
    let chunk: v128 = unsafe { v128_load(bytes.as_ptr().cast()) };
    let quotes = u8x16_eq(chunk, u8x16_splat(b'"'));
    let escapes = u8x16_eq(chunk, u8x16_splat(b'\\'));
    let controls = u8x16_lt(chunk, u8x16_splat(0x20));
    u32::from(u8x16_bitmask(v128_or(v128_or(quotes, escapes), controls)))
}

/// Bit `i` is set when byte `i` is `"`, `\` or below 0x20.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline(always)]
pub(crate) fn stop_mask(bytes: &[u8; 16]) -> u32 {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
    };
    #[expect(
        unsafe_code,
        reason = "a load of 16 bytes from a reference to 16 bytes; see the head of this file"
    )]
    let mask = unsafe {
        let chunk = _mm_loadu_si128(bytes.as_ptr().cast());
        let quotes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8(0x22));
        let escapes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8(0x5c));
        // Unsigned x < 0x20 is min(x, 0x1f) == x.
        let controls = _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8(0x1f)), chunk);
        _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, escapes), controls))
    };
    mask.cast_unsigned()
}

/// Bit `i` is set when byte `i` is `"`, `\` or below 0x20.
#[cfg(not(any(
    all(target_arch = "wasm32", target_feature = "simd128"),
    all(target_arch = "x86_64", target_feature = "sse2")
)))]
#[inline(always)]
pub(crate) fn stop_mask(bytes: &[u8; 16]) -> u32 {
    stop_mask_by_byte(bytes)
}

/// The same, a byte at a time: what the others are tested against.
#[cfg_attr(
    any(
        all(target_arch = "wasm32", target_feature = "simd128"),
        all(target_arch = "x86_64", target_feature = "sse2")
    ),
    cfg(test)
)]
fn stop_mask_by_byte(bytes: &[u8; 16]) -> u32 {
    bytes.iter().enumerate().fold(0, |mask, (at, &byte)| mask | (u32::from(is_stop(byte)) << at))
}

/// A text's first sixteen bytes, and which of them count.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Head {
    word: [u8; 16],
    mask: [u8; 16],
}

impl Head {
    /// That of `text`.
    pub(crate) fn new(text: &[u8]) -> Self {
        let mut head = Self::default();
        for ((byte, bits), &text) in head.word.iter_mut().zip(&mut head.mask).zip(text) {
            (*byte, *bits) = (text, 0xff);
        }
        head
    }

    /// Whether `bytes` begin with it.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[inline(always)]
    pub(crate) fn begins(&self, bytes: &[u8; 16]) -> bool {
        use std::arch::wasm32::{v128_and, v128_any_true, v128_load, v128_xor};
        #[expect(
            unsafe_code,
            reason = "loads of 16 bytes from references to 16 bytes; see the head of this file"
        )]
        let (bytes, word, mask) = unsafe {
            (
                v128_load(bytes.as_ptr().cast()),
                v128_load(self.word.as_ptr().cast()),
                v128_load(self.mask.as_ptr().cast()),
            )
        };
        !v128_any_true(v128_and(v128_xor(bytes, word), mask))
    }

    /// Whether `bytes` begin with it.
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    #[inline(always)]
    pub(crate) fn begins(&self, bytes: &[u8; 16]) -> bool {
        let word = u128::from_le_bytes(self.word);
        (u128::from_le_bytes(*bytes) ^ word) & u128::from_le_bytes(self.mask) == 0
    }
}

/// Whether a string cannot simply go on past this byte.
#[inline(always)]
pub(crate) const fn is_stop(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < 0x20
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_begins_what_begins_with_its_text() {
        let bytes = b"sixteen bytes it";
        for length in 0..=16 {
            assert!(Head::new(&bytes[..length]).begins(bytes));
            for at in 0..length {
                let mut other = *bytes;
                other[at] ^= 1;
                assert!(!Head::new(&bytes[..length]).begins(&other), "{at} of {length}");
            }
        }
    }

    #[test]
    fn the_fast_mask_is_the_slow_one_for_every_byte_at_every_place() {
        for byte in 0..=255_u8 {
            for at in 0..16 {
                let mut bytes = *b"an ordinary text";
                bytes[at] = byte;
                assert_eq!(stop_mask(&bytes), stop_mask_by_byte(&bytes), "{byte} at {at}");
            }
        }
    }
}
