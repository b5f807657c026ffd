//! Counts of rows over time, by outcome.

use super::{
    Context, Fuel,
    cache::Cache,
    predicate::{Chunk, Need},
    reader::ChunkReader,
    selection::Selection,
    stored::stored_longs,
};
use crate::{
    plan::Plan,
    program::{Program, index},
    value::Value,
};
use chartroom_store::{Bitmap, LongsView};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, rc::Rc};

/// First and last time of a selection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Oldest and newest time, in ticks; `None` when no row has one.
    pub times: Option<(i64, i64)>,
    /// Rows without a time.
    pub without_time: u64,
}

/// Rows per bucket and outcome. Partial ones of several shards add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Per outcome, a count per bucket.
    pub by_outcome: BTreeMap<String, Vec<u32>>,
    /// Rows without a time.
    pub without_time: u64,
}

/// Works out an [`Extent`].
pub struct ExtentFinder {
    walk: Walk,
    extent: Extent,
}

/// Works out [`Counts`].
pub struct Counter {
    walk: Walk,
    /// Per outcome met, a count per bucket; the one met last is at `last`.
    by_outcome: Vec<(String, Vec<u32>)>,
    last: usize,
    without_time: u64,
    from: i64,
    step: i64,
    buckets: u32,
}

/// Goes over the rows of a selection with their time and outcome, chunk by chunk. Rows of one chunk come in any order.
struct Walk {
    sources: Vec<WalkSource>,
    selection: Selection,
    source: usize,
    chunk: usize,
    /// The first row of the chunk that was not visited.
    row: usize,
}

/// Rows visited between two looks at the fuel.
const ROWS_PER_STEP: usize = 1 << 14;

struct WalkSource {
    program: Program,
    time: Option<usize>,
    outcome: Option<usize>,
    cache: Cache,
}

impl Walk {
    fn new(plan: &Plan, selection: Selection, wants_outcome: bool) -> Self {
        let sources = plan.sources.iter().map(|source| WalkSource {
            program: Program::new(source, plan.now),
            time: source.time.map(index),
            outcome: source.outcome.filter(|_| wants_outcome).map(index),
            cache: Cache::default(),
        });
        Self { sources: sources.collect(), selection, source: 0, chunk: 0, row: 0 }
    }

    fn step(
        &mut self,
        context: Context<'_>,
        fuel: &mut Fuel,
        mut visit: impl FnMut(Option<i64>, &str),
    ) -> bool {
        while let (Some(source), Some(selected)) =
            (self.sources.get_mut(self.source), self.selection.tables.get(self.source))
        {
            let table = context.store.table(&source.program.table);
            let (Some(table), Some(chosen)) = (table, selected.chunks.get(self.chunk)) else {
                self.source += 1;
                self.chunk = 0;
                continue;
            };
            if fuel.is_empty() {
                return false;
            }
            let count = chosen.count();
            if count > 0 {
                let rows = table.chunk_rows(self.chunk);
                let WalkSource { program, time, outcome, cache } = source;
                let from = self.row;
                let mut view = Chunk { program, context, table, chunk: self.chunk, rows, from, to: rows };
                let plain = Plain::of(view, *time, *outcome);
                if plain.is_none() {
                    view.to = (from + ROWS_PER_STEP).min(rows);
                }
                let mut rows_now = chosen.to_bitmap(rows);
                rows_now.fill(0..from, false);
                rows_now.fill(view.to..rows, false);
                let cost = match plain {
                    Some(plain) => plain.visit(view, cache, rows_now, fuel, &mut visit),
                    None => visit_rows(view, (*time, *outcome), cache, rows_now, fuel, &mut visit),
                };
                let Some(cost) = cost else { return false };
                fuel.burn((view.to - from) * cost);
                self.row = view.to;
            }
            fuel.burn(1);
            if count == 0 || self.row >= table.chunk_rows(self.chunk) {
                self.row = 0;
                self.chunk += 1;
            }
        }
        true
    }
}

/// A chunk whose times are stored as they are, and whose outcomes come of cheap conditions: no value is made for a row.
struct Plain<'a> {
    times: Option<LongsView<'a>>,
    outcome: Option<usize>,
    needs: Vec<Need>,
}

impl<'a> Plain<'a> {
    fn of(view: Chunk<'a, '_>, time: Option<usize>, outcome: Option<usize>) -> Option<Self> {
        let mut needs = Vec::new();
        let is_plain = outcome.is_none_or(|node| view.class_needs(node, &mut needs));
        let times = match time.filter(|_| is_plain) {
            Some(node) => stored_longs(view.program, view.table, view.chunk, node)?,
            None => None,
        };
        is_plain.then_some(Self { times, outcome, needs })
    }

