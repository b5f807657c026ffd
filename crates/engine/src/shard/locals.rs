//! The shard's part of each result: which rows, in which local order.
//!
//! **Invariant:** a local row keeps its index for as long as its result's generation lives. Rows that come later stand
//! behind the sorted ones, in the order in which they came.

use super::{Shard, cache::Cache, slice};
use crate::message::{ResultKey, Said};
use chartroom_kql::{CellReader, Filter, Plan, RowRef, Selection, Sorted, Sorter};
use chartroom_store::Store;
use std::{cell::OnceCell, collections::BTreeMap, rc::Rc};

/// Rows in a block of a tail: no buffer grows past it.
const BLOCK: usize = 1 << 16;
/// At least so long between two looks for rows that came, in milliseconds.
const GROW_EVERY: f64 = 100.0;

/// The parts of all results.
#[derive(Default)]
pub(crate) struct Locals {
    all: BTreeMap<ResultKey, Local>,
    pub(crate) cache: Cache,
    /// Rows came since it was looked for the last time.
    pub(crate) has_news: bool,
    grown_at: f64,
}

/// One part.
pub(crate) struct Local {
    pub(crate) plan: Rc<Plan>,
    /// Made when rows are shown for the first time.
    cells: OnceCell<CellReader>,
    state: State,
}

enum State {
    Selecting(Box<Filter>),
    Sorting(Box<Sorter>, Selection),
    Ready(Ready),
    /// Rows that came are being looked at.
    Growing(Ready, Box<Filter>),
    /// Between two of these.
    Moving,
}

/// A part that can be asked for.
pub(crate) struct Ready {
    sorted: Sorted,
    tail: Vec<Vec<RowRef>>,
    pub(crate) selection: Selection,
    /// Per source: rows of its table that were looked at.
    seen: Vec<u32>,
    /// Only the count is wanted.
    is_count: bool,
}

impl Ready {
    /// Local rows.
    pub(crate) fn rows(&self) -> u64 {
        if self.is_count { self.selection.count() } else { self.sorted.len() + self.tail_rows() }
    }

    fn tail_rows(&self) -> u64 {
        self.tail.iter().map(|block| block.len() as u64).sum()
    }

    /// The row at a local index.
    pub(crate) fn get(&self, index: u64) -> Option<RowRef> {
        match index.checked_sub(self.sorted.len()) {
            None => self.sorted.get(index),
            Some(behind) => {
                let behind = usize::try_from(behind).ok()?;
                self.tail.get(behind / BLOCK)?.get(behind % BLOCK).copied()
            }
        }
    }

    /// How many rows stand in the plan's order.
    pub(crate) fn sorted_rows(&self) -> u64 {
        self.sorted.len()
    }

    fn push(&mut self, row: RowRef) {
        if self.tail.last().is_none_or(|block| block.len() == BLOCK) {
            self.tail.push(Vec::new());
        }
        if let Some(block) = self.tail.last_mut() {
            block.push(row);
        }
    }

    fn memory(&self) -> usize {
        self.sorted.memory()
            + self.tail.iter().map(|block| block.capacity() * size_of::<RowRef>()).sum::<usize>()
    }
}

impl Local {
    /// Shows its rows.
    pub(crate) fn cells(&self) -> &CellReader {
        self.cells.get_or_init(|| CellReader::new(&self.plan))
    }

    pub(crate) fn ready(&self) -> Option<&Ready> {
        match &self.state {
            State::Ready(ready) | State::Growing(ready, _) => Some(ready),
            State::Selecting(_) | State::Sorting(..) | State::Moving => None,
        }
    }
}

impl Locals {
    pub(crate) fn get(&self, key: ResultKey) -> Option<&Local> {
        self.all.get(&key)
    }

    /// Bytes of orders and selections.
    pub(crate) fn memory(&self) -> usize {
        let orders: usize = self.all.values().filter_map(Local::ready).map(Ready::memory).sum();
        orders + self.cache.memory()
    }
}

/// Rows of each source's table now.
fn seen(plan: &Plan, store: &Store) -> Vec<u32> {
    let rows = |table: &str| store.table(table).map_or(0, chartroom_store::Table::row_count);
    plan.sources.iter().map(|source| rows(&source.table)).collect()
}

impl Shard {
    /// Begins a result's selection, from the longest chain that is known already.
    pub(crate) fn select(&mut self, key: ResultKey, plan: Plan) {
        let plan = Rc::new(plan);
        let wheres = plan.where_count();
        let filter = match self.locals.cache.find(&plan.selections) {
            Some((done, base)) => Filter::continued(Rc::clone(&plan), wheres, base, done),
            None => Filter::new(Rc::clone(&plan), wheres),
        };
        self.locals
            .all
            .insert(key, Local { plan, cells: OnceCell::new(), state: State::Selecting(Box::new(filter)) });
    }

