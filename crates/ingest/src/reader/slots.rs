//! Values into columns: conversion, precedence of several sources, what is left over.
//!
//! **Invariant:** a value that was in the record is in the row: in its column, or under its path in `AdditionalFields`, or both
//! when its column could not hold it exactly.

use super::rows::Written;
use super::shape::Plan;
use crate::hints::TimeRules;
use crate::text::compact::quote_into;
use crate::text::cursor::Repair;
use crate::text::stops::Head;
use crate::time::Seen;
use crate::value::{self, Misfit};
use chartroom_base::bytes::is_equal;
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;
use chartroom_store::{Again, ColumnId, Number, Table, ValueRef};

/// A column of a table, on its way to be one.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) name: String,
    kind: Kind,
    is_hidden: bool,
    /// Found by its key: its kind follows its values.
    is_found: bool,
    /// Found, and told beforehand to hold times.
    is_told: bool,
    /// Has several places to come from.
    pub(crate) is_multi: bool,
    id: Option<ColumnId>,
    /// The row it was last set in, where from, and the value as JSON if a better source may still displace it.
    row: u32,
    rank: u16,
    /// The node of its value in that row.
    node: u32,
    path: String,
    raw: String,
    /// Whether `path` and `raw` are of the value now set. Only of a worse source or of a constant are they needed.
    has_raw: bool,
    /// Whether every row has the same value here, whatever the record says.
    pub(crate) is_constant: bool,
    /// Whether `raw` is JSON or the text of a string.
    raw_is_json: bool,
    /// Whether something around its source is kept whole.
    is_held: bool,
    /// The last text converted to a time: many neighbours share it.
    last_time: Option<Box<LastTime>>,
    /// The code of the last text that was pushed as it is, and a text that came twice in a row.
    last_code: u32,
    guess: Guess,
}

/// A text and the time it says.
#[derive(Debug, Default)]
struct LastTime {
    text: String,
    ticks: i64,
    seen: Seen,
    /// Both readings, where the text leaves two open.
    both: Option<[i64; 2]>,
}

/// A text a column is likely to have again, as it stands in the file: recognised there, it needs neither be scanned nor
/// looked up.
#[derive(Debug, Default)]
struct Guess {
    /// The text and the quote that ends it; none when empty.
    spelled: Vec<u8>,
    /// Its first 16 bytes.
    head: Head,
    /// What the column calls it.
    code: u32,
}

/// Longest text that is guessed.
const MAX_GUESS: usize = 120;

impl Guess {
    fn set(&mut self, text: &str, code: u32) {
        self.spelled.clear();
        self.spelled.extend_from_slice(text.as_bytes());
        self.spelled.push(b'"');
        self.head = Head::new(&self.spelled);
        self.code = code;
    }

    /// Whether `rest` begins with it.
    #[inline(always)]
    fn begins(&self, rest: &[u8]) -> bool {
        let Some(head) = rest.first_chunk::<16>() else { return false };
        self.head.begins(head)
            && (self.spelled.len() <= 16
                || rest.get(..self.spelled.len()).is_some_and(|text| is_equal(text, &self.spelled)))
    }
}

impl Slot {
    pub(crate) fn new(name: &str, kind: Kind, is_hidden: bool, is_multi: bool) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            is_hidden,
            is_found: false,
            is_told: false,
            is_multi,
            id: None,
            row: 0,
            rank: 0,
            node: 0,
            path: String::new(),
            raw: String::new(),
            has_raw: false,
            is_constant: false,
            raw_is_json: false,
            is_held: false,
            last_time: None,
            last_code: 0,
            guess: Guess::default(),
        }
    }

    /// `kind`: what it holds, when that does not follow from how its values are written.
    pub(crate) fn found(name: &str, kind: Option<Kind>) -> Self {
        let slot = Self::new(name, kind.unwrap_or(Kind::String), false, false);
        Self { is_found: true, is_told: kind.is_some(), ..slot }
    }
}

