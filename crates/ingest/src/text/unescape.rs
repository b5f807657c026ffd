//! What the escapes of a JSON string stand for.

/// What follows a backslash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// A character, written in that many bytes after the backslash.
    Char(char, usize),
    /// Half of a surrogate pair without the other half: U+FFFD, written in that many bytes after the backslash.
    Lone(usize),
    /// No escape of JSON's: the backslash stands for itself.
    Unknown,
}

/// The escape whose backslash has just been passed; `rest` begins behind it.
pub(crate) fn escape(rest: &[u8]) -> Escape {
    let plain = match rest.first() {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode(rest),
        _ => return Escape::Unknown,
    };
    Escape::Char(plain, 1)
}

fn unicode(rest: &[u8]) -> Escape {
    let Some(high) = rest.get(1..5).and_then(hex) else { return Escape::Unknown };
    if let Some(char) = char::from_u32(high) {
        return Escape::Char(char, 5);
    }
    let low = match rest.get(5..7) {
        Some(br"\u") => rest.get(7..11).and_then(hex),
        _ => None,
    };
    match (high, low) {
        (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
            let code = 0x1_0000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
            char::from_u32(code).map_or(Escape::Lone(5), |char| Escape::Char(char, 11))
        }
        _ => Escape::Lone(5),
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some(value << 4 | char::from(digit).to_digit(16)?))
}

/// Appends the text that `raw`, the inside of a JSON string, stands for.
pub(crate) fn unescape_into(raw: &str, out: &mut String) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let after = rest.get(at + 1..).unwrap_or_default();
        let used = match escape(after.as_bytes()) {
            Escape::Char(char, used) => {
                out.push(char);
                used
            }
            Escape::Lone(used) => {
                out.push(char::REPLACEMENT_CHARACTER);
                used
            }
            Escape::Unknown => {
                out.push('\\');
                0
            }
        };
        rest = after.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        let mut out = String::new();
        unescape_into(raw, &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn escapes_stand_for_their_characters() {
        check("plain", "plain");
        check(r#"a\"b\\c\/d\n\t\r\b\f"#, "a\"b\\c/d\n\t\r\u{8}\u{c}");
        check(r"\u00e9\u20ac", "é€");
        check(r"\ud83d\ude00!", "😀!");
    }

    #[test]
    fn half_a_pair_is_a_replacement_character() {
        check(r"\ud83d", "\u{fffd}");
        check(r"\ud83dx", "\u{fffd}x");
        check(r"\ude00\ud83d\ude00", "\u{fffd}😀");
    }

    #[test]
    fn what_is_no_escape_stays() {
        check(r"C:\xyz", r"C:\xyz");
        check(r"\u12", r"\u12");
        check("é\\", "é\\");
        check(r"\é", r"\é");
    }
}
