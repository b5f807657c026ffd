//! A JSON value as it lies at rest: without blanks, and valid even where the file was not.

use super::unescape::{Escape, escape};
use std::fmt::Write;

/// Appends `raw`, the text of one value that a cursor has accepted, without blanks between tokens.
///
/// Mends what the cursor tolerated: trailing commas go, control characters are escaped, a backslash that begins no escape
/// is doubled, half a surrogate pair becomes U+FFFD. Escapes and numbers keep their characters.
pub(crate) fn compact_into(raw: &str, out: &mut String) {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_into(raw, at, out),
            b'}' | b']' => {
                if out.ends_with(',') {
                    out.pop();
                }
                out.push(char::from(byte));
                at += 1;
            }
            0..=b' ' => at += 1,
            _ => {
                let end = bytes
                    .get(at..)
                    .unwrap_or_default()
                    .iter()
                    .position(|&b| b <= b' ' || b == b'"' || b == b'}' || b == b']');
                let end = end.map_or(bytes.len(), |length| at + length.max(1));
                out.push_str(raw.get(at..end).unwrap_or_default());
                at = end;
            }
        }
    }
}

/// Appends the string that begins with the quote at `at`; returns where it ends.
fn string_into(raw: &str, at: usize, out: &mut String) -> usize {
    let bytes = raw.as_bytes();
    out.push('"');
    let mut from = at + 1;
    let mut at = from;
    loop {
        match bytes.get(at) {
            None => {
                out.push_str(raw.get(from..).unwrap_or_default());
                return bytes.len();
            }
            Some(b'"') => {
                out.push_str(raw.get(from..at + 1).unwrap_or_default());
                return at + 1;
            }
            Some(b'\\') => match escape(bytes.get(at + 1..).unwrap_or_default()) {
                Escape::Char(_, used) => at += 1 + used,
                Escape::Lone(used) => {
                    out.push_str(raw.get(from..at).unwrap_or_default());
                    out.push_str("\\ufffd");
                    at += 1 + used;
                    from = at;
                }
                Escape::Unknown => {
                    out.push_str(raw.get(from..at).unwrap_or_default());
                    out.push_str("\\\\");
                    at += 1;
                    from = at;
                }
            },
            Some(&byte) if byte < 0x20 => {
                out.push_str(raw.get(from..at).unwrap_or_default());
                // Writing to a String cannot fail.
                write!(out, "\\u{byte:04x}").unwrap_or_default();
                at += 1;
                from = at;
            }
            Some(_) => at += 1,
        }
    }
}

/// Appends `text` as a JSON string.
pub(crate) fn quote_into(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            char if (char as u32) < 0x20 => {
                // Writing to a String cannot fail.
                write!(out, "\\u{:04x}", char as u32).unwrap_or_default();
            }
            char => out.push(char),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        let mut out = String::new();
        compact_into(raw, &mut out);
        assert_eq!(out, expected);
        serde_json::from_str::<serde_json::Value>(&out).unwrap();
    }

    #[test]
    fn blanks_go_outside_strings_only() {
        check("{ \"a b\" :\t[ 1 , 2.50 ],\r\n\"c\": null }", r#"{"a b":[1,2.50],"c":null}"#);
        check(r#"[{}, [ ], "x , }"]"#, r#"[{},[],"x , }"]"#);
    }

    #[test]
    fn tolerated_damage_is_mended() {
        check(r#"{"a":[1,2, ],}"#, r#"{"a":[1,2]}"#);
        check(r#"["C:\xyz"]"#, r#"["C:\\xyz"]"#);
        check(r#"["\ud83d", "\ud83d\ude00"]"#, r#"["\ufffd","\ud83d\ude00"]"#);
        check("[\"a\nb\"]", r#"["a\u000ab"]"#);
        check(r#"["\u12"]"#, r#"["\\u12"]"#);
    }

    #[test]
    fn a_quoted_text_comes_back() {
        for text in ["", "a\"b\\c\n\u{1}é", "😀"] {
            let mut out = String::new();
            quote_into(text, &mut out);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }
}
