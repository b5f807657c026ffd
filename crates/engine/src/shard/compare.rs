//! The same event read twice: rows are brought together by their keys, the fullest of each event is shown, the others say which
//! one that is in the hidden column [`DUPLICATE_OF`].
//!
//! A row's key is its id where its type has one ([`chartroom_ingest::Formats::unique`]), else its time to the millisecond (exports cut
//! the rest), operation, correlation, resource and result; without time or correlation it is like no other. Keys go to the shard
//! that owns their hash, which decides (`decide`) and tells whoever holds the rows.
//!
//! **Invariant:** what is decided depends on the rows alone, not on how they are spread. Nothing is taken out.

mod decide;

use super::{Shard, exchanges::Exchanges};
use crate::message::{Crew, ExchangeNo, Said};
use chartroom_base::hash::hash_bytes;
use chartroom_ingest::formats;
use chartroom_kql::Files as _;
use chartroom_store::{Column, DUPLICATE_OF, Table, ValueRef};
use decide::{Entry, decide};
use std::collections::BTreeMap;

/// Rows looked at in one slice.
const ROWS: u32 = 2_048;
/// Groups are decided by the byte that their key begins with.
const BUCKETS: usize = 256;
/// Ticks of a millisecond.
const MILLISECOND: i64 = 10_000;
/// Where a type keeps what its rows are known by, the first that says something.
const TIME: &[&str] = &["TimeGenerated"];
const CORRELATION: &[&str] = &["CorrelationId"];
const OPERATION: &[&str] = &["OperationName"];
const RESOURCE: &[&str] = &["_ResourceId", "ResourceId"];
const RESULT: &[&str] = &["ResultType", "ResultSignature", "StatusCode"];

/// The comparison under way, and what it found so far.
#[derive(Default)]
pub(crate) struct Compare {
    now: Option<Round>,
    /// Per table: its rows that are others once more, with what they say.
    found: BTreeMap<String, BTreeMap<u32, String>>,
}

/// One comparison, of all keys or a part of them.
struct Round {
    keys: ExchangeNo,
    marks: ExchangeNo,
    part: u32,
    parts: u32,
    tables: Vec<String>,
    /// The next row to be looked at.
    at: (usize, u32),
    is_sent: bool,
    buckets: Vec<Vec<Entry>>,
    /// The next bucket to be decided.
    bucket: usize,
    paths: BTreeMap<u32, Box<str>>,
}

impl Compare {
    /// It is not wanted any more.
    pub(crate) fn end(&mut self, exchanges: &mut Exchanges) {
        if let Some(round) = self.now.take() {
            exchanges.close(round.keys);
            exchanges.close(round.marks);
        }
        self.found.clear();
    }
}

impl Shard {
    /// Begins a comparison.
    pub(crate) fn compare(&mut self, crew: &Crew, part: u32, parts: u32) {
        if part == 0 {
            self.compare.end(&mut self.exchanges);
        }
        let (keys, marks) = (crew.first, ExchangeNo(crew.first.0.saturating_add(1)));
        self.exchanges.open(keys, &crew.members, self.index);
        self.exchanges.open(marks, &crew.members, self.index);
        self.compare.now = Some(Round {
            keys,
            marks,
            part,
            parts: parts.max(1),
            tables: self.store.tables().map(|table| table.name().to_owned()).collect(),
            at: (0, 0),
            is_sent: false,
            buckets: (0..BUCKETS).map(|_| Vec::new()).collect(),
            bucket: 0,
            paths: BTreeMap::new(),
        });
    }

    /// Compares on. Whether there was something to do.
    pub(crate) fn compare_some(&mut self) -> bool {
        let Some(mut round) = self.compare.now.take() else { return false };
        let more = self.compare_slice(&mut round);
        match more {
            Slice::More | Slice::Waits => {
                self.compare.now = Some(round);
                matches!(more, Slice::More)
            }
            Slice::Over => {
                self.exchanges.close(round.keys);
                self.exchanges.close(round.marks);
                let mut counts = Vec::new();
                if round.part + 1 >= round.parts {
                    counts = self.mark_found();
                }
                self.say(Said::Compared { exchange: round.keys, counts });
                true
            }
        }
    }

