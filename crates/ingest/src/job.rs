//! One task on one file: what is asked, the steps it takes, what comes out.
//!
//! **Invariant:** sans-io. A job says which bytes of the outer file it wants, is handed them, and works in steps of
//! bounded fuel. The same bytes give the same rows, order and figures however they are cut or handed over.

use crate::framing::Layout;
use crate::probe::Probe;
use crate::report::PartReport;
use serde::{Deserialize, Serialize};

/// Part of a file to be read on a shard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The number rows bear.
    pub file: u32,
    /// Path in the drop; a hint only (folder junk is told by it).
    pub path: String,
    /// Size of the file as handed over.
    pub size: u64,
    /// Which part.
    pub part: Part,
}

/// Which part of a file to read. Offsets are those of the innermost file, which is the file itself unless compressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// All of it, on this shard, whatever the layout. Ends with [`Step::Done`].
    Whole,
    /// Only a look at its head. Ends with [`Step::Probed`].
    Probe,
    /// The lines whose first byte lies in `start..end` of an uncompressed file of [`Layout::Lines`].
    /// Ends with [`Step::Done`] or [`Step::HandBack`].
    Lines {
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
    },
    /// Walk through a framed file and give out ranges of whole records. Ends with [`Step::Done`], whose report accounts
    /// for what was not given out.
    Frame,
    /// Records given out by a walk, to be read from the (uncompressed) file.
    Records {
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
        /// From the cut.
        layout: Layout,
    },
    /// Records given out by a walk, with their bytes.
    Given {
        /// Offset of the first byte.
        start: u64,
        /// The bytes.
        bytes: Vec<u8>,
        /// From the cut.
        layout: Layout,
    },
}

/// What one step did.
#[derive(Debug)]
pub enum Step {
    /// Fuel ran out; call again.
    Working,
    /// Nothing to do until bytes are delivered.
    Waiting,
    /// Whole records for another shard: make a [`Part::Given`] of it when it has bytes, else a [`Part::Records`].
    Cut {
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
        /// Hand on as it is.
        layout: Layout,
        /// The bytes, when they cannot be read from the file by offset.
        bytes: Option<Vec<u8>>,
    },
    /// These are not lines. The rows this store holds of the file are gone; forget the file's other parts and rows and
    /// read it again with [`Part::Frame`].
    HandBack,
    /// What a [`Part::Probe`] found.
    Probed(Box<Probe>),
    /// All done; the job is over.
    Done(Box<PartReport>),
}
