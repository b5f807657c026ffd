//! JSON (RFC 8259) as a tree: for what is small and of our own, such as the descriptions that the program carries, and for saying whether a
//! text is JSON at all. Logs are never read with it.
//!
//! By hand rather than by derived readers: those are one copy of a whole parser for each type.
//!
//! **Invariant:** any text ends in a tree or in none; nesting is bounded. Numbers keep their digits, members their order.

use std::fmt::Write as _;

/// How deep lists and objects may lie in each other.
const DEPTH: usize = 128;

/// A value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// As it is written.
    Number(String),
    /// Without its escapes.
    Text(String),
    /// `[…]`
    List(Vec<Self>),
    /// `{…}`: names and values in their order, all of them where a name comes twice.
    Object(Vec<(String, Self)>),
}

impl Json {
    /// The value that a text is; `None` when it is not one value, or nests too deep.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEPTH)?;
        reader.is_at_end().then_some(value)
    }

    /// The object's member of that name, the last of several.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// It, when it is a text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// What a list holds, nothing when it is none.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The member of that name, when it is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.as_text().map(str::to_owned)
    }

    /// The member of that name is `true`.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.get(name) == Some(&Self::Bool(true))
    }

    /// The member of that name when it is a number that fits, else 0.
    #[must_use]
    pub fn count(&self, name: &str) -> u32 {
        if let Some(Self::Number(digits)) = self.get(name) { digits.parse().unwrap_or(0) } else { 0 }
    }

    /// Each item of the list of that name; nothing when there is none.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Self] {
        self.get(name).map_or(&[], Self::items)
    }

    /// The texts of the list of that name.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).iter().filter_map(Self::as_text).map(str::to_owned).collect()
    }

    /// Names and texts of the object of that name.
    pub fn words(&self, name: &str) -> impl Iterator<Item = (String, String)> {
        self.get(name).unwrap_or(&Self::Null).own_words()
    }

    /// Names and texts of the object that it is.
    pub fn own_words(&self) -> impl Iterator<Item = (String, String)> {
        let members: &[(String, Self)] = if let Self::Object(members) = self { members } else { &[] };
        members.iter().filter_map(|(name, value)| Some((name.clone(), value.as_text()?.to_owned())))
    }

    /// Appends it, a value a line, each level two blanks further in than `level`s of them.
    pub fn write_pretty(&self, out: &mut String, level: usize) {
        let line = |out: &mut String, level: usize| {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", level));
        };
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => push_text(out, text),
            Self::List(items) if items.is_empty() => out.push_str("[]"),
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    out.push(if at == 0 { '[' } else { ',' });
                    line(out, level.saturating_add(1));
                    item.write_pretty(out, level.saturating_add(1));
                }
                line(out, level);
                out.push(']');
            }
            Self::Object(members) if members.is_empty() => out.push_str("{}"),
            Self::Object(members) => {
                for (at, (name, value)) in members.iter().enumerate() {
                    out.push(if at == 0 { '{' } else { ',' });
                    line(out, level.saturating_add(1));
                    push_text(out, name);
                    out.push_str(": ");
                    value.write_pretty(out, level.saturating_add(1));
                }
                line(out, level);
                out.push('}');
            }
        }
    }
}

/// Whether a text is one JSON value, of any depth up to the bound.
#[must_use]
pub fn is_json(text: &str) -> bool {
    let mut reader = Reader { text, at: 0 };
    reader.skip(DEPTH).is_some() && reader.is_at_end()
}

/// Appends a text as JSON writes it.
pub fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            // Writing to a String never fails.
            c if c < ' ' => write!(out, "\\u{:04x}", u32::from(c)).unwrap_or_default(),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A place in a text.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn go(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.go(1);
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.blanks();
        let is_there = self.peek() == Some(byte);
        self.go(usize::from(is_there));
        is_there
    }

    fn is_at_end(&mut self) -> bool {
        self.blanks();
        self.peek().is_none()
    }

    /// What stands between two brackets: each by `item`, with commas between.
    fn all(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.go(1);
        if self.take(end) {
            return Some(());
        }
        loop {
            item(self)?;
            if !self.take(b',') {
                return self.take(end).then_some(());
            }
        }
    }

    fn name(&mut self) -> Option<&'a str> {
        self.blanks();
        let name = self.quoted()?;
        self.take(b':').then_some(name)
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.blanks();
        let below = depth.checked_sub(1)?;
        Some(match self.peek()? {
            b'{' => {
                let mut members = Vec::new();
                self.all(b'}', |reader| {
                    let name = unescaped(reader.name()?)?;
                    members.push((name, reader.value(below)?));
                    Some(())
                })?;
                Json::Object(members)
            }
            b'[' => {
                let mut items = Vec::new();
                self.all(b']', |reader| {
                    items.push(reader.value(below)?);
                    Some(())
                })?;
                Json::List(items)
            }
            b'"' => Json::Text(unescaped(self.quoted()?)?),
            _ => match self.bare()? {
                "null" => Json::Null,
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                digits => Json::Number(digits.to_owned()),
            },
        })
    }

    fn skip(&mut self, depth: usize) -> Option<()> {
        self.blanks();
        let below = depth.checked_sub(1)?;
        match self.peek()? {
            b'{' => self.all(b'}', |reader| {
                is_escaped_well(reader.name()?).then_some(())?;
                reader.skip(below)
            }),
            b'[' => self.all(b']', |reader| reader.skip(below)),
            b'"' => is_escaped_well(self.quoted()?).then_some(()),
            _ => self.bare().map(drop),
        }
    }

    /// What stands between the quotes.
    fn quoted(&mut self) -> Option<&'a str> {
        let inner = self.rest().strip_prefix('"')?;
        let mut is_escaped = false;
        let end = inner.bytes().position(|byte| {
            let is_end = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_end
        })?;
        self.go(end.saturating_add(2));
        inner.get(..end)
    }

    /// A word or a number.
    fn bare(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let is_end = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        let word = rest.get(..rest.find(is_end).unwrap_or(rest.len()))?;
        self.go(word.len());
        (matches!(word, "null" | "true" | "false") || is_number(word)).then_some(word)
    }
}

