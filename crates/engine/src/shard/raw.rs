//! Bytes of a file, read again: by offset where it lies plain, by inflating from its start where it is in containers.

use chartroom_ingest::{
    Place,
    inner::{Inner, Pulled},
};
use chartroom_protocol::reply::RawText;
use std::ops::Range;

/// Bytes before a place that are read to count lines.
const LINES_FROM: u64 = 64 << 20;
/// Bytes inflated in one slice.
const FUEL: usize = 512 << 10;

/// A reading under way.
pub(crate) struct RawRead {
    file: u32,
    /// The file as handed over.
    source: u32,
    /// Where `bytes` begin in the innermost file.
    at: u64,
    bytes: Inner,
    is_packed: bool,
    offset: u64,
    len: u64,
    /// Line of `offset`, when `line_from` is known.
    line: Option<u64>,
    line_from: u64,
    found: Vec<u8>,
    failure: Option<String>,
}

/// How far it is.
pub(crate) enum Stepped {
    Working,
    /// Until bytes come.
    Waiting,
    Done(Box<RawText>),
}

impl RawRead {
    /// `line`: a place before `offset`, and its line.
    pub(crate) fn new(
        file: u32,
        place: &Place,
        size: u64,
        is_packed: bool,
        (offset, len): (u64, u64),
        line: Option<(u64, u64)>,
    ) -> Self {
        let line = line.filter(|(from, _)| *from <= offset && (is_packed || offset - from <= LINES_FROM));
        let start = if is_packed { 0 } else { line.map_or(offset, |(from, _)| from).min(size) };
        let end = offset.saturating_add(len).min(size);
        let bytes =
            if is_packed { Inner::new(place, size) } else { Inner::range(place, start..end.max(start)) };
        Self {
            file,
            source: place.source,
            at: start,
            bytes,
            is_packed,
            offset,
            len,
            line: line.map(|(_, line)| line),
            line_from: line.map_or(offset, |(from, _)| from),
            found: Vec::new(),
            failure: None,
        }
    }

    pub(crate) const fn file(&self) -> u32 {
        self.file
    }

    /// The file as handed over: the one to read from.
    pub(crate) const fn source(&self) -> u32 {
        self.source
    }

    /// Why the file itself cannot be read, when that is so; damage within a container is none of that.
    pub(crate) fn unreadable(&self) -> Option<String> {
        self.failure.clone().or_else(|| if self.is_packed { None } else { self.bytes.failure() })
    }

    /// Ranges of the file to read now.
    pub(crate) fn take_wants(&mut self) -> Vec<Range<u64>> {
        std::iter::from_fn(|| self.bytes.wants()).collect()
    }

    pub(crate) fn deliver(&mut self, start: u64, bytes: Result<Vec<u8>, String>) {
        if let Err(reason) = &bytes {
            self.failure = Some(reason.clone());
        }
        self.bytes.deliver(start, bytes);
    }

    /// A slice of it.
    pub(crate) fn step(&mut self) -> Stepped {
        let mut fuel = FUEL;
        match self.bytes.pull(&mut fuel) {
            Pulled::Bytes(bytes) => {
                self.take(&bytes);
                let end = self.offset.saturating_add(self.len);
                if self.at < end { Stepped::Working } else { self.done() }
            }
            Pulled::Working => Stepped::Working,
            Pulled::Waiting if self.failure.is_none() => Stepped::Waiting,
            Pulled::Waiting | Pulled::End => self.done(),
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let start = self.at;
        self.at = start.saturating_add(bytes.len() as u64);
        let part = |range: Range<u64>| {
            let from =
                usize::try_from(range.start.saturating_sub(start)).unwrap_or(usize::MAX).min(bytes.len());
            let to = usize::try_from(range.end.saturating_sub(start)).unwrap_or(usize::MAX).min(bytes.len());
            bytes.get(from..to).unwrap_or_default()
        };
        if let Some(line) = &mut self.line {
            *line += part(self.line_from..self.offset).iter().filter(|&&byte| byte == b'\n').count() as u64;
        }
        self.found.extend_from_slice(part(self.offset..self.offset.saturating_add(self.len)));
    }

    fn done(&mut self) -> Stepped {
        let found = std::mem::take(&mut self.found);
        let unavailable = match &self.failure {
            Some(reason) => Some(format!("the file cannot be read any more: {reason}")),
            None if found.is_empty() && self.len > 0 => match self.bytes.failure() {
                Some(reason) => Some(format!("the file cannot be read any more: {reason}")),
                None => Some("the file ends before this place".to_owned()),
            },
            None => None,
        };
        // Bytes that did not come were not counted: then where the count began is no answer.
        let line = self.line.filter(|_| unavailable.is_none() && self.at >= self.offset);
        let text = unavailable.is_none().then(|| chartroom_ingest::encoding::shown(&found));
        let lossy = text.as_ref().is_some_and(|(_, is_replaced)| *is_replaced);
        debug_assert!(self.is_packed || self.at >= self.offset || unavailable.is_some());
        Stepped::Done(Box::new(RawText {
            text: text.map(|(text, _)| text.into_owned()),
            unavailable,
            offset: self.offset,
            line,
            len: self.len,
            lossy,
        }))
    }
}
