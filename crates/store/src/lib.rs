//! Columns: dictionaries, chunks, bitmaps, memory accounting.
//!
//! A [`Store`] holds the tables of one shard, a [`Table`] its rows in columns, a [`Column`] its values in chunks of
//! [`CHUNK_ROWS`] rows: row `r` is row `r & 0xffff` of chunk `r >> 16`.
//!
//! **Invariants:** append-only, and a row is visible once it is committed; no buffer grows past 4 MiB but for a single
//! larger value; a column without values costs nothing; knows nothing of files' contents, formats or queries.

mod bitmap;
mod bools;
mod codes;
mod column;
mod dictionary;
mod error;
mod longs;
mod numbers;
mod plain;
mod reals;
mod rows;
mod slots;
mod sparse;
mod store;
mod table;
mod text;
mod transfer;
mod widen;

pub use bitmap::Bitmap;
pub use bools::BoolsView;
pub use codes::Codes;
pub use column::{Again, ChunkView, Column, ValueRef};
pub use dictionary::{Dictionary, DictionaryBlock};
pub use error::StoreError;
pub use longs::{LongValues, LongsView, Scale};
pub use plain::{PlainBlock, PlainView};
pub use reals::{RealValues, RealsView};
pub use rows::{RowAt, RowsAt};
pub use store::Store;
pub use table::{ColumnId, DUPLICATE_OF, Table};
pub use widen::{Number, number, write_number, write_scalar, write_text};

/// Rows in a chunk.
pub const CHUNK_ROWS: usize = 65_536;
