//! A look at the head of a file: what it is, how it is laid out, what it will cost.

use crate::framing::Layout;
use crate::report::{Container, PartReport};
use serde::{Deserialize, Serialize};

/// What the first bytes of a file say about all of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Containers to peel, outermost first. When empty, parts may be read from the file by offset.
    pub containers: Vec<Container>,
    /// How records lie in the innermost file.
    pub layout: Layout,
    /// Why, in words.
    pub why: String,
    /// Bytes of the innermost file: exact when there is no container, else from the ratio at its start.
    pub estimated_bytes: u64,
    /// Memory that one byte of the innermost file will take in the store, from the records at its start.
    pub memory_per_byte: f64,
    /// Set when there is nothing to read: the file's whole report, with the reason in its verdict.
    pub skip: Option<Box<PartReport>>,
}
