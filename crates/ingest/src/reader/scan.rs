//! One walk over one record, with a plan: keys to nodes, values to columns, evidence on the way.
//!
//! Recursion follows the tree of a type's columns, a handful of levels; all deeper trees are passed without it.

use super::shape::{After, Bind, Plan, ROOT};
use super::slots::{Json, Pushed, Scratch, Target, leave};
use crate::formats::ValueType;
use crate::formats::{Evidence, FormatFile, Formats, PlanDef};
use crate::text::block::Block;
use crate::text::compact::compact_into;
use crate::text::cursor::{Cursor, Fault, Piece, Repair, Stop};
use crate::text::unescape::unescape_into;
use chartroom_store::Table;
use std::borrow::Cow;

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
        self.plan.row = self.plan.row.wrapping_add(1);
        self.scratch.parts().0.clear();
        self.object(at, ROOT, 1)
    }

    /// The object at `at`, which is what `node` stands for; `depth` brackets are open within it.
    fn object(&mut self, at: usize, node: usize, depth: u32) -> Result<usize, Stop> {
        let row = self.plan.row;
        if let Some(here) = self.plan.nodes.get_mut(node) {
            if here.seen == row {
                self.forget(node);
            } else {
                here.seen = row;
            }
        }
        let mut after = After::START;
        let mut at = self.cursor.blanks(at + 1);
        if self.cursor.byte(at) == b'}' {
            return Ok(at + 1);
        }
        loop {
            if self.cursor.byte(at) != b'"' {
                if self.cursor.byte(at) == b'}' {
                    self.cursor.note(Repair::TrailingComma);
                    return Ok(at + 1);
                }
                return Err(self.cursor.stop(at, Fault::NoKey));
            }
            let rest = self.cursor.block.bytes().get(at + 1..).unwrap_or_default();
            let kid = match self.plan.expect(node, after, rest) {
                Some((kid, next, length)) => {
                    at += 1 + length;
                    after = next;
                    kid
                }
                None => {
                    let (key, next) = self.cursor.string(at)?;
                    at = self.cursor.blanks(next);
                    if self.cursor.byte(at) != b':' {
                        return Err(self.cursor.stop(at, Fault::NoColon));
                    }
                    at += 1;
                    let key = self.cursor.block.bytes().get(key.start..key.end).unwrap_or_default();
                    let found = self.plan.look_up((node, after), key, self.formats, self.def, self.may_add);
                    let Some((kid, next)) = found else { return Err(Stop::Unsure) };
                    after = next;
                    kid
                }
            };
            at = self.cursor.blanks(at);
            at = self.value(at, kid, depth)?;
            at = self.cursor.blanks(at);
            match self.cursor.byte(at) {
                b',' => at = self.cursor.blanks(at + 1),
                b'}' => return Ok(at + 1),
                _ => return Err(self.cursor.stop(at, Fault::NoComma)),
            }
        }
    }

    /// The value at `at`, which is what `node` stands for.
    #[inline]
    fn value(&mut self, at: usize, node: usize, depth: u32) -> Result<usize, Stop> {
        let Some(here) = self.plan.nodes.get(node) else { return self.cursor.skip(at, depth) };
        let (is_plain, text_slot) = match here.bind {
            Bind::Text(slot) => (here.atoms.is_empty() && !here.is_branch, slot),
            _ => (false, 0),
        };
        match self.cursor.byte(at) {
            b'"' => {
                let (piece, next) = self.cursor.string(at)?;
                if is_plain && !piece.is_escaped {
                    let text = self.cursor.raw(piece.start, piece.end);
                    self.target(|target| target.text(text_slot, &text));
                } else {
                    self.string(piece, node, depth)?;
                }
                Ok(next)
            }
            b'{' if !here.needles.is_empty() => self.rare(at, node, depth),
            b'{' if here.is_branch => self.branch(at, node, depth),
            b'[' if here.is_list => self.list(at, node, depth),
            b'{' | b'[' => self.tree(at, node, depth),
            _ => self.bare(at, node),
        }
    }

    /// Gives the target to `push`, unless the walk only gathers evidence.
    #[inline(always)]
    fn target<T: Default>(&mut self, push: impl FnOnce(&mut Target<'_>) -> T) -> T {
        let Some(table) = self.table.as_deref_mut() else { return T::default() };
        let (rest, _, _, json) = self.scratch.parts();
        let mut target = Target {
            plan: self.plan,
            table,
            rest,
            json,
            repair: &mut self.cursor.repair,
            may_add: self.may_add,
        };
        push(&mut target)
    }

    /// A string that is more than the text of one column.
    fn string(&mut self, piece: Piece, node: usize, depth: u32) -> Result<(), Stop> {
        let raw = self.cursor.raw(piece.start, piece.end);
        let mut text = std::mem::take(self.scratch.parts().1);
        text.clear();
        let value: &str = if piece.is_escaped {
            unescape_into(&raw, &mut text);
            &text
        } else {
            &raw
        };
        self.test(node, ValueType::Text, value);
        let is_branch = self.plan.nodes.get(node).is_some_and(|node| node.is_branch);
        let result =
            if is_branch && value.trim_ascii_start().starts_with('{') && self.nested(value, node, depth) {
                Ok(())
            } else {
                self.put(node, Json::Text(value))
            };
        *self.scratch.parts().1 = text;
        result
    }

    /// A text that holds the JSON of an object of ours: reads it as if it stood there. `false`: it does not.
    fn nested(&mut self, text: &str, node: usize, depth: u32) -> bool {
        // Read once to be sure, so that nothing is half pushed; a text within a text within a text is taken as it is.
        let mut sure = Cursor::new(Block::from(text), false);
        let start = sure.blanks(0);
        match sure.skip(start, depth) {
            Ok(end) if sure.blanks(end) == text.len() => {}
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
        let is_read = inner.branch(start, node, depth.saturating_add(1)).is_ok();
        self.evidence = inner.evidence;
        if let Some(repair) = inner.cursor.repair {
            self.cursor.repair.get_or_insert(repair);
        }
        is_read
    }

    /// An object with places of columns in it.
    fn branch(&mut self, at: usize, node: usize, depth: u32) -> Result<usize, Stop> {
        if depth >= crate::text::cursor::MAX_DEPTH {
            return Err(Stop::Bad(at, Fault::TooDeep));
        }
        self.test(node, ValueType::Object, "");
        let was_dirty = std::mem::take(&mut self.cursor.is_dirty);
        let end = self.object(at, node, depth + 1)?;
        let is_kept = self
            .plan
            .nodes
            .get(node)
            .is_some_and(|node| matches!(node.bind, Bind::Text(_) | Bind::Columns(_) | Bind::Found(_)));
        if is_kept {
            self.put_tree(at, end, node)?;
        }
        self.cursor.is_dirty |= was_dirty;
        Ok(end)
    }

    /// An object that is kept whole and seldom has places of columns in it.
    fn rare(&mut self, at: usize, node: usize, depth: u32) -> Result<usize, Stop> {
        let end = self.tree(at, node, depth)?;
        let raw = self.cursor.block.bytes().get(at..end).unwrap_or_default();
        let is_wanted = self.plan.nodes.get(node).is_some_and(|node| {
            node.needles.iter().any(|needle| memchr::memmem::find(raw, needle.as_bytes()).is_some())
        });
        if is_wanted { self.object(at, node, depth + 1) } else { Ok(end) }
    }

    /// A list that is kept whole around here, and whose first element is a place of columns.
    fn list(&mut self, at: usize, node: usize, depth: u32) -> Result<usize, Stop> {
        let first = self.cursor.blanks(at + 1);
        if depth < crate::text::cursor::MAX_DEPTH
            && self.cursor.byte(first) != b']'
            && let Some((kid, _)) =
                self.plan.look_up((node, After::START), b"0", self.formats, self.def, self.may_add)
        {
            self.value(first, kid, depth + 1)?;
        }
        self.tree(at, node, depth)
    }

    /// An object or array that is kept whole.
    fn tree(&mut self, at: usize, node: usize, depth: u32) -> Result<usize, Stop> {
        let kind = if self.cursor.byte(at) == b'{' { ValueType::Object } else { ValueType::Array };
        self.test(node, kind, "");
        let was_dirty = std::mem::take(&mut self.cursor.is_dirty);
        let end = self.cursor.skip(at, depth)?;
        self.put_tree(at, end, node)?;
        self.cursor.is_dirty |= was_dirty;
        Ok(end)
    }

    /// The tree at `at..end`, compact.
    fn put_tree(&mut self, at: usize, end: usize, node: usize) -> Result<(), Stop> {
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
    fn bare(&mut self, at: usize, node: usize) -> Result<usize, Stop> {
        let end = self.cursor.bare(at)?;
        let text = self.cursor.raw(at, end);
        match &*text {
            "null" => self.put(node, Json::Null)?,
            "true" | "false" => {
                self.test(node, ValueType::Bool, &text);
                self.put(node, Json::Bool(text == "true"))?;
            }
            digits => {
                self.test(node, ValueType::Number, digits);
                self.put(node, Json::Number(digits))?;
            }
        }
        Ok(end)
    }

    /// Puts a value where its node says.
    fn put(&mut self, node: usize, value: Json<'_>) -> Result<(), Stop> {
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
        if pushed == Some(Pushed::NeedsLeave) { Err(Stop::Unsure) } else { Ok(()) }
    }

    /// Adds what the rules want to know of this value.
    #[inline]
    fn test(&mut self, node: usize, kind: ValueType, text: &str) {
        let Some(here) = self.plan.nodes.get_mut(node) else { return };
        if here.atoms.is_empty() {
            return;
        }
        if kind == ValueType::Text
            && let Some((last, evidence)) = &here.tested
            && last == text
        {
            self.evidence.add_all(evidence);
            return;
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
            let slots: Vec<usize> = match &here.bind {
                Bind::Text(slot) | Bind::Found(slot) => vec![*slot],
                Bind::Columns(columns) => columns.iter().map(|source| source.column).collect(),
                Bind::Nothing | Bind::Rest => Vec::new(),
            };
            for slot in slots {
                if let Some(slot) = self.plan.slots.get_mut(slot) {
                    slot.unset(self.plan.row, table);
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
        let (name, next) = cursor.string(at).ok()?;
        at = cursor.blanks(next);
        at = cursor.blanks(at + 1);
        if cursor.raw(name.start, name.end) == key && cursor.byte(at) == b'"' {
            let (value, _) = cursor.string(at).ok()?;
            return Some(cursor.raw(value.start, value.end));
        }
        at = cursor.skip(at, 1).ok()?;
        at = cursor.blanks(at);
        at = cursor.blanks(at + 1);
    }
    None
}
