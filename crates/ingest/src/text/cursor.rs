//! Walks the tokens of one record: where each ends, and what had to be tolerated.
//!
//! Knows no columns. What is wrong is one of two things: the bytes end too early ([`Stop::End`]), or they are not JSON
//! ([`Stop::Bad`]). Small damage is noted in [`Cursor::repair`] and the walk goes on.

use super::block::Block;
use super::stops::{is_stop, stop_mask};
use super::unescape::{Escape, escape};
use std::borrow::Cow;
use std::num::NonZeroUsize;

/// Levels of brackets a record may have.
pub(crate) const MAX_DEPTH: u32 = 128;

/// Why a record could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Fault {
    /// The bytes end within the record.
    #[error("the record is cut off")]
    CutOff,
    /// Something else where a key or the end of the object should be.
    #[error("expected a key in quotes or a closing brace")]
    NoKey,
    /// A key without its colon.
    #[error("expected a colon after the key")]
    NoColon,
    /// Neither a value nor its end.
    #[error("expected a value")]
    NoValue,
    /// Two values without a comma, or the wrong bracket.
    #[error("expected a comma or the closing bracket")]
    NoComma,
    /// More levels of brackets than we follow.
    #[error("brackets are nested more than 128 levels deep")]
    TooDeep,
    /// A line of JSON Lines that breaks within a string.
    #[error("the line ends within a string")]
    LineBreak,
    /// Not a record at all.
    #[error("expected a record in braces")]
    NoRecord,
    /// A record of more than 4 GiB.
    #[error("the record is too long")]
    TooLong,
}

/// What was tolerated in a record that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Repair {
    /// `,}` or `,]`.
    #[error("a comma before the closing bracket was ignored")]
    TrailingComma,
    /// Bytes that are not UTF-8.
    #[error("bytes that are not UTF-8 were replaced")]
    InvalidUtf8,
    /// `\ud83d` without its other half.
    #[error("half of a surrogate pair was replaced")]
    LoneSurrogate,
    /// A line break or another control character within a string.
    #[error("a control character within a text was kept")]
    ControlCharacter,
    /// `\x` and other escapes that JSON does not have.
    #[error("a backslash that begins no escape was kept")]
    BadEscape,
    /// A value that does not fit its column's kind; its text lies in `AdditionalFields`.
    #[error("a value that does not fit its column was kept in AdditionalFields")]
    Unfit,
}

/// Why the walk stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The bytes ended.
    End,
    /// They are not JSON, from there.
    Bad(usize, Fault),
    /// Not what this type's records look like: look again before anything is added to its table.
    Unsure,
}

/// The inside of a string: `start..end`, quotes excluded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Has a backslash in it.
    pub(crate) is_escaped: bool,
}

/// One past what was walked over; `None` when the walk stopped, for the reason in [`Cursor::stopped`]. Never 0, so that it
/// passes in one register: the walk returns one of these per value.
pub(crate) type Walked = Option<NonZeroUsize>;

