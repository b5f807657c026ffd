//! Lines of a compressed file, given out in ranges of whole lines.
//!
//! **Invariant:** a range ends only where the shard that reads it sees all that decides about its last line: in front of a
//! line that begins an object, or behind one that does not. A line above the limit is rejected here, as a shard would.

use super::lines::too_large;
use super::{BOM, Layout, is_blank, is_separator, skip};
use crate::driver::{Sink, View, Walked};

/// A walk that looks for places to cut.
#[derive(Debug, Default)]
pub(crate) struct LineCuts {
    is_started: bool,
    /// In a line that is too long, up to its break.
    is_skipping: bool,
}

impl LineCuts {
    /// Walks on over `view`, which begins with a line unless one is being skipped.
    pub(crate) fn walk(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Walked {
        let bytes = view.bytes();
        if !self.is_started {
            // The mark is counted here: the range that follows begins with its first line.
            if bytes.starts_with(BOM) && sink.ledger.position() == 0 {
                sink.between(BOM);
            }
            self.is_started = true;
        }
        if self.is_skipping {
            let rest = bytes.get(sink.at(&view)..).unwrap_or_default();
            let newline = memchr::memchr(b'\n', rest);
            sink.ledger.more_rejected(rest.get(..newline.unwrap_or(rest.len())).unwrap_or_default());
            if newline.is_none() && !view.is_last {
                return Walked::NeedMore;
            }
            sink.ledger.end_reject();
            self.is_skipping = false;
            sink.between(newline.map_or(&[], |_| b"\n"));
        }
        let at = sink.at(&view);
        let is_full = at == 0 && view.is_full;
        let rest = bytes.get(at..).unwrap_or_default();
        let newline = memchr::memchr(b'\n', rest);
        if newline.is_none() && is_full {
            if sink.open_cut().is_some() {
                return Walked::Cut;
            }
            sink.ledger.begin_reject(&too_large(&sink.limits));
            self.is_skipping = true;
            return Walked::NeedMore;
        }
        let len = match last_place(rest) {
            _ if view.is_last => rest.len(),
            Some(len) => len,
            None if is_full => newline.map_or(0, |newline| newline.saturating_add(1)),
            None => 0,
        };
        if len == 0 {
            return Walked::NeedMore;
        }
        let is_enough = sink.cut_more(rest.get(..len).unwrap_or_default(), &Layout::Lines);
        if is_enough { Walked::Cut } else { Walked::NeedMore }
    }
}

/// The last place to cut `bytes`, which begin with a line.
fn last_place(bytes: &[u8]) -> Option<usize> {
    let begins_object = |start: usize| bytes.get(skip(bytes, start, is_blank)) == Some(&b'{');
    let may_open_object = |start: usize| bytes.get(skip(bytes, start, is_separator)) == Some(&b'{');
    let mut breaks = memchr::memrchr_iter(b'\n', bytes).peekable();
    while let Some(newline) = breaks.next() {
        let line = breaks.peek().map_or(0, |before| before.saturating_add(1));
        let place = newline.saturating_add(1);
        let is_blank_line = skip(bytes, line, is_blank) > newline;
        if begins_object(place) || !(is_blank_line || may_open_object(line)) {
            return Some(place);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_lies_before_an_object_or_behind_something_else() {
        assert_eq!(last_place(b"{1}\n{2}\n{3"), Some(8));
        assert_eq!(last_place(b"{1}\n{2}\nx\n"), Some(10));
        assert_eq!(last_place(b"{1}\n{2}\nx"), Some(4));
        assert_eq!(last_place(b"{1}\n {2}"), Some(4));
        assert_eq!(last_place(b"{1}\n \n \n"), None);
        assert_eq!(last_place(b"{1}"), None);
    }
}
