//! One walk over one record, with a plan: keys to nodes, values to columns, evidence on the way.
//!
//! Recursion follows the tree of a type's columns, a handful of levels; all deeper trees are passed without it.

use super::shape::{After, Bind, Place, Plan, ROOT};
use super::slots::{Json, Pushed, Scratch, Target, leave};
use crate::formats::{Evidence, FormatFile, Formats, PlanDef, ValueType};
use crate::text::block::Block;
use crate::text::compact::compact_into;
use crate::text::cursor::{Cursor, Fault, Piece, Repair, Stop, Walked};
use crate::text::unescape::unescape_into;
use chartroom_base::bytes::is_equal;
use chartroom_store::Table;
use std::borrow::Cow;
use std::num::NonZeroUsize;

/// A type's columns as its file and as its tree.
pub(crate) type Def<'r> = Option<(&'r FormatFile, &'r PlanDef)>;

/// A walk over one record.
pub(crate) struct Scan<'r, 'a> {
    pub(crate) plan: &'r mut Plan,
    pub(crate) table: Option<&'r mut Table>,
    pub(crate) scratch: &'r mut Scratch,
    pub(crate) formats: &'static Formats,
    pub(crate) def: Def<'static>,
    pub(crate) cursor: Cursor<'a>,
    pub(crate) evidence: Evidence,
    /// Whether keys not met before may become columns.
    pub(crate) may_add: bool,
}

impl Scan<'_, '_> {
    /// Reads the record at `at`; where it ends.
    pub(crate) fn record(&mut self, at: usize) -> Result<usize, Stop> {
        self.plan.begin_row();
        self.scratch.parts().0.clear();
        self.scratch.seen.clear();
        self.scratch.both.clear();
        match self.object(at, ROOT, 1) {
            Some(end) => Ok(end.get()),
            None => Err(self.cursor.stopped),
        }
    }

    /// The object at `at`, which is what `node` stands for; `depth` brackets are open within it.
    fn object(&mut self, at: usize, node: usize, depth: u32) -> Walked {
        let (mut after, was_seen) = self.plan.enter(node);
        if was_seen {
            self.forget(node);
        }
        let bytes = self.cursor.block.bytes();
        let mut at = self.cursor.blanks(at + 1);
        if self.cursor.byte(at) == b'}' {
            return NonZeroUsize::new(at + 1);
        }
        loop {
            let rest = match bytes.get(at..) {
                Some([b'"', rest @ ..]) => rest,
                Some([b'}', ..]) => {
                    self.cursor.note(Repair::TrailingComma);
                    return NonZeroUsize::new(at + 1);
                }
                _ => return self.cursor.fail(at, Fault::NoKey),
            };
            let kid = match self.plan.expect(node, after, rest) {
                Some((kid, next, length)) => {
                    at += 1 + length;
                    after = next;
                    kid
                }
                None => {
                    let (kid, next, begin) = self.other_key(at, node, after)?;
                    at = begin;
                    after = next;
                    kid
                }
            };
            at = self.value(at, kid, depth)?.get();
            if let Some([b',', b'"', ..]) = bytes.get(at..) {
                at += 1;
                continue;
            }
            at = self.cursor.blanks(at);
            match self.cursor.byte(at) {
                b',' => {
                    at += 1;
                    if self.cursor.byte(at) <= b' ' {
                        at = self.cursor.blanks(at);
                    }
                }
                b'}' => return NonZeroUsize::new(at + 1),
                _ => return self.cursor.fail(at, Fault::NoComma),
            }
        }
    }

    /// A key that was not expected: its node, where in the object it is, and where its value begins.
    #[inline(never)]
    fn other_key(&mut self, at: usize, node: usize, after: After) -> Option<(Place, After, usize)> {
        let key = self.cursor.string(at)?;
        let at = self.cursor.blanks(key.end + 1);
        if self.cursor.byte(at) != b':' {
            return self.cursor.fail(at, Fault::NoColon);
        }
        let key = self.cursor.block.bytes().get(key.start..key.end).unwrap_or_default();
        match self.plan.look_up((node, after), key, self.formats, self.def, self.may_add) {
            Some((kid, next)) => Some((kid, next, at + 1)),
            None => self.unsure(),
        }
    }