    fn compare_slice(&mut self, round: &mut Round) -> Slice {
        if let Some((place, bytes)) = self.exchanges.take(round.keys) {
            round.take_keys(place, &bytes);
            return Slice::More;
        }
        if let Some((_, bytes)) = self.exchanges.take(round.marks) {
            self.take_marks(round, &bytes);
            return Slice::More;
        }
        if !round.is_sent {
            if self.exchanges.is_full(round.keys) {
                return Slice::Waits;
            }
            self.send_keys(round);
            return Slice::More;
        }
        if !self.exchanges.is_over(round.keys) {
            return Slice::Waits;
        }
        if round.bucket < BUCKETS {
            if self.exchanges.is_full(round.marks) {
                return Slice::Waits;
            }
            round.decide_bucket(&mut self.exchanges);
            if round.bucket == BUCKETS {
                self.exchanges.end(round.marks);
            }
            return Slice::More;
        }
        if self.exchanges.is_over(round.marks) { Slice::Over } else { Slice::Waits }
    }

    /// Sends the keys of the next rows to those who own them.
    fn send_keys(&mut self, round: &mut Round) {
        let (at, first) = round.at;
        let Some(name) = round.tables.get(at) else {
            round.is_sent = true;
            self.exchanges.end(round.keys);
            return;
        };
        let Some(table) = self.store.table(name) else { return };
        let end = first.saturating_add(ROWS).min(table.row_count());
        round.at = if end < table.row_count() { (at, end) } else { (at + 1, 0) };
        let count = self.exchanges.member_count(round.keys).max(1);
        let mut batches: Vec<Batch> = (0..count).map(|_| Batch::default()).collect();
        let keys = Keys::of(table);
        for row in first..end {
            let Some(key) = keys.of_row(table, row) else { continue };
            if key.0 as u32 % round.parts != round.part {
                continue;
            }
            let Some(entry) = entry(table, at as u32, row, key, |file| self.known.rank(file)) else {
                continue;
            };
            let place = ((key.0 >> 32) as usize) % count;
            if let Some(batch) = batches.get_mut(place) {
                batch.path(entry.file, self.known.path(entry.file));
                entry.write(&mut batch.rest);
            }
        }
        for (place, batch) in batches.into_iter().enumerate() {
            if !batch.rest.is_empty() {
                self.exchanges.pass(round.keys, place, batch.finish());
            }
        }
    }

    /// Rows of this shard that are others once more.
    fn take_marks(&mut self, round: &Round, bytes: &[u8]) {
        let mut paths = BTreeMap::new();
        let mut rest = Bytes(read_paths(bytes, &mut paths));
        while let (Some(table), Some(row), Some(file), Some(offset), Some(number)) =
            (rest.small(), rest.small(), rest.small(), rest.large(), rest.small())
        {
            let Some(name) = round.tables.get(table as usize) else { continue };
            let path: &str = paths.get(&file).map_or("", |path| path);
            let text =
                if number > 0 { format!("{path}@{offset}#{number}") } else { format!("{path}@{offset}") };
            self.compare.found.entry(name.clone()).or_default().insert(row, text);
        }
    }

    /// Writes what was found into the tables; how many rows of each file are others once more.
    fn mark_found(&mut self) -> Vec<(u32, u64)> {
        let found = std::mem::take(&mut self.compare.found);
        let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
        let names: Vec<String> = self.store.tables().map(|table| table.name().to_owned()).collect();
        for name in names {
            let rows = found.get(&name);
            let table = self.store.table_mut(&name);
            if rows.is_none() && table.find(DUPLICATE_OF).is_none() {
                continue;
            }
            for at in rows.into_iter().flatten().filter_map(|(&row, _)| table.row_at(row)) {
                *counts.entry(at.file).or_default() += 1;
            }
            table.set_duplicates(rows.into_iter().flatten().map(|(&row, text)| (row, text.as_str())));
        }
        // What was selected before may have gone by it.
        self.locals.cache.clear();
        self.figures.is_due = true;
        self.say_figures(true);
        counts.into_iter().collect()
    }
}

