//! Counts while reading; becomes a [`PartReport`].

use crate::encoding::Encoding;
use crate::formats::{FormatNo, Formats, RuleNo};
use crate::framing::rows::form::RowForm;
use crate::order::OrderSeen;
use crate::reader::Outcome;
use crate::report::{Container, FormatCount, LISTED_KEPT, PROBLEMS_KEPT, PartProblem, PartReport, Piece};
use crate::time::Seen;
use chartroom_base::ticks::Ticks;
use std::collections::BTreeMap;

/// The figures of one part while it is read.
#[derive(Debug)]
pub(crate) struct Ledger {
    report: PartReport,
    /// The piece being counted; its end is the next byte to be classified.
    piece: Piece,
    /// Per log type: records, offset of the first and the rule that recognised it.
    formats: Vec<Option<(u64, u64, RuleNo)>>,
    first_time: i64,
    last_time: i64,
    /// A rejected range that is still growing.
    growing: Option<PartProblem>,
    /// How the file is written: bytes at hand are UTF-8, figures are of the file's own.
    encoding: Encoding,
    /// The next byte to be classified, as the walk counts them: decoded, from where the part begins.
    walked: u64,
    /// Where records of no known type live, when not in the catch-all table.
    table: String,
}

impl Ledger {
    /// Begins at `offset`.
    pub(crate) fn new(offset: u64) -> Self {
        Self {
            report: PartReport::default(),
            piece: Piece { start: offset, end: offset, newlines: 0 },
            formats: Vec::new(),
            first_time: i64::MAX,
            last_time: i64::MIN,
            growing: None,
            encoding: Encoding::Utf8,
            walked: offset,
            table: String::new(),
        }
    }

    /// The file is written so.
    pub(crate) fn set_encoding(&mut self, encoding: Encoding) {
        self.encoding = encoding;
    }

    /// How the file is written.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The next byte to be classified, in the file.
    pub(crate) fn position(&self) -> u64 {
        self.piece.end
    }

    /// The same as the walk counts: in decoded bytes.
    pub(crate) fn walked(&self) -> u64 {
        self.walked
    }

    /// What times of records left open.
    pub(crate) fn saw(&mut self, times: BTreeMap<String, Seen>, orders: BTreeMap<String, OrderSeen>) {
        for (path, seen) in times {
            let all = self.report.times.entry(path).or_default();
            *all = all.and(seen);
        }
        for (path, seen) in orders {
            self.report.orders.entry(path).or_default().append(&seen);
        }
    }

    /// What the head of a table says: the zone and the order of its times, what stands between its cells.
    pub(crate) fn tells(&mut self, form: &RowForm) {
        self.report.zone_tag.clone_from(&form.zone_tag);
        self.report.head_orders.clone_from(&form.orders);
        self.report.delimiter = form.delimiter();
    }

    /// From now on records of no known type live in `table`.
    pub(crate) fn set_table(&mut self, table: &str) {
        if self.table != table {
            table.clone_into(&mut self.table);
        }
    }

    /// Bytes that belong to no record.
    pub(crate) fn between(&mut self, bytes: &[u8]) {
        add(&mut self.report.bytes_between, self.encoding.measure(bytes));
        self.pass(bytes);
    }

    /// The bytes of a record that was read, and what became of it.
    pub(crate) fn done(&mut self, bytes: &[u8], outcome: &Outcome) {
        let is_record = match outcome {
            // All are counted; the bytes they share once.
            Outcome::Several(outcomes) => outcomes.iter().filter(|one| self.one(bytes, one)).count() > 0,
            one => self.one(bytes, one),
        };
        let sum = if is_record { &mut self.report.bytes_records } else { &mut self.report.bytes_between };
        add(sum, self.encoding.measure(bytes));
        self.pass(bytes);
    }

