//! 64 bytes at a time to bit masks: where the quotes, delimiters and line breaks of a delimited table are.
//!
//! As `framing::masks` does it for JSON: one function per instruction set, all equal to the portable one.

/// Bytes of a block.
pub(crate) const BLOCK: usize = 64;

/// Where the bytes that matter to a delimited table lie in a block. Bit `i` stands for byte `i`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// `"`
    pub(crate) quote: u64,
    /// The delimiter.
    pub(crate) delimiter: u64,
    /// `\n`
    pub(crate) newline: u64,
}

/// The marks of `block`.
#[inline]
pub(crate) fn marks(block: &[u8; BLOCK], delimiter: u8) -> Marks {
    fast(block, delimiter)
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline]
fn fast(block: &[u8; BLOCK], delimiter: u8) -> Marks {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2};
    let mut out = Marks::default();
    let (words, _) = block.as_chunks::<16>();
    for (part, bytes) in words.iter().enumerate() {
        let (low, high) = chartroom_base::bytes::halves(bytes);
        let vector = u64x2(low, high);
        let shift = part.saturating_mul(16);
        let find = |byte: u8| u64::from(u8x16_bitmask(u8x16_eq(vector, u8x16_splat(byte)))) << shift;
        out.quote |= find(b'"');
        out.delimiter |= find(delimiter);
        out.newline |= find(b'\n');
    }
    out
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline]
fn fast(block: &[u8; BLOCK], delimiter: u8) -> Marks {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8};
    let mut out = Marks::default();
    let (words, _) = block.as_chunks::<16>();
    for (part, bytes) in words.iter().enumerate() {
        let (low, high) = chartroom_base::bytes::halves(bytes);
        let shift = part.saturating_mul(16);
        #[expect(unsafe_code, reason = "plain SSE2 on values, which this build has; no memory is touched")]
        let [quote, delimiter, newline] = unsafe {
            let vector = _mm_set_epi64x(high.cast_signed(), low.cast_signed());
            [b'"', delimiter, b'\n'].map(|byte| {
                let equal = _mm_cmpeq_epi8(vector, _mm_set1_epi8(byte.cast_signed()));
                u64::from(_mm_movemask_epi8(equal).cast_unsigned()) << shift
            })
        };
        out.quote |= quote;
        out.delimiter |= delimiter;
        out.newline |= newline;
    }
    out
}

#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
#[inline]
fn fast(block: &[u8; BLOCK], delimiter: u8) -> Marks {
    portable(block, delimiter)
}

/// Any machine.
#[cfg_attr(
    any(
        all(target_arch = "x86_64", target_feature = "sse2"),
        all(target_arch = "wasm32", target_feature = "simd128")
    ),
    cfg(test)
)]
fn portable(block: &[u8; BLOCK], delimiter: u8) -> Marks {
    let mut out = Marks::default();
    for (index, &byte) in block.iter().enumerate() {
        out.quote |= u64::from(byte == b'"') << index;
        out.delimiter |= u64::from(byte == delimiter) << index;
        out.newline |= u64::from(byte == b'\n') << index;
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
                for delimiter in [b',', b'\t', b';', b'|'] {
                    assert_eq!(fast(&block, delimiter), portable(&block, delimiter), "{byte} at {place}");
                }
            }
        }
    }
}
