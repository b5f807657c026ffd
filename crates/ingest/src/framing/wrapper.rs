//! Objects that only wrap records: `{"Records":[…]}`, `{"records":[…], …}`.

use super::extent::Extent;
use super::{is_blank, skip};

/// Members that hold records.
const KEYS: [&[u8]; 2] = [b"Records", b"records"];
/// How far into an object its records may begin.
const REACH: usize = 64 << 10;

/// What an object turns out to be by its first members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// Not a wrapper.
    Record,
    /// A wrapper; its records begin after so many bytes, past the `[`.
    Wrapper(usize),
    /// More bytes are needed to tell.
    NeedMore,
}

/// Whether the object that `bytes` begin with is a wrapper: its first member holds records, or its first key is
/// `wrapper_key` and a later member does. `is_all`: no bytes follow.
pub(crate) fn head(bytes: &[u8], wrapper_key: Option<&str>, is_all: bool) -> Head {
    let short = if is_all || bytes.len() >= REACH { Head::Record } else { Head::NeedMore };
    let bytes = bytes.get(..REACH).unwrap_or(bytes);
    let Some(key_at) = next(bytes, 1) else { return short };
    if bytes.get(key_at) != Some(&b'"') {
        return Head::Record;
    }
    let rest = bytes.get(key_at.saturating_add(1)..).unwrap_or_default();
    let known = KEYS.iter().copied().chain(wrapper_key.map(str::as_bytes));
    let mut may_fit = false;
    for key in known {
        let seen = rest.len().min(key.len());
        if rest.get(..seen) != key.get(..seen) {
            continue;
        }
        match rest.get(key.len()) {
            Some(b'"') => return members(bytes, key_at).unwrap_or(short),
            Some(_) => {}
            None => may_fit = true,
        }
    }
    if may_fit { short } else { Head::Record }
}

/// The first key of the wrapper that `bytes` begin with, when it is not the one that holds the records.
pub(crate) fn find_wrapper_key(bytes: &[u8]) -> Option<String> {
    let at = next(bytes, 1)?;
    let end = string_end(bytes, at)?;
    let key = bytes.get(at.saturating_add(1)..end.checked_sub(1)?)?;
    let is_wrapper = matches!(members(bytes.get(..REACH).unwrap_or(bytes), at), Some(Head::Wrapper(_)));
    (is_wrapper && !is_records_key(key)).then(|| String::from_utf8_lossy(key).into_owned())
}

/// Whether a member of that name holds records.
pub(crate) fn is_records_key(key: &[u8]) -> bool {
    KEYS.contains(&key)
}

/// Looks through members from the key at `at`; `None` when the bytes end first.
fn members(bytes: &[u8], mut at: usize) -> Option<Head> {
    loop {
        if bytes.get(at) != Some(&b'"') {
            return Some(Head::Record);
        }
        let end = string_end(bytes, at)?;
        let key = bytes.get(at.saturating_add(1)..end.checked_sub(1)?)?;
        let colon = next(bytes, end)?;
        if bytes.get(colon) != Some(&b':') {
            return Some(Head::Record);
        }
        let value = next(bytes, colon.saturating_add(1))?;
        if is_records_key(key) && bytes.get(value) == Some(&b'[') {
            return Some(Head::Wrapper(value.saturating_add(1)));
        }
        let after = next(bytes, value_end(bytes, value)?)?;
        if bytes.get(after) != Some(&b',') {
            return Some(Head::Record);
        }
        at = next(bytes, after.saturating_add(1))?;
    }
}

/// One past the value at `at`; `None` when the bytes end first.
pub(crate) fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    match *bytes.get(at)? {
        b'"' => string_end(bytes, at),
        opening @ (b'{' | b'[') => Some(at.saturating_add(Extent::of(opening).feed(bytes.get(at..)?)?)),
        _ => {
            let end =
                skip(bytes, at, |byte| !is_blank(byte) && !matches!(byte, b',' | b'}' | b']' | b'{' | b'['));
            (end < bytes.len()).then_some(end.max(at.saturating_add(1)))
        }
    }
}

/// One past the closing quote of the string whose opening quote is at `at`.
pub(crate) fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at.saturating_add(1);
    loop {
        let found = memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        at = at.saturating_add(found).saturating_add(1);
        if bytes.get(at.checked_sub(1)?) == Some(&b'"') {
            return Some(at);
        }
        at = at.saturating_add(1);
    }
}

/// The first byte from `at` on that is not blank.
fn next(bytes: &[u8], at: usize) -> Option<usize> {
    Some(skip(bytes, at, is_blank)).filter(|&at| at < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, key: Option<&str>, expected: Head) {
        assert_eq!(head(text.as_bytes(), key, true), expected, "{text}");
        // With fewer bytes the answer is the same or not yet known.
        for cut in 1..text.len() {
            let head = head(&text.as_bytes()[..cut], key, false);
            assert!(head == expected || head == Head::NeedMore, "{text} cut at {cut}: {head:?}");
        }
    }

    #[test]
    fn wrappers_are_told_from_records() {
        check(r#"{"Records":[{"a":1}]}"#, None, Head::Wrapper(12));
        check("{ \"records\" :\n [ {", None, Head::Wrapper(16));
        check(r#"{"records":{"a":1}}"#, None, Head::Record);
        check(r#"{"recordsFound":1}"#, None, Head::Record);
        check(r#"{"P":{"x":[1]},"n":1,"records":[{"a":1}]}"#, Some("P"), Head::Wrapper(32));
        check(r#"{"P":{"x":[1]},"n":1,"records":[{"a":1}]}"#, None, Head::Record);
        check(r#"{"P":1}"#, Some("P"), Head::Record);
        check("{}", None, Head::Record);
    }

    #[test]
    fn the_first_key_of_a_wrapper_is_found() {
        assert_eq!(find_wrapper_key(br#"{"P":0,"records":[]}"#).as_deref(), Some("P"));
        assert_eq!(find_wrapper_key(br#"{"records":[]}"#), None);
        assert_eq!(find_wrapper_key(br#"{"P":0}"#), None);
    }
}
