//! Bytes in memory together with how far they are known to be UTF-8.

use std::borrow::Cow;

/// A piece of a file that records are read from.
///
/// Made once per piece: the check runs over all of it at once, so that texts can be taken from it without further looks.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    bytes: &'a [u8],
    /// The longest prefix that is UTF-8.
    text: &'a str,
}

impl<'a> Block<'a> {
    /// The block of `bytes`, checked.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        // The plain check is the faster one; where the damage is matters only when there is some.
        let text = simdutf8::basic::from_utf8(bytes).unwrap_or_else(|_| valid_prefix(bytes));
        Self { bytes, text }
    }

    /// All of it.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The text of `start..end`, where that is known to be one.
    #[inline(always)]
    pub(crate) fn sure_text(&self, start: usize, end: usize) -> Option<&'a str> {
        self.text.get(start..end)
    }

    /// The text of `start..end`, and whether something had to be replaced to make it one.
    #[inline]
    pub(crate) fn text(&self, start: usize, end: usize) -> (Cow<'a, str>, bool) {
        match self.text.get(start..end) {
            Some(text) => (Cow::Borrowed(text), false),
            None => self.doubtful_text(start, end),
        }
    }

    #[cold]
    fn doubtful_text(&self, start: usize, end: usize) -> (Cow<'a, str>, bool) {
        let text = String::from_utf8_lossy(self.bytes.get(start..end).unwrap_or_default());
        let is_replaced = matches!(text, Cow::Owned(_));
        (text, is_replaced)
    }
}

#[cold]
fn valid_prefix(bytes: &[u8]) -> &str {
    match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(good).unwrap_or_default()
        }
    }
}

impl<'a> From<&'a str> for Block<'a> {
    fn from(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), text }
    }
}
