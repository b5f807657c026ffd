//! Running: on shards filter, sort, show and count stored rows, and begin what makes rows (`fragment`); on the coordinator end it
//! (`answer`).
//!
//! **Invariant:** every `step` does at most one chunk of rows (64 Ki) or one slice of a dictionary between looks at its fuel,
//! and can be taken up again. Nothing here waits, reads a clock or knows other shards.

pub mod answer;
mod anywhere;
mod cache;
pub mod cells;
mod classes;
mod columns;
mod cut;
pub mod filter;
pub mod fragment;
pub mod local;
mod predicate;
mod reader;
pub mod selection;
pub mod sort;
pub mod stage;
mod stored;
pub mod timeline;

use chartroom_store::Store;

/// What a plan runs over.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The shard's tables.
    pub store: &'a Store,
    /// What the shard knows of files.
    pub files: &'a dyn Files,
}

/// What a shard knows of the files whose rows it holds.
pub trait Files {
    /// Where the file stands among all files (drops by time, files by path); rows are ordered by it.
    fn rank(&self, file: u32) -> u32;
    /// Its path, as `_File` shows it.
    fn path(&self, file: u32) -> &str;
}

/// Files known by nothing but their number: tests, and shards before the ranks are settled.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumberedFiles;

impl Files for NumberedFiles {
    fn rank(&self, file: u32) -> u32 {
        file
    }

    fn path(&self, _: u32) -> &str {
        ""
    }
}

/// Work that may be done before the next look at the clock, in rows or bytes looked at (about a nanosecond each).
///
/// A step goes on while there is some left, and ends after the chunk in hand when there is none.
#[derive(Clone, Copy, Debug)]
pub struct Fuel(pub i64);

impl Fuel {
    /// Enough for anything: tests, and native one-shot runs.
    pub const UNBOUNDED: Self = Self(i64::MAX);

    /// Takes `units` away; whether some is left.
    pub fn burn(&mut self, units: usize) -> bool {
        self.0 = self.0.saturating_sub(i64::try_from(units).unwrap_or(i64::MAX));
        self.0 > 0
    }

    /// Whether none is left.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 <= 0
    }
}
