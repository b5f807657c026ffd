//! Records wrapped in a record: a notification around one, a message that holds one as a text, a batch of them.
//!
//! A rule says under which dotted paths they lie (`*`: each element of a list); the first path that leads to any is taken.
//! What lies there is an object, or a text that holds one or a list of them. **Invariant:** only where a record is found is the
//! envelope opened; else it stays a record itself.

use super::scan::top_level_text;
use super::{Length, Outcome, Read, Reader, RowPlace};
use crate::formats::RuleNo;
use crate::report::{LISTED_KEPT, Listed};
use crate::text::block::Block;
use crate::text::cursor::Cursor;
use crate::text::unescape::unescape_into;
use chartroom_store::Store;

/// Envelopes in envelopes: a queue's message around a topic's around a bus's is three.
const MAX_NESTED: u32 = 6;

/// A value in an envelope.
enum Found {
    /// An object that begins here.
    Object(usize),
    /// What a string says.
    Text(String),
}

impl Reader {
    /// Reads the records in the envelope at `pos..end`; `None`: there are none in it.
    pub(super) fn open(
        &mut self,
        store: &mut Store,
        block: Block<'_>,
        (pos, end): (usize, usize),
        place: RowPlace,
        rule: RuleNo,
    ) -> Option<Read> {
        if self.nested >= MAX_NESTED {
            return None;
        }
        let paths = &self.formats.rules.get(rule)?.unwrap;
        let found = paths.iter().find_map(|path| {
            let mut found = Vec::new();
            let mut cursor = Cursor::new(block, false);
            find(&mut cursor, pos, path, &mut found);
            (!found.is_empty()).then_some(found)
        })?;
        let mut place = place;
        if self.nested == 0 {
            self.number = place.number;
            if let Length::Read(encoding) = place.length {
                // What its records are cut from. The framer passes no longer ones.
                let len = encoding.measure(block.bytes().get(pos..end).unwrap_or_default());
                place.length = Length::Told(u32::try_from(len).unwrap_or(u32::MAX));
            }
        }
        self.nested = self.nested.saturating_add(1);
        let mut outcomes = Vec::new();
        for value in found {
            match value {
                Found::Object(start) => self.one(store, block, start, place, &mut outcomes),
                Found::Text(text) => self.texts(store, &text, place, &mut outcomes),
            }
        }
        self.nested = self.nested.saturating_sub(1);
        (!outcomes.is_empty()).then_some(Read::Done { end, outcome: Outcome::Several(outcomes) })
    }

    /// The record that begins at `start`.
    fn one(
        &mut self,
        store: &mut Store,
        block: Block<'_>,
        start: usize,
        place: RowPlace,
        outcomes: &mut Vec<Outcome>,
    ) {
        let place = RowPlace { number: self.number.saturating_add(1), is_line: false, ..place };
        match self.read(store, block, start, true, place) {
            Read::Done { outcome: Outcome::Several(more), .. } => outcomes.extend(more),
            Read::Done { outcome, .. } => {
                self.number = place.number;
                outcomes.push(outcome);
            }
            // The walk that found it has passed it whole, so this is a type that cannot be read; a sibling may be.
            Read::NeedMore | Read::Broken { .. } => {}
        }
    }

    /// The records in a text: one or more objects, bare or in a list.
    fn texts(&mut self, store: &mut Store, text: &str, place: RowPlace, outcomes: &mut Vec<Outcome>) {
        let block = Block::from(text);
        let mut cursor = Cursor::new(block, false);
        let mut at = cursor.blanks(0);
        while at < text.len() {
            match cursor.byte(at) {
                b'{' => {
                    let Some(end) = cursor.skip(at, 0) else { return };
                    self.one(store, block, at, place, outcomes);
                    at = end.get();
                }
                b'[' | b']' | b',' => at = at.saturating_add(1),
                _ => return,
            }
            at = cursor.blanks(at);
        }
    }
}

/// The files that the record at `pos` lists, under the three `keys` that a rule names: the list, names, hashes.
pub(super) fn listed(block: Block<'_>, pos: usize, keys: &[String]) -> Vec<Listed> {
    let [list, name, hash] = keys else { return Vec::new() };
    let mut found = Vec::new();
    let path = [list.clone(), "*".to_owned()];
    find(&mut Cursor::new(block, false), pos, &path, &mut found);
    let text = |at: usize, key: &str| {
        let mut text = String::new();
        unescape_into(&top_level_text(block, at, key)?, &mut text);
        Some(text)
    };
    let listed = found.into_iter().filter_map(|found| {
        let Found::Object(at) = found else { return None };
        let (name, sha256) = (text(at, name)?, text(at, hash)?.to_ascii_lowercase());
        // Another hash than SHA-256 cannot be held against ours.
        (sha256.len() == 64).then_some(Listed { name, sha256 })
    });
    listed.take(LISTED_KEPT).collect()
}

/// Follows `path` from the value at `at`, which is whole.
fn find(cursor: &mut Cursor<'_>, at: usize, path: &[String], found: &mut Vec<Found>) {
    let at = cursor.blanks(at);
    let Some((key, rest)) = path.split_first() else {
        match cursor.byte(at) {
            b'{' => found.push(Found::Object(at)),
            b'"' => {
                let Some(piece) = cursor.string(at) else { return };
                let raw = cursor.raw(piece.start, piece.end);
                let mut text = String::new();
                unescape_into(&raw, &mut text);
                if text.trim_start().starts_with(['{', '[']) {
                    found.push(Found::Text(text));
                }
            }
            _ => {}
        }
        return;
    };
    let is_each = key == "*";
    match cursor.byte(at) {
        b'[' if is_each => members(cursor, at, false, |cursor, _, at| find(cursor, at, rest, found)),
        b'{' if !is_each => members(cursor, at, true, |cursor, name, at| {
            if name.eq_ignore_ascii_case(key) {
                find(cursor, at, rest, found);
            }
        }),
        _ => {}
    }
}

/// Calls `visit` with each member's name and place.
fn members(
    cursor: &mut Cursor<'_>,
    at: usize,
    has_names: bool,
    mut visit: impl FnMut(&mut Cursor<'_>, &str, usize),
) {
    let mut at = cursor.blanks(at.saturating_add(1));
    while !matches!(cursor.byte(at), b'}' | b']' | 0) {
        let mut name = String::new();
        if has_names {
            let Some(piece) = cursor.string(at) else { return };
            name.push_str(&cursor.raw(piece.start, piece.end));
            let colon = cursor.blanks(piece.end.saturating_add(1));
            at = cursor.blanks(colon.saturating_add(1));
        }
        visit(cursor, &name, at);
        let end = match cursor.byte(at) {
            b'"' => cursor.string(at).map(|piece| piece.end.saturating_add(1)),
            b'{' | b'[' => cursor.skip(at, 0).map(std::num::NonZero::get),
            _ => cursor.bare(at).map(std::num::NonZero::get),
        };
        let Some(end) = end else { return };
        at = cursor.blanks(end);
        if cursor.byte(at) != b',' {
            return;
        }
        at = cursor.blanks(at.saturating_add(1));
    }
}
