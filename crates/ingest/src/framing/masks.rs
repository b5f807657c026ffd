//! 64 bytes at a time to bit masks: where the quotes, backslashes and brackets are.
//!
//! One function per instruction set, all equal to the portable one (a test compares them). Bit `i` of a mask stands for
//! byte `i` of the block. Vectors are put together from words, which compilers turn into plain loads: no pointers here.

/// Bytes of a block.
pub(crate) const BLOCK: usize = 64;

/// Where the bytes that matter to framing lie in a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Masks {
    /// `"`
    pub(crate) quote: u64,
    /// `\`
    pub(crate) backslash: u64,
    /// `{`, and `[` when `brackets` was asked for.
    pub(crate) open: u64,
    /// `}`, and `]` when `brackets` was asked for.
    pub(crate) close: u64,
}

/// Opening and closing brace and, with this bit set in a byte, `[` is `{` and `]` is `}`.
const FOLD: u8 = 0x20;

/// The masks of `block`; `brackets` counts `[` and `]` beside the braces.
#[inline]
pub(crate) fn masks(block: &[u8; BLOCK], brackets: bool) -> Masks {
    // Folding maps `[` (0x5B) and `]` (0x5D) to `{` (0x7B) and `}` (0x7D), and nothing else to them.
    let fold = if brackets { FOLD } else { 0 };
    fast(block, fold)
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline]
fn fast(block: &[u8; BLOCK], fold: u8) -> Masks {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2, v128_or};
    let mut out = Masks::default();
    let (words, _) = block.as_chunks::<16>();
    for (part, bytes) in words.iter().enumerate() {
        let (low, high) = chartroom_base::bytes::halves(bytes);
        let vector = u64x2(low, high);
        let folded = v128_or(vector, u8x16_splat(fold));
        let shift = part.saturating_mul(16);
        out.quote |= u64::from(u8x16_bitmask(u8x16_eq(vector, u8x16_splat(b'"')))) << shift;
        out.backslash |= u64::from(u8x16_bitmask(u8x16_eq(vector, u8x16_splat(b'\\')))) << shift;
        out.open |= u64::from(u8x16_bitmask(u8x16_eq(folded, u8x16_splat(b'{')))) << shift;
        out.close |= u64::from(u8x16_bitmask(u8x16_eq(folded, u8x16_splat(b'}')))) << shift;
    }
    out
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline]
fn fast(block: &[u8; BLOCK], fold: u8) -> Masks {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    };
    let (words, _) = block.as_chunks::<16>();
    let mut out = Masks::default();
    for (part, bytes) in words.iter().enumerate() {
        let (low, high) = chartroom_base::bytes::halves(bytes);
        let shift = part.saturating_mul(16);
        #[expect(unsafe_code, reason = "plain SSE2 on values, which this build has; no memory is touched")]
        let [quote, backslash, open, close] = unsafe {
            let find = |vector: __m128i, byte: u8| {
                let equal = _mm_cmpeq_epi8(vector, _mm_set1_epi8(byte.cast_signed()));
                u64::from(_mm_movemask_epi8(equal).cast_unsigned()) << shift
            };
            let vector = _mm_set_epi64x(high.cast_signed(), low.cast_signed());
            let folded = _mm_or_si128(vector, _mm_set1_epi8(fold.cast_signed()));
            [find(vector, b'"'), find(vector, b'\\'), find(folded, b'{'), find(folded, b'}')]
        };
        out.quote |= quote;
        out.backslash |= backslash;
        out.open |= open;
        out.close |= close;
    }
    out
}

#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
#[inline]
fn fast(block: &[u8; BLOCK], fold: u8) -> Masks {
    portable(block, fold)
}

/// Any machine.
#[cfg_attr(
    any(
        all(target_arch = "x86_64", target_feature = "sse2"),
        all(target_arch = "wasm32", target_feature = "simd128")
    ),
    cfg(test)
)]
fn portable(block: &[u8; BLOCK], fold: u8) -> Masks {
    let mut out = Masks::default();
    for (index, &byte) in block.iter().enumerate() {
        out.quote |= u64::from(byte == b'"') << index;
        out.backslash |= u64::from(byte == b'\\') << index;
        out.open |= u64::from(byte | fold == b'{') << index;
        out.close |= u64::from(byte | fold == b'}') << index;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_found_alike_by_all() {
        for byte in 0..=u8::MAX {
            for place in [0, 15, 16, 31, 40, 63] {
                let mut block = [byte.wrapping_add(1); BLOCK];
                block[place] = byte;
                assert_eq!(fast(&block, 0), portable(&block, 0), "{byte} at {place}");
                assert_eq!(fast(&block, FOLD), portable(&block, FOLD), "{byte} at {place}, folded");
            }
        }
    }
}
