//! One fast hash for dictionaries and for exchanges between shards.

const MULTIPLIER: u64 = 0x517c_c1b7_2722_0a95;

/// Where the four lanes of long texts begin: any odd, unrelated numbers.
const LANES: [u64; 4] =
    [0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb, 0xd6e8_feb8_6659_fd93];

#[inline]
const fn step(state: u64, word: u64) -> u64 {
    (state.rotate_left(5) ^ word).wrapping_mul(MULTIPLIER)
}

/// A 64-bit hash of `bytes`: the same in every process, on every platform, for ever (exchanges rely on it).
///
/// Fast on the short texts of logs; not resistant to chosen collisions, so tables over it must bound their probing.
#[inline]
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut state = bytes.len() as u64;
    let mut left = bytes;
    if bytes.len() >= 32 {
        // Four multiplications at a time: one after the other they take 5 cycles each.
        let (blocks, rest) = bytes.as_chunks::<32>();
        let mut lanes = LANES;
        for block in blocks {
            let (words, _) = block.as_chunks::<8>();
            for (lane, word) in lanes.iter_mut().zip(words) {
                *lane = step(*lane, u64::from_le_bytes(*word));
            }
        }
        for lane in lanes {
            state = step(state, lane ^ (lane >> 32));
        }
        left = rest;
    }
    let (words, rest) = left.as_chunks::<8>();
    for word in words {
        state = step(state, u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        state = step(state, last_word(bytes, rest));
    }
    // The high half knows all bytes, the low half, where tables look, only some: once more, turned over.
    let state = (state ^ (state >> 32)).wrapping_mul(LANES[0]);
    state ^ (state >> 32)
}

/// The 1 to 7 bytes of `rest`, which end `bytes`, as a number. Two overlapping reads instead of one a byte.
#[inline]
fn last_word(bytes: &[u8], rest: &[u8]) -> u64 {
    if let Some(last) = bytes.last_chunk::<8>() {
        return u64::from_le_bytes(*last) >> (64 - 8 * rest.len());
    }
    match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            let high = u64::from(u32::from_le_bytes(*last)) << (8 * (rest.len() - 4));
            u64::from(u32::from_le_bytes(*first)) | high
        }
        _ => rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_every_byte_matter() {
        assert_ne!(hash_bytes(b""), hash_bytes(b"\0"));
        assert_ne!(hash_bytes(b"abcdefgh"), hash_bytes(b"abcdefgi"));
        assert_ne!(hash_bytes(b"abcdefgh1"), hash_bytes(b"abcdefgh2"));
        for len in 1..200 {
            let text = vec![b'x'; len];
            for at in 0..len {
                let mut other = text.clone();
                other[at] = b'y';
                assert_ne!(hash_bytes(&text), hash_bytes(&other), "byte {at} of {len}");
            }
        }
    }

    #[test]
    fn reading_the_end_in_big_pieces_reads_the_same_bytes() {
        for len in 1..40_u8 {
            let bytes: Vec<u8> = (1..=len).collect();
            let (_, rest) = bytes.as_chunks::<8>();
            if !rest.is_empty() {
                let by_byte = rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
                assert_eq!(last_word(&bytes, rest), by_byte, "{len}");
            }
        }
    }

    #[test]
    fn the_same_bytes_hash_alike_for_ever() {
        assert_eq!(hash_bytes(b""), 0);
        assert_eq!(hash_bytes(b"a"), 0xff41_2d66_56c3_9f9f);
        assert_eq!(hash_bytes(&[b'z'; 100]), 0x1c54_9515_2862_cb8e);
    }
}