    /// A result is not asked for any more.
    pub(crate) fn drop_local(&mut self, key: ResultKey) {
        if self.locals.all.remove(&key).is_some_and(|local| local.ready().is_none()) {
            // It is waited for all the same.
            self.say(Said::Selected { key, rows: 0 });
        }
        self.asks.keys.retain(|(of, _)| *of != key);
    }

    /// Selects and sorts; the newest result first. Whether there was something to do.
    pub(crate) fn step_selections(&mut self) -> bool {
        let Some((&key, _)) = self
            .locals
            .all
            .iter()
            .rev()
            .find(|(_, local)| matches!(local.state, State::Selecting(_) | State::Sorting(..)))
        else {
            return false;
        };
        let context = chartroom_kql::Context { store: &self.store, files: &self.known };
        let Some(local) = self.locals.all.get_mut(&key) else { return false };
        let mut fuel = slice();
        match std::mem::replace(&mut local.state, State::Moving) {
            State::Selecting(mut filter) => {
                if !filter.step(context, &mut fuel) {
                    local.state = State::Selecting(filter);
                    return true;
                }
                let selection = filter.finish();
                if let Some(text) = local.plan.selections.last() {
                    self.locals.cache.put(text, selection.clone());
                }
                if local.plan.is_count {
                    local.state = State::Ready(Ready {
                        sorted: Sorted::default(),
                        tail: Vec::new(),
                        selection,
                        seen: seen(&local.plan, &self.store),
                        is_count: true,
                    });
                    self.say_selected(key);
                } else {
                    let sorter = Sorter::new(Rc::clone(&local.plan), selection.clone(), local.plan.take);
                    local.state = State::Sorting(Box::new(sorter), selection);
                }
            }
            State::Sorting(mut sorter, selection) => {
                if !sorter.step(context, &mut fuel) {
                    local.state = State::Sorting(sorter, selection);
                    return true;
                }
                let seen = seen(&local.plan, &self.store);
                local.state = State::Ready(Ready {
                    sorted: sorter.finish(),
                    tail: Vec::new(),
                    selection,
                    seen,
                    is_count: false,
                });
                self.say_selected(key);
            }
            other => local.state = other,
        }
        true
    }

    fn say_selected(&mut self, key: ResultKey) {
        let rows = self.locals.get(key).and_then(Local::ready).map_or(0, Ready::rows);
        // Rows may have come between the selection and the end of its sort.
        self.locals.has_news = true;
        self.say(Said::Selected { key, rows });
    }

    /// Looks at rows that came since results were made. Whether there was something to do.
    pub(crate) fn grow_locals(&mut self) -> bool {
        if let Some((&key, _)) =
            self.locals.all.iter().find(|(_, local)| matches!(local.state, State::Growing(..)))
        {
            self.grow(key);
            return true;
        }
        // The first rows of a table are told at once.
        let is_first = self.locals.all.values().any(|local| {
            local.plan.where_count() == 0 && matches!(&local.state, State::Ready(ready) if ready.rows() == 0)
        });
        let is_time = is_first || self.now - self.locals.grown_at >= GROW_EVERY || !self.is_reading();
        if !self.locals.has_news || !is_time {
            return false;
        }
        self.locals.has_news = false;
        self.locals.grown_at = self.now;
        let mut any = false;
        for local in self.locals.all.values_mut() {
            if let State::Ready(ready) = &local.state
                && !ready.selection.is_current(&self.store)
                && let State::Ready(ready) = std::mem::replace(&mut local.state, State::Moving)
            {
                let wheres = local.plan.where_count();
                let filter =
                    Filter::continued(Rc::clone(&local.plan), wheres, ready.selection.clone(), wheres);
                local.state = State::Growing(ready, Box::new(filter));
                any = true;
            }
        }
        any
    }

    fn grow(&mut self, key: ResultKey) {
        let context = chartroom_kql::Context { store: &self.store, files: &self.known };
        let Some(local) = self.locals.all.get_mut(&key) else { return };
        let State::Growing(mut ready, mut filter) = std::mem::replace(&mut local.state, State::Moving) else {
            return;
        };
        if !filter.step(context, &mut slice()) {
            local.state = State::Growing(ready, filter);
            return;
        }
        ready.selection = filter.finish();
        let before = ready.rows();
        let now = seen(&local.plan, &self.store);
        if !ready.is_count {
            for (source, (&from, &to)) in (0_u16..).zip(ready.seen.clone().iter().zip(&now)) {
                for row in from..to {
                    let row = RowRef { source, row };
                    if ready.selection.contains(row) {
                        ready.push(row);
                    }
                }
            }
        }
        ready.seen = now;
        if let Some(text) = local.plan.selections.last() {
            self.locals.cache.put(text, ready.selection.clone());
        }
        let rows = if ready.is_count { ready.selection.count() } else { ready.rows() };
        local.state = State::Ready(ready);
        if rows != before || local.plan.is_count {
            self.say(Said::Grew { key, rows });
        }
    }
}