/// Buffers used again for every record.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// `"path":value,` of what fits no column.
    pub(crate) rest: String,
    /// A text without its escapes.
    pub(crate) text: String,
    /// A tree without its blanks.
    pub(crate) tree: String,
    /// A value as JSON.
    pub(crate) json: String,
    /// What times of the record left open, by their nodes.
    pub(crate) seen: Vec<(usize, Seen)>,
    /// Both readings of times that leave the order of day and month open, by their nodes.
    pub(crate) both: Vec<(usize, [i64; 2])>,
}

/// A value on its way into a column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Json<'t> {
    /// A text without quotes and escapes.
    Text(&'t str),
    /// Digits as written.
    Number(&'t str),
    Bool(bool),
    /// Compact JSON of an object or array.
    Tree(&'t str),
    Null,
}

impl Json<'_> {
    /// Appends it as JSON.
    pub(crate) fn write(self, out: &mut String) {
        match self {
            Self::Text(text) => quote_into(text, out),
            Self::Number(text) | Self::Tree(text) => out.push_str(text),
            Self::Bool(value) => out.push_str(if value { "true" } else { "false" }),
            Self::Null => out.push_str("null"),
        }
    }

    const fn found_kind(self) -> Kind {
        match self {
            Self::Text(_) | Self::Null => Kind::String,
            Self::Number(_) => Kind::Real,
            Self::Bool(_) => Kind::Bool,
            Self::Tree(_) => Kind::Dynamic,
        }
    }
}

/// What a push did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    Done,
    /// The column's kind would have to change, and that needs leave.
    NeedsLeave,
}

/// Where a value goes: everything a push touches.
#[derive(Debug)]
pub(crate) struct Target<'r> {
    pub(crate) plan: &'r mut Plan,
    pub(crate) table: &'r mut Table,
    pub(crate) rest: &'r mut String,
    pub(crate) json: &'r mut String,
    pub(crate) seen: &'r mut Vec<(usize, Seen)>,
    pub(crate) both: &'r mut Vec<(usize, [i64; 2])>,
    pub(crate) repair: &'r mut Option<Repair>,
    pub(crate) may_add: bool,
}

impl Target<'_> {
    /// A value into a column, from a source of that rank under that node.
    pub(crate) fn put(&mut self, at: usize, rank: u16, node: usize, value: Json<'_>) -> Pushed {
        if at == self.plan.rest {
            self.put_rest(node, value);
            return Pushed::Done;
        }
        let row = self.plan.row;
        // Other keys of a catch-all table are columns themselves; nothing of theirs can get lost.
        let keeps_others = self.plan.finds_columns();
        let Some(slot) = self.plan.slots.get_mut(at) else { return Pushed::Done };
        let is_again = slot.row == row;
        let is_nothing = matches!(value, Json::Null | Json::Text(""));
        let from = node_no(node);
        if is_again && (rank != slot.rank || from != slot.node) && !slot.is_empty(self.table) {
            if is_nothing {
                return Pushed::Done;
            }
            let spelling = |at: u32| self.plan.nodes.get(at as usize).map_or(0, |node| node.spelling);
            // Of two that are spelled equally badly, the first keeps its place.
            let is_worse = (rank, spelling(from)) >= (slot.rank, spelling(slot.node));
            let other = self.plan.nodes.get(slot.node as usize);
            let node = self.plan.nodes.get(node);
            if is_worse {
                let is_lost = !keeps_others && !slot.holds(value) && node.is_none_or(|node| !node.is_held);
                if is_lost && node.is_none_or(|node| !keeps_value(&self.plan.slots, node, at)) {
                    self.json.clear();
                    value.write(self.json);
                    leave(self.rest, node.map_or("", |node| &node.path), self.json);
                }
                return Pushed::Done;
            }
            if !keeps_others {
                if !slot.has_raw && other.is_some_and(|other| !other.is_held) {
                    slot.recall(self.table, other);
                }
                if slot.has_raw && !slot.holds(value) && !slot.is_held {
                    slot.leave(self.rest);
                }
            }
        }
        if is_nothing && matches!(value, Json::Null) {
            // The last of duplicate keys wins, also when it says nothing.
            if is_again && let Some(id) = slot.id {
                self.table.push_null(id);
                slot.row = row.wrapping_sub(1);
            }
            return Pushed::Done;
        }
        let id = match slot.id {
            Some(id) => id,
            None if slot.is_found && !self.may_add => return Pushed::NeedsLeave,
            None => {
                if slot.is_found && !slot.is_told {
                    slot.kind = match value {
                        Json::Number(digits) if digits.parse::<i64>().is_ok() => Kind::Long,
                        value => value.found_kind(),
                    };
                }
                column(slot, self.table)
            }
        };
        if !is_nothing || !slot.is_multi {
            slot.row = row;
            slot.rank = rank;
            slot.node = from;
        } else if is_again {
            // Of duplicate keys the last one wins, also when it is empty.
            slot.row = row.wrapping_sub(1);
        } else {
            return Pushed::Done;
        }
        slot.has_raw = false;
        if (rank > 0 || slot.is_constant) && !is_nothing {
            slot.remember(value, self.plan.nodes.get(node));
        }
        let path = self.plan.nodes.get(node).map_or("", |node| node.path.as_str());
        let mut clock = Clock { rules: &self.plan.times, path, node, seen: self.seen, both: self.both };
        if slot.is_found {
            return push_found(slot, id, self.table, value, (self.json, &mut clock), self.may_add);
        }
        if let Err(misfit) = push(slot, id, self.table, value, (self.json, &mut clock)) {
            if misfit == Misfit::Other
                && let Some(kind) = wider(slot.kind, value)
            {
                if !self.may_add {
                    return Pushed::NeedsLeave;
                }
                slot.kind = self.table.widen(id, kind).unwrap_or(slot.kind);
                if push(slot, id, self.table, value, (self.json, &mut clock)).is_ok() {
                    return Pushed::Done;
                }
            }
            self.table.push_null(id);
            slot.row = row.wrapping_sub(1);
            let is_kept = misfit == Misfit::Nothing
                || self
                    .plan
                    .nodes
                    .get(node)
                    .is_some_and(|node| node.is_held || keeps_value(&self.plan.slots, node, at));
            if !is_kept {
                self.json.clear();
                value.write(self.json);
                let path = self.plan.nodes.get(node).map_or("", |node| node.path.as_str());
                leave(self.rest, path, self.json);
                self.repair.get_or_insert(Repair::Unfit);
            }
        }
        Pushed::Done
    }
}

