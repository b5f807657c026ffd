//! Between framing and reading: what a walk over the bytes says goes through here into the store and the ledger.
//!
//! **Invariant:** bytes are classified strictly in order, each once, so that conservation holds by construction. While a
//! cut for another shard is open nothing is classified here: the shard that reads the cut walks it again by the same
//! rules.

pub(crate) mod ledger;
pub(crate) mod salvage;

use crate::encoding::Encoding;
use crate::framing::{Layout, Limits};
use crate::reader::cells::TableRow;
use crate::reader::{Block, Length, Read, Reader, RowPlace};
use chartroom_store::Store;
use ledger::Ledger;

/// A piece of the innermost file at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    /// The bytes.
    pub(crate) bytes: &'a [u8],
    /// The same, checked for reading; framing ahead does without.
    pub(crate) block: Option<Block<'a>>,
    /// Offset of the first of them.
    pub(crate) base: u64,
    /// Whether no bytes follow.
    pub(crate) is_last: bool,
    /// Whether it is as large as a view gets: a record that begins with it and does not end in it is too large.
    pub(crate) is_full: bool,
}

impl<'a> View<'a> {
    /// All of `bytes`, the last of a file or line.
    pub(crate) fn whole(bytes: &'a [u8], base: u64) -> Self {
        Self { bytes, block: Some(Block::new(bytes)), base, is_last: true, is_full: true }
    }

    /// The bytes, checked for reading.
    pub(crate) fn block(&self) -> Block<'a> {
        self.block.unwrap_or_else(|| Block::new(self.bytes))
    }
}

/// How a walk over a view ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Walked {
    /// More bytes are needed, or (when the view was the last) all are classified.
    NeedMore,
    /// A cut is ready to be taken; call again.
    Cut,
    /// The part is over, though the file may go on.
    Over,
    /// These are not lines.
    HandBack,
}

/// Where a walk puts what it finds.
pub(crate) struct Sink<'a> {
    pub(crate) store: &'a mut Store,
    pub(crate) reader: &'a mut Reader,
    pub(crate) ledger: &'a mut Ledger,
    /// Set when records are given to other shards.
    pub(crate) cutting: Option<&'a mut Cutting>,
    pub(crate) file: u32,
    pub(crate) limits: Limits,
}

/// Cuts of whole records for other shards.
#[derive(Debug)]
pub(crate) struct Cutting {
    /// Whether the bytes go with them.
    pub(crate) with_bytes: bool,
    pub(crate) open: Option<Cut>,
}

/// A range of whole records.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) layout: Layout,
    pub(crate) bytes: Vec<u8>,
    /// Nothing was rejected in it since its last record: what comes behind cannot change how it is read.
    pub(crate) is_solid: bool,
}

