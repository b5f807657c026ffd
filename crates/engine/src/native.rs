//! The native host: threads for shards, paths for files. Serves the command line, tests and benches.

use chartroom_protocol::{Event, Reply, Request};
use std::path::PathBuf;

/// A coordinator and its shards on this machine; stands where page and workers stand in the browser.
pub struct Host {
    events: Vec<Event>,
}

impl Host {
    /// Starts `shards` threads that may take `budget` bytes in all.
    #[must_use]
    pub fn open(_shards: u32, _budget: u64) -> Self {
        Self { events: Vec::new() }
    }

    /// One drop of files and folders (walked, sorted); reading starts at once. Paths in the ledger begin with the name
    /// of what was given. An entry that cannot be opened goes into the ledger with its reason.
    pub fn add_paths(&mut self, _paths: &[PathBuf]) {}

    /// Works until nothing is left to read or to hash.
    pub fn wait_until_idle(&mut self) {}

    /// Asks and waits for the final reply.
    pub fn request(&mut self, _request: Request) -> Reply {
        Reply::Cancelled
    }

    /// Events that came since the last call, oldest first.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}
