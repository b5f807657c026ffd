//! One table of one shard: columns, and who the rows are.
//!
//! A row is written by [`Table::begin_row`], pushes, and [`Table::commit_row`] or [`Table::roll_back_row`].
//!
//! **Invariant:** append-only but for [`Table::widen`] and for rows that die with their file; a committed row is
//! visible at once.

use crate::CHUNK_ROWS;
use crate::bitmap::Bitmap;
use crate::column::{Again, Column, place};
use crate::rows::{RowAt, Rows, RowsAt};
use chartroom_schema::kind::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The hidden column of rows that are others once more: where the one is that is shown for them.
pub const DUPLICATE_OF: &str = "_DuplicateOf";

/// Number of a column in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u32);

/// One table.
#[derive(Clone, Debug)]
pub struct Table {
    name: Box<str>,
    pub(crate) columns: Vec<Column>,
    by_name: BTreeMap<Box<str>, u32>,
    pub(crate) rows: Rows,
    live: Vec<Option<Bitmap>>,
    dead: u32,
    is_open: bool,
}

impl Table {
    /// A table without columns and rows.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            columns: Vec::new(),
            by_name: BTreeMap::new(),
            rows: Rows::default(),
            live: Vec::new(),
            dead: 0,
            is_open: false,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Rows committed, dead ones included.
    #[must_use]
    pub const fn row_count(&self) -> u32 {
        self.rows.len()
    }

    /// Rows whose file is not closed.
    #[must_use]
    pub const fn live_count(&self) -> u32 {
        self.rows.len() - self.dead
    }

    /// Number of chunks that hold rows.
    #[must_use]
    pub const fn chunk_count(&self) -> usize {
        (self.rows.len() as usize).div_ceil(CHUNK_ROWS)
    }

    /// Rows in chunk number `chunk`: [`CHUNK_ROWS`] but for the last.
    #[must_use]
    pub fn chunk_rows(&self, chunk: usize) -> usize {
        (self.rows.len() as usize).saturating_sub(chunk.saturating_mul(CHUNK_ROWS)).min(CHUNK_ROWS)
    }

    /// The column of exactly that name; it is added when there is none, else kind and hiddenness stay as they are.
    pub fn add_column(&mut self, name: &str, kind: Kind, is_hidden: bool) -> ColumnId {
        if let Some(id) = self.find(name) {
            return id;
        }
        let id = self.columns.len() as u32;
        self.columns.push(Column::new(name, kind, is_hidden));
        self.by_name.insert(name.into(), id);
        ColumnId(id)
    }

