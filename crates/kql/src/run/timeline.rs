//! Counts of rows over time, by outcome.

use super::{
    Context, Fuel,
    cache::Cache,
    predicate::{Chunk, Need},
    reader::ChunkReader,
    selection::Selection,
};
use crate::{
    plan::Plan,
    program::{Program, index},
    value::Value,
};
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
    counts: Counts,
    from: i64,
    step: i64,
    buckets: u32,
}

/// Goes over the rows of a selection with their time and outcome, chunk by chunk.
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
                let nodes: Vec<usize> = source.time.into_iter().chain(source.outcome).collect();
                let reader = ChunkReader::new(&source.program, context, table, self.chunk, &nodes);
                let view = Chunk {
                    program: &source.program,
                    context,
                    table,
                    chunk: self.chunk,
                    rows,
                    from: 0,
                    to: rows,
                };
                for node in reader.coded_nodes() {
                    loop {
                        let burnt = view.meet(&Need::Values(node), &mut source.cache);
                        if burnt == 0 {
                            break;
                        }
                        if !fuel.burn(burnt) {
                            return false;
                        }
                    }
                }
                let mut values = Vec::new();
                let mut rows_now = chosen.to_bitmap(rows);
                rows_now.fill(0..self.row, false);
                rows_now.fill(self.row + ROWS_PER_STEP..rows, false);
                for row in rows_now.iter() {
                    reader.read(&source.cache, row, &mut values);
                    let value = |node: Option<usize>| node.and_then(|node| values.get(node));
                    visit(
                        value(source.time).and_then(Value::long),
                        value(source.outcome).map_or("", Value::text),
                    );
                }
            }
            fuel.burn(count.min(ROWS_PER_STEP) * 60 + 1);
            self.row += ROWS_PER_STEP;
            if count == 0 || self.row >= table.chunk_rows(self.chunk) {
                self.row = 0;
                self.chunk += 1;
            }
        }
        true
    }
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
            counts: Counts::default(),
            from,
            step: step.max(1),
            buckets,
        }
    }

    /// Goes on until the fuel is burnt or all is done; whether all is done.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> bool {
        let Self { walk, counts, from, step, buckets } = self;
        walk.step(context, fuel, |time, outcome| {
            let Some(time) = time else {
                counts.without_time += 1;
                return;
            };
            let bucket = time.checked_sub(*from).map(|since| since.div_euclid(*step));
            let bucket =
                bucket.and_then(|bucket| u32::try_from(bucket).ok()).filter(|bucket| bucket < buckets);
            let Some(bucket) = bucket else { return };
            if !counts.by_outcome.contains_key(outcome) {
                counts.by_outcome.insert(outcome.to_owned(), vec![0; *buckets as usize]);
            }
            let slot = counts.by_outcome.get_mut(outcome).and_then(|counts| counts.get_mut(bucket as usize));
            if let Some(slot) = slot {
                *slot = slot.saturating_add(1);
            }
        })
    }

    /// What was counted.
    #[must_use]
    pub fn finish(self) -> Counts {
        self.counts
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