    /// Stops because the table would have to change for a record that may not be its own.
    #[cold]
    pub(super) fn unsure<T>(&mut self) -> Option<T> {
        self.cursor.stopped = Stop::Unsure;
        None
    }

    /// The value at `at` or behind blanks there, which is what `node` stands for.
    #[inline(always)]
    fn value(&mut self, mut at: usize, place: Place, depth: u32) -> Walked {
        let node = place.node;
        let mut byte = self.cursor.byte(at);
        if byte <= b' ' {
            at = self.cursor.blanks(at);
            byte = self.cursor.byte(at);
        }
        match byte {
            b'"' => {
                if let Some(length) = self.guessed_text(place, at) {
                    let start = at + 1;
                    if place.is_tested {
                        let text = self.cursor.raw(start, start + length);
                        self.test(node, ValueType::Text, &text);
                    }
                    return NonZeroUsize::new(start + length + 1);
                }
                let piece = self.cursor.string(at)?;
                if piece.is_escaped || !self.plain_text(place, piece) {
                    self.string(piece, node, depth)?;
                } else if place.is_tested
                    && let Some(text) = self.cursor.block.sure_text(piece.start, piece.end)
                {
                    self.test(node, ValueType::Text, text);
                }
                NonZeroUsize::new(piece.end + 1)
            }
            b'{' | b'[' => self.brackets(at, node, depth),
            _ => self.bare(at, node),
        }
    }

    /// An object or array, the way its node wants it.
    pub(super) fn brackets(&mut self, at: usize, node: usize, depth: u32) -> Walked {
        let Some(here) = self.plan.nodes.get(node) else { return self.cursor.skip(at, depth) };
        match self.cursor.byte(at) {
            b'{' if !here.needles.is_empty() => self.rare(at, node, depth),
            b'{' if here.is_branch => self.branch(at, node, depth),
            b'[' if here.is_list => self.list(at, node, depth),
            _ => self.tree(at, node, depth),
        }
    }

    /// A value that is not worth a second copy of [`Self::value`].
    #[inline(never)]
    fn element(&mut self, at: usize, place: Place, depth: u32) -> Walked {
        self.value(at, place, depth)
    }

    /// The text of a string column that had it before, recognised where it stands; its length.
    #[inline(always)]
    fn guessed_text(&mut self, place: Place, at: usize) -> Option<usize> {
        let slot = self.plan.slots.get_mut(place.plain)?;
        let rest = self.cursor.block.bytes().get(at + 1..)?;
        slot.push_guess((self.plan.row, place.node), self.table.as_deref_mut()?, rest)
    }

    /// The text of a string column from its best source, when nothing else is to be thought of: the way of nearly all values.
    #[inline(always)]
    fn plain_text(&mut self, place: Place, piece: Piece) -> bool {
        if let Some(slot) = self.plan.slots.get_mut(place.plain)
            && let Some(table) = self.table.as_deref_mut()
            && let Some(text) = self.cursor.block.sure_text(piece.start, piece.end)
        {
            slot.push_plain((self.plan.row, place.node), table, text)
        } else {
            false
        }
    }

