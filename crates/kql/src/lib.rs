//! KQL tree to plan to columns: bind, then run over a shard's rows.
//!
//! **Invariant:** one evaluator for constants, dictionaries and rows; no clock (`now` is a parameter); every step does at most
//! one chunk of rows. What is not supported is refused by name and place, never answered wrongly.
//!
//! The way of a query: [`compile`] (coordinator) → [`plan::Plan`] → per shard `Filter` → `Selection` → `Sorter`
//! → `Sorted` → `cells`, and `Extent` and `Histogram` for the timeline.

pub mod aggregates;
mod bind;
pub mod catalog;
mod compare;
pub mod edit;
mod evaluate;
mod explain;
mod fold;
pub mod functions;
mod graph;
mod needle;
mod net;
pub mod operators;
mod pattern;
pub mod plan;
mod program;
mod punycode;
pub mod relation;
pub mod run;
mod scan;
mod series;
mod sketch;
mod units;
pub mod windows;
mod work;
mod xml;
mod zone;

pub(crate) use chartroom_values::{convert, json, json_path, keys};
pub use chartroom_values::{decimal, value};

/// Batches of rows. Few of them in tests of this crate, so that a step that does more than its share is found with few rows.
pub(crate) mod frame {
    pub(crate) use chartroom_values::frame::*;

    #[cfg(test)]
    pub(crate) const BATCH_ROWS: usize = 1 << 7;
}

pub use bind::{Shape, compile, compile_plain, compile_stored, compile_with};
pub use catalog::Catalog;
pub use explain::Explainer;
pub use graph::Limits;
pub use operators::Refusal;
pub use plan::Plan;
pub use relation::Made;
pub use run::{
    Context, Files, Fuel, NumberedFiles,
    answer::Answer,
    cells::{CellReader, cells},
    filter::Filter,
    fragment::{Batch, Fragment, FragmentRun, Goes, RowBatch},
    local,
    selection::{RowRef, Selection},
    sort::{KeyBlock, Sorted, Sorter},
    stage::{Size, Stage, StageRun, Way},
    timeline::{Counter, Counts, Extent, ExtentFinder},
};
