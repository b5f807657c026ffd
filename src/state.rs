//! What the page knows, and the only ways it changes.
//!
//! **Invariant:** nothing here meets the browser: reducers and plain functions over protocol types. Rows are held only
//! as far as [`pages`] caches them for the screen.
//!
//! To add state: a file here with its reducer or functions, a line below, its rules in `tests/components/state.rs`.

pub mod busy;
pub mod cell;
pub mod chart;
pub mod columns;
pub mod format;
pub mod grid_keys;
pub mod json;
pub mod ledger;
pub mod ledger_outline;
pub mod marks;
pub mod notices;
pub mod pages;
pub mod paths;
pub mod prose;
pub mod query;
pub mod sample;
pub mod scroll;
pub mod settings;
pub mod sources;
pub mod squiggles;
pub mod zone;