/// A walk over one record.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    pub(crate) block: Block<'a>,
    /// A raw line break within a string is an error, not a curiosity.
    pub(crate) is_line: bool,
    /// Blanks or damage were passed since this was last cleared: the bytes are not the compact text.
    pub(crate) is_dirty: bool,
    /// The first thing tolerated.
    pub(crate) repair: Option<Repair>,
    /// Why the walk stopped, once it did.
    pub(crate) stopped: Stop,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(block: Block<'a>, is_line: bool) -> Self {
        Self { block, is_line, is_dirty: false, repair: None, stopped: Stop::End }
    }

    /// The byte at `at`; 0 behind the end.
    #[inline(always)]
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.block.bytes().get(at).copied().unwrap_or(0)
    }

    /// Stops at `at`: there the bytes end, or `fault` is what is wrong.
    #[cold]
    pub(crate) fn fail<T>(&mut self, at: usize, fault: Fault) -> Option<T> {
        self.stopped = if at >= self.block.bytes().len() { Stop::End } else { Stop::Bad(at, fault) };
        None
    }

    /// Stops because the bytes end.
    #[cold]
    fn end<T>(&mut self) -> Option<T> {
        self.stopped = Stop::End;
        None
    }

    #[cold]
    pub(crate) fn note(&mut self, repair: Repair) {
        self.is_dirty = true;
        self.repair.get_or_insert(repair);
    }

    /// Past blanks.
    #[inline(always)]
    pub(crate) fn blanks(&mut self, at: usize) -> usize {
        if self.byte(at) > b' ' { at } else { self.more_blanks(at) }
    }

    #[inline(never)]
    fn more_blanks(&mut self, mut at: usize) -> usize {
        while matches!(self.byte(at), b' ' | b'\t' | b'\n' | b'\r') {
            self.is_dirty = true;
            at += 1;
        }
        at
    }

    /// The string whose opening quote is at `at`; one goes on behind its end's quote.
    #[inline]
    pub(crate) fn string(&mut self, at: usize) -> Option<Piece> {
        let bytes = self.block.bytes();
        let start = at + 1;
        let mut at = start;
        while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
            let mask = stop_mask(chunk);
            if mask == 0 {
                at += 16;
                continue;
            }
            at += mask.trailing_zeros() as usize;
            if self.byte(at) == b'"' {
                return Some(Piece { start, end: at, is_escaped: false });
            }
            return self.odd_string(start, at);
        }
        self.odd_string(start, at)
    }

    /// The rest of a string with escapes, control characters, or close to the end of the bytes.
    #[inline(never)]
    fn odd_string(&mut self, start: usize, mut at: usize) -> Option<Piece> {
        let bytes = self.block.bytes();
        let mut is_escaped = false;
        loop {
            while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
                let mask = stop_mask(chunk);
                if mask != 0 {
                    at += mask.trailing_zeros() as usize;
                    break;
                }
                at += 16;
            }
            match bytes.get(at) {
                None => return self.end(),
                Some(b'"') => return Some(Piece { start, end: at, is_escaped }),
                Some(b'\\') => {
                    is_escaped = true;
                    at += 1;
                    match bytes.get(at) {
                        Some(b'"' | b'\\' | b'/' | b'n' | b't' | b'r' | b'b' | b'f') => at += 1,
                        None => return self.end(),
                        Some(_) => at += self.odd_escape(at),
                    }
                }
                Some(&byte) if is_stop(byte) => {
                    if byte == b'\n' && self.is_line {
                        return self.fail(at, Fault::LineBreak);
                    }
                    self.note(Repair::ControlCharacter);
                    at += 1;
                }
                Some(_) => at += 1,
            }
        }
    }

    /// How far a `\u` escape, or what is none, reaches; never over a quote.
    fn odd_escape(&mut self, at: usize) -> usize {
        match escape(self.block.bytes().get(at..).unwrap_or_default()) {
            Escape::Char(_, used) => used,
            Escape::Lone(used) => {
                self.note(Repair::LoneSurrogate);
                used
            }
            // The byte behind a backslash never ends a string, whatever it is.
            Escape::Unknown => {
                self.note(Repair::BadEscape);
                1
            }
        }
    }

    /// Past the number, `true`, `false` or `null` at `at`.
    #[inline]
    pub(crate) fn bare(&mut self, at: usize) -> Walked {
        let bytes = self.block.bytes().get(at..).unwrap_or_default();
        match bytes.first_chunk::<5>() {
            Some([b't', b'r', b'u', b'e', _] | [b'n', b'u', b'l', b'l', _]) => {
                return NonZeroUsize::new(at + 4);
            }
            Some(b"false") => return NonZeroUsize::new(at + 5),
            _ => {}
        }
        let word: &[u8] = match bytes.first() {
            Some(b't') => b"true",
            Some(b'f') => b"false",
            Some(b'n') => b"null",
            Some(b'-' | b'0'..=b'9') => return self.number(at),
            _ => return self.fail(at, Fault::NoValue),
        };
        if bytes.starts_with(word) {
            NonZeroUsize::new(at + word.len())
        } else if bytes.len() < word.len() && word.starts_with(bytes) {
            self.end()
        } else {
            self.fail(at, Fault::NoValue)
        }
    }

    fn number(&mut self, at: usize) -> Walked {
        let bytes = self.block.bytes().get(at..).unwrap_or_default();
        let length =
            bytes.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
        // A number that touches the end may go on in the next bytes.
        let Some(length) = length else { return self.end() };
        let token = bytes.get(..length).unwrap_or_default();
        if is_number(token) { NonZeroUsize::new(at + length) } else { self.fail(at, Fault::NoValue) }
    }

    /// Past the value at `at`, whatever it is; `depth` brackets are open around it.
    #[inline]
    pub(crate) fn skip(&mut self, at: usize, depth: u32) -> Walked {
        match self.byte(at) {
            b'"' => NonZeroUsize::new(self.string(at)?.end + 1),
            b'{' | b'[' => self.skip_tree(at, depth),
            _ => self.bare(at),
        }
    }

    /// Past the object or array at `at`. No recursion: a bit per open bracket says what it is.
    fn skip_tree(&mut self, at: usize, depth: u32) -> Walked {
        let mut is_object_at: u128 = u128::from(self.byte(at) == b'{');
        let mut open = 1;
        if depth.saturating_add(open) > MAX_DEPTH {
            return self.fail(at, Fault::TooDeep);
        }
        let mut at = self.blanks(at + 1);
        let mut is_first = true;
        'item: loop {
            let is_object = is_object_at & 1 == 1;
            let mut is_closing = self.byte(at) == if is_object { b'}' } else { b']' };
            if is_closing {
                if !is_first {
                    self.note(Repair::TrailingComma);
                }
            } else {
                if is_object {
                    at = self.key(at)?.get();
                }
                match self.byte(at) {
                    b'"' => at = self.string(at)?.end + 1,
                    bracket @ (b'{' | b'[') => {
                        open += 1;
                        if depth.saturating_add(open) > MAX_DEPTH {
                            return self.fail(at, Fault::TooDeep);
                        }
                        is_object_at = is_object_at << 1 | u128::from(bracket == b'{');
                        at = self.blanks(at + 1);
                        is_first = true;
                        continue 'item;
                    }
                    _ => at = self.bare(at)?.get(),
                }
            }
            // At a bracket that closes, or behind a value.
            loop {
                if is_closing {
                    at += 1;
                    open -= 1;
                    if open == 0 {
                        return NonZeroUsize::new(at);
                    }
                    is_object_at >>= 1;
                }
                at = self.blanks(at);
                match self.byte(at) {
                    b',' => {
                        at = self.blanks(at + 1);
                        is_first = false;
                        continue 'item;
                    }
                    byte if byte == if is_object_at & 1 == 1 { b'}' } else { b']' } => is_closing = true,
                    _ => return self.fail(at, Fault::NoComma),
                }
            }
        }
    }

    /// Past the key at `at`, its colon and blanks.
    #[inline]
    fn key(&mut self, at: usize) -> Walked {
        if self.byte(at) != b'"' {
            return self.fail(at, Fault::NoKey);
        }
        let at = self.string(at)?.end + 1;
        let at = self.blanks(at);
        if self.byte(at) != b':' {
            return self.fail(at, Fault::NoColon);
        }
        NonZeroUsize::new(self.blanks(at + 1))
    }

    /// The text of `start..end` as it stands in the file.
    #[inline]
    pub(crate) fn raw(&mut self, start: usize, end: usize) -> Cow<'a, str> {
        let (text, is_replaced) = self.block.text(start, end);
        if is_replaced {
            self.note(Repair::InvalidUtf8);
        }
        text
    }
}

