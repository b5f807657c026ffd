//! How the characters of a file are written, and their way to UTF-8, which all else works on.
//!
//! **Invariant:** offsets and sizes are those of the file as it is. [`Encoding::measure`] says how many bytes of the file a
//! piece of decoded text takes, from that piece alone, so that the ledger counts in the file's own bytes. What is no
//! character in the file is no UTF-8 either once decoded: the reader replaces, notes and counts it as any other.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How characters are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, or bytes that are taken for it.
    #[default]
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Windows-1252, which holds Latin-1. Never told by content: any bytes are such.
    Windows1252,
}

/// What Windows-1252 has where Latin-1 has control characters, from 0x80 on; a zero: nothing.
const HIGH: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0, 0x017E, 0x0178,
];

/// Bytes by which an encoding is told.
const SNIFF: usize = 512;
/// Stands for half of a surrogate pair without the other: two bytes of the file. No UTF-8 has this byte.
const LONE: u8 = 0xFE;
/// Stands for a last byte without its other half.
const ODD: u8 = 0xFF;

impl Encoding {
    /// That of a file that begins with `head`.
    ///
    /// By its mark; without one, when it begins with a character of ASCII and every second byte of most is zero.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        let head = head.get(..SNIFF).unwrap_or(head);
        let (pairs, _) = head.as_chunks::<2>();
        let zeros = |half: usize| pairs.iter().filter(|pair| pair.get(half) == Some(&0)).count();
        // Low bytes are zero too, once in a while.
        let is_wide =
            |high: usize, low: usize| high.saturating_mul(2) >= pairs.len() && low.saturating_mul(10) <= high;
        let is_text = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
        match pairs {
            [[0xFF, 0xFE], [0, 0], ..] => Self::Utf8,
            [[0xFF, 0xFE], ..] => Self::Utf16Le,
            [[0xFE, 0xFF], ..] => Self::Utf16Be,
            [[low, 0], ..] if is_text(*low) && pairs.len() >= 4 => {
                if is_wide(zeros(1), zeros(0)) {
                    Self::Utf16Le
                } else {
                    Self::Utf8
                }
            }
            [[0, low], ..] if is_text(*low) && pairs.len() >= 4 => {
                if is_wide(zeros(0), zeros(1)) {
                    Self::Utf16Be
                } else {
                    Self::Utf8
                }
            }
            _ => Self::Utf8,
        }
    }

    /// Bytes of the file that a piece of its decoded text takes. The piece begins and ends between characters.
    #[inline]
    pub(crate) fn measure(self, text: &[u8]) -> u64 {
        if self == Self::Utf8 {
            return text.len() as u64;
        }
        let units = |&byte: &u8| match byte {
            0x80..=0xBF => 0_u64,
            _ if self == Self::Windows1252 => 1,
            0xF0..=0xF7 => 4,
            ODD => 1,
            _ => 2,
        };
        text.iter().map(units).sum()
    }

    /// Bytes that a character of ASCII takes.
    pub(crate) const fn unit(self) -> u64 {
        match self {
            Self::Utf8 | Self::Windows1252 => 1,
            Self::Utf16Le | Self::Utf16Be => 2,
        }
    }

    fn unit_of(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::Utf16Be => u16::from_be_bytes(pair),
            Self::Utf16Le | Self::Utf8 | Self::Windows1252 => u16::from_le_bytes(pair),
        }
    }

    /// The word for it, as people and options write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let all = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];
        all.into_iter().find(|encoding| encoding.word().eq_ignore_ascii_case(word))
    }
}

/// A piece of a file as text, to be shown; whether something had to be replaced.
#[must_use]
pub fn shown(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let encoding = Encoding::of(bytes);
    if encoding == Encoding::Utf8 {
        let text = String::from_utf8_lossy(bytes);
        let is_replaced = matches!(text, Cow::Owned(_));
        return (text, is_replaced);
    }
    let mut decoder = Decoder::known(encoding);
    let mut decoded = decoder.decode(bytes.to_vec());
    decoded.extend(decoder.finish());
    match String::from_utf8(decoded) {
        Ok(text) => (Cow::Owned(text), false),
        Err(error) => (Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()), true),
    }
}

fn windows_1252(bytes: &[u8]) -> Vec<u8> {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        let high = byte.checked_sub(0x80).and_then(|at| HIGH.get(usize::from(at))).copied().unwrap_or(0);
        let char = char::from_u32(u32::from(high)).filter(|_| high > 0);
        out.push(char.unwrap_or(char::from(byte)));
    }
    out.into_bytes()
}

/// Bytes of a file to UTF-8, piece by piece.
#[derive(Debug)]
pub(crate) struct Decoder {
    /// `None` until enough was seen to tell.
    encoding: Option<Encoding>,
    /// What was seen and not decoded: all of it while the encoding is not told, else part of a character.
    carry: Vec<u8>,
}

impl Decoder {
    /// For a file from its beginning.
    pub(crate) fn new() -> Self {
        Self { encoding: None, carry: Vec::new() }
    }

    /// For a part of a file.
    pub(crate) fn known(encoding: Encoding) -> Self {
        Self { encoding: Some(encoding), carry: Vec::new() }
    }

