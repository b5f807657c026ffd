//! What lies in a container of members: each is a file of its own, read by its [`Place`].

use crate::place::Place;
use crate::report::Verdict;
use serde::{Deserialize, Serialize};

/// A member of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its path within the archive, for showing; it may be anything, `../` included.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// Bytes of the file as handed over from its place on.
    pub packed: u64,
    /// Bytes that come out, when the archive says so.
    pub size: Option<u64>,
    /// Set when there is nothing to read: why.
    pub verdict: Option<Verdict>,
}
