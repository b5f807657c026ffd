//! What page and coordinator say to each other.
//!
//! **Invariant:** plain data for the wire. Engine types never appear here, so that changing them cannot change the
//! wire by accident. A request gets zero or more [`Reply::Progress`], then exactly one final reply; [`Event`]s come
//! unasked. What coordinator and shards say to each other lives in `chartroom_engine`: both are always of one build.

pub mod clock;
pub mod edit;
pub mod event;
pub mod host;
pub mod ledger;
pub mod reply;
pub mod request;
pub mod result;
pub mod start;

pub use event::Event;
pub use reply::Reply;
pub use request::Request;

use serde::{Deserialize, Serialize};

/// Bumped whenever a message changes meaning; compared in the first exchange.
pub const VERSION: u32 = 1;

/// Correlates replies with the request that asked. Unique per page load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequestId(pub u32);

/// A file as handed over (or found in a dropped folder), numbered by the page in the order of arrival.
///
/// The number says nothing about order: rows are ordered by the rank of the sorted path (see the engine).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileNo(pub u32);

/// One drop, one pick of files, one paste; numbered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DropNo(pub u32);

/// A result kept by the coordinator for paging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResultId(pub u32);

/// What makes a row that row, however it was read: file, byte offset in its innermost file, number within a wrapped record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowId {
    /// The file as handed over.
    pub file: FileNo,
    /// Byte offset of the record in its innermost file.
    pub offset: u64,
    /// Number within one range of bytes that held several records; 0 for the first or only one.
    pub number: u32,
}

/// Page → coordinator, with its correlation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Chosen by the page.
    pub id: RequestId,
    /// What is asked.
    pub request: Request,
}

/// Coordinator → page. Travels packed, as what the page asks does: no type within is tagged inside (`docs/decisions`: answers
/// travel packed).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToPage {
    /// An answer to a request.
    Reply {
        /// Which request.
        id: RequestId,
        /// The answer.
        reply: Reply,
    },
    /// Something the page did not ask for.
    Event {
        /// What happened.
        event: Event,
    },
}