    /// The encoding, as far as known.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding.unwrap_or_default()
    }

    /// Decodes the next piece; empty when more has to be seen.
    pub(crate) fn decode(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        match self.encoding {
            Some(Encoding::Utf8) => bytes,
            Some(Encoding::Windows1252) => windows_1252(&bytes),
            Some(encoding) => self.utf16(encoding, &bytes),
            None => {
                if self.carry.is_empty() {
                    self.carry = bytes;
                } else {
                    self.carry.extend_from_slice(&bytes);
                }
                if self.carry.len() < SNIFF { Vec::new() } else { self.tell() }
            }
        }
    }

    /// What is left behind the last piece.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        let mut out = if self.encoding.is_none() { self.tell() } else { Vec::new() };
        if self.encoding == Some(Encoding::Utf8) {
            return out;
        }
        let rest = std::mem::take(&mut self.carry);
        out.extend(rest.chunks(2).map(|half| if half.len() == 2 { LONE } else { ODD }));
        out
    }

    fn tell(&mut self) -> Vec<u8> {
        let seen = std::mem::take(&mut self.carry);
        self.encoding = Some(Encoding::of(&seen));
        self.decode(seen)
    }

    fn utf16(&mut self, encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let joined;
        let bytes = if self.carry.is_empty() {
            bytes
        } else {
            joined = [std::mem::take(&mut self.carry).as_slice(), bytes].concat();
            &joined
        };
        let (pairs, odd) = bytes.as_chunks::<2>();
        let mut at = 0;
        while let Some(rest) = pairs.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some((chunk, _)) = rest.split_first_chunk::<16>() {
                let mut units = [0_u16; 16];
                for (unit, pair) in units.iter_mut().zip(chunk) {
                    *unit = encoding.unit_of(*pair);
                }
                if units.iter().fold(0, |all, unit| all | unit) < 0x80 {
                    out.extend(units.iter().map(|unit| unit.to_le_bytes()[0]));
                    at += 16;
                    continue;
                }
            }
            let unit = rest.first().map_or(0, |pair| encoding.unit_of(*pair));
            let low = rest.get(1).map(|pair| encoding.unit_of(*pair));
            at += 1;
            match (unit, low) {
                (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                    push(&mut out, 0x1_0000 + ((u32::from(unit) & 0x3FF) << 10) + (u32::from(low) & 0x3FF));
                    at += 1;
                }
                (0xD800..=0xDBFF, None) => {
                    // Its other half may come with the next piece.
                    at -= 1;
                    break;
                }
                (unit, _) => push(&mut out, u32::from(unit)),
            }
        }
        self.carry.extend(pairs.get(at..).unwrap_or_default().as_flattened());
        self.carry.extend_from_slice(odd);
        out
    }
}

/// Appends the character of that number; what is none as [`LONE`].
fn push(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(char) => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.push(LONE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(bytes: &[u8], pieces: usize) -> (Encoding, Vec<u8>) {
        let mut decoder = Decoder::new();
        let mut out: Vec<u8> =
            bytes.chunks(pieces).flat_map(|piece| decoder.decode(piece.to_vec())).collect();
        out.extend(decoder.finish());
        (decoder.encoding(), out)
    }

    fn utf16(text: &str, is_big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn encodings_are_told_by_their_bytes() {
        for (is_big, encoding) in [(false, Encoding::Utf16Le), (true, Encoding::Utf16Be)] {
            assert_eq!(Encoding::of(&utf16("\u{feff}日本", is_big)), encoding);
            assert_eq!(Encoding::of(&utf16("{\"a\":\"日本\"}", is_big)), encoding);
        }
        for other in [&b""[..], b"{}", b"{\"a\":1}\n", b"a\0\0\0\0\0\0\0\0\0", b"\xFF\xFE\0\0a\0\0\0"] {
            assert_eq!(Encoding::of(other), Encoding::Utf8, "{other:?}");
        }
    }

    #[test]
    fn what_is_no_character_is_kept_as_such() {
        let (_, out) = decoded(b"\xFF\xFEa\0\x3d\xd8b\0\x00\xdcc\0\x3d\xd8d", 3);
        assert_eq!(out, b"\xEF\xBB\xBFa\xFEb\xFEc\xFE\xFF");
        assert_eq!(Encoding::Utf16Le.measure(&out), 15);
        assert_eq!(shown(b"{\0\xE9\0}\0 \0").0, "{é} ");
    }

    proptest! {
        #[test]
        fn any_text_comes_back_and_measures_what_it_took(
            text in "\\PC{0,80}", is_big: bool, pieces in 1_usize..40,
        ) {
            let text = format!("\u{feff}{text}");
            let bytes = utf16(&text, is_big);
            let (encoding, out) = decoded(&bytes, pieces);
            prop_assert_eq!(encoding.measure(&out), bytes.len() as u64);
            prop_assert_eq!(String::from_utf8(out).unwrap(), text);
        }

        #[test]
        fn any_bytes_measure_what_they_took(bytes in prop::collection::vec(any::<u8>(), 0..200), pieces in 1_usize..40) {
            let bytes = [&[0xFF, 0xFE, 1][..], &bytes].concat();
            let (encoding, out) = decoded(&bytes, pieces);
            prop_assert_eq!(encoding, Encoding::Utf16Le);
            prop_assert_eq!(encoding.measure(&out), bytes.len() as u64);
        }
    }
}
