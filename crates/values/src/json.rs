//! JSON as text: walked, never made a tree.
//!
//! **Invariant:** no recursion; depth is bounded by [`MAX_DEPTH`]. What is no JSON gives `None`, not a panic. At rest a dynamic
//! is JSON without blanks, but nothing here relies on it.

use crate::value::Value;
use std::{borrow::Cow, ops::Range};

/// Deeper texts are no JSON to us.
pub const MAX_DEPTH: usize = 512;

/// A piece of JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// `{` or `[`.
    Open,
    /// `}` or `]`.
    Close,
    /// A key, with its quotes.
    Key(Range<usize>),
    /// A text value, with its quotes.
    Text(Range<usize>),
    /// A number, `true`, `false`, `null`.
    Scalar(Range<usize>),
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    Value,
    /// A value, or the end of an empty array.
    FirstElement,
    /// A key, or the end of an empty object.
    FirstKey,
    Key,
    /// `,` or the end of the container.
    Next,
    Nothing,
}

/// Walks the pieces of a JSON text in order.
pub struct Walker<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether each open container is an object.
    stack: Vec<bool>,
    wants: Wants,
    has_blanks: bool,
}

impl<'a> Walker<'a> {
    /// At the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, stack: Vec::new(), wants: Wants::Value, has_blanks: false }
    }

    fn blanks(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
            self.has_blanks = true;
        }
    }

    fn after_value(&mut self) {
        self.wants = if self.stack.is_empty() { Wants::Nothing } else { Wants::Next };
    }

    /// The next piece; `Ok(None)` at the end of a whole value, `Err` where it is no JSON.
    #[expect(clippy::should_implement_trait, reason = "an iterator would go on after an error")]
    pub fn next(&mut self) -> Result<Option<Piece>, NotJson> {
        self.blanks();
        let Some(&byte) = self.bytes.get(self.at) else {
            return if self.wants == Wants::Nothing { Ok(None) } else { Err(NotJson) };
        };
        if self.wants == Wants::Next {
            if byte == b',' {
                self.at += 1;
                self.blanks();
                self.wants = if self.stack.last() == Some(&true) { Wants::Key } else { Wants::Value };
                return self.value();
            }
            return self.close(byte);
        }
        self.value()
    }

    fn close(&mut self, byte: u8) -> Result<Option<Piece>, NotJson> {
        let fits = match self.stack.pop() {
            Some(true) => byte == b'}',
            Some(false) => byte == b']',
            None => false,
        };
        if !fits {
            return Err(NotJson);
        }
        self.at += 1;
        self.after_value();
        Ok(Some(Piece::Close))
    }

    fn value(&mut self) -> Result<Option<Piece>, NotJson> {
        let Some(&byte) = self.bytes.get(self.at) else { return Err(NotJson) };
        match (self.wants, byte) {
            (Wants::Nothing, _) => Err(NotJson),
            (Wants::Key | Wants::FirstKey, b'"') => {
                let range = self.string()?;
                self.blanks();
                if self.bytes.get(self.at) != Some(&b':') {
                    return Err(NotJson);
                }
                self.at += 1;
                self.wants = Wants::Value;
                Ok(Some(Piece::Key(range)))
            }
            (Wants::FirstKey, b'}') | (Wants::FirstElement, b']') => self.close(byte),
            (Wants::Key | Wants::FirstKey, _) => Err(NotJson),
            (_, b'{' | b'[') => {
                if self.stack.len() >= MAX_DEPTH {
                    return Err(NotJson);
                }
                self.stack.push(byte == b'{');
                self.at += 1;
                self.wants = if byte == b'{' { Wants::FirstKey } else { Wants::FirstElement };
                Ok(Some(Piece::Open))
            }
            (_, b'"') => {
                let range = self.string()?;
                self.after_value();
                Ok(Some(Piece::Text(range)))
            }
            _ => self.scalar(),
        }
    }

    fn string(&mut self) -> Result<Range<usize>, NotJson> {
        let start = self.at;
        let end = string_end(self.bytes, start).ok_or(NotJson)?;
        self.at = end;
        Ok(start..end)
    }

    fn scalar(&mut self) -> Result<Option<Piece>, NotJson> {
        let start = self.at;
        while self
            .bytes
            .get(self.at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        {
            self.at += 1;
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        let is_number = word.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
            && std::str::from_utf8(word)
                .is_ok_and(|word| word.parse::<f64>().is_ok_and(f64::is_finite) || word.len() > 300);
        if !is_number && !matches!(word, b"true" | b"false" | b"null") {
            return Err(NotJson);
        }
        self.after_value();
        Ok(Some(Piece::Scalar(start..self.at)))
    }
}

/// The text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson;

/// One past the closing quote of the string that begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start.checked_add(1)?;
    loop {
        let rest = bytes.get(at..)?;
        let found = memchr::memchr2(b'"', b'\\', rest)?;
        at += found + 1;
        if bytes.get(at - 1) == Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// One past the value that begins at `start`; strings are skipped whole, brackets are counted.
fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
                continue;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => {
                at += 1;
                continue;
            }
            _ => {
                while bytes
                    .get(at)
                    .is_some_and(|byte| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'))
                {
                    at += 1;
                }
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// The value of a property, as JSON; the last of duplicate keys wins. `None` when `json` is no object or has none such.
pub fn property<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let bytes = json.as_bytes();
    let mut at = skip_blanks(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    let mut found = None;
    loop {
        at = skip_blanks(bytes, at + 1);
        if bytes.get(at) != Some(&b'"') {
            return found;
        }
        let key_end = string_end(bytes, at)?;
        let key = json.get(at..key_end)?;
        at = skip_blanks(bytes, key_end);
        if bytes.get(at) != Some(&b':') {
            return found;
        }
        let start = skip_blanks(bytes, at + 1);
        let end = value_end(bytes, start)?;
        let plain = key.get(1..key.len() - 1)?;
        if plain == name || (plain.contains('\\') && unquote(key) == name) {
            found = json.get(start..end);
        }
        at = skip_blanks(bytes, end);
        if bytes.get(at) != Some(&b',') {
            return found;
        }
    }
}

/// An element of an array, as JSON; a negative index counts from the end. `None` when there is none such.
pub fn element(json: &str, index: i64) -> Option<&str> {
    let wanted = if index < 0 {
        let count = i64::try_from(elements(json)?.count()).ok()?;
        count.checked_add(index)?
    } else {
        index
    };
    elements(json)?.nth(usize::try_from(wanted).ok()?)
}

/// The elements of an array; `None` when `json` is none.
pub fn elements(json: &str) -> Option<impl Iterator<Item = &str>> {
    let bytes = json.as_bytes();
    let open = skip_blanks(bytes, 0);
    if bytes.get(open) != Some(&b'[') {
        return None;
    }
    let mut at = Some(open);
    Some(std::iter::from_fn(move || {
        let start = skip_blanks(bytes, at? + 1);
        if bytes.get(start) == Some(&b']') {
            at = None;
            return None;
        }
        let end = value_end(bytes, start)?;
        let after = skip_blanks(bytes, end);
        at = (bytes.get(after) == Some(&b',')).then_some(after);
        json.get(start..end)
    }))
}

/// The properties of an object: keys as JSON strings, values as JSON; `None` when `json` is none. Duplicate keys all come.
pub fn entries(json: &str) -> Option<impl Iterator<Item = (&str, &str)>> {
    let bytes = json.as_bytes();
    let open = skip_blanks(bytes, 0);
    if bytes.get(open) != Some(&b'{') {
        return None;
    }
    let mut at = Some(open);
    Some(std::iter::from_fn(move || {
        let key_start = skip_blanks(bytes, at? + 1);
        at = None;
        let key_end =
            (bytes.get(key_start) == Some(&b'"')).then(|| string_end(bytes, key_start)).flatten()?;
        let colon = skip_blanks(bytes, key_end);
        if bytes.get(colon) != Some(&b':') {
            return None;
        }
        let start = skip_blanks(bytes, colon + 1);
        let end = value_end(bytes, start)?;
        let after = skip_blanks(bytes, end);
        at = (bytes.get(after) == Some(&b',')).then_some(after);
        Some((json.get(key_start..key_end)?, json.get(start..end)?))
    }))
}

/// Writes a JSON array, element by element.
#[derive(Debug, Default)]
pub struct ArrayWriter(String);

impl ArrayWriter {
    /// Appends JSON.
    pub fn raw(&mut self, json: &str) {
        self.0.push(if self.0.is_empty() { '[' } else { ',' });
        self.0.push_str(json);
    }

    /// Appends a text.
    pub fn string(&mut self, text: &str) {
        self.0.push(if self.0.is_empty() { '[' } else { ',' });
        push_string(&mut self.0, text);
    }

    /// The array.
    pub fn finish(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "[]" } else { "]" });
        self.0
    }
}

/// Writes a JSON object, property by property; whoever needs keys once sees to it.
#[derive(Debug, Default)]
pub struct ObjectWriter(String);

impl ObjectWriter {
    /// Appends a property; the key is a JSON string, the value JSON.
    pub fn raw(&mut self, key: &str, json: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push_str(key);
        self.0.push(':');
        self.0.push_str(json);
    }

    /// Appends a property of that name; the value is JSON.
    pub fn value(&mut self, name: &str, json: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        push_string(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(json);
    }

    /// The object.
    pub fn finish(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}

/// A value's text such that equal values have equal texts: numbers by their value, strings by their characters.
pub fn canonical(json: &str) -> Cow<'_, str> {
    match json.as_bytes().first() {
        Some(b'"') if json.contains('\\') => {
            let mut quoted = String::new();
            push_string(&mut quoted, &unquote(json));
            Cow::Owned(quoted)
        }
        Some(b'-' | b'0'..=b'9') if json.parse::<i64>().is_err() => match json.parse::<f64>() {
            #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
            Ok(real) if real == real.trunc() && real.abs() < 1e15 => Cow::Owned((real as i64).to_string()),
            Ok(real) => Cow::Owned(real.to_string()),
            Err(_) => Cow::Borrowed(json),
        },
        _ => Cow::Borrowed(json),
    }
}

/// What a JSON string says; what is no string is given back.
pub fn unquote(json: &str) -> String {
    let Some(inner) = json.strip_prefix('"') else { return json.to_owned() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut out = String::with_capacity(inner.len());
    decode(inner, &mut out);
    out
}

/// Appends what the inside of a JSON string says. A lone surrogate becomes U+FFFD.
pub fn decode(inner: &str, out: &mut String) {
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let escape = rest.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
        let mut used = at + 2;
        match escape {
            b'n' => out.push('\n'),
            b't' => out.push('\t'),
            b'r' => out.push('\r'),
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'u' => {
                let unit =
                    |at: usize| rest.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                let first = unit(at + 2);
                used = at + 6;
                let second = match first {
                    Some(0xd800..0xdc00) if rest.get(at + 6..at + 8) == Some("\\u") => {
                        unit(at + 8).filter(|low| (0xdc00..0xe000).contains(low))
                    }
                    _ => None,
                };
                let code = match (first, second) {
                    (Some(high), Some(low)) => {
                        used = at + 12;
                        Some(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
                    }
                    (first, _) => first,
                };
                out.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
            }
            _ if escape.is_ascii() => out.push(char::from(escape)),
            _ => used = at + 1,
        }
        rest = rest.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Appends `text` as a JSON string.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// `parse_json`: the text without blanks when it is JSON, else the text itself as a JSON string.
pub fn parse_text(text: Cow<'_, str>) -> Value<'_> {
    match compact(&text) {
        Some(Cow::Borrowed(_)) => Value::Text(text),
        Some(Cow::Owned(json)) => null_or(json),
        None if text.is_empty() => Value::Null,
        None => {
            let mut quoted = String::with_capacity(text.len() + 2);
            push_string(&mut quoted, &text);
            Value::owned(quoted)
        }
    }
}

fn null_or(json: String) -> Value<'static> {
    if json == "null" { Value::Null } else { Value::owned(json) }
}

/// The text without blanks, when it is JSON.
pub fn compact(text: &str) -> Option<Cow<'_, str>> {
    let mut walker = Walker::new(text);
    while walker.next().ok()?.is_some() {}
    Some(if walker.has_blanks || text == "null" {
        Cow::Owned(strip_blanks(text))
    } else {
        Cow::Borrowed(text)
    })
}

/// JSON without the blanks outside its strings.
fn strip_blanks(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let end = match byte {
            b'"' => string_end(bytes, at).unwrap_or(bytes.len()),
            b' ' | b'\t' | b'\n' | b'\r' => {
                at += 1;
                continue;
            }
            _ => {
                let rest = bytes.get(at..).unwrap_or_default();
                at + rest
                    .iter()
                    .position(|byte| matches!(byte, b'"' | b' ' | b'\t' | b'\n' | b'\r'))
                    .unwrap_or(rest.len())
            }
        };
        out.push_str(text.get(at..end).unwrap_or_default());
        at = end;
    }
    out
}

/// Whether the text is a JSON object or array.
pub fn is_container(text: &str) -> bool {
    if !matches!(text.trim_start().as_bytes().first(), Some(b'{' | b'[')) {
        return false;
    }
    let mut walker = Walker::new(text);
    loop {
        match walker.next() {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err(NotJson) => return false,
        }
    }
}

/// Whether any value (not key) in the JSON satisfies `test`; escapes are decoded, numbers and truths are their letters.
/// Text after which it is no JSON any more is tested raw, whole.
pub fn any_value(json: &str, mut test: impl FnMut(&str) -> bool) -> bool {
    let mut walker = Walker::new(json);
    let mut scratch = String::new();
    loop {
        let (range, is_text) = match walker.next() {
            Ok(Some(Piece::Text(range))) => (range.start + 1..range.end - 1, true),
            Ok(Some(Piece::Scalar(range))) => (range, false),
            Ok(Some(_)) => continue,
            Ok(None) => return false,
            Err(NotJson) => return test(json),
        };
        let raw = json.get(range).unwrap_or_default();
        if is_text && memchr::memchr(b'\\', raw.as_bytes()).is_some() {
            scratch.clear();
            decode(raw, &mut scratch);
            if test(&scratch) {
                return true;
            }
        } else if raw != "null" && test(raw) {
            return true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn properties_and_elements_are_found_in_the_text() {
        let json = r#"{"a":{"b":[1,"x]",{"c":null}]},"a\u0062":2,"a":3}"#;
        assert_eq!(property(json, "a"), Some("3"));
        assert_eq!(property(json, "ab"), Some("2"));
        assert_eq!(property(json, "c"), None);
        let array = r#"[1,"x]",{"c":null}]"#;
        assert_eq!(element(array, 1), Some("\"x]\""));
        assert_eq!(element(array, -1), Some("{\"c\":null}"));
        assert_eq!(element(array, 3), None);
        assert_eq!(element(array, -4), None);
        assert_eq!(element("[]", 0), None);
    }

    #[test]
    fn values_are_searched_and_keys_are_not() {
        let json = r#"{"key":["v\u00e4lue",12.5,true,null]}"#;
        let found = |needle: &str| any_value(json, |value| value.contains(needle));
        assert!(found("välue") && found("12.5") && found("true"));
        assert!(!found("key") && !found("null") && !found("\\u00e4"));
    }

    #[test]
    fn only_json_is_json() {
        for text in ["{}", "[]", "[1,2]", " { \"a\" : 1 } ", "\"x\"", "-1.5e3", "null"] {
            assert!(compact(text).is_some(), "{text}");
        }
        for text in ["", "{", "[1,]", "{\"a\"}", "{1:2}", "nul", "[1 2]", "{}{}", "1x", "\"x", "[\"a\\\"]"] {
            assert!(compact(text).is_none(), "{text}");
        }
        assert!(compact(&"[".repeat(10_000)).is_none());
    }

    proptest! {
        #[test]
        fn strings_come_back(text in ".*") {
            let mut quoted = String::new();
            push_string(&mut quoted, &text);
            prop_assert_eq!(unquote(&quoted), text);
        }

        #[test]
        fn no_text_breaks_it(text in "[\\[\\]{}:,\"\\\\u0a19 \\u{e9}-]{0,40}", index in -3_i64..3) {
            compact(&text);
            property(&text, "a");
            element(&text, index);
            unquote(&text);
            any_value(&text, |_| false);
        }
    }
}
