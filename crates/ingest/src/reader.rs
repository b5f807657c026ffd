//! From the bytes of one record to a committed row, in one pass.
//!
//! Records of one producer repeat the same keys in the same order. So a [`Reader`] remembers, per type, the keys it met and
//! which key followed which (`shape`), compares the bytes at hand with the key it expects, and puts values straight into
//! columns (`scan`, `slots`). On the way it gathers the evidence that the detection rules ask for; at the end of the record the
//! rules decide. If they name another type than the one the record was read as, the row is rolled back and read again.
//!
//! **Invariant:** what a record becomes depends on its bytes alone: not on the records before it, nor on where the file was cut.

pub(crate) mod cells;
mod envelope;
mod replay;
mod rows;
mod scan;
mod shape;
mod slots;

pub use crate::text::block::Block;
pub use crate::text::cursor::{Fault, Repair};

use crate::encoding::Encoding;
use crate::formats::Evidence;
use crate::formats::{FormatNo, Formats, RuleNo, TOLD};
use crate::framing::rows::record::write_cells;
use crate::hints::{Around, Hints};
use crate::order::OrderSeen;
use crate::report::Listed;
use crate::text::cursor::Cursor;
use crate::text::cursor::Stop;
use crate::time::Seen;
use cells::TableRow;
use chartroom_store::{RowAt, Store};
use scan::{Scan, top_level_text};
use shape::Plan;
use slots::{Scratch, finish_row};
use std::collections::BTreeMap;

/// Where a record stands; with its length, the row's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowPlace {
    /// The file.
    pub file: u32,
    /// Byte of the innermost file at which the record begins.
    pub offset: u64,
    /// Number within a wrapped record; 0 else.
    pub number: u32,
    /// Whether records are lines: then a line break within a string breaks the record, instead of running into the next.
    pub is_line: bool,
    /// Bytes it takes in its file.
    pub length: Length,
}

/// Bytes that a record takes in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Those that are read, decoded from that encoding.
    Read(Encoding),
    /// So many: what is read is not what stands there.
    Told(u32),
}

impl Default for Length {
    fn default() -> Self {
        Self::Read(Encoding::Utf8)
    }
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is a row.
    Stored {
        /// Its type; [`crate::formats::Format::table`] is where it lives.
        format: FormatNo,
        /// The rule that recognised it; [`Formats::why`] puts it in words.
        rule: RuleNo,
        /// When it happened, in ticks; `None` when it does not say.
        time: Option<i64>,
        /// The first thing that was tolerated.
        repaired: Option<Repair>,
    },
    /// It is well formed but known to be no event; nothing was stored.
    NotEvent {
        /// The rule that recognised it.
        rule: RuleNo,
        /// What it is, for the person, e.g. `a FHIR resource (Patient)`.
        what: String,
        /// Files whose hashes it lists.
        listed: Vec<Listed>,
    },
    /// It only wrapped these; each row bears its number.
    Several(Vec<Self>),
}

/// How reading a record went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// The record reached to byte `end` (exclusive) of the block.
    Done {
        /// One past its closing brace.
        end: usize,
        /// What became of it.
        outcome: Outcome,
    },
    /// The block ends within the record, and more bytes will come: read again from its start with a larger block.
    NeedMore,
    /// It is no JSON; nothing was stored. Where it ends is the framer's to say.
    Broken {
        /// Byte of the block at which it went wrong.
        at: usize,
        /// What is wrong there.
        fault: Fault,
    },
}

