//! What several components do the same way.
//!
//! To add one: a file here, its line below. A hook owns what it starts: dropping the component ends it.

pub mod use_all_rows;
pub mod use_busy;
pub mod use_fresh;
pub mod use_hotkey;
pub mod use_rows;
pub mod use_size;