/// `-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?`
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(a, b)| (a, Some(b)));
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(a, b)| (a, Some(b)));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

fn is_escaped_well(inner: &str) -> bool {
    let is_plain = inner.bytes().all(|byte| byte >= b' ' && byte != b'\\');
    is_plain || unescaped(inner).is_some()
}

/// A text without its escapes; `None` for one that is none, or a half of a pair alone.
fn unescaped(inner: &str) -> Option<String> {
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c < ' ' {
            return None;
        }
        out.push(match c {
            '\\' => match chars.next()? {
                c @ ('"' | '\\' | '/') => c,
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let first = hex(&mut chars)?;
                    let is_pair = (0xd800..0xdc00).contains(&first);
                    let second = if is_pair {
                        (chars.next()? == '\\' && chars.next()? == 'u').then_some(())?;
                        Some(hex(&mut chars)?)
                    } else {
                        None
                    };
                    let units = [Some(first), second].into_iter().flatten();
                    char::decode_utf16(units).next()?.ok()?
                }
                _ => return None,
            },
            c => c,
        });
    }
    Some(out)
}

fn hex(chars: &mut std::str::Chars<'_>) -> Option<u16> {
    let digits = chars.as_str().get(..4)?;
    chars.nth(3)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let read = Json::parse(text);
        assert_eq!(read.is_some(), is_json(text), "{text}");
        let written = read.map(|json| {
            let mut out = String::new();
            json.write_pretty(&mut out, 0);
            out.replace('\n', "").replace("  ", "")
        });
        assert_eq!(written.as_deref(), expected, "{text}");
    }

    #[test]
    fn values_are_read_and_written() {
        check(
            r#" {"a": [1, -0.50e+3, true,null], "b":{} ,"c":[] } "#,
            Some(r#"{"a": [1,-0.50e+3,true,null],"b": {},"c": []}"#),
        );
        check(r#""\u00e9\ud83d\ude00\/\n\u0001""#, Some(r#""é😀/\n\u0001""#));
        check(r#""\\\"""#, Some(r#""\\\"""#));
    }

    #[test]
    fn what_is_no_json_is_none() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "{a:1}",
            "01",
            "1.",
            ".5",
            "1e",
            "+1",
            "nul",
            "truE",
            "NaN",
            "1 2",
            "\"",
            "\"\\x\"",
            "\"\\ud83d\"",
            "\"\\ud83dx\"",
            "\"\\ude00\"",
            "\"\\u00g0\"",
            "\"\\u+123\"",
            "\"\n\"",
            "[1}",
            "{\"a\":1,}",
            "\"\\u00é\"",
        ] {
            check(text, None);
        }
        check(&"[".repeat(100_000), None);
        check(&format!("{}{}", "[".repeat(200), "]".repeat(200)), None);
    }

    #[test]
    fn members_are_found_by_name() {
        let json =
            Json::parse(r#"{"a":"x","n":7,"is":true,"l":["p",1,"q"],"w":{"k":"v","z":1},"a":"y"}"#).unwrap();
        assert_eq!(json.text("a").as_deref(), Some("y"));
        assert_eq!((json.count("n"), json.count("a"), json.is("is"), json.is("n")), (7, 0, true, false));
        assert_eq!(json.texts("l"), ["p", "q"]);
        assert_eq!(json.words("w").collect::<Vec<_>>(), [("k".to_owned(), "v".to_owned())]);
        assert!(json.list("none").is_empty() && json.text("n").is_none());
    }
}
