//! How the shard stands, said to the coordinator at most ten times a second.

use super::Shard;
use crate::message::{Figures, FoundColumn, Said};
use chartroom_schema::kind::Kind;
use chartroom_store::{CHUNK_ROWS, Table};
use std::collections::BTreeMap;

/// At least so long between two, in milliseconds.
const EVERY: f64 = 100.0;

/// When it was said.
#[derive(Debug, Default)]
pub(crate) struct FiguresClock {
    said_at: f64,
    /// Something changed since.
    pub(crate) is_due: bool,
    /// Columns as they were said.
    columns: BTreeMap<String, Vec<FoundColumn>>,
    /// Full chunks of each table that were looked through for integers that no float holds.
    pub(crate) looked_at: BTreeMap<String, usize>,
}

impl Shard {
    /// Says how the shard stands, if something changed and it is time (or `at_once`).
    pub(crate) fn say_figures(&mut self, at_once: bool) {
        if !self.figures.is_due || (!at_once && self.now - self.figures.said_at < EVERY) {
            return;
        }
        self.figures.is_due = false;
        self.figures.said_at = self.now;
        let mut figures = Figures {
            memory: if self.memory > 0 { self.memory } else { self.own_memory() },
            dead_share: self.store.dead_share(),
            ..Figures::default()
        };
        for table in self.store.tables() {
            figures.tables.push((table.name().to_owned(), u64::from(table.live_count())));
            let said = self.figures.columns.entry(table.name().to_owned()).or_default();
            let looked_at = self.figures.looked_at.entry(table.name().to_owned()).or_default();
            let found = found_columns(table, said, *looked_at);
            *looked_at = table.row_count() as usize / CHUNK_ROWS;
            if *said != found {
                said.clone_from(&found);
                figures.columns.push((table.name().to_owned(), found));
            }
        }
        self.say(Said::Figures(Box::new(figures)));
    }

    /// Bytes of all that is kept here.
    fn own_memory(&self) -> u64 {
        (self.store.memory() + self.locals.memory()) as u64
    }
}

/// A table's columns as they are, when `said` is how they were and the first `looked_at` chunks are as then.
pub(crate) fn found_columns(table: &Table, said: &[FoundColumn], looked_at: usize) -> Vec<FoundColumn> {
    let columns = table.columns().iter().enumerate();
    columns
        .map(|(at, column)| {
            let is_same = |said: &&FoundColumn| said.name == column.name() && said.kind == column.kind();
            let before = said.get(at).filter(is_same);
            let from = if before.is_some() { looked_at } else { 0 };
            let is_long = column.kind() == Kind::Long;
            FoundColumn {
                name: column.name().to_owned(),
                kind: column.kind(),
                is_hidden: column.is_hidden(),
                is_empty: column.is_empty(),
                has_inexact: is_long
                    && (before.is_some_and(|said| said.has_inexact)
                        || column.has_inexact(from..table.chunk_count())),
            }
        })
        .collect()
}