/// How a slice ended.
enum Slice {
    More,
    Waits,
    Over,
}

impl Round {
    /// Keys of rows that the member at that place holds.
    fn take_keys(&mut self, place: usize, bytes: &[u8]) {
        let mut rest = Bytes(read_paths(bytes, &mut self.paths));
        while let Some(entry) = Entry::read(&mut rest, place as u32) {
            if let Some(bucket) = self.buckets.get_mut((entry.key.1 & 0xff) as usize) {
                bucket.push(entry);
            }
        }
    }

    /// Decides the groups of the next bucket, and tells who holds their rows.
    fn decide_bucket(&mut self, exchanges: &mut Exchanges) {
        let Some(bucket) = self.buckets.get_mut(self.bucket) else { return };
        let mut entries = std::mem::take(bucket);
        self.bucket += 1;
        entries.sort_unstable_by_key(|entry| (entry.key, entry.rank, entry.offset, entry.number));
        let count = exchanges.member_count(self.marks).max(1);
        let mut batches: Vec<Batch> = (0..count).map(|_| Batch::default()).collect();
        for group in entries.chunk_by(|a, b| a.key == b.key).filter(|group| group.len() > 1) {
            for (row, shown) in decide(group) {
                let Some(batch) = batches.get_mut(row.holder as usize) else { continue };
                batch.path(shown.file, self.paths.get(&shown.file).map_or("", |path| path));
                batch.rest.extend_from_slice(&row.table.to_le_bytes());
                batch.rest.extend_from_slice(&row.row.to_le_bytes());
                batch.rest.extend_from_slice(&shown.file.to_le_bytes());
                batch.rest.extend_from_slice(&shown.offset.to_le_bytes());
                batch.rest.extend_from_slice(&shown.number.to_le_bytes());
            }
        }
        for (place, batch) in batches.into_iter().enumerate() {
            if !batch.rest.is_empty() {
                exchanges.pass(self.marks, place, batch.finish());
            }
        }
    }
}

/// The columns of a table that its rows are known by.
struct Keys<'a> {
    unique: Option<&'a Column>,
    time: Option<&'a Column>,
    correlation: Option<&'a Column>,
    others: Vec<Vec<&'a Column>>,
}

impl<'a> Keys<'a> {
    fn of(table: &'a Table) -> Self {
        let all = |names: &[&str]| -> Vec<&'a Column> {
            names.iter().filter_map(|name| table.column(table.find(name)?)).collect()
        };
        let first = |names: &[&str]| all(names).first().copied();
        let unique = formats().unique(table.name());
        Self {
            unique: unique.and_then(|name| first(&[name])),
            time: first(TIME),
            correlation: first(CORRELATION),
            others: [OPERATION, RESOURCE, RESULT].map(all).into(),
        }
    }

    /// Two hashes of what the row is known by; the lower bit of the second one says whether that is an id.
    fn of_row(&self, table: &Table, row: u32) -> Option<(u64, u64)> {
        let mut text = table.name().as_bytes().to_vec();
        let is_id = match self.unique.map(|column| column.value(row)) {
            Some(ValueRef::Text(id)) if !id.is_empty() => {
                text.push(0);
                text.extend_from_slice(id.as_bytes());
                true
            }
            _ => {
                let ValueRef::Long(time) = self.time?.value(row) else { return None };
                let ValueRef::Text(correlation) = self.correlation?.value(row) else { return None };
                if correlation.is_empty() {
                    return None;
                }
                text.extend_from_slice(&time.div_euclid(MILLISECOND).to_le_bytes());
                text.extend_from_slice(correlation.as_bytes());
                for columns in &self.others {
                    text.push(0);
                    let said = columns
                        .iter()
                        .map(|column| column.value(row))
                        .find(|value| *value != ValueRef::Null && *value != ValueRef::Text(""));
                    if let Some(said) = said {
                        write_value(&mut text, said);
                    }
                }
                // Resources are in capitals in one form and in small letters in another.
                text.make_ascii_lowercase();
                false
            }
        };
        let first = hash_bytes(&text);
        text.extend_from_slice(&first.to_le_bytes());
        text.push(1);
        Some((first, hash_bytes(&text) & !0x100 | u64::from(is_id) << 8))
    }
}

