//! What a block of rows from another worker can have wrong with it.

use std::fmt;

/// A block of rows cannot be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// It does not begin as blocks of this version do.
    NotABlock,
    /// It ends before what it announces.
    Truncated,
    /// A number, kind or text in it cannot be.
    Malformed,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotABlock => "not a block of rows of this version",
            Self::Truncated => "the block of rows ends too early",
            Self::Malformed => "the block of rows is malformed",
        })
    }
}

impl std::error::Error for StoreError {}
