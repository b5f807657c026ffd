//! Which rows of a shard a chain of `where`s leaves.
//!
//! **Invariant:** a row that was dead when it was looked at is never in it. Cheap to clone: bitmaps are shared.

use chartroom_store::{Bitmap, CHUNK_ROWS, Store};
use std::{ops::Range, rc::Rc};

/// The rows that are left, per source of the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    pub(crate) tables: Vec<TableSelection>,
}

/// The rows that are left of one home table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TableSelection {
    pub(crate) table: String,
    /// Rows of the table that were looked at; later ones came since.
    pub(crate) looked_at: u32,
    pub(crate) chunks: Vec<Chosen>,
    pub(crate) count: u64,
}

/// The rows that are left of one chunk.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Chosen {
    None,
    /// The first so many.
    All(usize),
    Some(Rc<Bitmap>),
}

impl Chosen {
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::None => 0,
            Self::All(rows) => *rows,
            Self::Some(rows) => rows.count(),
        }
    }

    pub(crate) fn from_bitmap(rows: Bitmap) -> Self {
        if !rows.any() {
            Self::None
        } else if rows.all() {
            Self::All(rows.len())
        } else {
            Self::Some(Rc::new(rows))
        }
    }

    /// As bits, `rows` of them.
    pub(crate) fn to_bitmap(&self, rows: usize) -> Bitmap {
        match self {
            Self::None => Bitmap::filled(rows, false),
            Self::All(chosen) => Bitmap::filled(rows.min(*chosen), true).resized(rows),
            Self::Some(chosen) => chosen.as_ref().clone().resized(rows),
        }
    }

    /// Those of a range of rows of the chunk, ascending.
    pub(crate) fn rows(&self, range: Range<usize>) -> Vec<u32> {
        let number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        match self {
            Self::None => Vec::new(),
            Self::All(rows) => (number(range.start)..number(range.end.min(*rows))).collect(),
            Self::Some(rows) => rows.rows_in(range),
        }
    }

    fn contains(&self, row: usize) -> bool {
        match self {
            Self::None => false,
            Self::All(rows) => row < *rows,
            Self::Some(rows) => rows.get(row),
        }
    }
}

/// A row of a shard: which source of the plan, and which row of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    /// Index into [`crate::plan::Plan::sources`].
    pub source: u16,
    /// Row number in the table.
    pub row: u32,
}

impl RowRef {
    pub(crate) const fn chunk(self) -> usize {
        (self.row >> 16) as usize
    }

    pub(crate) const fn offset(self) -> usize {
        (self.row & 0xffff) as usize
    }
}

pub(crate) fn row_number(chunk: usize, offset: usize) -> u32 {
    u32::try_from(chunk.saturating_mul(CHUNK_ROWS).saturating_add(offset)).unwrap_or(u32::MAX)
}

impl Selection {
    /// How many rows are left.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.tables.iter().map(|table| table.count).sum()
    }

    /// How many rows are left of each source's table.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        self.tables.iter().map(|table| table.count).collect()
    }

    /// Whether no rows came to its tables since it was made. (Closing files is the caller's to remember: a selection that is
    /// older than a close is stale.)
    #[must_use]
    pub fn is_current(&self, store: &Store) -> bool {
        self.tables.iter().all(|table| {
            store.table(&table.table).map_or(0, chartroom_store::Table::row_count) == table.looked_at
        })
    }

    /// Whether the row is left.
    #[must_use]
    pub fn contains(&self, row: RowRef) -> bool {
        self.tables
            .get(usize::from(row.source))
            .and_then(|table| table.chunks.get(row.chunk()))
            .is_some_and(|chunk| chunk.contains(row.offset()))
    }

    /// None of its rows, of the same tables: those wanted are put in by [`Self::insert`].
    #[must_use]
    pub fn emptied(&self) -> Self {
        let tables = self.tables.iter().map(|table| TableSelection {
            table: table.table.clone(),
            looked_at: table.looked_at,
            chunks: vec![Chosen::None; table.chunks.len()],
            count: 0,
        });
        Self { tables: tables.collect() }
    }

    /// Puts a row in, if its chunk was looked at.
    pub fn insert(&mut self, row: RowRef) {
        let table = self.tables.get_mut(usize::from(row.source));
        let Some(TableSelection { chunks, count, .. }) = table else { return };
        let Some(chosen) = chunks.get_mut(row.chunk()) else { return };
        if chosen.contains(row.offset()) {
            return;
        }
        *count += 1;
        if !matches!(chosen, Chosen::Some(_)) {
            *chosen = Chosen::Some(Rc::new(chosen.to_bitmap(CHUNK_ROWS)));
        }
        if let Chosen::Some(rows) = chosen {
            Rc::make_mut(rows).set(row.offset(), true);
        }
    }

    /// The rows that are left, by source and number.
    pub fn iter(&self) -> impl Iterator<Item = RowRef> + '_ {
        (0_u16..).zip(&self.tables).flat_map(|(source, table)| {
            table.chunks.iter().enumerate().flat_map(move |(chunk, chosen)| {
                let rows: Box<dyn Iterator<Item = usize>> = match chosen {
                    Chosen::None => Box::new(std::iter::empty()),
                    Chosen::All(rows) => Box::new(0..*rows),
                    Chosen::Some(rows) => Box::new(rows.iter()),
                };
                rows.map(move |offset| RowRef { source, row: row_number(chunk, offset) })
            })
        })
    }

    /// Bytes it holds, shared ones included.
    #[must_use]
    pub fn memory(&self) -> usize {
        let chunk = |chosen: &Chosen| match chosen {
            Chosen::Some(rows) => rows.memory(),
            _ => 0,
        };
        self.tables
            .iter()
            .map(|table| {
                table.chunks.iter().map(chunk).sum::<usize>()
                    + table.chunks.capacity() * size_of::<Chosen>()
                    + table.table.len()
            })
            .sum()
    }
}
