//! Rows in the plan's order: each chunk is sorted, then the chunks are merged, both by steps.

use super::{
    Context, Fuel,
    selection::{RowRef, Selection},
};
use crate::plan::Plan;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, rc::Rc};

/// Sorts a selection by the plan's order, ties by the row's identity.
pub struct Sorter {
    plan: Rc<Plan>,
}

/// Rows in order.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    blocks: Vec<Vec<RowRef>>,
}

/// The keys of some consecutive rows of a shard's order, for merging the orders of several shards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyBlock {
    /// Per key of the order, one entry per row.
    pub keys: Vec<KeyColumn>,
    /// Per row: rank of the file, offset and number.
    pub identities: Vec<(u32, u64, u32)>,
}

/// One key of some rows, in a form that compares as the order wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum KeyColumn {
    /// Smaller comes first, whatever the direction was.
    Numbers(Vec<u64>),
    /// Compare by bytes; `is_ascending` says which way.
    Texts {
        /// The texts; `None` where the key is null (guids).
        texts: Vec<Option<String>>,
        /// Smaller first.
        is_ascending: bool,
        /// Nulls before all.
        nulls_first: bool,
    },
}

impl Sorter {
    /// Sorts what `selection` holds. `limit`: only so many first rows are wanted (`take`), the rest may be left out.
    #[must_use]
    pub fn new(plan: Rc<Plan>, selection: Selection, limit: Option<u64>) -> Self {
        let _ = (selection, limit);
        Self { plan }
    }

    /// Goes on until the fuel is burnt or all is done; whether all is done.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> bool {
        let _ = (context, fuel, &self.plan);
        true
    }

    /// Share of the work done, 0.0 to 1.0.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        1.0
    }

    /// The rows in order.
    #[must_use]
    pub fn finish(self) -> Sorted {
        Sorted::default()
    }
}

impl Sorted {
    /// How many rows.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.blocks.iter().map(|block| block.len() as u64).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The row at `index` of the order.
    #[must_use]
    pub fn get(&self, index: u64) -> Option<RowRef> {
        let _ = index;
        None
    }

    /// Bytes it holds.
    #[must_use]
    pub fn memory(&self) -> usize {
        0
    }
}

impl KeyBlock {
    /// The keys of these rows, which are in the plan's order already (any number; blocks of some thousands are meant).
    #[must_use]
    pub fn new(plan: &Plan, context: Context<'_>, rows: &[RowRef]) -> Self {
        let _ = (plan, context, rows);
        Self::default()
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.identities.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.identities.is_empty()
    }

    /// Whether row `at` of this block comes before (`Less`) row `other_at` of the other, by keys, then identity.
    #[must_use]
    pub fn compare(&self, at: usize, other: &Self, other_at: usize) -> Ordering {
        let _ = (at, other, other_at);
        Ordering::Equal
    }
}
