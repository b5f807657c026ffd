//! Tables as text: a walk from row to row, each read as the record that it stands for.
//!
//! `sniff` tells a table and its form, `cells` where rows and cells end, `record` writes a row as a record, `form` holds what
//! cells mean. Cells go to the reader as they lie; a line of a log is written as a record first. Rows are cut for other shards as records are, by the same split.
//!
//! **Invariant:** a row's bytes go into one record or are rejected with a reason; what lies in front of the first row, line
//! breaks and blank lines are between.

pub(crate) mod cells;
pub mod form;
mod marks;
pub(crate) mod record;
mod settle;
pub(crate) use settle::table_name;
pub(crate) mod sniff;
pub(crate) mod text;

use super::Layout;
use super::lines::too_large;
use crate::driver::{Sink, View, Walked};
use crate::reader::cells::{TableRow, header_of};
use crate::reader::{Block, Read};
use cells::{Cell, split};
use form::{RowForm, Shape};

/// Records that are written before they are read, in bytes.
const BATCH: usize = 64 << 10;

/// A walk over the rows of a table.
#[derive(Debug)]
pub(crate) struct Rows {
    form: RowForm,
    /// In a row that is too large, up to its line break.
    is_skipping: bool,
    records: Vec<u8>,
    rows: Vec<Row>,
    cells: Vec<Cell>,
}

/// A row that is written as a record.
#[derive(Clone, Copy, Debug)]
struct Row {
    start: usize,
    end: usize,
    /// One past its line break.
    next: usize,
    /// Where its record begins in what was written; `None` when it is no record.
    record: Option<usize>,
}

