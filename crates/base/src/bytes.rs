//! Comparing short runs of bytes in place.
//!
//! Most texts of logs are a few words long: calling out costs more than comparing them, and in WebAssembly what is
//! called compares byte by byte.

/// The two little-endian words of 16 bytes: what vector registers are filled with.
#[inline(always)]
#[must_use]
pub fn halves(bytes: &[u8; 16]) -> (u64, u64) {
    let (words, _) = bytes.as_chunks::<8>();
    let at = |index: usize| words.get(index).map_or(0, |word| u64::from_le_bytes(*word));
    (at(0), at(1))
}

/// Whether two runs of bytes are the same.
#[inline(always)]
#[must_use]
pub fn is_equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    if let (Some(a_last), Some(b_last)) = (a.last_chunk::<16>(), b.last_chunk::<16>()) {
        // The ends first: names of one kind differ there. The last chunk overlaps the one before it.
        let (a_chunks, _) = a.as_chunks::<16>();
        let (b_chunks, _) = b.as_chunks::<16>();
        return u128::from_le_bytes(*a_last) == u128::from_le_bytes(*b_last)
            && a_chunks
                .iter()
                .zip(b_chunks)
                .all(|(a, b)| u128::from_le_bytes(*a) == u128::from_le_bytes(*b));
    }
    if let (Some(a_first), Some(b_first), Some(a_last), Some(b_last)) =
        (a.first_chunk::<8>(), b.first_chunk::<8>(), a.last_chunk::<8>(), b.last_chunk::<8>())
    {
        return u64::from_le_bytes(*a_first) == u64::from_le_bytes(*b_first)
            && u64::from_le_bytes(*a_last) == u64::from_le_bytes(*b_last);
    }
    if let (Some(a_first), Some(b_first), Some(a_last), Some(b_last)) =
        (a.first_chunk::<4>(), b.first_chunk::<4>(), a.last_chunk::<4>(), b.last_chunk::<4>())
    {
        return u32::from_le_bytes(*a_first) == u32::from_le_bytes(*b_first)
            && u32::from_le_bytes(*a_last) == u32::from_le_bytes(*b_last);
    }
    a.iter().zip(b).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_equal_when_every_byte_is() {
        for len in 0..100 {
            let text = vec![b'x'; len];
            assert!(is_equal(&text, &text.clone()));
            assert!(!is_equal(&text, &vec![b'x'; len + 1]));
            for at in 0..len {
                let mut other = text.clone();
                other[at] = b'y';
                assert!(!is_equal(&text, &other), "byte {at} of {len}");
            }
        }
    }
}
