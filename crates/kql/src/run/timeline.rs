//! Counts of rows over time, by outcome.

use super::{Context, Fuel, selection::Selection};
use crate::plan::Plan;
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

/// Works out an [`Extent`].
pub struct ExtentFinder {
    plan: Rc<Plan>,
    extent: Extent,
}

/// Rows per bucket and outcome. Partial ones of several shards add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Per outcome, a count per bucket.
    pub by_outcome: BTreeMap<String, Vec<u32>>,
    /// Rows without a time.
    pub without_time: u64,
}

/// Works out [`Counts`].
pub struct Counter {
    plan: Rc<Plan>,
    counts: Counts,
}

impl ExtentFinder {
    /// Over the rows of `selection`.
    #[must_use]
    pub fn new(plan: Rc<Plan>, selection: Selection) -> Self {
        let _ = selection;
        Self { plan, extent: Extent::default() }
    }

    /// Goes on until the fuel is burnt or all is done; whether all is done.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> bool {
        let _ = (context, fuel, &self.plan);
        true
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
        let _ = (selection, from, step, buckets);
        Self { plan, counts: Counts::default() }
    }

    /// Goes on until the fuel is burnt or all is done; whether all is done.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> bool {
        let _ = (context, fuel, &self.plan);
        true
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