/// Whether a row holds nothing.
fn is_blank(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Counts what became of the row that is `text`.
fn take(read: Read, text: &[u8], sink: &mut Sink<'_>) {
    match read {
        Read::Done { outcome, .. } => sink.ledger.done(text, &outcome),
        Read::Broken { fault, .. } => sink.reject(text, &fault.to_string()),
        // Cannot be: a row that is read is whole.
        Read::NeedMore => sink.reject(text, "the row cannot be read"),
    }
}

impl Rows {
    /// Begins at a row of a table of that form, or at the beginning of the file.
    pub(crate) fn new(form: RowForm) -> Self {
        Self { form, is_skipping: false, records: Vec::new(), rows: Vec::new(), cells: Vec::new() }
    }

    /// What the rows mean.
    pub(crate) const fn form(&self) -> &RowForm {
        &self.form
    }

    /// Walks on over `view`.
    pub(crate) fn walk(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Walked {
        let bytes = view.bytes;
        let at = sink.at(&view);
        let front = usize::try_from(self.form.first_row.saturating_sub(sink.ledger.walked()));
        let front = front.unwrap_or(usize::MAX).min(bytes.len().saturating_sub(at));
        if front > 0 {
            sink.between(bytes.get(at..at.saturating_add(front)).unwrap_or_default());
        }
        if self.is_skipping && !self.skip(view, sink) {
            return Walked::NeedMore;
        }
        if sink.is_cutting() { self.cut(view, sink) } else { self.read(view, sink) }
    }

    /// The end of the row at `at`; its cells are noted if asked for. `None`: more bytes are needed.
    fn split(&mut self, view: View<'_>, at: usize, with_cells: bool) -> Option<cells::RowEnd> {
        let bytes = view.bytes;
        let is_all = view.is_last || (at == 0 && view.is_full);
        let Shape::Delimited(delimiter) = self.form.shape else {
            let row = text::split_line(bytes, at, is_all, self.form.shape != Shape::Fields)?;
            return (view.is_last || row.next > row.end).then_some(row);
        };
        // Without a quote in its line the line is the row.
        if !with_cells
            && let Some(found) = memchr::memchr2(b'\n', b'"', bytes.get(at..)?)
            && let end = at.saturating_add(found)
            && bytes.get(end) == Some(&b'\n')
        {
            return Some(cells::RowEnd { end, next: end.saturating_add(1), has_stray_quote: false });
        }
        let cells = with_cells.then_some(&mut self.cells);
        let row = split(bytes, at, delimiter, is_all, cells)?;
        // Cut off by the view, not by a line break: more bytes are needed, or it is too large.
        let is_whole = view.is_last || row.next > row.end;
        is_whole.then_some(row)
    }

    /// For rows that are given away: nothing lies in front of them.
    fn layout(&self) -> Layout {
        Layout::Rows(Box::new(RowForm { first_row: 0, ..self.form.clone() }))
    }

    /// Rows given away whole.
    fn cut(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Walked {
        let mut layout = self.layout();
        let bytes = view.bytes;
        let most = sink.limits.cut_bytes;
        loop {
            let start = sink.at(&view);
            let mut end = start;
            while end < bytes.len() && end.saturating_sub(start) < most {
                match self.split(view, end, false) {
                    // It changes how the rows behind it are read, those of this cut too.
                    Some(row) if self.is_directive(bytes, end) => {
                        if end > start {
                            break;
                        }
                        let line = bytes.get(end..row.next).unwrap_or_default();
                        self.direct(bytes.get(end..row.end).unwrap_or_default());
                        sink.between(line);
                        layout = self.layout();
                        end = row.next;
                        break;
                    }
                    Some(row) => end = row.next,
                    None => break,
                }
            }
            if end > start && sink.at(&view) > start {
                continue;
            }
            if end > start {
                let rows = bytes.get(start..end).unwrap_or_default();
                if sink.cut_more(rows, &layout) {
                    return Walked::Cut;
                }
            } else if start == 0 && view.is_full && !view.is_last {
                if sink.open_cut().is_some() {
                    return Walked::Cut;
                }
                self.begin_skip(sink);
                if !self.skip(view, sink) {
                    return Walked::NeedMore;
                }
            } else {
                return Walked::NeedMore;
            }
        }
    }

    fn read(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Walked {
        sink.reader.set_table(&self.form.table, self.form.kinds());
        sink.ledger.set_table(&self.form.table);
        if matches!(self.form.shape, Shape::Delimited(_)) {
            return self.read_cells(view, sink);
        }
        let bytes = view.bytes;
        loop {
            let mut at = sink.at(&view);
            self.records.clear();
            self.rows.clear();
            while at < bytes.len() && self.records.len() < BATCH {
                let Some(row) = self.split(view, at, true) else { break };
                self.write(bytes, at, row);
                at = row.next;
            }
            if self.rows.is_empty() {
                if at == 0 && view.is_full && !view.is_last && at < bytes.len() {
                    self.begin_skip(sink);
                    if self.skip(view, sink) {
                        continue;
                    }
                }
                return Walked::NeedMore;
            }
            self.give(view, sink);
        }
    }

    /// Reads rows of cells.
    fn read_cells(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> Walked {
        let (bytes, block, header) = (view.bytes, view.block(), header_of(&self.form));
        loop {
            let at = sink.at(&view);
            let row = if at < bytes.len() { self.split(view, at, true) } else { None };
            let Some(row) = row else {
                if at == 0 && view.is_full && !view.is_last && at < bytes.len() {
                    self.begin_skip(sink);
                    if self.skip(view, sink) {
                        continue;
                    }
                }
                return Walked::NeedMore;
            };
            let text = bytes.get(at..row.end).unwrap_or_default();
            let line_break = bytes.get(row.end..row.next).unwrap_or_default();
            if is_blank(text) || self.is_header(text) {
                sink.between(text);
                sink.between(line_break);
                continue;
            }
            let (count, columns) = (self.cells.len(), self.form.columns.len());
            if count != columns {
                sink.note(text.len(), &format!("a row of {count} cells where the header has {columns}"));
            }
            if row.has_stray_quote {
                sink.note(text.len(), "a quote that nothing closes was taken for text");
            }
            let cells = TableRow { block, cells: &self.cells, form: &self.form, header };
            let read = sink.read_cells(cells, text);
            take(read, text, sink);
            sink.between(line_break);
        }
    }

    /// Whether a row is the header once more.
    fn is_header(&self, text: &[u8]) -> bool {
        !self.form.header.is_empty() && text == self.form.header
    }

    /// Notes the row at `start`, and writes its record.
    fn write(&mut self, bytes: &[u8], start: usize, row: cells::RowEnd) {
        let text = bytes.get(start..row.end).unwrap_or_default();
        let is_directive = self.is_directive(bytes, start);
        if is_directive {
            self.direct(text);
        }
        let is_row = !is_blank(text) && !self.is_header(text) && !is_directive;
        let record = is_row.then_some(self.records.len());
        if is_row {
            text::write_line(&mut self.records, text, &self.form);
        }
        self.rows.push(Row { start, end: row.end, next: row.next, record });
    }

    /// Whether the line at `at` says something of the rows.
    fn is_directive(&self, bytes: &[u8], at: usize) -> bool {
        self.form.shape == Shape::Fields && bytes.get(at) == Some(&b'#')
    }

    /// A line that may name the columns anew.
    fn direct(&mut self, line: &[u8]) {
        if let Some(columns) = text::fields(line) {
            self.form.columns = columns;
        }
    }

    /// Reads the records written.
    fn give(&self, view: View<'_>, sink: &mut Sink<'_>) {
        let block = Block::new(&self.records);
        for row in &self.rows {
            let text = view.bytes.get(row.start..row.end).unwrap_or_default();
            let line_break = view.bytes.get(row.end..row.next).unwrap_or_default();
            let Some(record) = row.record else {
                sink.between(text);
                sink.between(line_break);
                continue;
            };
            let read = sink.read_row(block, record, text);
            take(read, text, sink);
            sink.between(line_break);
        }
    }

    fn begin_skip(&mut self, sink: &mut Sink<'_>) {
        sink.ledger.begin_reject(&too_large(&sink.limits));
        self.is_skipping = true;
    }

    /// Passes over a row that is too large; whether its line break was found.
    fn skip(&mut self, view: View<'_>, sink: &mut Sink<'_>) -> bool {
        let rest = view.bytes.get(sink.at(&view)..).unwrap_or_default();
        let found = memchr::memchr(b'\n', rest);
        sink.ledger.more_rejected(rest.get(..found.unwrap_or(rest.len())).unwrap_or_default());
        if found.is_some() || view.is_last {
            sink.ledger.end_reject();
            sink.between(found.map_or(&[], |_| b"\n"));
            self.is_skipping = false;
        }
        found.is_some()
    }
}
