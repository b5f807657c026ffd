//! What can be saved of a damaged range.
//!
//! A record without its closing brace swallows those behind it. Records of one producer begin alike, so the text of the
//! damaged record's own first key marks where the next ones may begin. Nothing outside the range matters, so that every
//! shard saves the same.

use super::Sink;
use crate::framing::{is_separator, skip};
use crate::reader::{Block, Read};

/// First keys of the logs we know, for a range that has lost its own.
const USUAL: &[&[u8]] = &[b"\"eventVersion\"", b"\"time\"", b"\"TimeGenerated\"", b"\"TenantId\""];
/// The longest first key that is looked for, quotes included.
const KEY_LIMIT: usize = 130;
/// Bytes that may be read again and again, as a multiple of the range.
const EFFORT: usize = 4;

const FOLLOWS: &str = "not a record, after a damaged one";

impl Sink<'_> {
    /// Classifies all of `range`, the bytes that come next: it begins with a damaged record. Records that begin inside it
    /// and read well are stored, the rest is rejected, the first piece with `reason`.
    pub(crate) fn salvage(&mut self, range: &[u8], reason: &str) {
        self.salvage_until(range, reason, false);
    }

    /// Like [`Sink::salvage`], but stops behind the first record that was saved; false (and nothing classified) when
    /// there is none.
    pub(crate) fn salvage_first(&mut self, range: &[u8], reason: &str) -> bool {
        self.salvage_until(range, reason, true)
    }

    fn salvage_until(&mut self, range: &[u8], reason: &str, only_first: bool) -> bool {
        let base = self.ledger.walked();
        let block = Block::new(range);
        let key = first_key(range);
        let mut effort = range.len().saturating_mul(EFFORT).saturating_add(4_096);
        let (mut bad, mut scan, mut is_found) = (0_usize, 1_usize, false);
        let mut follows = None;
        while let Some(at) = follows.take().or_else(|| find_start(range, scan, key)) {
            scan = at.saturating_add(1);
            match self.read((block, base), at, true, false) {
                Read::Done { end, outcome } => {
                    let reason = if is_found { FOLLOWS } else { reason };
                    self.leftover(range.get(bad..at).unwrap_or_default(), reason);
                    self.ledger.done(range.get(at..end).unwrap_or_default(), &outcome);
                    is_found = true;
                    bad = end;
                    scan = end.max(scan);
                    // Behind a good record the next one may be of another kind.
                    follows = Some(skip(range, end, is_separator)).filter(|&at| range.get(at) == Some(&b'{'));
                    if only_first {
                        return true;
                    }
                }
                Read::Broken { at: fault, .. } => effort = effort.saturating_sub(fault.saturating_sub(at)),
                Read::NeedMore => effort = effort.saturating_sub(range.len().saturating_sub(at)),
            }
            effort = effort.saturating_sub(16);
            if effort == 0 {
                break;
            }
        }
        if only_first {
            return false;
        }
        let reason = if is_found { FOLLOWS } else { reason };
        self.leftover(range.get(bad..).unwrap_or_default(), reason);
        is_found
    }

    /// What lies before, between and behind the saved records: separators and closing brackets, or rejected.
    fn leftover(&mut self, bytes: &[u8], reason: &str) {
        let is_between = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}');
        let lead = bytes.iter().position(|byte| !is_between(byte)).unwrap_or(bytes.len());
        let (between, bad) = bytes.split_at_checked(lead).unwrap_or((bytes, &[]));
        self.between(between);
        if !bad.is_empty() {
            self.reject(bad, reason);
        }
    }
}

/// The first key of the object that `bytes` begin with, quotes included.
pub(crate) fn first_key(bytes: &[u8]) -> Option<&[u8]> {
    let inside = bytes.strip_prefix(b"{")?;
    let start = inside.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let key = inside.get(start..)?.strip_prefix(b"\"")?;
    let len = memchr::memchr(b'"', key.get(..KEY_LIMIT).unwrap_or(key))?;
    let end = start.saturating_add(len).saturating_add(2);
    inside.get(start..end).filter(|key| !key.contains(&b'\\') && key.len() > 2)
}

/// The next `{` from `from` on that is followed by `key` (or, without one, a usual first key) and is no value in another
/// object.
fn find_start(bytes: &[u8], from: usize, key: Option<&[u8]>) -> Option<usize> {
    match key {
        Some(key) => find_key(bytes, from, key),
        None => USUAL.iter().filter_map(|key| find_key(bytes, from, key)).min(),
    }
}

/// The start of the next object whose first key is `key`.
pub(crate) fn find_key(bytes: &[u8], from: usize, key: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let mut hits = memchr::memmem::find_iter(rest, key).map(|hit| from.saturating_add(hit));
    hits.find_map(|hit| {
        let is_key = bytes.get(hit.saturating_add(key.len())..)?.trim_ascii_start().first() == Some(&b':');
        let brace = before_blanks(bytes.get(..hit)?)?;
        let is_object = bytes.get(brace) == Some(&b'{') && brace >= from;
        let is_value =
            matches!(before_blanks(bytes.get(..brace)?).and_then(|at| bytes.get(at)), Some(b':' | b'['));
        (is_key && is_object && !is_value).then_some(brace)
    })
}

/// The last byte that is not blank.
fn before_blanks(bytes: &[u8]) -> Option<usize> {
    // Indentation is short; a longer run of blanks is not looked through, so that this stays linear.
    let tail = bytes.len().saturating_sub(256);
    let found = bytes.get(tail..)?.iter().rposition(|byte| !byte.is_ascii_whitespace())?;
    Some(tail.saturating_add(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_marks_the_next_record() {
        let text = br#"{"a":1,"b":{"a":2},"c":[{"a":3}]
            { "a" : 4}"#;
        let key = first_key(text).unwrap();
        assert_eq!(key, b"\"a\"");
        let found = find_start(text, 1, Some(key)).unwrap();
        assert!(text[found..].starts_with(b"{ \"a\" : 4}"));
        assert_eq!(find_start(text, found + 1, Some(key)), None);
    }

    #[test]
    fn without_a_key_the_usual_ones_do() {
        let text = br#"{ x, "y":1 }, {"eventVersion":"1.08"}"#;
        assert_eq!(first_key(text), None);
        assert_eq!(find_start(text, 1, None), Some(14));
    }
}
