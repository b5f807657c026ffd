//! Where records begin and end.
//!
//! Four walks over the bytes, all feeding the driver: [`lines`] for one object per line, [`framed`] for other JSON, [`rows`]
//! for tables as text, [`grid`] for results of queries, whose rows are arrays.
//! `extent` says how far a value reaches, `wrapper` which objects only wrap records, `detect` which walk a file needs.
//!
//! **Invariant:** what a walk does depends on the bytes and on its [`Context`], never on how the bytes were cut.

pub(crate) mod detect;
pub(crate) mod extent;
pub(crate) mod framed;
pub mod grid;
pub(crate) mod lines;
pub(crate) mod masks;
pub mod rows;
pub(crate) mod wrapper;

use crate::encoding::Encoding;
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
    /// Rows of a table. Only a walk from the start knows which quotes are open, so that parts are cut by one, as of
    /// framed files.
    Rows(Box<rows::form::RowForm>),
    /// Results of queries in JSON: rows are arrays.
    Grid(Box<grid::GridContext>),
}

impl Layout {
    /// Whether records are JSON, not rows.
    #[must_use]
    pub fn is_json(&self) -> bool {
        matches!(self, Self::Lines | Self::Framed(_))
    }

    /// How the file is written. Lines are always UTF-8: others cannot be entered by offset.
    pub(crate) fn encoding(&self) -> Encoding {
        match self {
            Self::Lines => Encoding::Utf8,
            Self::Framed(context) => context.encoding,
            Self::Rows(form) => form.encoding,
            Self::Grid(context) => context.form.encoding,
        }
    }

    /// The layout of a file that is written so, and begins with `head` once decoded.
    pub(crate) fn written_in(self, encoding: Encoding, head: &[u8]) -> Self {
        match self {
            _ if encoding == Encoding::Utf8 => self,
            Self::Lines => Self::Framed(Context { encoding, ..detect::framed_context(head) }),
            Self::Framed(context) => Self::Framed(Context { encoding, ..context }),
            Self::Rows(form) => Self::Rows(Box::new(rows::form::RowForm { encoding, ..*form })),
            Self::Grid(mut context) => {
                context.form.encoding = encoding;
                Self::Grid(context)
            }
        }
    }
}

/// What a walk through a framed file has open around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Arrays and wrapper objects that are open, outermost first.
    pub(crate) open: Vec<Open>,
    /// The first key of objects that wrap their records (`{"PartitionId":0,"records":[…]}`), when not `records` itself.
    pub(crate) wrapper_key: Option<String>,
    /// The first key of the file's first record: behind damage, the next record is looked for by it.
    pub(crate) record_key: Option<String>,
    /// How the file is written.
    pub(crate) encoding: Encoding,
}

/// Something that is open around records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Open {
    /// `[` whose elements are records.
    Array,
    /// `{` of an object that has its records in an array.
    Wrapper,
}

/// Sizes that bound a job. The defaults are what the program uses; tests make them small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes asked for at once.
    pub slice_bytes: usize,
    /// Bytes at the head of a file by which it is judged.
    pub head_bytes: usize,
    /// The largest record.
    pub record_bytes: usize,
    /// About how large a cut is.
    pub cut_bytes: usize,
    /// The largest member, as it lies in a packed archive, that is handed out with its bytes; of a larger one, its records are.
    pub held_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            slice_bytes: 4 << 20,
            head_bytes: 64 << 10,
            record_bytes: 64 << 20,
            cut_bytes: 4 << 20,
            held_bytes: 32 << 20,
        }
    }
}

/// UTF-8's byte order mark.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Blanks as JSON has them, and the record separator of JSON text sequences.
pub(crate) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1E)
}

/// Blanks and commas.
pub(crate) const fn is_separator(byte: u8) -> bool {
    is_blank(byte) || byte == b','
}

/// The position of the first byte from `at` on for which `is` does not hold; the length when there is none.
pub(crate) fn skip(bytes: &[u8], at: usize, is: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(|&byte| !is(byte)).map_or(bytes.len(), |found| at.saturating_add(found))
}