    /// Gives the target to `push`, unless the walk only gathers evidence.
    #[inline(always)]
    fn target<T: Default>(&mut self, push: impl FnOnce(&mut Target<'_>) -> T) -> T {
        let Some(table) = self.table.as_deref_mut() else { return T::default() };
        let Scratch { rest, json, seen, both, .. } = &mut *self.scratch;
        let mut target = Target {
            plan: self.plan,
            table,
            rest,
            json,
            seen,
            both,
            repair: &mut self.cursor.repair,
            may_add: self.may_add,
        };
        push(&mut target)
    }

    /// A string that is more than the text of one column.
    fn string(&mut self, piece: Piece, node: usize, depth: u32) -> Option<()> {
        let raw = self.cursor.raw(piece.start, piece.end);
        let mut text = std::mem::take(self.scratch.parts().1);
        text.clear();
        let value: &str = if piece.is_escaped {
            unescape_into(&raw, &mut text);
            &text
        } else {
            &raw
        };
        let result = self.text(node, value, depth);
        *self.scratch.parts().1 = text;
        result
    }

    /// What a string says.
    pub(super) fn text(&mut self, node: usize, value: &str, depth: u32) -> Option<()> {
        self.test(node, ValueType::Text, value);
        let is_branch = self.plan.nodes.get(node).is_some_and(|node| node.is_branch);
        if is_branch && value.trim_ascii_start().starts_with('{') && self.nested(value, node, depth) {
            Some(())
        } else {
            self.put(node, Json::Text(value))
        }
    }

    /// A text that holds the JSON of an object of ours: reads it as if it stood there. `false`: it does not.
    fn nested(&mut self, text: &str, node: usize, depth: u32) -> bool {
        // Read once to be sure, so that nothing is half pushed; a text within a text within a text is taken as it is.
        let mut sure = Cursor::new(Block::from(text), false);
        let start = sure.blanks(0);
        match sure.skip(start, depth) {
            Some(end) if sure.blanks(end.get()) == text.len() => {}
            _ => return false,
        }
        let mut inner = Scan {
            plan: self.plan,
            table: self.table.as_deref_mut(),
            scratch: self.scratch,
            formats: self.formats,
            def: self.def,
            cursor: Cursor::new(Block::from(text), false),
            evidence: self.evidence,
            may_add: self.may_add,
        };
        let is_read = inner.branch(start, node, depth.saturating_add(1)).is_some();
        self.evidence = inner.evidence;
        if let Some(repair) = inner.cursor.repair {
            self.cursor.repair.get_or_insert(repair);
        }
        is_read
    }

    /// An object with places of columns in it.
    fn branch(&mut self, at: usize, node: usize, depth: u32) -> Walked {
        if depth >= crate::text::cursor::MAX_DEPTH {
            return self.cursor.fail(at, Fault::TooDeep);
        }
        self.test(node, ValueType::Object, "");
        if let Some(end) = self.replay(at, node, depth) {
            return NonZeroUsize::new(end);
        }
        let was_dirty = std::mem::take(&mut self.cursor.is_dirty);
        let end = self.object_to_replay(at, node, depth)?;
        let is_kept = self
            .plan
            .nodes
            .get(node)
            .is_some_and(|node| matches!(node.bind, Bind::Text(_) | Bind::Columns(_) | Bind::Found(_)));
        if is_kept {
            self.put_tree(at, end.get(), node)?;
        }
        self.cursor.is_dirty |= was_dirty;
        Some(end)
    }

    /// Sets again what the object at `at` set when it was last met here; where it ends.
    fn replay(&mut self, at: usize, node: usize, depth: u32) -> Option<usize> {
        let rest = self.cursor.block.bytes().get(at..)?;
        let (length, evidence) = self.plan.replay(node, self.table.as_deref_mut()?, rest, depth)?;
        self.evidence.add_all(&evidence);
        Some(at + length)
    }

    /// Reads the object at `at`, and remembers it if it may come again.
    fn object_to_replay(&mut self, at: usize, node: usize, depth: u32) -> Walked {
        let before = self.scratch.parts().0.len();
        let capture = match self.table {
            Some(_) if self.cursor.repair.is_none() => self.plan.begin_capture(node, before),
            _ => None,
        };
        let Some(capture) = capture else { return self.object(at, node, depth + 1) };
        let around = std::mem::take(&mut self.evidence);
        let end = self.object(at, node, depth + 1);
        let evidence = std::mem::replace(&mut self.evidence, around);
        self.evidence.add_all(&evidence);
        let end = end?;
        let after = self.scratch.parts().0.len();
        if !self.cursor.is_dirty
            && self.cursor.repair.is_none()
            && let Some(table) = self.table.as_deref()
            && let Some(text) = self.cursor.block.sure_text(at, end.get())
        {
            self.plan.end_capture(&capture, (node, depth), table, text.as_bytes(), (evidence, after));
        }
        Some(end)
    }

    /// An object that is kept whole and seldom has places of columns in it.
    fn rare(&mut self, at: usize, node: usize, depth: u32) -> Walked {
        let end = self.tree(at, node, depth)?;
        let raw = self.cursor.block.bytes().get(at..end.get()).unwrap_or_default();
        let is_wanted = self
            .plan
            .nodes
            .get(node)
            .is_some_and(|node| node.needles.iter().any(|needle| needle.find(raw).is_some()));
        if is_wanted { self.object(at, node, depth + 1) } else { Some(end) }
    }

    /// A list that is kept whole around here, and whose first element is a place of columns.
    fn list(&mut self, at: usize, node: usize, depth: u32) -> Walked {
        let first = self.cursor.blanks(at + 1);
        if depth < crate::text::cursor::MAX_DEPTH
            && self.cursor.byte(first) != b']'
            && let (start, _) = self.plan.enter(node)
            && let Some((kid, _)) =
                self.plan.look_up((node, start), b"0", self.formats, self.def, self.may_add)
        {
            self.element(first, kid, depth + 1)?;
        }
        self.tree(at, node, depth)
    }

    /// An object or array that is kept whole.
    fn tree(&mut self, at: usize, node: usize, depth: u32) -> Walked {
        let kind = if self.cursor.byte(at) == b'{' { ValueType::Object } else { ValueType::Array };
        self.test(node, kind, "");
        let was_dirty = std::mem::take(&mut self.cursor.is_dirty);
        let end = self.cursor.skip(at, depth)?;
        self.put_tree(at, end.get(), node)?;
        self.cursor.is_dirty |= was_dirty;
        Some(end)
    }

    /// The tree at `at..end`, compact.
    fn put_tree(&mut self, at: usize, end: usize, node: usize) -> Option<()> {
        let raw = self.cursor.raw(at, end);
        if !self.cursor.is_dirty {
            return self.put(node, Json::Tree(&raw));
        }
        let mut tree = std::mem::take(self.scratch.parts().2);
        tree.clear();
        compact_into(&raw, &mut tree);
        let result = self.put(node, Json::Tree(&tree));
        *self.scratch.parts().2 = tree;
        result
    }

    /// A number, a truth or nothing.
    fn bare(&mut self, at: usize, node: usize) -> Walked {
        let end = self.cursor.bare(at)?;
        match self.cursor.byte(at) {
            b'n' => self.put(node, Json::Null)?,
            first @ (b't' | b'f') => self.truth(node, first == b't')?,
            _ => {
                let digits = self.cursor.raw(at, end.get());
                self.number(node, &digits)?;
            }
        }
        Some(end)
    }

    pub(super) fn truth(&mut self, node: usize, is_true: bool) -> Option<()> {
        self.test(node, ValueType::Bool, if is_true { "true" } else { "false" });
        self.put(node, Json::Bool(is_true))
    }

    pub(super) fn number(&mut self, node: usize, digits: &str) -> Option<()> {
        self.test(node, ValueType::Number, digits);
        self.put(node, Json::Number(digits))
    }

    /// Puts a value where its node says.
    fn put(&mut self, node: usize, value: Json<'_>) -> Option<()> {
        let pushed = self.target(|target| {
            let Some(here) = target.plan.nodes.get(node) else { return Some(Pushed::Done) };
            match here.bind {
                Bind::Nothing => {}
                Bind::Rest => {
                    if !matches!(value, Json::Null) {
                        target.leave(node, value);
                    }
                }
                Bind::Text(slot) | Bind::Found(slot) => return Some(target.put(slot, 0, node, value)),
                Bind::Columns(_) => return Some(target.put_all(node, value)),
            }
            Some(Pushed::Done)
        });
        if pushed == Some(Pushed::NeedsLeave) { self.unsure() } else { Some(()) }
    }

    /// Adds what the rules want to know of this value.
    #[inline]
    pub(super) fn test(&mut self, node: usize, kind: ValueType, text: &str) {
        let Some(here) = self.plan.nodes.get_mut(node) else { return };
        if here.atoms.is_empty() {
            return;
        }
        if kind == ValueType::Text {
            let known = match (&here.of_any_text, &here.tested) {
                (Some(evidence), _) => Some(evidence),
                (None, Some((last, evidence))) if is_equal(last.as_bytes(), text.as_bytes()) => {
                    Some(evidence)
                }
                _ => None,
            };
            if let Some(evidence) = known {
                return self.evidence.add_all(evidence);
            }
        }
        let mut evidence = Evidence::default();
        for &atom in &here.atoms {
            if self.formats.atoms.test(atom, kind, text) {
                evidence.add(atom);
            }
        }
        self.evidence.add_all(&evidence);
        if kind == ValueType::Text && text.len() <= 256 {
            let (last, known) = here.tested.get_or_insert_default();
            last.clear();
            last.push_str(text);
            *known = evidence;
        }
    }

    /// An object is met a second time in one record: the last wins, so what the first set is taken back.
    #[cold]
    fn forget(&mut self, node: usize) {
        let Some(table) = self.table.as_deref_mut() else { return };
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            let Some(here) = self.plan.nodes.get(node) else { continue };
            open.extend(here.kids());
            let columns: Vec<usize> = match &here.bind {
                Bind::Text(slot) | Bind::Found(slot) => vec![*slot],
                Bind::Columns(columns) => columns.iter().map(|source| source.column).collect(),
                Bind::Nothing | Bind::Rest => Vec::new(),
            };
            for column in columns {
                if let Some(slot) = self.plan.slots.get_mut(column) {
                    slot.unset(node, self.plan.row, table);
                }
            }
        }
    }
}