impl Target<'_> {
    /// A value of `AdditionalFields`: its members go among those that this record leaves.
    #[cold]
    fn put_rest(&mut self, node: usize, value: Json<'_>) {
        let mut tree = String::new();
        let text = match value {
            Json::Null | Json::Text("") => return,
            Json::Text(text) if crate::text::cursor::compact_text_into(text, &mut tree) => &tree,
            Json::Tree(text) => text,
            _ => "",
        };
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some("") => {}
            Some(members) => {
                self.rest.push_str(members);
                self.rest.push(',');
            }
            None => {
                self.json.clear();
                value.write(self.json);
                let path = self.plan.nodes.get(node).map_or("", |node| node.path.as_str());
                leave(self.rest, path, self.json);
            }
        }
    }
}

/// A node's number as slots keep it; there are never so many.
#[inline(always)]
fn node_no(node: usize) -> u32 {
    u32::try_from(node).unwrap_or(u32::MAX)
}

/// Whether another column takes the same value as it is.
fn keeps_value(slots: &[Slot], node: &super::shape::Node, except: usize) -> bool {
    match &node.bind {
        super::shape::Bind::Columns(columns) => columns.iter().any(|source| {
            source.column != except
                && slots.get(source.column).is_some_and(|slot| {
                    slot.is_found || source.rank == 0 && slot.kind == Kind::String && !slot.is_constant
                })
        }),
        _ => false,
    }
}

/// The kind that a documented column grows to, for this load, for a value that it cannot hold: one that says something is never null.
/// Queries that the documentation prints convert such a column back where the program itself asks them.
#[cold]
fn wider(kind: Kind, value: Json<'_>) -> Option<Kind> {
    let (Json::Text(text) | Json::Number(text)) = value else { return None };
    match kind {
        Kind::Int if value::long(text).is_ok() => Some(Kind::Long),
        Kind::Int | Kind::Long if !value::is_digits(text) && value::real(text).is_ok() => Some(Kind::Real),
        Kind::Int | Kind::Long | Kind::Real => Some(Kind::String),
        _ => None,
    }
}