    /// Says of these rows, ascending, in the hidden column [`DUPLICATE_OF`] which others they are once more, and of no others.
    pub fn set_duplicates<'t>(&mut self, rows: impl Iterator<Item = (u32, &'t str)>) {
        let id = self.add_column(DUPLICATE_OF, Kind::String, true);
        let mut column = Column::new(DUPLICATE_OF, Kind::String, true);
        let mut open = None;
        for (row, text) in rows.filter(|(row, _)| *row < self.rows.len()) {
            let (chunk, _) = place(row);
            if let Some(full) = open.replace(chunk).filter(|last| *last != chunk) {
                column.seal(full);
            }
            column.push_text(row, text);
        }
        if let Some(chunk) = open.filter(|chunk| (chunk + 1) * CHUNK_ROWS <= self.rows.len() as usize) {
            column.seal(chunk);
        }
        if let Some(slot) = self.columns.get_mut(id.0 as usize) {
            *slot = column;
        }
    }

    /// The column of exactly that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<ColumnId> {
        self.by_name.get(name).copied().map(ColumnId)
    }

    /// The column of that number.
    #[must_use]
    pub fn column(&self, id: ColumnId) -> Option<&Column> {
        self.columns.get(id.0 as usize)
    }

    /// All columns, in the order of their numbers.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Begins a row; one that was begun and neither committed nor rolled back is rolled back.
    #[inline]
    pub fn begin_row(&mut self) {
        if self.is_open {
            self.roll_back_row();
        }
        self.is_open = true;
    }

    #[inline]
    fn pushing(&mut self, id: ColumnId) -> Option<(&mut Column, u32)> {
        let row = self.rows.len();
        if self.is_open { self.columns.get_mut(id.0 as usize).map(|column| (column, row)) } else { None }
    }

    /// Sets a text of the row in progress. `false` when the column does not hold texts: the row is as before.
    #[inline]
    pub fn push_text(&mut self, id: ColumnId, value: &str) -> bool {
        self.pushing(id).is_some_and(|(column, row)| column.push_text(row, value))
    }

    /// As [`Self::push_text`]; the text's code for [`Self::push_code`], 0 when it has none or was not set.
    #[inline]
    pub fn push_coded(&mut self, id: ColumnId, value: &str) -> u32 {
        self.pushing(id).and_then(|(column, row)| column.push_coded(row, value)).unwrap_or(0)
    }

    /// Sets a text of the row in progress by the code that [`Self::push_coded`] gave for this column of this table.
    /// `false` when the column gives out no codes any more: the row is as before; push the text.
    #[inline]
    pub fn push_code(&mut self, id: ColumnId, code: u32) -> bool {
        self.pushing(id).is_some_and(|(column, row)| column.push_code(row, code))
    }

    /// Sets an integer or the ticks of a time of the row in progress. A real column takes it as a float, a string or
    /// dynamic one as digits. `false` when the column cannot hold it exactly: the row is as before; widen the column.
    #[inline]
    pub fn push_long(&mut self, id: ColumnId, value: i64) -> bool {
        self.pushing(id).is_some_and(|(column, row)| column.push_long(row, value))
    }

    /// Sets a float of the row in progress. `false` when the column does not hold floats: the row is as before.
    #[inline]
    pub fn push_real(&mut self, id: ColumnId, value: f64) -> bool {
        self.pushing(id).is_some_and(|(column, row)| column.push_real(row, value))
    }

    /// Sets a bool of the row in progress. `false` when the column does not hold bools: the row is as before.
    #[inline]
    pub fn push_bool(&mut self, id: ColumnId, value: bool) -> bool {
        self.pushing(id).is_some_and(|(column, row)| column.push_bool(row, value))
    }

    /// The value that the row in progress has in a column, to be set again in later rows; `None` when it has none, or one that
    /// can only be had by its text.
    #[must_use]
    pub fn again(&self, id: ColumnId) -> Option<Again> {
        self.columns.get(id.0 as usize)?.again(self.rows.len())
    }

    /// Sets a value that [`Self::again`] gave for this column of this table. `false` when it cannot be set so any more: the row is
    /// as before; push the value.
    #[inline]
    pub fn push_again(&mut self, id: ColumnId, value: Again) -> bool {
        self.pushing(id).is_some_and(|(column, row)| match value {
            Again::Code(code) => column.push_code(row, code),
            Again::Long(value) => column.push_long(row, value),
            Again::Real(value) => column.push_real(row, value),
            Again::Bool(value) => column.push_bool(row, value),
        })
    }

    /// Un-sets a column of the row in progress.
    #[inline]
    pub fn push_null(&mut self, id: ColumnId) {
        if let Some((column, row)) = self.pushing(id) {
            column.truncate(row);
        }
    }

    /// Ends the row in progress: from now on it is there.
    #[inline]
    pub fn commit_row(&mut self, at: RowAt) {
        if self.rows.len() == u32::MAX {
            return self.roll_back_row();
        }
        self.is_open = false;
        let (chunk, row) = place(self.rows.len());
        self.rows.push(at);
        if let Some(Some(live)) = self.live.get_mut(chunk) {
            live.push(true);
        }
        if row == CHUNK_ROWS - 1 {
            self.seal(chunk);
        }
    }

    #[cold]
    fn seal(&mut self, chunk: usize) {
        for column in &mut self.columns {
            column.seal(chunk);
        }
    }

    /// Ends the row in progress: it never was.
    pub fn roll_back_row(&mut self) {
        let row = self.rows.len();
        for column in &mut self.columns {
            column.truncate(row);
        }
        self.is_open = false;
    }

    /// Who the rows of a chunk are, by their numbers within it, ascending.
    #[must_use]
    pub fn rows_at(&self, chunk: usize, rows: &[u32]) -> RowsAt {
        self.rows.of_chunk(chunk, rows)
    }

    /// Who row `row` is.
    #[must_use]
    pub fn row_at(&self, row: u32) -> Option<RowAt> {
        self.rows.get(row)
    }

    /// The row of that identity, dead ones included.
    #[must_use]
    pub fn find_row(&self, file: u32, offset: u64, number: u32) -> Option<u32> {
        self.rows.find(file, offset, number)
    }

    /// The rows of a chunk whose file is not closed; `None` when that is all of them.
    #[must_use]
    pub fn live(&self, chunk: usize) -> Option<&Bitmap> {
        self.live.get(chunk).and_then(Option::as_ref)
    }

    /// The rows of a chunk by file: row ranges (rows of the table, not of the chunk), ascending, with their file.
    pub fn file_runs(&self, chunk: usize) -> impl Iterator<Item = (Range<u32>, u32)> + '_ {
        let start = u32::try_from(chunk.saturating_mul(CHUNK_ROWS)).unwrap_or(u32::MAX).min(self.rows.len());
        self.rows.files(start..start + self.chunk_rows(chunk) as u32)
    }

    /// Marks the rows of these files dead; how many that were alive. With no row left alive its columns are gone too: what comes next
    /// has kinds of its own.
    pub fn close_files(&mut self, files: &BTreeSet<u32>) -> u64 {
        let killed = self.kill(|file, _| files.contains(&file).then_some(0..u64::MAX));
        if killed > 0 && self.live_count() == 0 {
            self.columns.clear();
            self.by_name.clear();
        }
        killed
    }

    /// Marks the rows of a file dead whose records begin in `offsets`; how many that were alive.
    pub fn drop_rows(&mut self, file: u32, offsets: &Range<u64>) -> u64 {
        self.kill(|of, _| (of == file).then(|| offsets.clone()))
    }

    fn kill(&mut self, doomed: impl Fn(u32, &Range<u32>) -> Option<Range<u64>>) -> u64 {
        let mut killed = 0;
        for chunk in 0..self.chunk_count() {
            let rows = self.chunk_rows(chunk);
            let mut live = None;
            for (run, file) in self.file_runs(chunk) {
                let Some(offsets) = doomed(file, &run) else { continue };
                if offsets == (0..u64::MAX) && !run.is_empty() {
                    let start = place(run.start).1;
                    live.get_or_insert_with(|| {
                        self.live(chunk).cloned().unwrap_or_else(|| Bitmap::filled(rows, true))
                    })
                    .fill(start..start + run.len(), false);
                    continue;
                }
                for row in run {
                    if self.row_at(row).is_some_and(|at| offsets.contains(&at.offset)) {
                        live.get_or_insert_with(|| {
                            self.live(chunk).cloned().unwrap_or_else(|| Bitmap::filled(rows, true))
                        })
                        .set(place(row).1, false);
                    }
                }
            }
            if let Some(live) = live {
                let before = self.live(chunk).map_or(rows, Bitmap::count);
                killed += (before - live.count()) as u32;
                if self.live.len() <= chunk {
                    self.live.resize(chunk + 1, None);
                }
                if let Some(slot) = self.live.get_mut(chunk) {
                    *slot = Some(live);
                }
            }
        }
        self.dead += killed;
        killed.into()
    }

    /// Bytes allocated.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.columns.iter().map(Column::memory).sum::<usize>()
            + self.columns.capacity() * size_of::<Column>()
            + self.columns.iter().map(|column| column.name.len() + 64).sum::<usize>()
            + self.rows.memory()
            + self.live.iter().flatten().map(Bitmap::memory).sum::<usize>()
    }
}