fn write_value(out: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => {}
        ValueRef::Text(text) => out.extend_from_slice(text.as_bytes()),
        ValueRef::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        // As text: one shard may have met only numbers where another met words.
        ValueRef::Long(value) => out.extend_from_slice(value.to_string().as_bytes()),
        ValueRef::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
    }
}

/// What is told of a row to whoever owns its key; `None` when it is dead.
fn entry(table: &Table, no: u32, row: u32, key: (u64, u64), rank: impl Fn(u32) -> u32) -> Option<Entry> {
    let (chunk, place) =
        (row as usize / chartroom_store::CHUNK_ROWS, row as usize % chartroom_store::CHUNK_ROWS);
    if table.live(chunk).is_some_and(|live| !live.get(place)) {
        return None;
    }
    let at = table.row_at(row)?;
    let (mut content, mut full) = (0_u64, 0_u32);
    let mut text = Vec::new();
    for column in table.columns().iter().filter(|column| column.name() != DUPLICATE_OF) {
        let value = column.value(row);
        if matches!(value, ValueRef::Null | ValueRef::Text("")) {
            continue;
        }
        full += 1;
        text.clear();
        text.extend_from_slice(column.name().as_bytes());
        text.push(0);
        write_value(&mut text, value);
        // Columns stand in the order in which a shard met them.
        content = content.wrapping_add(hash_bytes(&text));
    }
    let ticks =
        match table.find("TimeGenerated").and_then(|id| table.column(id)).map(|column| column.value(row)) {
            Some(ValueRef::Long(ticks)) => ticks,
            _ => 0,
        };
    let (file, offset, number) = (at.file, at.offset, at.number);
    Some(Entry {
        key,
        content,
        ticks,
        rank: rank(file),
        file,
        offset,
        number,
        full,
        table: no,
        row,
        holder: 0,
    })
}

/// A batch: paths of files, then what is said.
#[derive(Default)]
struct Batch {
    paths: BTreeMap<u32, Box<str>>,
    rest: Vec<u8>,
}

impl Batch {
    fn path(&mut self, file: u32, path: &str) {
        self.paths.entry(file).or_insert_with(|| path.into());
    }

    fn finish(self) -> Vec<u8> {
        let mut out = (self.paths.len() as u32).to_le_bytes().to_vec();
        for (file, path) in self.paths {
            out.extend_from_slice(&file.to_le_bytes());
            out.extend_from_slice(&(path.len() as u32).to_le_bytes());
            out.extend_from_slice(path.as_bytes());
        }
        out.extend_from_slice(&self.rest);
        out
    }
}

/// Takes the paths that a batch begins with; what follows.
fn read_paths<'b>(bytes: &'b [u8], paths: &mut BTreeMap<u32, Box<str>>) -> &'b [u8] {
    let mut rest = Bytes(bytes);
    for _ in 0..rest.small().unwrap_or(0) {
        let (Some(file), Some(len)) = (rest.small(), rest.small()) else { break };
        let Some((path, tail)) = rest.0.split_at_checked(len as usize) else { break };
        rest.0 = tail;
        paths.entry(file).or_insert_with(|| String::from_utf8_lossy(path).into());
    }
    rest.0
}

/// Bytes that are read on.
pub(super) struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn small(&mut self) -> Option<u32> {
        let (value, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*value))
    }

    fn large(&mut self) -> Option<u64> {
        let (value, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*value))
    }
}
