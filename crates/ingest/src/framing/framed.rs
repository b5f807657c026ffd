//! Everything that is not lines: objects back to back, arrays, wrappers, in any nesting that logs come in.
//!
//! A state machine over what is open ([`Context`]). At each `{` that is a record it either reads it (and goes on where
//! the reader stopped) or, when framing ahead for other shards, measures it and adds it to the open cut. Damage is
//! handled within the extent of the damaged record ([`Sink::salvage`]), so both ways go on at the same byte.
//!
//! Map: [`Framed::walk`] is the loop; `element` handles what stands where a record may, `member` what stands in a wrapper
//! beside its records, `record` and `oversized` records themselves.

use super::extent::Extent;
use super::lines::too_large;
use super::wrapper::{self, Head};
use super::{BOM, Context, Layout, Open, is_blank, is_separator, skip};
use crate::driver::{Sink, View, Walked};
use crate::reader::Read;

/// Arrays and wrappers inside one another that are followed; deeper ones are records.
const DEPTH: usize = 8;
/// A run of text that is no JSON is rejected in pieces of at most this size.
const GARBAGE: usize = 64 << 10;

/// A walk through a framed file.
#[derive(Debug)]
pub(crate) struct Framed {
    context: Context,
    /// Set while a value that is too large for memory is passed over.
    passing: Option<Passing>,
    /// The file ends within a record.
    is_cut_off: bool,
}

#[derive(Clone, Copy, Debug)]
struct Passing {
    extent: Extent,
    is_record: bool,
}

/// What to do after one thing was looked at.
type Next = Result<(), Walked>;

impl Framed {
    /// Begins in `context`.
    pub(crate) fn new(context: Context) -> Self {
        Self { context, passing: None, is_cut_off: false }
    }

