//! Units, ticks, spans, diagnostics: the vocabulary every other crate shares.
//!
//! **Invariant:** depends on nothing of ours, knows nothing of logs, columns or the browser.

pub mod bytes;
pub mod civil;
pub mod diagnostic;
pub mod distinct;
pub mod hash;
pub mod json;
pub mod packing;
pub mod radix;
pub mod sort;
pub mod ticks;