    /// Visits `rows`; what a row cost, or `None` when the fuel ran out before the dictionaries were worked out.
    fn visit(
        self,
        view: Chunk<'_, '_>,
        cache: &mut Cache,
        rows: Bitmap,
        fuel: &mut Fuel,
        visit: &mut impl FnMut(Option<i64>, &str),
    ) -> Option<usize> {
        meet(view, &self.needs, cache, fuel)?;
        let mut classes = Vec::new();
        match self.outcome {
            Some(node) => view.classes(cache, node, rows, &mut classes),
            None => classes.push((Value::EMPTY, rows)),
        }
        for (outcome, rows) in &classes {
            for row in rows.iter() {
                visit(self.times.and_then(|times| times.get(row)), outcome.text());
            }
        }
        Some(20)
    }
}

/// Visits `rows`, whatever their time and outcome are made of; the rest as in [`Plain::visit`].
fn visit_rows(
    view: Chunk<'_, '_>,
    (time, outcome): (Option<usize>, Option<usize>),
    cache: &mut Cache,
    rows: Bitmap,
    fuel: &mut Fuel,
    visit: &mut impl FnMut(Option<i64>, &str),
) -> Option<usize> {
    let nodes: Vec<usize> = time.into_iter().chain(outcome).collect();
    let reader = ChunkReader::new(view.program, view.context, view.table, view.chunk, &nodes);
    let needs: Vec<Need> = reader.coded_nodes().map(Need::Values).collect();
    meet(view, &needs, cache, fuel)?;
    let mut values = Vec::new();
    for row in rows.iter() {
        reader.read(cache, row, &mut values);
        let value = |node: Option<usize>| node.and_then(|node| values.get(node));
        visit(value(time).and_then(Value::long), value(outcome).map_or("", Value::text));
    }
    Some(60)
}

/// Works out what is needed; `None` when the fuel ran out first.
fn meet(view: Chunk<'_, '_>, needs: &[Need], cache: &mut Cache, fuel: &mut Fuel) -> Option<()> {
    for need in needs {
        loop {
            let burnt = view.meet(need, cache);
            if burnt == 0 {
                break;
            }
            if !fuel.burn(burnt) {
                return None;
            }
        }
    }
    Some(())
}

impl ExtentFinder {
    /// Over the rows of `selection`.
    #[must_use]
    pub fn new(plan: Rc<Plan>, selection: Selection) -> Self {
        Self { walk: Walk::new(&plan, selection, false), extent: Extent::default() }
    }

    /// Goes on until the fuel is burnt or all is done; whether all is done.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> bool {
        let extent = &mut self.extent;
        self.walk.step(context, fuel, |time, _| match time {
            Some(time) => {
                let (first, last) = extent.times.unwrap_or((time, time));
                extent.times = Some((first.min(time), last.max(time)));
            }
            None => extent.without_time += 1,
        })
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Extent {
        self.extent
    }
}

impl Extent {
    /// Takes in another shard's.
    pub fn merge(&mut self, other: &Self) {
        self.without_time += other.without_time;
        self.times = match (self.times, other.times) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
    }
}

impl Counter {
    /// Buckets `[from + i * step, from + (i + 1) * step)` for `i` below `buckets`; rows outside are not counted.
    #[must_use]
    pub fn new(plan: Rc<Plan>, selection: Selection, from: i64, step: i64, buckets: u32) -> Self {
        Self {
            walk: Walk::new(&plan, selection, true),
            by_outcome: Vec::new(),
            last: 0,
            without_time: 0,
            from,
            step: step.max(1),
            buckets,
        }
    }

    /// Goes on until the fuel is burnt or all is done; whether all is done.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> bool {
        let Self { walk, by_outcome, last, without_time, from, step, buckets } = self;
        walk.step(context, fuel, |time, outcome| {
            let Some(time) = time else {
                *without_time += 1;
                return;
            };
            let bucket = time.checked_sub(*from).map(|since| since.div_euclid(*step));
            let bucket =
                bucket.and_then(|bucket| u32::try_from(bucket).ok()).filter(|bucket| bucket < buckets);
            let Some(bucket) = bucket else { return };
            if by_outcome.get(*last).is_none_or(|(known, _)| known != outcome) {
                let known = by_outcome.iter().position(|(known, _)| known == outcome);
                *last = known.unwrap_or_else(|| {
                    by_outcome.push((outcome.to_owned(), vec![0; *buckets as usize]));
                    by_outcome.len() - 1
                });
            }
            let slot = by_outcome.get_mut(*last).and_then(|(_, counts)| counts.get_mut(bucket as usize));
            if let Some(slot) = slot {
                *slot = slot.saturating_add(1);
            }
        })
    }

    /// What was counted.
    #[must_use]
    pub fn finish(self) -> Counts {
        Counts { by_outcome: self.by_outcome.into_iter().collect(), without_time: self.without_time }
    }
}

impl Counts {
    /// Takes in another shard's.
    pub fn merge(&mut self, other: Self) {
        self.without_time += other.without_time;
        for (outcome, counts) in other.by_outcome {
            let mine = self.by_outcome.entry(outcome).or_default();
            mine.resize(mine.len().max(counts.len()), 0);
            for (mine, count) in mine.iter_mut().zip(counts) {
                *mine = mine.saturating_add(count);
            }
        }
    }
}