    /// Walks on over `view`.
    pub(crate) fn walk(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Walked {
        loop {
            if let Err(walked) = self.next(view, sink) {
                return walked;
            }
        }
    }

    /// What a walk needs to know that begins here.
    fn layout(&self) -> Layout {
        Layout::Framed(self.context.clone())
    }

    /// Walks over all of `view`, its last bytes included.
    pub(crate) fn walk_all(&mut self, view: View<'_>, sink: &mut Sink<'_>) {
        while self.walk(view, sink) == Walked::Cut {}
    }

    /// To be called behind the last byte of the file: notes what is still open.
    pub(crate) fn finish(&self, sink: &mut Sink<'_>) {
        if !self.context.open.is_empty() && !self.is_cut_off {
            sink.ledger.note(0, "not every bracket is closed at the end of the file");
        }
    }

    fn next(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Next {
        if sink.is_cut_overdue() {
            return Err(Walked::Cut);
        }
        let bytes = view.bytes;
        let at = sink.at(&view);
        if let Some(passing) = &mut self.passing {
            let rest = bytes.get(at..).unwrap_or_default();
            let end = passing.extent.feed(rest);
            let passed = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            if passing.is_record {
                sink.ledger.more_rejected(passed);
            } else {
                sink.between(passed);
            }
            if end.is_none() {
                self.is_cut_off |= view.is_last;
                return Err(Walked::NeedMore);
            }
            if passing.is_record {
                sink.ledger.end_reject();
            }
            self.passing = None;
            return Ok(());
        }
        let start = skip(bytes, at, is_separator);
        sink.between(bytes.get(at..start).unwrap_or_default());
        let rest = bytes.get(start..).unwrap_or_default();
        let Some(&first) = rest.first() else { return Err(Walked::NeedMore) };
        if BOM.first() == Some(&first) {
            if rest.len() < BOM.len() && !view.is_last {
                return Err(Walked::NeedMore);
            }
            if rest.starts_with(BOM) {
                sink.between(BOM);
                return Ok(());
            }
        }
        if self.context.open.last() == Some(&Open::Wrapper) {
            self.member(view, start, first, sink)
        } else {
            self.element(view, start, first, sink)
        }
    }

    /// What stands where a record may stand: at the top or in an array.
    fn element(&mut self, view: View<'_>, at: usize, first: u8, sink: &mut Sink<'_>) -> Next {
        let rest = view.bytes.get(at..).unwrap_or_default();
        let one = rest.get(..1).unwrap_or_default();
        let is_in_array = self.context.open.last() == Some(&Open::Array);
        match first {
            b'{' => {
                let is_all = view.is_last || (at == 0 && view.is_full);
                match wrapper::head(rest, self.context.wrapper_key.as_deref(), is_all) {
                    Head::NeedMore => return Err(Walked::NeedMore),
                    Head::Wrapper(len) if self.context.open.len() < DEPTH => {
                        sink.between(rest.get(..len).unwrap_or_default());
                        self.context.open.extend([Open::Wrapper, Open::Array]);
                    }
                    Head::Wrapper(_) | Head::Record => return self.record(view, at, sink),
                }
            }
            b'[' if !is_in_array => {
                sink.between(one);
                self.context.open.push(Open::Array);
            }
            b']' => {
                if is_in_array {
                    self.context.open.pop();
                } else {
                    sink.note(1, "a closing bracket that nothing opens");
                }
                sink.between(one);
            }
            b'}' => {
                if let [.., Open::Wrapper, Open::Array] = self.context.open.as_slice() {
                    sink.note(1, "the ] that closes the records is missing");
                    self.context.open.truncate(self.context.open.len().saturating_sub(2));
                } else {
                    sink.note(1, "a closing brace that nothing opens");
                }
                sink.between(one);
            }
            b'[' => return self.no_record(view, at, "an array where a record should be", sink),
            b'"' if is_in_array => {
                return self.no_record(view, at, "a text where a record should be", sink);
            }
            b'a'..=b'z' | b'0'..=b'9' | b'-' if is_in_array => {
                return self.no_record(view, at, "a value that is no record", sink);
            }
            _ => return self.garbage(view, at, sink),
        }
        Ok(())
    }

    /// An element of an array that is no object.
    fn no_record(&mut self, view: View<'_>, at: usize, reason: &str, sink: &mut Sink<'_>) -> Next {
        let rest = view.bytes.get(at..).unwrap_or_default();
        let is_all = view.is_last || (at == 0 && view.is_full);
        let end = wrapper::value_end(rest, 0);
        let next = end.map(|end| skip(rest, end, is_blank)).and_then(|next| rest.get(next));
        if next.is_none() && !is_all {
            return Err(Walked::NeedMore);
        }
        // A brace counts as the end: a cut may end in front of a record, and must be read the same.
        let is_open = end.is_none() && matches!(rest.first(), Some(b'"' | b'['));
        if is_open || next.is_some_and(|next| !matches!(next, b',' | b']' | b'{')) {
            // Not an element, but the middle of something damaged.
            return self.garbage(view, at, sink);
        }
        sink.reject(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default(), reason);
        Ok(())
    }

    /// What stands in a wrapper beside its records.
    fn member(&mut self, view: View<'_>, at: usize, first: u8, sink: &mut Sink<'_>) -> Next {
        let rest = view.bytes.get(at..).unwrap_or_default();
        match first {
            b'}' => {
                self.context.open.pop();
                sink.between(rest.get(..1).unwrap_or_default());
                Ok(())
            }
            b'{' | b'[' | b']' => {
                // The next message, or the end of the array around this one: the brace that closes it is missing. Not
                // noted: no byte here could carry the note, as the next one may be another part's.
                self.context.open.pop();
                Ok(())
            }
            b'"' => self.named(view, at, sink),
            _ => {
                let end = skip(rest, 0, |byte| !is_separator(byte) && !matches!(byte, b'}' | b'"'));
                if end == rest.len() && !view.is_last && end < GARBAGE {
                    return Err(Walked::NeedMore);
                }
                sink.reject(rest.get(..end.clamp(1, GARBAGE)).unwrap_or_default(), "text that is no JSON");
                Ok(())
            }
        }
    }

    /// A key of a wrapper and its value.
    fn named(&mut self, view: View<'_>, at: usize, sink: &mut Sink<'_>) -> Next {
        let rest = view.bytes.get(at..).unwrap_or_default();
        let is_all = view.is_last || (at == 0 && view.is_full);
        let value_at = wrapper::string_end(rest, 0).and_then(|end| {
            let colon = skip(rest, end, is_blank);
            let value = skip(rest, colon.saturating_add(1), is_blank);
            Some((end, *rest.get(colon)?, value, *rest.get(value)?))
        });
        let Some((key_end, colon, value, first)) = value_at else {
            if !is_all {
                return Err(Walked::NeedMore);
            }
            self.is_cut_off |= view.is_last;
            sink.between(rest);
            return Ok(());
        };
        if colon != b':' {
            sink.between(rest.get(..key_end).unwrap_or_default());
            return Ok(());
        }
        let key = rest.get(1..key_end.saturating_sub(1)).unwrap_or_default();
        if first == b'[' && wrapper::is_records_key(key) {
            sink.between(rest.get(..value.saturating_add(1)).unwrap_or_default());
            self.context.open.push(Open::Array);
            return Ok(());
        }
        if matches!(first, b'}' | b']' | b',') {
            sink.between(rest.get(..value).unwrap_or_default());
            return Ok(());
        }
        match wrapper::value_end(rest, value) {
            Some(end) => sink.between(rest.get(..end).unwrap_or_default()),
            None if !is_all => return Err(Walked::NeedMore),
            None if !view.is_last && matches!(first, b'{' | b'[') => {
                sink.between(rest.get(..value).unwrap_or_default());
                self.passing = Some(Passing { extent: Extent::of(first), is_record: false });
            }
            None => {
                self.is_cut_off |= view.is_last;
                sink.between(rest);
            }
        }
        Ok(())
    }

    /// A record, from its `{`.
    fn record(&mut self, view: View<'_>, at: usize, sink: &mut Sink<'_>) -> Next {
        let rest = view.bytes.get(at..).unwrap_or_default();
        if sink.is_cutting() {
            let end = match Extent::of(b'{').feed(rest) {
                Some(end) => end,
                None if view.is_last => {
                    self.is_cut_off = true;
                    rest.len()
                }
                None if !(at == 0 && view.is_full) => return Err(Walked::NeedMore),
                None if sink.open_cut().is_some() => return Err(Walked::Cut),
                // Too large to give away: it is dealt with here, as it would be without other shards.
                None => return self.read(view, at, sink),
            };
            let is_enough = sink.cut_more(rest.get(..end).unwrap_or_default(), &self.layout());
            return if is_enough { Err(Walked::Cut) } else { Ok(()) };
        }
        self.read(view, at, sink)
    }

    fn read(&mut self, view: View<'_>, at: usize, sink: &mut Sink<'_>) -> Next {
        let rest = view.bytes.get(at..).unwrap_or_default();
        let is_oversized = at == 0 && view.is_full && !view.is_last;
        let reason = match sink.read((view.block(), view.base), at, view.is_last, false) {
            Read::Done { end, outcome } => {
                sink.ledger.done(rest.get(..end.saturating_sub(at)).unwrap_or_default(), &outcome);
                return Ok(());
            }
            Read::NeedMore if is_oversized => too_large(&sink.limits),
            Read::NeedMore => return Err(Walked::NeedMore),
            Read::Broken { fault, .. } => fault.to_string(),
        };
        match Extent::of(b'{').feed(rest) {
            Some(end) => {
                sink.salvage(rest.get(..end).unwrap_or_default(), &reason);
            }
            None if view.is_last => {
                self.is_cut_off = true;
                sink.salvage(rest, "cut off: the file ends within the record");
            }
            None if is_oversized => {
                let reason = too_large(&sink.limits);
                if !sink.salvage_first(rest, &reason) {
                    sink.ledger.begin_reject(&reason);
                    self.passing = Some(Passing { extent: Extent::of(b'{'), is_record: true });
                }
            }
            None => return Err(Walked::NeedMore),
        }
        Ok(())
    }

    /// Text between records that is no JSON: up to where a record begins or, outside of arrays, to the end of the line.
    fn garbage(&mut self, view: View<'_>, at: usize, sink: &mut Sink<'_>) -> Next {
        let rest = view.bytes.get(at..).unwrap_or_default();
        let reach = rest.get(..GARBAGE).unwrap_or(rest);
        let key = self.context.record_key.as_deref();
        let stops_at_line = self.context.open.is_empty() || key.is_none();
        let is_all = view.is_last || reach.len() == GARBAGE || (at == 0 && view.is_full);
        let mut from = 1_usize;
        let end = loop {
            let found = memchr::memchr2(b'\n', b'{', reach.get(from..).unwrap_or_default());
            let Some(found) = found.map(|found| found.saturating_add(from)) else { break reach.len() };
            from = found.saturating_add(1);
            if reach.get(found) == Some(&b'\n') {
                if stops_at_line {
                    break found;
                }
                continue;
            }
            match begins_record(reach.get(from..).unwrap_or_default(), key) {
                Some(true) => break found,
                Some(false) => {}
                None if view.is_last => break reach.len(),
                None => break if is_all { found } else { reach.len() },
            }
        };
        if end == reach.len() && !is_all {
            return Err(Walked::NeedMore);
        }
        let run = rest.get(..end).unwrap_or_default();
        if run.starts_with(b"```") {
            sink.between(run);
        } else {
            sink.reject(run, "text that is no JSON");
        }
        Ok(())
    }
}

/// Whether a record goes on like this behind its `{`: with `key`, or any key, or nothing. `None`: more bytes decide.
fn begins_record(inside: &[u8], key: Option<&str>) -> Option<bool> {
    let inside = inside.get(skip(inside, 0, is_blank)..)?;
    let Some(key) = key else { return inside.first().map(|first| matches!(first, b'"' | b'}')) };
    let quoted = inside.strip_prefix(b"\"").unwrap_or_default();
    match quoted.get(..key.len().saturating_add(1)) {
        Some(found) => Some(found.strip_suffix(b"\"") == Some(key.as_bytes())),
        None if inside.is_empty() => None,
        None => {
            if inside.first() == Some(&b'"') {
                None
            } else {
                Some(false)
            }
        }
    }
}

/// Whether `bytes` are one object from the first byte to the last.
pub(crate) fn is_one_object(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'{') && Extent::of(b'{').feed(bytes) == Some(bytes.len())
}
