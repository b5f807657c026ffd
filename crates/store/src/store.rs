//! All tables of one shard.

use crate::table::Table;
use std::collections::BTreeSet;
use std::ops::Range;

/// All tables of one shard, in the order of their names.
#[derive(Clone, Debug, Default)]
pub struct Store {
    tables: Vec<Table>,
}

impl Store {
    /// No tables.
    #[must_use]
    pub const fn new() -> Self {
        Self { tables: Vec::new() }
    }

    /// The table of exactly that name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.place(name).ok().and_then(|index| self.tables.get(index))
    }

    /// The table of exactly that name; it is added when there is none.
    pub fn table_mut(&mut self, name: &str) -> &mut Table {
        let index = self.place(name).unwrap_or_else(|index| {
            self.tables.insert(index, Table::new(name));
            index
        });
        &mut self.tables[index]
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.tables.binary_search_by(|table| table.name().cmp(name))
    }

    /// All tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter()
    }

    /// Bytes allocated.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.tables.iter().map(Table::memory).sum::<usize>() + self.tables.capacity() * size_of::<Table>()
    }

    /// Rows whose file is not closed.
    #[must_use]
    pub fn live_rows(&self) -> u64 {
        self.tables.iter().map(|table| u64::from(table.live_count())).sum()
    }

    /// The share of all rows whose file is closed, 0 to 1.
    #[must_use]
    pub fn dead_share(&self) -> f64 {
        let rows: u64 = self.tables.iter().map(|table| u64::from(table.row_count())).sum();
        if rows == 0 { 0.0 } else { (rows - self.live_rows()) as f64 / rows as f64 }
    }

    /// Marks the rows of these files dead; how many that were alive.
    pub fn close_files(&mut self, files: &BTreeSet<u32>) -> u64 {
        self.tables.iter_mut().map(|table| table.close_files(files)).sum()
    }

    /// Marks the rows of a file dead whose records begin in `offsets`; how many that were alive.
    pub fn drop_rows(&mut self, file: u32, offsets: &Range<u64>) -> u64 {
        self.tables.iter_mut().map(|table| table.drop_rows(file, offsets)).sum()
    }
}
