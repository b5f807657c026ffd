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
use chartroom_base::sort;
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
    /// Rows of the table when the filter began; later ones are the next filter's.
    upto: Option<u32>,
    partial: Option<Partial>,
}

/// A chunk that is not done.
struct Partial {
    rows: usize,
    chosen: Bitmap,
    /// Rows in question and what must hold for them, the dearest first: the last is asked next.
    passes: Vec<(Bitmap, Vec<usize>)>,
    /// The first row that the predicate in hand was not asked of.
    row: usize,
}

/// Rows that an expensive predicate is asked of between two looks at the fuel.
const ROWS_PER_STEP: usize = 1 << 13;

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
                upto: None,
                partial: None,
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
        for source in &mut self.sources {
            if source.upto.is_none() {
                let rows = context.store.table(&source.program.table).map_or(0, Table::row_count);
                source.upto = Some(rows);
                self.rows += u64::from(rows);
            }
        }
        while let (Some(source), Some(selected)) =
            (self.sources.get_mut(self.at), self.selection.tables.get_mut(self.at))
        {
            let chunk = selected.chunks.len();
            let upto = source.upto.unwrap_or(0) as usize;
            let rows = upto.saturating_sub(chunk.saturating_mul(CHUNK_ROWS)).min(CHUNK_ROWS);
            let Some(table) = context.store.table(&source.program.table).filter(|_| rows > 0) else {
                self.at += 1;
                continue;
            };
            if fuel.is_empty() {
                return false;
            }
            let Some(chosen) = source.choose(context, table, chunk, rows, fuel) else { return false };
            selected.count += chosen.count() as u64;
            selected.chunks.push(chosen);
            selected.looked_at = super::selection::row_number(chunk, rows);
            self.rows_done += rows as u64;
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
    /// Which rows of a chunk are in question, and what must hold for them.
    fn begin(&self, table: &Table, chunk: usize, view: Chunk<'_, '_>) -> Partial {
        let rows = view.rows;
        let start = chunk.saturating_mul(CHUNK_ROWS);
        let looked_at = (self.base.looked_at as usize).saturating_sub(start).min(rows);
        let base = self.base.chunks.get(chunk).unwrap_or(&Chosen::None);
        // Old rows need what `more` says, new ones everything; the two sets of rows are asked apart.
        let mut old = base.to_bitmap(looked_at).resized(rows);
        let mut new = Bitmap::filled(rows, false);
        new.fill(looked_at..rows, true);
        if let Some(live) = table.live(chunk) {
            old.and(live);
            new.and(live);
        }
        let passes = [(old, &self.more), (new, &self.predicates)].into_iter().filter(|(open, _)| open.any());
        let passes = passes.map(|(open, predicates)| {
            let mut predicates = predicates.clone();
            sort::sort_by_key(&mut predicates, |node| std::cmp::Reverse(view.cost(*node)));
            (open, predicates)
        });
        Partial { rows, chosen: Bitmap::filled(rows, false), passes: passes.collect(), row: 0 }
    }

    /// The rows that are left of a chunk; `None` when the fuel ran out, to be called again.
    fn choose(
        &mut self,
        context: Context<'_>,
        table: &Table,
        chunk: usize,
        rows: usize,
        fuel: &mut Fuel,
    ) -> Option<Chosen> {
        let view = Chunk { program: &self.program, context, table, chunk, rows, from: 0, to: rows };
        let mut partial = match self.partial.take() {
            Some(partial) if partial.rows == rows => partial,
            _ => self.begin(table, chunk, view),
        };
        while let Some((open, predicates)) = partial.passes.last_mut() {
            let Some(node) = predicates.last().copied().filter(|_| open.any()) else {
                partial.chosen.or(open);
                partial.passes.pop();
                continue;
            };
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
                        self.partial = Some(partial);
                        return None;
                    }
                }
            }
            let part = if view.is_expensive(node) { ROWS_PER_STEP } else { rows };
            let from = partial.row.min(rows);
            let to = (from + part).min(rows);
            let mut among = open.clone();
            among.fill(0..from, false);
            among.fill(to..rows, false);
            if among.any() {
                let mut out = among.clone();
                out.and_not(&Chunk { from, to, ..view }.truths(&self.cache, node, &among).yes);
                open.and_not(&out);
            }
            partial.row = to;
            if to == rows {
                predicates.pop();
                partial.row = 0;
            }
            if !fuel.burn(if part == rows { rows / 8 } else { among.count() * 100 }) {
                self.partial = Some(partial);
                return None;
            }
        }
        fuel.burn(rows / 16 + 1);
        Some(Chosen::from_bitmap(partial.chosen))
    }
}
