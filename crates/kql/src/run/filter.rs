//! `where`s over chunks: plan → [`Selection`].
//!
//! A step takes one chunk, or one slice of a dictionary, of one source. In a chunk the predicates that all must hold go cheapest
//! first, each only over rows that the others left.

use super::{
    Context, Fuel,
    cache::Cache,
    predicate::{Chunk, Need},
    selection::{Chosen, Selection, TableSelection},
};
use crate::{
    plan::Plan,
    program::{Program, index},
};
use chartroom_store::{Bitmap, CHUNK_ROWS, Table};
use std::rc::Rc;

/// Works out which rows a plan's first `where`s leave, chunk by chunk.
pub struct Filter {
    sources: Vec<SourceFilter>,
    selection: Selection,
    /// The source in hand.
    at: usize,
    rows_done: u64,
    rows: u64,
}

/// One source of the plan.
struct SourceFilter {
    program: Program,
    /// Of all rows.
    predicates: Vec<usize>,
    /// Of rows in the base, which satisfied the others already.
    more: Vec<usize>,
    base: TableSelection,
    cache: Cache,
}

impl Filter {
    /// The rows that the first `wheres` `where`s of the plan leave (all of them: [`Plan::where_count`]), from scratch.
    #[must_use]
    pub fn new(plan: Rc<Plan>, wheres: usize) -> Self {
        Self::continued(plan, wheres, Selection::default(), 0)
    }

    /// The same, starting from what the first `done` `where`s left: only rows in `base` are looked at, and rows that came since
    /// `base` was made. With `done == wheres` it only takes in the new rows.
    #[must_use]
    pub fn continued(plan: Rc<Plan>, wheres: usize, base: Selection, done: usize) -> Self {
        let mut base = base.tables.into_iter();
        let sources = plan.sources.iter().map(|source| {
            let chosen =
                |skip: usize| source.wheres.iter().take(wheres).skip(skip).flatten().map(|id| index(*id));
            SourceFilter {
                program: Program::new(source, plan.now),
                predicates: source.filter.iter().map(|id| index(*id)).chain(chosen(0)).collect(),
                more: chosen(done).collect(),
                base: base.next().unwrap_or_default(),
                cache: Cache::default(),
            }
        });
        let sources: Vec<SourceFilter> = sources.collect();
        let tables = sources.iter().map(|source| TableSelection {
            table: source.program.table.clone(),
            ..TableSelection::default()
        });
        Self { selection: Selection { tables: tables.collect() }, sources, at: 0, rows_done: 0, rows: 0 }
    }

    /// Goes on until the fuel is burnt or all is done; whether all is done.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> bool {
        self.rows = self
            .sources
            .iter()
            .filter_map(|source| context.store.table(&source.program.table))
            .map(|table| u64::from(table.row_count()))
            .sum();
        while let (Some(source), Some(selected)) =
            (self.sources.get_mut(self.at), self.selection.tables.get_mut(self.at))
        {
            let table = context.store.table(&source.program.table);
            let chunk = selected.chunks.len();
            let Some(table) = table.filter(|table| chunk < table.chunk_count()) else {
                self.at += 1;
                continue;
            };
            if fuel.is_empty() {
                return false;
            }
            match source.choose(context, table, chunk, fuel) {
                Some(chosen) => {
                    let rows = table.chunk_rows(chunk);
                    selected.count += chosen.count() as u64;
                    selected.chunks.push(chosen);
                    selected.looked_at = table.row_count().min(super::selection::row_number(chunk, rows));
                    self.rows_done += rows as u64;
                }
                None => return false,
            }
        }
        true
    }

    /// Share of the rows looked at, 0.0 to 1.0.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share for a progress bar")]
    pub fn fraction(&self) -> f64 {
        if self.rows == 0 { 1.0 } else { (self.rows_done as f64 / self.rows as f64).min(1.0) }
    }

    /// What is left so far; complete once [`Filter::step`] said so.
    #[must_use]
    pub const fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The rows that are left.
    #[must_use]
    pub fn finish(self) -> Selection {
        self.selection
    }
}

impl SourceFilter {
    /// The rows that are left of a chunk; `None` when the fuel ran out before it was ready.
    fn choose(
        &mut self,
        context: Context<'_>,
        table: &Table,
        chunk: usize,
        fuel: &mut Fuel,
    ) -> Option<Chosen> {
        let rows = table.chunk_rows(chunk);
        let start = chunk.saturating_mul(CHUNK_ROWS);
        let looked_at = (self.base.looked_at as usize).saturating_sub(start).min(rows);
        let base = self.base.chunks.get(chunk).unwrap_or(&Chosen::None);
        let view = Chunk { program: &self.program, context, table, chunk, rows };
        // Old rows need what `more` says, new ones everything; the two sets of rows are asked apart.
        let mut old = base.to_bitmap(looked_at).resized(rows);
        let mut new = Bitmap::filled(rows, false);
        new.fill(looked_at..rows, true);
        if let Some(live) = table.live(chunk) {
            old.and(live);
            new.and(live);
        }
        let mut chosen = Bitmap::filled(rows, false);
        for (mut open, predicates) in [(old, &self.more), (new, &self.predicates)] {
            if !open.any() {
                continue;
            }
            let mut predicates = predicates.clone();
            predicates.sort_by_key(|node| view.cost(*node));
            for node in predicates {
                if !open.any() {
                    break;
                }
                let mut needs: Vec<Need> = Vec::new();
                view.needs(node, &mut needs);
                for need in &needs {
                    loop {
                        let burnt = view.meet(need, &mut self.cache);
                        if burnt == 0 {
                            break;
                        }
                        // What was worked out stays in the cache: the next step comes past here quickly.
                        if !fuel.burn(burnt) {
                            return None;
                        }
                    }
                }
                open.and(&view.truths(&self.cache, node, &open).yes);
                fuel.burn(rows);
            }
            chosen.or(&open);
        }
        fuel.burn(rows / 16 + 1);
        Some(Chosen::from_bitmap(chosen))
    }
}