/// Adds `"path":json,`.
pub(crate) fn leave(rest: &mut String, path: &str, json: &str) {
    quote_into(path, rest);
    rest.push(':');
    rest.push_str(json);
    rest.push(',');
}

#[cold]
fn column(slot: &mut Slot, table: &mut Table) -> ColumnId {
    let id = table.add_column(&slot.name, slot.kind, slot.is_hidden);
    if let Some(column) = table.column(id) {
        slot.kind = column.kind();
    }
    slot.id = Some(id);
    id
}

/// Reads the times of one place of the record.
struct Clock<'c> {
    rules: &'c TimeRules,
    path: &'c str,
    node: usize,
    seen: &'c mut Vec<(usize, Seen)>,
    both: &'c mut Vec<(usize, [i64; 2])>,
}

impl Clock<'_> {
    /// The ticks of a text; the last one a column had is known without reading.
    fn read(&mut self, slot: &mut Slot, text: &str) -> Result<i64, Misfit> {
        let last = slot.last_time.get_or_insert_default();
        if last.text.is_empty() || !is_equal(last.text.as_bytes(), text.as_bytes()) {
            let (ticks, seen) = self.rules.read(text, self.path).ok_or_else(|| value::misfit(text.trim()))?;
            last.text.clear();
            last.text.push_str(text);
            (last.ticks, last.seen) = (ticks.0, seen);
            let is_open = seen.has(Seen::EITHER) && !seen.has(Seen::HALVES);
            last.both = if is_open { self.rules.read_both(text) } else { None };
        }
        if last.seen != Seen::default() {
            self.seen.push((self.node, last.seen));
            if let Some(both) = last.both {
                self.both.push((self.node, both));
            }
        }
        Ok(last.ticks)
    }
}

