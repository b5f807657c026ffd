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
mod convert;
mod fold;
pub mod functions;
mod json;
mod json_path;
mod needle;
mod net;
mod pattern;
pub mod plan;
mod program;
mod punycode;
pub mod run;
mod scan;
mod series;
pub mod value;
pub mod windows;
mod zone;

pub use bind::compile;
pub use catalog::Catalog;
pub use plan::Plan;
pub use run::{
    Context, Files, Fuel, NumberedFiles,
    cells::{CellReader, cells},
    filter::Filter,
    selection::{RowRef, Selection},
    sort::{KeyBlock, Sorted, Sorter},
    timeline::{Counter, Counts, Extent, ExtentFinder},
};
