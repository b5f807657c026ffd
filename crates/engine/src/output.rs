//! What coordinator and shard ask of their host.

use crate::message::{FromShard, ToShard};
use chartroom_protocol::{FileNo, ToPage};
use std::ops::Range;

/// Something the host is asked to do. Outputs are done in the order they were taken.
#[derive(Debug)]
pub enum Output {
    /// Coordinator: post to the page.
    ToPage(ToPage),
    /// Coordinator: post to a shard. The handles of `files` travel beside it; the shard's host keeps them.
    ToShard {
        /// Which shard.
        shard: u32,
        /// What it is told.
        message: ToShard,
        /// Files whose handles the shard does not have yet.
        files: Vec<FileNo>,
    },
    /// Shard: post to the coordinator. The handles of `files` (kept by [`Output::Keep`]) travel beside it.
    ToCoordinator {
        /// What it says.
        message: FromShard,
        /// Files whose handles the coordinator does not have yet.
        files: Vec<FileNo>,
    },
    /// Shard: post to another shard, over the port between the two.
    ToPeer {
        /// Which shard.
        shard: u32,
        /// What it is told.
        message: ToShard,
    },
    /// Shard: read these bytes of a file and answer with [`crate::Shard::deliver`] and the token.
    /// Up to two per part are under way at once; any order of delivery will do.
    Want {
        /// Names the read in the answer.
        token: u64,
        /// The file.
        file: FileNo,
        /// Its bytes; never beyond its size.
        range: Range<u64>,
        /// The reader means to go on from there up to here, in order: a host that reads by streams may go on with one.
        upto: u64,
    },
    /// Shard: put bytes (at most 4 MiB) at the end of a file of the engine's own making, outside the worker's memory
    /// (in the browser a `Blob`). From then on it is a file like any other: it can travel and be read. Never fails but
    /// for want of space.
    Keep {
        /// Its number, from 2^31 upwards: the page's files stay below.
        file: FileNo,
        /// The bytes to append.
        bytes: Vec<u8>,
    },
    /// Both: the handles of these files are not needed here any more.
    Release {
        /// The files.
        files: Vec<FileNo>,
    },
}
