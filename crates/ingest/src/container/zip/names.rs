//! Names of members: UTF-8 where the zip says so or it is, else the characters of the first PC.

use super::{extra_field, u32_at};
use crate::container::clean;

/// Characters 128 to 255 of code page 437.
const HIGH: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
/// The extra field with the name in UTF-8.
const UNICODE_PATH: u16 = 0x7075;

/// The name as text: `/` between folders, no control characters, nothing at its front that leads out of a folder.
pub(super) fn decode(name: &[u8], extra: &[u8], is_utf8: bool) -> String {
    let unicode = extra_field(extra, UNICODE_PATH).and_then(|field| unicode_path(field, name));
    let text = match (unicode, std::str::from_utf8(name)) {
        (Some(text), _) => text,
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) if is_utf8 => String::from_utf8_lossy(name).into_owned(),
        (None, Err(_)) => name.iter().map(|&byte| character(byte)).collect(),
    };
    clean(&text)
}

/// The field's name, when it belongs to the short one: it carries that one's CRC-32.
fn unicode_path(field: &[u8], name: &[u8]) -> Option<String> {
    let mut crc = flate2::Crc::new();
    crc.update(name);
    let (version, text) = (field.first()?, field.get(5..)?);
    let fits = *version == 1 && u32_at(field, 1)? == crc.sum();
    if fits { std::str::from_utf8(text).ok().map(str::to_owned) } else { None }
}

fn character(byte: u8) -> char {
    match byte.checked_sub(128) {
        None => char::from(byte),
        Some(place) => HIGH.chars().nth(usize::from(place)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_utf_8_or_of_the_first_pc() {
        assert_eq!(decode(b"a\\b\x81.json", &[], false), "a/bü.json");
        assert_eq!(decode("ü/é.json".as_bytes(), &[], false), "ü/é.json");
        assert_eq!(decode(b"\xFFx", &[], true), "\u{fffd}x");
        assert_eq!(decode(b"../../etc/passwd\0\n", &[], true), "../../etc/passwd");
        assert_eq!(HIGH.chars().count(), 128);
    }

    #[test]
    fn the_extra_name_counts_only_for_its_own_short_name() {
        let mut crc = flate2::Crc::new();
        crc.update(b"x?.json");
        let mut field = vec![0x75, 0x70, 12, 0, 1];
        field.extend(crc.sum().to_le_bytes());
        field.extend("xä.txt".as_bytes());
        assert_eq!(decode(b"x?.json", &field, false), "xä.txt");
        assert_eq!(decode(b"y?.json", &field, false), "y?.json");
    }
}