impl Target<'_> {
    fn put_all(&mut self, node: usize, value: Json<'_>) -> Pushed {
        let mut index = 0;
        loop {
            let source = match self.plan.nodes.get(node).map(|node| &node.bind) {
                Some(Bind::Columns(columns)) => columns.get(index).copied(),
                _ => None,
            };
            let Some(source) = source else { return Pushed::Done };
            if self.put(source.column, source.rank, node, value) == Pushed::NeedsLeave {
                return Pushed::NeedsLeave;
            }
            index += 1;
        }
    }

    fn leave(&mut self, node: usize, value: Json<'_>) {
        self.json.clear();
        value.write(self.json);
        let path = self.plan.nodes.get(node).map_or("", |node| node.path.as_str());
        leave(self.rest, path, self.json);
    }
}

/// The text of a key of the record at `pos..end`, found without any plan: only for naming what is no event.
pub(crate) fn top_level_text<'a>(block: Block<'a>, pos: usize, key: &str) -> Option<Cow<'a, str>> {
    let mut cursor = Cursor::new(block, false);
    let mut at = cursor.blanks(pos + 1);
    while cursor.byte(at) == b'"' {
        let name = cursor.string(at)?;
        at = cursor.blanks(name.end + 1);
        at = cursor.blanks(at + 1);
        if cursor.raw(name.start, name.end) == key && cursor.byte(at) == b'"' {
            let value = cursor.string(at)?;
            return Some(cursor.raw(value.start, value.end));
        }
        at = cursor.skip(at, 1)?.get();
        at = cursor.blanks(at);
        at = cursor.blanks(at + 1);
    }
    None
}