    /// Counts what became of a record; whether it was stored.
    fn one(&mut self, bytes: &[u8], outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Stored { format, rule, time, repaired } => {
                add(&mut self.report.records, 1);
                add(&mut self.report.stored, 1);
                self.count(*format, *rule);
                if let Some(time) = *time {
                    self.first_time = self.first_time.min(time);
                    self.last_time = self.last_time.max(time);
                }
                if let Some(repair) = repaired {
                    add(&mut self.report.repaired, 1);
                    self.problem(self.encoding.measure(bytes), &repair.to_string(), false);
                }
                true
            }
            Outcome::NotEvent { what, listed, .. } => {
                let room = LISTED_KEPT.saturating_sub(self.report.listed.len());
                self.report.listed.extend(listed.iter().take(room).cloned());
                add(&mut self.report.not_events, 1);
                let position = self.position();
                self.report.first_not_event.get_or_insert_with(|| (position, what.clone()));
                false
            }
            // The reader gives what is in envelopes in envelopes as one list.
            Outcome::Several(_) => false,
        }
    }

    /// The bytes of a record that could not be read.
    pub(crate) fn reject(&mut self, bytes: &[u8], reason: &str) {
        self.begin_reject(reason);
        self.more_rejected(bytes);
        self.end_reject();
    }

    /// A rejected record of which not all bytes are at hand.
    pub(crate) fn begin_reject(&mut self, reason: &str) {
        let (offset, newlines_before) = (self.position(), self.piece.newlines);
        self.growing =
            Some(PartProblem { offset, len: 0, newlines_before, reason: reason.to_owned(), is_loss: true });
    }

    /// More bytes of it.
    pub(crate) fn more_rejected(&mut self, bytes: &[u8]) {
        if let Some(problem) = &mut self.growing {
            add(&mut problem.len, self.encoding.measure(bytes));
        }
        add(&mut self.report.bytes_rejected, self.encoding.measure(bytes));
        self.pass(bytes);
    }

    /// It ends here.
    pub(crate) fn end_reject(&mut self) {
        if let Some(problem) = self.growing.take() {
            add(&mut self.report.records, 1);
            add(&mut self.report.rejected, 1);
            self.keep(problem);
        }
    }

    /// Something worth knowing about the `len` characters of ASCII that come next.
    pub(crate) fn note(&mut self, len: u64, reason: &str) {
        self.problem(len.saturating_mul(self.encoding.unit()), reason, false);
    }

    /// Something worth knowing, with whether content is missing.
    pub(crate) fn problem(&mut self, len: u64, reason: &str, is_loss: bool) {
        let (offset, newlines_before) = (self.position(), self.piece.newlines);
        self.keep(PartProblem { offset, len, newlines_before, reason: reason.to_owned(), is_loss });
    }

    /// The bytes that come next are another part's; how many of the file they are.
    pub(crate) fn give_away(&mut self, bytes: &[u8]) -> u64 {
        let len = self.encoding.measure(bytes);
        add(&mut self.walked, bytes.len() as u64);
        let end = self.position().saturating_add(len);
        if self.piece.start < self.piece.end {
            self.report.pieces.push(self.piece);
        }
        self.piece = Piece { start: end, end, newlines: 0 };
        len
    }

    /// Content is missing from here on.
    pub(crate) fn set_partial(&mut self) {
        self.report.is_partial = true;
    }

    /// The figures. The last piece is kept even when it is empty: notes about the end of the file lie in it.
    pub(crate) fn finish(mut self, containers: Vec<Container>, formats: &Formats) -> PartReport {
        self.end_reject();
        let mut report = self.report;
        report.containers = containers;
        report.encoding = self.encoding;
        report.pieces.push(self.piece);
        for (number, count) in self.formats.iter().enumerate() {
            let Some((records, first, rule)) = *count else { continue };
            let Some(format) = u16::try_from(number).ok().and_then(|number| formats.get(FormatNo(number)))
            else {
                continue;
            };
            let why = formats.why(rule).to_owned();
            report.formats.insert(format.id().to_owned(), FormatCount { records, why, first });
            let is_own = format.file.is_found && !self.table.is_empty();
            let table = if is_own { self.table.as_str() } else { format.table().unwrap_or_default() };
            add(report.tables.entry(table.to_owned()).or_default(), records);
        }
        report.first_time = (self.first_time != i64::MAX).then_some(Ticks(self.first_time));
        report.last_time = (self.last_time != i64::MIN).then_some(Ticks(self.last_time));
        report
    }

    fn count(&mut self, format: FormatNo, rule: RuleNo) {
        let place = usize::from(format.0);
        if self.formats.len() <= place {
            self.formats.resize(place.saturating_add(1), None);
        }
        let position = self.position();
        if let Some(slot) = self.formats.get_mut(place) {
            add(&mut slot.get_or_insert((0, position, rule)).0, 1);
        }
    }

    fn keep(&mut self, problem: PartProblem) {
        add(&mut self.report.problem_count, 1);
        if self.report.problems.len() < PROBLEMS_KEPT {
            self.report.problems.push(problem);
        }
    }

    fn pass(&mut self, bytes: &[u8]) {
        add(&mut self.walked, bytes.len() as u64);
        add(&mut self.piece.end, self.encoding.measure(bytes));
        add(&mut self.piece.newlines, memchr::memchr_iter(b'\n', bytes).count() as u64);
    }
}

fn add(sum: &mut u64, more: u64) {
    *sum = sum.saturating_add(more);
}