/// Whether `token` is a number as JSON writes them.
fn is_number(token: &[u8]) -> bool {
    let token = token.strip_prefix(b"-").unwrap_or(token);
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(token);
    if whole == 0 || (whole > 1 && token.starts_with(b"0")) {
        return false;
    }
    let mut rest = token.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let exponent =
            exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

/// Appends the compact JSON of a text that holds exactly one object or array; `false` and nothing else when it does not.
pub(crate) fn compact_text_into(text: &str, out: &mut String) -> bool {
    if !text.trim_ascii_start().starts_with(['{', '[']) {
        return false;
    }
    let mut cursor = Cursor::new(Block::from(text), false);
    let start = cursor.blanks(0);
    let Some(end) = cursor.skip(start, 0) else { return false };
    if cursor.blanks(end.get()) < text.len() {
        return false;
    }
    super::compact::compact_into(text.get(start..end.get()).unwrap_or_default(), out);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<usize, Stop>, repair: Option<Repair>) {
        let mut cursor = Cursor::new(Block::from(text), true);
        let walked = cursor.skip(0, 0).map(NonZeroUsize::get).ok_or(cursor.stopped);
        assert_eq!(walked, expected, "{text}");
        assert_eq!(cursor.repair, repair, "{text}");
    }

    #[test]
    fn a_value_ends_where_its_bracket_closes() {
        check(r#"{"a":[1,{"b":"}"},null],"c":-1.5e+3} x"#, Ok(36), None);
        check(r#"[ ] "#, Ok(3), None);
        check(r#""a\"b" "#, Ok(6), None);
        check(r#"{"long text here \" over sixteen":"\\"}"#, Ok(39), None);
    }

    #[test]
    fn what_is_cut_off_ends_and_what_is_wrong_stops() {
        for cut in ["{", r#"{"a"#, r#"{"a""#, r#"{"a":"#, r#"{"a":1"#, r#"{"a":1,"#, "[tru", r#"["\"#, "["] {
            check(cut, Err(Stop::End), None);
        }
        check(r#"{"a" 1}"#, Err(Stop::Bad(5, Fault::NoColon)), None);
        check(r#"{a:1}"#, Err(Stop::Bad(1, Fault::NoKey)), None);
        check(r#"{"a":1]"#, Err(Stop::Bad(6, Fault::NoComma)), None);
        check(r#"[1 2]"#, Err(Stop::Bad(3, Fault::NoComma)), None);
        check(r#"[1,,2]"#, Err(Stop::Bad(3, Fault::NoValue)), None);
        check(r#"[01]"#, Err(Stop::Bad(1, Fault::NoValue)), None);
        check("[\"a\nb\"]", Err(Stop::Bad(3, Fault::LineBreak)), None);
    }

    #[test]
    fn small_damage_is_noted() {
        check(r#"{"a":[1,],}"#, Ok(11), Some(Repair::TrailingComma));
        check(r#"["\ud83d"]"#, Ok(10), Some(Repair::LoneSurrogate));
        check(r#"["\ud83d\ude00"]"#, Ok(16), None);
        check(r#"["\x"]"#, Ok(6), Some(Repair::BadEscape));
        check("[\"a\tb\"]", Ok(7), Some(Repair::ControlCharacter));
    }

    #[test]
    fn brackets_may_be_128_deep_and_no_deeper() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        check(&nested(128), Ok(256), None);
        check(&nested(129), Err(Stop::Bad(128, Fault::TooDeep)), None);
        check(&nested(10_000), Err(Stop::Bad(128, Fault::TooDeep)), None);
    }
}