/// Sets the column to the value in the column's kind.
fn push(
    slot: &mut Slot,
    id: ColumnId,
    table: &mut Table,
    value: Json<'_>,
    (json, clock): (&mut String, &mut Clock<'_>),
) -> Result<(), Misfit> {
    let text = match value {
        Json::Text(text) | Json::Number(text) | Json::Tree(text) => text,
        Json::Bool(true) => "true",
        Json::Bool(false) => "false",
        Json::Null => return Err(Misfit::Nothing),
    };
    let is_tree = matches!(value, Json::Tree(_));
    let is_pushed = match slot.kind {
        Kind::String | Kind::Guid | Kind::Decimal => table.push_text(id, text),
        Kind::Dynamic => match value {
            Json::Text("") => return Err(Misfit::Nothing),
            Json::Text(text) => {
                json.clear();
                // Exports put the JSON of dynamic columns into a text.
                if !crate::text::cursor::compact_text_into(text, json) {
                    json.clear();
                    quote_into(text, json);
                }
                table.push_text(id, json)
            }
            _ => table.push_text(id, text),
        },
        _ if is_tree => return Err(Misfit::Other),
        Kind::Int => table.push_long(id, value::int(text)?),
        Kind::Long => table.push_long(id, value::long(text)?),
        Kind::Real => table.push_real(id, value::real(text)?),
        Kind::Bool => match value {
            Json::Bool(value) => table.push_bool(id, value),
            _ => table.push_bool(id, value::bool(text)?),
        },
        Kind::DateTime => {
            let ticks = clock.read(slot, text)?;
            table.push_long(id, ticks)
        }
        Kind::TimeSpan => return Err(Misfit::Other),
    };
    if is_pushed { Ok(()) } else { Err(Misfit::Other) }
}

/// Sets a found column, whose kind grows with its values.
fn push_found(
    slot: &mut Slot,
    id: ColumnId,
    table: &mut Table,
    value: Json<'_>,
    (json, clock): (&mut String, &mut Clock<'_>),
    may_add: bool,
) -> Pushed {
    // A kind may have grown behind our back: the coordinator agrees kinds between shards.
    slot.kind = table.column(id).map_or(slot.kind, chartroom_store::Column::kind);
    // At most: long, real, string or dynamic.
    for _ in 0..4 {
        let is_pushed = match (slot.kind, value) {
            (Kind::Dynamic, Json::Tree(tree)) => table.push_text(id, tree),
            // Written as a column of times writes it that became one of texts, wherever it became so.
            (Kind::String, Json::Text(text)) if slot.is_told => match clock.read(slot, text) {
                Ok(ticks) => table.push_text(id, &Ticks(ticks).to_string()),
                Err(_other) => {
                    clock.seen.push((clock.node, Seen::MISFIT));
                    table.push_text(id, text)
                }
            },
            (Kind::String, Json::Text(text)) => table.push_text(id, text),
            (Kind::String, Json::Number(digits)) => {
                json.clear();
                chartroom_store::write_number(json, digits);
                table.push_text(id, json)
            }
            (Kind::String, Json::Bool(value)) => table.push_text(id, if value { "true" } else { "false" }),
            (Kind::Dynamic, value) => {
                let mut number = String::new();
                json.clear();
                match value {
                    Json::Number(digits) => chartroom_store::write_number(&mut number, digits),
                    Json::Text(text) => chartroom_store::write_scalar(json, text),
                    value => value.write(json),
                }
                chartroom_store::write_scalar(json, &number);
                table.push_text(id, json)
            }
            (Kind::Long, Json::Number(digits)) => match chartroom_store::number(digits) {
                Number::Long(value) => table.push_long(id, value),
                _ => false,
            },
            (Kind::Real, Json::Number(digits)) => match chartroom_store::number(digits) {
                Number::Long(value) => table.push_long(id, value),
                Number::Real(value) => table.push_real(id, value),
                Number::Digits => false,
            },
            (Kind::Bool, Json::Bool(value)) => table.push_bool(id, value),
            (Kind::DateTime, Json::Text(text)) => {
                clock.read(slot, text).is_ok_and(|ticks| table.push_long(id, ticks))
            }
            _ => false,
        };
        if is_pushed {
            return Pushed::Done;
        }
        if !may_add {
            return Pushed::NeedsLeave;
        }
        let wanted = match (slot.kind, value) {
            (Kind::Long, Json::Number(digits)) if chartroom_store::number(digits) != Number::Digits => {
                Kind::Real
            }
            // What no float holds exactly.
            (Kind::Long | Kind::Real, Json::Number(_)) => Kind::String,
            (_, value) => value.found_kind(),
        };
        match table.widen(id, wanted) {
            Some(kind) if kind != slot.kind => slot.kind = kind,
            _ => break,
        }
    }
    Pushed::Done
}

impl Scratch {
    /// The parts a [`Target`] and the walk need at once.
    pub(crate) const fn parts(&mut self) -> (&mut String, &mut String, &mut String, &mut String) {
        (&mut self.rest, &mut self.text, &mut self.tree, &mut self.json)
    }
}

impl Slot {
    /// Pushes the text that was guessed, if it stands at the beginning of `rest`, behind the opening quote; its length.
    /// Only for slots of documented string columns, from their best source.
    #[inline(always)]
    pub(crate) fn push_guess(
        &mut self,
        (row, node): (u32, usize),
        table: &mut Table,
        rest: &[u8],
    ) -> Option<usize> {
        let id = self.id?;
        if self.guess.code == 0
            || self.row == row
            || !self.guess.begins(rest)
            || !table.push_code(id, self.guess.code)
        {
            return None;
        }
        self.set_plain(row, node_no(node));
        // The closing quote is part of what is compared, not of the text.
        Some(self.guess.spelled.len().saturating_sub(1))
    }

    /// Pushes `text` if it is the one that was guessed. As for [`Self::push_guess`].
    #[inline(always)]
    pub(crate) fn push_known(&mut self, (row, node): (u32, usize), table: &mut Table, text: &str) -> bool {
        let Some(id) = self.id else { return false };
        let is_known = self.guess.code != 0
            && self.row != row
            && self.guess.spelled.split_last().is_some_and(|(_, known)| is_equal(known, text.as_bytes()))
            && table.push_code(id, self.guess.code);
        if is_known {
            self.set_plain(row, node_no(node));
        }
        is_known
    }

    /// Pushes a text from its best source at once, when nothing else is to be thought of: the column is there, and nothing
    /// was set before. Only for slots of documented string columns, which take any text.
    #[inline(always)]
    pub(crate) fn push_plain(&mut self, (row, node): (u32, usize), table: &mut Table, text: &str) -> bool {
        let Some(id) = self.id else { return false };
        if self.row == row || text.is_empty() {
            return false;
        }
        self.set_plain(row, node_no(node));
        let code = table.push_coded(id, text);
        if code != self.last_code {
            self.last_code = code;
        } else if code != self.guess.code {
            self.learn(text, code);
        }
        true
    }

    /// A text came twice in a row: it may come again.
    #[inline(never)]
    fn learn(&mut self, text: &str, code: u32) {
        // A control character is to be noted in each record that has it; what is escaped in one is spelled otherwise there.
        if text.len() <= MAX_GUESS && !text.bytes().any(crate::text::stops::is_stop) {
            self.guess.set(text, code);
        }
    }

    /// Whether what it was set to says nothing.
    fn is_empty(&self, table: &Table) -> bool {
        let value = self.id.and_then(|id| table.column(id)).map(|column| column.value(table.row_count()));
        value.is_none_or(|value| matches!(value, ValueRef::Null | ValueRef::Text("")))
    }

    /// Remembers the value that it has in the row in progress, which came from `node`.
    #[cold]
    fn recall(&mut self, table: &Table, node: Option<&super::shape::Node>) {
        let Some(column) = self.id.and_then(|id| table.column(id)) else { return };
        let text;
        let value = match column.value(table.row_count()) {
            ValueRef::Null => return,
            ValueRef::Text(value) if self.kind == Kind::Dynamic => Json::Tree(value),
            ValueRef::Text(value) => Json::Text(value),
            ValueRef::Long(ticks) if self.kind == Kind::DateTime => {
                text = Ticks(ticks).to_string();
                Json::Text(&text)
            }
            ValueRef::Long(value) => {
                text = value.to_string();
                Json::Number(&text)
            }
            ValueRef::Real(value) => {
                text = value.to_string();
                Json::Number(&text)
            }
            ValueRef::Bool(value) => Json::Bool(value),
        };
        self.remember(value, node);
    }

    /// It is set, from its best source, which is that node.
    #[inline(always)]
    const fn set_plain(&mut self, row: u32, node: u32) {
        self.row = row;
        self.rank = 0;
        self.node = node;
        self.has_raw = false;
    }

    /// Keeps the value and where it is from, in case a better source turns up.
    fn remember(&mut self, value: Json<'_>, node: Option<&super::shape::Node>) {
        self.has_raw = true;
        self.raw.clear();
        self.raw_is_json = !matches!(value, Json::Text(_));
        match value {
            Json::Text(text) => self.raw.push_str(text),
            value => value.write(&mut self.raw),
        }
        self.path.clear();
        self.path.push_str(node.map_or("", |node| &node.path));
        self.is_held = node.is_some_and(|node| node.is_held);
    }

    /// Whether it is known to have that very value.
    fn holds(&self, value: Json<'_>) -> bool {
        if !self.has_raw {
            return false;
        }
        match value {
            Json::Text(text) | Json::Number(text) => self.raw == text,
            Json::Tree(text) => self.raw_is_json && self.raw == text,
            Json::Bool(value) => self.raw == if value { "true" } else { "false" },
            Json::Null => true,
        }
    }

    /// Puts the value aside.
    fn leave(&self, rest: &mut String) {
        if self.raw_is_json {
            leave(rest, &self.path, &self.raw);
        } else {
            quote_into(&self.path, rest);
            rest.push(':');
            quote_into(&self.raw, rest);
            rest.push(',');
        }
    }

    /// Whether it has a value in that row.
    pub(crate) const fn is_set(&self, row: u32) -> bool {
        self.row == row
    }

    /// Takes its value back, if it is from that node.
    pub(crate) fn unset(&mut self, node: usize, row: u32, table: &mut Table) {
        if self.row == row
            && self.node == node_no(node)
            && let Some(id) = self.id
        {
            table.push_null(id);
            self.row = row.wrapping_sub(1);
        }
    }

    /// The value it has in the row in progress, to be set again, and the node it is from.
    pub(crate) fn again(&self, table: &Table) -> Option<(u32, Again)> {
        if self.has_raw { None } else { table.again(self.id?).map(|value| (self.node, value)) }
    }

    /// Sets a value that [`Self::again`] gave, from its best source; `false` when that is not all there is to it.
    #[inline]
    pub(crate) fn push_again(&mut self, (row, node): (u32, u32), table: &mut Table, value: Again) -> bool {
        let Some(id) = self.id else { return false };
        if self.row == row || !table.push_again(id, value) {
            return false;
        }
        self.set_plain(row, node);
        true
    }

    /// The ticks last converted.
    pub(crate) fn ticks(&self) -> Option<i64> {
        self.last_time.as_ref().map(|last| last.ticks)
    }

    /// The time it has in that row, if that leaves nothing open.
    fn sure_time(&self, row: u32, table: &Table) -> Option<i64> {
        let last = self.last_time.as_ref().filter(|last| self.row == row && !last.seen.has(Seen::EITHER))?;
        let column = table.column(self.id?)?;
        (column.value(table.row_count()) == ValueRef::Long(last.ticks)).then_some(last.ticks)
    }
}

/// Sets what belongs to every row of the type and what no column took; when the event happened.
pub(crate) fn finish_row(
    plan: &mut Plan,
    table: &mut Table,
    scratch: &mut Scratch,
    written: &Written,
) -> Option<i64> {
    for (slot, value) in &plan.constants {
        if let Some(slot) = plan.slots.get_mut(*slot) {
            if slot.is_set(plan.row) && slot.has_raw && slot.raw != *value {
                slot.leave(&mut scratch.rest);
            }
            let id = slot.id.unwrap_or_else(|| column(slot, table));
            if slot.last_code == 0 || !table.push_code(id, slot.last_code) {
                slot.last_code = table.push_coded(id, value);
            }
        }
    }
    if !scratch.rest.is_empty()
        && let Some(slot) = plan.slots.get_mut(plan.rest)
    {
        let id = slot.id.unwrap_or_else(|| column(slot, table));
        scratch.json.clear();
        scratch.json.push('{');
        scratch.json.push_str(&scratch.rest);
        scratch.json.pop();
        scratch.json.push('}');
        let _is_pushed: bool = table.push_text(id, &scratch.json);
    }
    if let (Some(at), Some(resource)) = (plan.resource, &written.resource)
        && let Some(slot) = plan.slots.get_mut(at).filter(|slot| !slot.is_set(plan.row))
    {
        let id = slot.id.unwrap_or_else(|| column(slot, table));
        let _is_pushed: bool = table.push_text(id, resource);
    }
    let time = plan.time.and_then(|time| plan.slots.get_mut(time))?;
    let mut ticks = time.ticks().filter(|_| time.is_set(plan.row));
    let doubt = match (ticks, written.time) {
        (Some(_), _) => {
            let node = time.node as usize;
            let seen = scratch.seen.iter().filter(|(at, _)| *at == node);
            doubt(seen.fold(Seen::default(), |all, (_, seen)| all.and(*seen)))
        }
        (None, Some(known)) => {
            let id = time.id.unwrap_or_else(|| column(time, table));
            ticks = table.push_long(id, known).then_some(known);
            "from_path"
        }
        (None, None) => "",
    };
    if let Some(slot) = plan.quality.and_then(|quality| plan.slots.get_mut(quality))
        && !doubt.is_empty()
    {
        let id = slot.id.unwrap_or_else(|| column(slot, table));
        let _is_pushed: bool = table.push_text(id, doubt);
    }
    ticks
}

/// What is in doubt of a time that shows this, in a word.
const fn doubt(seen: Seen) -> &'static str {
    if seen.has(Seen::GUESSED) {
        "ambiguous_order"
    } else if seen.has(Seen::LOCAL) {
        "local_unknown"
    } else if seen.has(Seen::ZONELESS) {
        "assumed_zone"
    } else {
        ""
    }
}

impl Plan {
    /// Times of the row in progress, set from keys, that leave nothing open.
    pub(crate) fn sure_times(&self, table: &Table) -> Vec<i64> {
        self.slots.iter().filter_map(|slot| slot.sure_time(self.row, table)).collect()
    }
}
