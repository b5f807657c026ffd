//! One fast hash for dictionaries and for exchanges between shards.

const MULTIPLIER: u64 = 0x517c_c1b7_2722_0a95;

/// A 64-bit hash of `bytes`: the same in every process, on every platform, for ever (exchanges rely on it).
///
/// Fast on the short texts of logs; not resistant to chosen collisions, so tables over it must bound their probing.
#[inline]
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut state = bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state = (state.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(MULTIPLIER);
    }
    if !rest.is_empty() {
        let mut last = 0_u64;
        for (shift, &byte) in rest.iter().enumerate() {
            last |= u64::from(byte) << (8 * shift);
        }
        state = (state.rotate_left(5) ^ last).wrapping_mul(MULTIPLIER);
    }
    state ^ (state >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_every_byte_matter() {
        assert_ne!(hash_bytes(b""), hash_bytes(b"\0"));
        assert_ne!(hash_bytes(b"abcdefgh"), hash_bytes(b"abcdefgi"));
        assert_ne!(hash_bytes(b"abcdefgh1"), hash_bytes(b"abcdefgh2"));
    }
}