impl Sink<'_> {
    /// The next byte to be classified, as a position in `view`.
    pub(crate) fn at(&self, view: &View<'_>) -> usize {
        usize::try_from(self.ledger.walked().saturating_sub(view.base)).unwrap_or(usize::MAX)
    }

    /// The bytes that come next belong to no record.
    pub(crate) fn between(&mut self, bytes: &[u8]) {
        if !self.cut_grew(bytes) {
            self.ledger.between(bytes);
        }
    }

    /// The bytes that come next are a record that cannot be read. Blanks and commas at its end are between.
    pub(crate) fn reject(&mut self, bytes: &[u8], reason: &str) {
        if self.cut_grew(bytes) {
            if let Some(cut) = self.cutting.as_mut().and_then(|cutting| cutting.open.as_mut()) {
                cut.is_solid = false;
            }
            return;
        }
        let is_separator = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',');
        let len = bytes.iter().rposition(|byte| !is_separator(byte)).map_or(0, |last| last.saturating_add(1));
        let (bad, rest) = bytes.split_at_checked(len).unwrap_or((bytes, &[]));
        if !bad.is_empty() {
            self.ledger.reject(bad, reason);
        }
        self.ledger.between(rest);
    }

    /// Something worth knowing about the `len` characters of ASCII that come next.
    pub(crate) fn note(&mut self, len: usize, reason: &str) {
        if self.open_cut().is_none() {
            self.ledger.note(len as u64, reason);
        }
    }

    /// Reads the record at `at` of `block`; a row, if it is one, is in the store then. `base` is the block's offset.
    pub(crate) fn read(
        &mut self,
        (block, base): (Block<'_>, u64),
        at: usize,
        is_last: bool,
        is_line: bool,
    ) -> Read {
        let encoding = self.ledger.encoding();
        let offset = if encoding == Encoding::Utf8 {
            base.saturating_add(at as u64)
        } else {
            let from = usize::try_from(self.ledger.walked().saturating_sub(base)).unwrap_or(usize::MAX);
            let front = block.bytes().get(from..at).unwrap_or_default();
            self.ledger.position().saturating_add(encoding.measure(front))
        };
        let place = RowPlace { file: self.file, offset, number: 0, is_line, length: Length::Read(encoding) };
        self.reader.read(self.store, block, at, is_last, place)
    }

    /// Reads the record at `at` of `block`, which stands for `text`, the bytes that come next.
    pub(crate) fn read_row(&mut self, block: Block<'_>, at: usize, text: &[u8]) -> Read {
        let len = self.ledger.encoding().measure(text);
        let length = Length::Told(u32::try_from(len).unwrap_or(u32::MAX));
        let offset = self.ledger.position();
        let place = RowPlace { file: self.file, offset, number: 0, is_line: false, length };
        self.reader.read(self.store, block, at, true, place)
    }

    /// Reads the row of a table that is `text`, the bytes that come next.
    pub(crate) fn read_cells(&mut self, row: TableRow<'_>, text: &[u8]) -> Read {
        let len = self.ledger.encoding().measure(text);
        let length = Length::Told(u32::try_from(len).unwrap_or(u32::MAX));
        let offset = self.ledger.position();
        let place = RowPlace { file: self.file, offset, number: 0, is_line: false, length };
        self.reader.read_row(self.store, row, place)
    }

    /// Takes the rows of records that begin with the next `len` bytes out of the store again.
    pub(crate) fn unread(&mut self, len: usize) {
        let start = self.ledger.position();
        self.store.drop_rows(self.file, &(start..start.saturating_add(len as u64)));
    }

    /// Whether records are given away at present.
    pub(crate) fn is_cutting(&self) -> bool {
        self.cutting.is_some()
    }

    /// The cut that is open.
    pub(crate) fn open_cut(&self) -> Option<&Cut> {
        self.cutting.as_ref()?.open.as_ref()
    }

    /// Whether so much lies between records that the open cut should go before its next record.
    pub(crate) fn is_cut_overdue(&self) -> bool {
        self.open_cut().is_some_and(|cut| {
            let patience = if cut.is_solid { 2 } else { 16 };
            cut.end.saturating_sub(cut.start) >= (self.limits.cut_bytes as u64).saturating_mul(patience)
        })
    }

    /// Adds whole records to the open cut, or opens one, which is read by `layout`; whether it is large enough to be given
    /// out.
    pub(crate) fn cut_more(&mut self, bytes: &[u8], layout: &Layout) -> bool {
        let position = self.ledger.position();
        if let Some(cutting) = &mut self.cutting
            && cutting.open.is_none()
        {
            let bytes = Vec::new();
            cutting.open =
                Some(Cut { start: position, end: position, layout: layout.clone(), bytes, is_solid: true });
        }
        self.cut_grew(bytes);
        if let Some(cut) = self.cutting.as_mut().and_then(|cutting| cutting.open.as_mut()) {
            cut.is_solid = true;
        }
        let len = self.open_cut().map_or(0, |cut| cut.end.saturating_sub(cut.start));
        len >= self.limits.cut_bytes as u64
    }

    fn cut_grew(&mut self, bytes: &[u8]) -> bool {
        let Some(cutting) = &mut self.cutting else { return false };
        let Some(cut) = &mut cutting.open else { return false };
        if cutting.with_bytes {
            cut.bytes.extend_from_slice(bytes);
        }
        cut.end = cut.end.saturating_add(self.ledger.give_away(bytes));
        true
    }
}
