//! How the shard stands, said to the coordinator at most ten times a second.

use super::Shard;
use crate::message::{Figures, FoundColumn, Said};
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
            let is_same = said.len() == table.columns().len()
                && said
                    .iter()
                    .zip(table.columns())
                    .all(|(said, column)| said.kind == column.kind() && said.is_empty == column.is_empty());
            if !is_same {
                *said = table
                    .columns()
                    .iter()
                    .map(|column| FoundColumn {
                        name: column.name().to_owned(),
                        kind: column.kind(),
                        is_hidden: column.is_hidden(),
                        is_empty: column.is_empty(),
                    })
                    .collect();
                figures.columns.push((table.name().to_owned(), said.clone()));
            }
        }
        self.say(Said::Figures(Box::new(figures)));
    }

    /// Bytes of all that is kept here.
    fn own_memory(&self) -> u64 {
        (self.store.memory() + self.locals.memory()) as u64
    }
}
