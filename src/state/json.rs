//! JSON text looked at one level at a time, for the record's tree.
//!
//! **Invariant:** values stay slices of the text, so numbers keep their digits and nothing is parsed that is not shown.
//! Broken or hostile text gives fewer children, never a panic and no recursion.

use chartroom_base::json::Json;

/// A member of an object or an item of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child<'a> {
    /// The key with its escapes undone; `None` in an array.
    pub key: Option<String>,
    /// The value's text.
    pub value: &'a str,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// `{…}`.
    Object,
    /// `[…]`.
    Array,
    /// `"…"`.
    Text,
    /// A number.
    Number,
    /// `true`, `false`, `null`, or something that is no JSON.
    Word,
}

/// What the value of this text is.
#[must_use]
pub fn sort_of(text: &str) -> Sort {
    match text.trim_start().bytes().next() {
        Some(b'{') => Sort::Object,
        Some(b'[') => Sort::Array,
        Some(b'"') => Sort::Text,
        Some(b'-' | b'0'..=b'9') => Sort::Number,
        _ => Sort::Word,
    }
}

/// Up to `most` children of an object or array, and whether there are more.
#[must_use]
pub fn children(text: &str, most: usize) -> (Vec<Child<'_>>, bool) {
    let is_object = match sort_of(text) {
        Sort::Object => true,
        Sort::Array => false,
        Sort::Text | Sort::Number | Sort::Word => return (Vec::new(), false),
    };
    let mut scan = Scan { text, at: text.len() - text.trim_start().len() + 1 };
    let mut found = Vec::new();
    loop {
        scan.skip(|byte| byte.is_ascii_whitespace() || byte == b',');
        match scan.peek() {
            None | Some(b'}' | b']') => return (found, false),
            Some(_) if found.len() == most => return (found, true),
            Some(_) => {}
        }
        let key = if is_object {
            let key = scan.value();
            scan.skip(|byte| byte.is_ascii_whitespace() || byte == b':');
            Some(unquoted(key))
        } else {
            None
        };
        let value = scan.value();
        if value.is_empty() {
            return (found, false);
        }
        found.push(Child { key, value });
    }
}

/// The text of a JSON string with its escapes undone; any other text as it is.
#[must_use]
pub fn unquoted(text: &str) -> String {
    let read = if text.starts_with('"') { Json::parse(text) } else { None };
    let read = read.and_then(|json| json.as_text().map(str::to_owned));
    read.unwrap_or_else(|| text.trim_matches('"').to_owned())
}

/// The text laid out with two blanks a level, as far as `most` bytes of it go.
#[must_use]
pub fn pretty(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most) * 2);
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if out.len() >= most {
            out.push('…');
            break;
        }
        if in_text {
            out.push(char);
            match char {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match char {
            '"' => {
                in_text = true;
                out.push(char);
            }
            '{' | '[' => {
                out.push(char);
                while chars.peek().is_some_and(|next| next.is_ascii_whitespace()) {
                    chars.next();
                }
                if let Some(close) = chars.next_if(|&next| next == '}' || next == ']') {
                    out.push(close);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(char);
            }
            ',' => {
                out.push(char);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            blank if blank.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

/// Deeper levels than this are laid out as if they were this deep: blanks are not to outgrow the text.
const DEEPEST: usize = 40;

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth.min(DEEPEST) {
        out.push_str("  ");
    }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&is_skipped) {
            self.at += 1;
        }
    }

    /// Steps over one value of any depth without looking inside, and returns its text.
    fn value(&mut self) -> &'a str {
        let start = self.at;
        let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
        while let Some(byte) = self.peek() {
            if in_text {
                match byte {
                    _ if is_escaped => is_escaped = false,
                    b'\\' => is_escaped = true,
                    b'"' => in_text = false,
                    _ => {}
                }
                self.at += 1;
                if !in_text && depth == 0 {
                    break;
                }
                continue;
            }
            match byte {
                b'"' => in_text = true,
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => break,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        break;
                    }
                }
                b',' | b':' if depth == 0 => break,
                blank if depth == 0 && blank.is_ascii_whitespace() => break,
                _ => {}
            }
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or("")
    }
}
