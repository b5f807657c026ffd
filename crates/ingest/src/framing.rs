//! Where records begin and end.

use serde::{Deserialize, Serialize};

/// How records lie in a file, found by content in its first 64 KiB.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// One object per line: any part of the file can be read alone (`Part::Lines`).
    #[default]
    Lines,
    /// All else: objects back to back, arrays, `{"Records":[…]}`; only a walk from the start knows where records begin
    /// (`Part::Frame`). Carries what the walk knows at the place where it begins.
    Framed(Context),
}

/// What a walk through a framed file has open around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Arrays and wrapper objects that are open, outermost first.
    pub(crate) open: Vec<Open>,
    /// The first key of objects that wrap their records (`{"PartitionId":0,"records":[…]}`), when not `records` itself.
    pub(crate) wrapper_key: Option<String>,
}

/// Something that is open around records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Open {
    /// `[` whose elements are records.
    Array,
    /// `{` of an object that has its records in an array.
    Wrapper,
}
