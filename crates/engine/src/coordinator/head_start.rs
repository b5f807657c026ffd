//! The first rows come early: of a large load only a little is read until they were shown.
//!
//! Reading is faster than the way of a row to the screen: two workers read a tenth of 300 MB in less time than three
//! messages and a frame take, while they leave the page no processor. So a load that brings the first rows begins with its
//! head, and the rest follows when a page of rows was answered, or after a moment in which nobody asked for one.

use super::Coordinator;

/// Bytes that a load begins with: its first part of lines.
pub(crate) const HEAD: u64 = 1 << 20;
/// The share of a very large load that may be given out meanwhile: with the part that passes it still below a tenth.
const SHARE: u64 = 128;
/// Loads below are over before it matters.
const LARGE_LOAD: u64 = 16 << 20;
/// How long the rest waits at most, in milliseconds.
const PATIENCE: f64 = 400.0;

/// How far the head of a load is.
#[derive(Debug, Default)]
pub(crate) struct HeadStart {
    /// Bytes named in this load.
    pub(crate) named: u64,
    /// Bytes given out to be read.
    pub(crate) given: u64,
    /// Whether rows were shown.
    pub(crate) is_over: bool,
}

impl Coordinator {
    /// The same, for a page that shows rows while they come: the rest of a large load waits a moment for the first rows to
    /// be shown.
    #[must_use]
    pub fn with_head_start(mut self) -> Self {
        self.has_head_start = true;
        self
    }

    /// Whether the rest of the load waits for the first rows to be shown.
    pub(crate) fn awaits_first_rows(&self) -> bool {
        let head = &self.load.head;
        self.has_head_start
            && self.load.is_active
            && !head.is_over
            && head.named >= LARGE_LOAD
            && head.given >= HEAD.max(head.named / SHARE)
            && self.now - self.load.started_at < PATIENCE
    }

    /// Rows were answered: the rest may come.
    pub(crate) fn first_rows_shown(&mut self) {
        if !std::mem::replace(&mut self.load.head.is_over, true) {
            self.hand_out();
        }
    }
}
