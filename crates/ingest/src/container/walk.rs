//! Archives that are read from front to back: tar, and a zip whose directory is out of reach or missing.

use super::Archive;
use super::tar::Tar;
use super::zip::front::Front;
use crate::place::ZipMember;

/// What stands at a place of an archive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// More bytes must be in view.
    More,
    /// So many bytes are about nothing.
    Pass(u64),
    /// A member.
    Member {
        /// Its name.
        name: String,
        /// Bytes of its header.
        header: usize,
        /// What follows the header.
        content: Content,
        /// Bytes behind the content that belong to nothing.
        gap: u64,
        /// Why there is nothing to read in it, if that is so.
        no_events: Option<String>,
    },
    /// No more members; the reason when that is not as it should be.
    Stop(Option<String>),
}

/// How a member's content lies there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// So many bytes as they are.
    Plain(u64),
    /// As a zip has it, its local header in front.
    Zip(ZipMember),
}

/// A walk from member to member.
#[derive(Debug)]
pub(crate) enum Walk {
    Tar(Tar),
    Zip(Front),
}

impl Walk {
    pub(crate) fn new(archive: Archive) -> Self {
        match archive {
            Archive::Tar => Self::Tar(Tar::default()),
            Archive::Zip => Self::Zip(Front::default()),
        }
    }

    /// The archive's kind, for the ledger.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Tar(_) => "tar",
            Self::Zip(_) => "zip",
        }
    }

    /// What stands at the front of `bytes`; `is_last`: no more will come.
    pub(crate) fn next(&mut self, bytes: &[u8], is_last: bool) -> Next {
        match self {
            Self::Tar(tar) => tar.next(bytes, is_last),
            Self::Zip(zip) => zip.next(bytes, is_last),
        }
    }
}
