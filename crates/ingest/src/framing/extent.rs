//! How far a value reaches: from its opening bracket to the one that closes it, by quotes, escapes and depth alone.
//!
//! **Invariant:** the answer depends only on the bytes, not on how they are fed; `tests` compare it with a scanner that
//! looks at one byte after the other. It is the single authority on where a damaged record ends, so that a file read in
//! one go and one framed ahead for other shards agree.

use super::masks::{BLOCK, Masks, masks};

/// A scanner that is fed a value from its opening bracket on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    depth: u64,
    /// All ones inside a string.
    in_string: u64,
    /// One when the first byte to come is escaped.
    is_escaped: u64,
    brackets: bool,
}

const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;

impl Extent {
    /// For a value that begins with `{` (or `[`: then square brackets count as well).
    ///
    /// Inside an object only braces count: a missing `]` then costs one record, not the rest of the file.
    pub(crate) fn of(opening: u8) -> Self {
        Self { brackets: opening != b'{', ..Self::default() }
    }

    /// Looks at more bytes; the position one past the closing bracket, if it is among them.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let mut at = 0_usize;
        for block in blocks {
            if let Some(end) = self.block(masks(block, self.brackets), BLOCK) {
                return Some(at.saturating_add(end));
            }
            at = at.saturating_add(BLOCK);
        }
        if rest.is_empty() {
            return None;
        }
        let mut block = [b' '; BLOCK];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        self.block(masks(&block, self.brackets), rest.len()).map(|end| at.saturating_add(end))
    }

    /// One block of which `len` bytes count.
    #[inline]
    fn block(&mut self, found: Masks, len: usize) -> Option<usize> {
        let escaped = self.escaped(found.backslash, len);
        let quotes = found.quote & !escaped;
        // Ones from each opening quote up to its closing one.
        let strings = prefix_xor(quotes) ^ self.in_string;
        self.in_string = if strings >> 63 == 1 { u64::MAX } else { 0 };
        let open = found.open & !strings;
        let mut close = found.close & !strings;
        let (opened, closed) = (u64::from(open.count_ones()), u64::from(close.count_ones()));
        if closed < self.depth || closed == 0 {
            // Not enough closers to reach the end.
            self.depth = self.depth.saturating_add(opened).saturating_sub(closed);
            return None;
        }
        let mut seen = 0_u64;
        while close != 0 {
            let place = close.trailing_zeros();
            close &= close.wrapping_sub(1);
            seen = seen.saturating_add(1);
            let before = open & (1_u64 << place).wrapping_sub(1);
            if self.depth.saturating_add(u64::from(before.count_ones())) <= seen {
                return usize::try_from(place).ok().map(|place| place.saturating_add(1));
            }
        }
        self.depth = self.depth.saturating_add(opened).saturating_sub(closed);
        None
    }

    /// Bytes that a backslash before them escapes.
    #[inline]
    fn escaped(&mut self, backslash: u64, len: usize) -> u64 {
        if backslash == 0 {
            let escaped = self.is_escaped;
            self.is_escaped = 0;
            return escaped;
        }
        // Runs of backslashes: of each run every second byte is escaped, and what follows a run of odd length.
        let potential = backslash & !self.is_escaped;
        let codes = ((potential << 1) | ODD).wrapping_sub(potential) ^ ODD;
        let escaped = codes ^ (backslash | self.is_escaped);
        let escape = codes & backslash;
        let last = u32::try_from(len.saturating_sub(1)).unwrap_or(63).min(63);
        self.is_escaped = escape >> last & 1;
        escaped
    }
}

/// Bit `i` of the result is the parity of bits `0..=i`.
#[inline]
const fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^ (bits << 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(bytes: &[u8]) -> Option<usize> {
        let brackets = bytes.first() != Some(&b'{');
        let (mut depth, mut in_string, mut escaped) = (0_u64, false, false);
        for (at, &byte) in bytes.iter().enumerate() {
            if std::mem::take(&mut escaped) {
                // An escaped quote neither opens nor closes; an escaped bracket outside a string still counts.
                if byte == b'"' || byte == b'\\' {
                    continue;
                }
            } else if byte == b'\\' {
                escaped = true;
                continue;
            } else if byte == b'"' {
                in_string = !in_string;
                continue;
            }
            if in_string {
                continue;
            }
            match byte {
                b'{' => depth += 1,
                b'[' if brackets => depth += 1,
                b'}' | b']' if byte == b'}' || brackets => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn scan(bytes: &[u8], piece: usize) -> Option<usize> {
        let mut extent = Extent::of(*bytes.first()?);
        let mut at = 0;
        for piece in bytes.chunks(piece) {
            if let Some(end) = extent.feed(piece) {
                return Some(at + end);
            }
            at += piece.len();
        }
        None
    }

    #[track_caller]
    fn check(text: &str, expected: Option<usize>) {
        for piece in [1, 3, 64, 1000] {
            assert_eq!(scan(text.as_bytes(), piece), expected, "{text} in pieces of {piece}");
        }
        assert_eq!(naive(text.as_bytes()), expected, "{text}, naive");
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        check(r#"{"a":"}"}x"#, Some(9));
        check(r#"{"a":"\"}"}x"#, Some(11));
        check(r#"{"a":"\\"}x"#, Some(10));
        check("{\"a\":{}", None);
        check("[1,[2],\"]\"],3", Some(11));
        check("{\"a\":[}]", Some(7));
        let long = format!("{{\"a\":\"{}\\\\\"}} ", "\\\\".repeat(100));
        check(&long, Some(long.len() - 1));
    }

    proptest! {
        #[test]
        fn blocks_and_bytes_agree(text in "[{}\\[\\]\"\\\\a]{0,300}", opening in prop::bool::ANY, piece in 1_usize..130) {
            let text = format!("{}{text}", if opening { '{' } else { '[' });
            prop_assert_eq!(scan(text.as_bytes(), piece), naive(text.as_bytes()));
        }
    }
}
