//! Bytes to rows: containers, detection, framing, reading, mapping, ledger.
//!
//! **Invariant:** sans-io. Bytes come in by `Job::deliver`, rows go into the store, figures come out as a
//! [`report::PartReport`]; no clock, no file, no thread. Every byte is accounted for.

mod container;
mod driver;
pub mod encoding;
pub mod formats;
pub mod framing;
pub mod hints;
pub mod inner;
pub mod job;
pub mod members;
pub mod nested;
pub mod order;
pub mod place;
mod place_time;
pub mod probe;
pub mod reader;
pub mod report;
mod source;
mod text;
pub mod time;
mod value;

pub use formats::{Formats, formats};
pub use hints::Hints;
pub use job::{Lies, Part, Step, Task};
pub use members::Member;
pub use place::Place;
pub use probe::Probe;
pub use reader::{Block, Outcome, Read, Reader, RowPlace};
pub use report::PartReport;
