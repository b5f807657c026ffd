//! One object per line: each line stands alone.
//!
//! A line that does not read is rejected by itself. Only when a line opens an object that the line does not close, and
//! what follows is no new object, these are not lines but pretty-printed objects: then the part is handed back.

use super::framed::Framed;
use super::wrapper::{self, Head};
use super::{BOM, Context, Limits, extent::Extent, is_blank, is_separator, skip};
use crate::driver::{Sink, View, Walked};
use crate::reader::{Block, Read};

/// A walk over the lines whose first byte lies before an end.
#[derive(Debug)]
pub(crate) struct Lines {
    end: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first line; a byte order mark may come.
    Start,
    /// Behind the byte order mark, in the first line.
    First,
    /// At the beginning of a line.
    Line,
    /// In a line that is too long, up to its break.
    Skip,
}

impl Lines {
    /// The lines that begin before `end`. The bytes begin with a line.
    pub(crate) fn new(end: u64) -> Self {
        Self { end, state: State::Start }
    }

    /// Walks on over `view`.
    pub(crate) fn walk(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Walked {
        let bytes = view.bytes;
        loop {
            let at = sink.at(&view);
            let rest = bytes.get(at..).unwrap_or_default();
            match self.state {
                State::Start if view.base > 0 || self.end == 0 => {
                    self.state = State::Line;
                    continue;
                }
                State::Start => {
                    if rest.len() < BOM.len() && !view.is_last {
                        return Walked::NeedMore;
                    }
                    if rest.starts_with(BOM) {
                        sink.between(BOM);
                    }
                    self.state = State::First;
                    continue;
                }
                State::Skip => {
                    let found = memchr::memchr(b'\n', rest);
                    sink.ledger.more_rejected(rest.get(..found.unwrap_or(rest.len())).unwrap_or_default());
                    if found.is_none() && !view.is_last {
                        return Walked::NeedMore;
                    }
                    sink.ledger.end_reject();
                    sink.between(found.map_or(&[], |_| b"\n"));
                    self.state = State::Line;
                    continue;
                }
                State::Line if view.base.saturating_add(at as u64) >= self.end => return Walked::Over,
                State::First | State::Line => {}
            }
            if rest.is_empty() {
                return Walked::NeedMore;
            }
            let newline = memchr::memchr(b'\n', rest).map(|found| at.saturating_add(found));
            if newline.is_none() && !view.is_last {
                if at == 0 && view.is_full {
                    sink.ledger.begin_reject(&too_large(&sink.limits));
                    self.state = State::Skip;
                    continue;
                }
                return Walked::NeedMore;
            }
            let end = newline.map_or(bytes.len(), |newline| newline.saturating_add(1));
            if let Some(walked) = line(view, at, end, sink) {
                return walked;
            }
            self.state = State::Line;
        }
    }
}

/// The reason of a record above the limit.
pub(crate) fn too_large(limits: &Limits) -> String {
    format!("the record is larger than {} MiB", limits.record_bytes >> 20)
}

/// One line, `at..end`, its break included. Some when the walk cannot go on.
fn line(view: View<'_>, at: usize, end: usize, sink: &mut Sink<'_>) -> Option<Walked> {
    let bytes = view.bytes;
    let mut at = at;
    loop {
        let start = skip(bytes, at, is_separator).min(end);
        sink.between(bytes.get(at..start).unwrap_or_default());
        at = start;
        let text = bytes.get(at..end).unwrap_or_default();
        let &first = text.first()?;
        if first == b'[' || (first == b'{' && matches!(wrapper::head(text, None, true), Head::Wrapper(_))) {
            let part = View::whole(text, sink.ledger.walked());
            Framed::new(Context::default()).walk_all(part, sink);
            return None;
        }
        if first != b'{' {
            sink.reject(text, "text that is no JSON");
            return None;
        }
        match sink.read((view.block(), view.base), at, view.is_last, true) {
            Read::Done { end: record_end, outcome } if record_end <= end => {
                sink.ledger.done(bytes.get(at..record_end).unwrap_or_default(), &outcome);
                at = record_end;
            }
            Read::Done { .. } => {
                // The record went on into the next line.
                sink.unread(1);
                return broken(view, at, end, sink);
            }
            Read::Broken { .. } | Read::NeedMore => return broken(view, at, end, sink),
        }
    }
}

/// The rest of a line that does not read, from its `{`.
fn broken(view: View<'_>, at: usize, end: usize, sink: &mut Sink<'_>) -> Option<Walked> {
    let bytes = view.bytes;
    let text = bytes.get(at..end).unwrap_or_default();
    let extent = Extent::of(b'{').feed(text);
    if extent.is_none() {
        let next = skip(bytes, end, is_blank);
        match bytes.get(next) {
            Some(b'{') => {}
            Some(_) => return Some(Walked::HandBack),
            None if view.is_last || (at == 0 && view.is_full) => {}
            None => return Some(Walked::NeedMore),
        }
    }
    // What is wrong is said from the line alone, however much lay in memory when it was met.
    let is_end = text.last() != Some(&b'\n');
    let reason = match sink.read((Block::new(text), sink.ledger.walked()), 0, true, true) {
        Read::Broken { .. } if extent.is_none() && is_end => {
            "cut off: the file ends within the record".to_owned()
        }
        Read::Broken { fault, .. } => fault.to_string(),
        // Cannot be: it was broken with more bytes, and is broken with fewer.
        Read::Done { .. } | Read::NeedMore => {
            sink.unread(1);
            "not a JSON object".to_owned()
        }
    };
    sink.salvage(text, &reason);
    None
}
