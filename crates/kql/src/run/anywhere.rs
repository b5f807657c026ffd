//! `* contains "x"` and its kin: in which texts of a block a needle stands, values only, key names left out.
//!
//! A block of texts end to end is searched in one go; a hit that crosses from one text to the next is none. A text that is JSON (a
//! dynamic, or a string that holds an object or array) is walked, so that only values count and escapes are decoded; since an
//! escape may hide the needle, JSON with a backslash is walked even without a hit.

use crate::{json, needle::Needle};
use chartroom_schema::kind::Kind;

/// Texts that lie end to end.
pub(crate) trait Texts {
    /// All of them.
    fn bytes(&self) -> &str;
    /// Which text byte `at` belongs to, and where that text ends.
    fn locate(&self, at: usize) -> (usize, usize);
    /// A text.
    fn get(&self, index: usize) -> &str;
}

/// Whether the text, a value of a column of kind `kind`, holds what is looked for.
pub(crate) fn holds(needle: &Needle, text: &str, kind: Kind) -> bool {
    if text.is_empty() && kind != Kind::String {
        return false;
    }
    let may_be_json = kind == Kind::Dynamic || text.starts_with(['{', '[']);
    if !may_be_json {
        return needle.matches(text);
    }
    if needle.is_literal()
        && memchr::memchr(b'\\', text.as_bytes()).is_none()
        && needle.finder().find(text, 0).is_none()
    {
        return false;
    }
    if kind == Kind::Dynamic || json::is_container(text) {
        return json::any_value(text, |value| needle.matches(value));
    }
    needle.matches(text)
}

/// Calls `hit` for every text between the bytes `from` and `to` (ends of texts) that holds what is looked for; for some twice.
pub(crate) fn scan(
    needle: &Needle,
    texts: &impl Texts,
    from: usize,
    to: usize,
    kind: Kind,
    mut hit: impl FnMut(usize),
) {
    let all = texts.bytes().get(..to).unwrap_or_default();
    let finder = needle.finder();
    let is_fast = needle.is_literal() && !finder.text().is_empty() && finder.is_fast_in(all);
    if !is_fast {
        // Empty texts between lie in no byte: the caller asks for them if they may hold something.
        let mut at = from;
        while at < to {
            let (index, end) = texts.locate(at);
            at = end.max(at + 1);
            if holds(needle, texts.get(index), kind) {
                hit(index);
            }
        }
        return;
    }
    let mut at = from;
    while let Some(found) = finder.find_fast(all.as_bytes(), at) {
        let (index, end) = texts.locate(found);
        if found + finder.text().len() > end {
            at = found + 1;
            continue;
        }
        let text = texts.get(index);
        let is_plain = kind != Kind::Dynamic && !text.starts_with(['{', '[']);
        if (is_plain && needle.is_contains()) || holds(needle, text, kind) {
            hit(index);
        }
        at = end.max(found + 1);
    }
    let mut at = from;
    while let Some(found) = all.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let (index, end) = texts.locate(at + found);
        let text = texts.get(index);
        if (kind == Kind::Dynamic || text.starts_with(['{', '['])) && holds(needle, text, kind) {
            hit(index);
        }
        at = end.max(at + found + 1);
    }
}

/// Whether the exported text of a value of this kind can hold the needle at all: a number has no letters.
pub(crate) fn is_possible(needle: &Needle, kind: Kind) -> bool {
    if !needle.is_literal() {
        return true;
    }
    let text = needle.finder().text();
    let all = |accept: fn(u8) -> bool| text.bytes().all(accept);
    match kind {
        Kind::Int | Kind::Long => all(|byte| byte.is_ascii_digit() || byte == b'-'),
        Kind::DateTime => all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'T' | b't' | b'Z' | b'z')
        }),
        Kind::TimeSpan => all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.')),
        Kind::Bool => {
            "true".contains(text.to_ascii_lowercase().as_str())
                || "false".contains(text.to_ascii_lowercase().as_str())
        }
        Kind::Real => all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'+')),
        _ => true,
    }
}

impl Texts for chartroom_store::PlainBlock<'_> {
    fn bytes(&self) -> &str {
        self.text
    }

    fn locate(&self, at: usize) -> (usize, usize) {
        self.row_at(at)
    }

    fn get(&self, index: usize) -> &str {
        self.range_of(index).and_then(|range| self.text.get(range)).unwrap_or_default()
    }
}

/// A block of a dictionary.
pub(crate) struct DictionaryTexts<'a> {
    pub(crate) dictionary: &'a chartroom_store::Dictionary,
    pub(crate) block: chartroom_store::DictionaryBlock<'a>,
}

impl DictionaryTexts<'_> {
    /// The byte at which the text of `code` begins in the block, 0 when it lies in no later place.
    pub(crate) fn start_of(&self, code: u32) -> usize {
        let text = self.dictionary.get(code);
        let offset = text.as_ptr().addr().wrapping_sub(self.block.text.as_ptr().addr());
        if offset <= self.block.text.len() { offset } else { 0 }
    }
}

impl Texts for DictionaryTexts<'_> {
    fn bytes(&self) -> &str {
        self.block.text
    }

    fn locate(&self, at: usize) -> (usize, usize) {
        let (code, end) = self.block.code_at(at);
        (code as usize, end)
    }

    fn get(&self, index: usize) -> &str {
        self.dictionary.get(u32::try_from(index).unwrap_or(0))
    }
}