/// What a record is read from.
#[derive(Clone, Copy, Debug)]
enum Input<'a> {
    /// JSON: the opening brace is at that byte of the block.
    Record(Block<'a>, usize),
    /// Cells.
    Row(TableRow<'a>),
}

/// How reading a record as one type went.
enum Attempt {
    /// It is of that type, and stored.
    Is(usize, Outcome),
    /// It is of another; nothing is stored. Where it ends, and what the rules go by.
    IsNot(usize, Evidence),
}

/// Reads records into the tables of one store. One per shard; use it with one store only.
#[derive(Debug)]
pub struct Reader {
    formats: &'static Formats,
    /// Per log type; made when first needed.
    plans: Vec<Option<Plan>>,
    /// Gathers evidence only.
    probe: Plan,
    /// What the last record was.
    last: Option<FormatNo>,
    scratch: Scratch,
    /// Where records live that are of no known type, when they are rows of a table of their own.
    found: rows::FoundTable,
    /// Envelopes that are open.
    nested: u32,
    /// Records found in it so far.
    number: u32,
    /// The record is read as if no rule opened envelopes.
    is_closed: bool,
    /// What is known of the file, and what its header says of times.
    hints: Hints,
    around: Around,
    /// Its path, and what that says.
    path: String,
    written: rows::Written,
    /// The type that the person says records are of.
    forced: Option<FormatNo>,
    /// What times left open, since it was told last; how often it was.
    seen: BTreeMap<String, Seen>,
    seen_round: u32,
    orders: BTreeMap<String, OrderSeen>,
}

impl Reader {
    /// A reader that has seen nothing.
    #[must_use]
    pub fn new(formats: &'static Formats) -> Self {
        Self {
            formats,
            plans: formats.all().iter().map(|_| None).collect(),
            probe: Plan::probe(),
            last: None,
            scratch: Scratch::default(),
            found: rows::FoundTable::default(),
            nested: 0,
            number: 0,
            is_closed: false,
            hints: Hints::default(),
            around: Around::default(),
            path: String::new(),
            written: rows::Written::default(),
            forced: None,
            seen: BTreeMap::new(),
            seen_round: 1,
            orders: BTreeMap::new(),
        }
    }

    /// The log types it knows.
    #[must_use]
    pub const fn formats(&self) -> &'static Formats {
        self.formats
    }

    /// Forgets which columns belong to which keys: to be called when the store's tables were rebuilt.
    pub fn forget_tables(&mut self) {
        self.plans.iter_mut().for_each(|plan| *plan = None);
        self.found.forget();
    }

    /// Reads the record whose opening brace is at `pos`. `is_last`: no bytes follow the block's.
    pub fn read(
        &mut self,
        store: &mut Store,
        block: Block<'_>,
        pos: usize,
        is_last: bool,
        place: RowPlace,
    ) -> Read {
        if block.bytes().get(pos) != Some(&b'{') {
            return Read::Broken { at: pos, fault: Fault::NoRecord };
        }
        self.read_input(store, Input::Record(block, pos), is_last, place, None)
    }

    /// Reads a row of a table: it becomes what the record becomes that it stands for.
    pub(crate) fn read_row(&mut self, store: &mut Store, row: TableRow<'_>, place: RowPlace) -> Read {
        self.read_input(store, Input::Row(row), true, place, None)
    }

    /// `known`: where the record ends and what the rules go by, when that was found out already.
    fn read_input(
        &mut self,
        store: &mut Store,
        input: Input<'_>,
        is_last: bool,
        place: RowPlace,
        known: Option<(usize, Evidence)>,
    ) -> Read {
        let pos = if let Input::Record(_, pos) = input { pos } else { 0 };
        let stopped = |stop: Stop| match stop {
            Stop::End if !is_last => Read::NeedMore,
            Stop::End => Read::Broken { at: input.block().bytes().len(), fault: Fault::CutOff },
            Stop::Bad(at, fault) => Read::Broken { at, fault },
            // Only a walk that may not add columns is unsure, and it is done again with leave to add them.
            Stop::Unsure => Read::Broken { at: pos, fault: Fault::NoRecord },
        };
        let mut probed = known;
        if probed.is_none()
            && let Some(format) = self.last
        {
            match self.read_as(store, input, place, format, false) {
                Ok(Attempt::Is(end, outcome)) => return Read::Done { end, outcome },
                Ok(Attempt::IsNot(end, evidence)) => probed = Some((end, evidence)),
                Err(Stop::Unsure) => {}
                Err(stop) => return stopped(stop),
            }
        }
        let (end, evidence) = match probed.map_or_else(|| self.probe(input, place.is_line), Ok) {
            Ok(probed) => probed,
            Err(stop) => return stopped(stop),
        };
        let rules = &self.formats.rules;
        let mut judged = self.judge(&evidence);
        let (block, pos) = match input {
            Input::Record(block, pos) => (block, pos),
            Input::Row(row) => {
                let rule = judged.and_then(|rule| rules.get(rule));
                if rule.is_some_and(|rule| !rule.is_event()) {
                    return self.read_as_record(store, row, place, evidence);
                }
                (row.block, 0)
            }
        };
        let mut is_closed = false;
        while let Some(rule) = judged
            && rules.get(rule).is_some_and(|rule| !rule.unwrap.is_empty())
        {
            self.last = None;
            if let Some(read) = self.open(store, block, (pos, end), place, rule) {
                return read;
            }
            // Nothing is wrapped in it: it is what it would be without that rule.
            is_closed = true;
            judged = self.found.judge_after(self.formats, rule, &evidence);
        }
        if let Some(format) = self.forced {
            self.last = Some(format).filter(|_| !is_closed);
            self.is_closed = is_closed;
            let read = self.read_as(store, input, place, format, true);
            self.is_closed = false;
            return match read {
                Ok(Attempt::Is(end, outcome)) => Read::Done { end, outcome },
                Ok(Attempt::IsNot(..)) => Read::Broken { at: pos, fault: Fault::NoRecord },
                Err(stop) => stopped(stop),
            };
        }
        let Some((rule, known)) = judged.and_then(|rule| Some((rule, rules.get(rule)?))) else {
            return Read::Broken { at: pos, fault: Fault::NoRecord };
        };
        if let Some(what) = &known.no_event {
            self.last = None;
            let name = known.named_by.as_deref().and_then(|key| top_level_text(block, pos, key));
            let what = name.map_or_else(|| what.clone(), |name| format!("{what} ({name})"));
            let listed = envelope::listed(block, pos, &known.lists);
            return Read::Done { end, outcome: Outcome::NotEvent { rule, what, listed } };
        }
        let format = known.format;
        if !is_closed {
            self.last = Some(format);
        }
        self.is_closed = is_closed;
        let read = self.read_as(store, input, place, format, true);
        self.is_closed = false;
        match read {
            Ok(Attempt::Is(end, outcome)) => Read::Done { end, outcome },
            Ok(Attempt::IsNot(..)) => Read::Broken { at: pos, fault: Fault::NoRecord },
            Err(stop) => stopped(stop),
        }
    }

    /// Reads a row that wraps records or is none, which only the record tells that it stands for.
    #[cold]
    fn read_as_record(
        &mut self,
        store: &mut Store,
        row: TableRow<'_>,
        place: RowPlace,
        evidence: Evidence,
    ) -> Read {
        let mut record = Vec::new();
        write_cells(&mut record, row.block.bytes(), row.cells, row.form);
        let input = Input::Record(Block::new(&record), 0);
        self.read_input(store, input, true, place, Some((record.len(), evidence)))
    }

    /// Gathers evidence, stores nothing.
    fn probe(&mut self, input: Input<'_>, is_line: bool) -> Result<(usize, Evidence), Stop> {
        let mut scan = Scan {
            plan: &mut self.probe,
            table: None,
            scratch: &mut self.scratch,
            formats: self.formats,
            def: None,
            cursor: Cursor::new(input.block(), is_line),
            evidence: Evidence::default(),
            may_add: true,
        };
        let end = input.scan(&mut scan)?;
        Ok((end, scan.evidence))
    }

    /// Reads the record as one of `no`; stores nothing when the rules say that it is another.
    fn read_as(
        &mut self,
        store: &mut Store,
        input: Input<'_>,
        place: RowPlace,
        no: FormatNo,
        may_add: bool,
    ) -> Result<Attempt, Stop> {
        let Some(format) = self.formats.get(no) else { return Err(Stop::Unsure) };
        let Some(name) = self.found.table_of(format) else { return Err(Stop::Unsure) };
        let Some(plan) = self.plans.get_mut(usize::from(no.0)) else { return Err(Stop::Unsure) };
        let table = store.table_mut(name);
        if plan.as_ref().is_some_and(|plan| plan.columns_seen > table.columns().len()) {
            *plan = None;
        }
        let plan = plan.get_or_insert_with(|| self.found.plan(format));
        table.begin_row();
        let mut scan = Scan {
            plan,
            table: Some(table),
            scratch: &mut self.scratch,
            formats: self.formats,
            def: Some((&format.file, &format.plan)),
            cursor: Cursor::new(input.block(), place.is_line),
            evidence: Evidence::default(),
            may_add,
        };
        let read = input.scan(&mut scan);
        let (evidence, repaired) = (scan.evidence, scan.cursor.repair);
        let judged = match (read, plan.judged) {
            (Ok(_), Some((known, rule))) if known == evidence => Some(rule),
            (Ok(_), _) if self.forced == Some(no) => {
                let wraps = |rule| self.formats.rules.get(rule).is_some_and(|rule| !rule.unwrap.is_empty());
                let judged = self.found.judge(self.formats, &evidence);
                (self.is_closed || !judged.is_some_and(wraps)).then_some(TOLD)
            }
            (Ok(_), _) if self.is_closed => {
                self.formats.rules.judge_closed(&evidence).filter(|&(_, is)| is == no).map(|(rule, _)| rule)
            }
            (Ok(_), _) => self.found.judge(self.formats, &evidence).filter(|&rule| {
                self.formats.rules.get(rule).is_some_and(|rule| rule.format == no && rule.is_event())
            }),
            (Err(_), _) => None,
        };
        let (end, rule) = match (read, judged) {
            (Ok(end), Some(rule)) => (end, rule),
            (read, _) => {
                table.roll_back_row();
                return read.map(|end| Attempt::IsNot(end, evidence));
            }
        };
        // What stayed closed for want of records in it says nothing of the next one.
        plan.judged = (!self.is_closed).then_some((evidence, rule));
        let len = match (place.length, input) {
            (Length::Read(Encoding::Utf8), Input::Record(_, pos)) => u32::try_from(end.saturating_sub(pos)),
            (Length::Read(encoding), Input::Record(block, pos)) => {
                u32::try_from(encoding.measure(block.bytes().get(pos..end).unwrap_or_default()))
            }
            (Length::Told(len), _) => Ok(len),
            // Who reads cells says how long the row is.
            (Length::Read(_), Input::Row(_)) => Ok(0),
        };
        let Ok(len) = len else {
            table.roll_back_row();
            return Err(Stop::Bad(0, Fault::TooLong));
        };
        let time = finish_row(plan, table, &mut self.scratch, &self.written);
        if !self.scratch.both.is_empty() {
            Self::note_orders(&mut self.orders, (plan, table), place.offset, &mut self.scratch.both);
        }
        table.commit_row(RowAt { file: place.file, offset: place.offset, len, number: place.number });
        plan.columns_seen = table.columns().len();
        if !self.scratch.seen.is_empty() {
            for (path, seen) in plan.take_seen(&mut self.scratch.seen, self.seen_round) {
                let all = self.seen.entry(path).or_default();
                *all = all.and(seen);
            }
        }
        Ok(Attempt::Is(end, Outcome::Stored { format: no, rule, time, repaired }))
    }
}

impl<'a> Input<'a> {
    /// The bytes that it lies in.
    const fn block(&self) -> Block<'a> {
        match self {
            Self::Record(block, _) => *block,
            Self::Row(row) => row.block,
        }
    }

    /// Has it walked over; where it ends.
    fn scan(&self, scan: &mut Scan<'_, '_>) -> Result<usize, Stop> {
        match self {
            Self::Record(_, pos) => scan.record(*pos),
            Self::Row(row) => scan.row(row).map(|()| 0),
        }
    }
}
