//! Where the bytes of an innermost file lie, and the way from the file as handed over to them.
//!
//! **Invariant:** a [`Place`] and the number of bytes from its start on are all that is needed to read the file again:
//! for a record that is shown, for a hash, after a worker died. To make another container readable, give [`Hop`] a
//! variant and `source/stream.rs` the layers for it.

use crate::report::Container;
use serde::{Deserialize, Serialize};

/// Where an innermost file begins in the file as handed over, and what is around it there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The number of the file as handed over: the one whose bytes are asked for.
    pub source: u32,
    /// First byte in it.
    pub start: u64,
    /// What is to be done with the bytes from there on, outermost first. Empty: they are those of the file.
    pub hops: Vec<Hop>,
    /// Containers around it, outermost first, each with the member's name: for the ledger.
    pub containers: Vec<Container>,
}

/// One step of the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hop {
    /// A single stream (gzip, …) begins here, told by its magic bytes.
    Peel,
    /// A member of a zip begins here, with its local header.
    Zip(ZipMember),
}

/// What a zip says of a member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZipMember {
    /// The number of its method.
    pub method: u16,
    /// Bytes of its data as they lie in the zip; `None`: it ends by itself.
    pub packed: Option<u64>,
    /// Bytes that come out, when known.
    pub size: Option<u64>,
    /// Their CRC-32, when known.
    pub crc: Option<u32>,
}

/// Where the innermost bytes turned out to lie as they are: then any part of them can be read by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plain {
    /// Their first byte, counted from the start of the place.
    pub shift: u64,
    /// How many there are.
    pub size: u64,
}

impl Place {
    /// A file as handed over: all of it.
    #[must_use]
    pub fn whole(source: u32) -> Self {
        Self { source, ..Self::default() }
    }

    /// The same with what was found out: the bytes lie there as they are.
    #[must_use]
    pub fn at(&self, plain: Plain) -> Self {
        let start = self.start.saturating_add(plain.shift);
        Self { source: self.source, start, hops: Vec::new(), containers: self.containers.clone() }
    }

    /// `shift` bytes into `size` bytes of the file as handed over the innermost ones begin, as they are.
    pub(crate) fn plain(&self, shift: u64, size: u64) -> Plain {
        let rest = size.saturating_sub(shift);
        let size = match self.hops.as_slice() {
            [Hop::Zip(member)] => member.packed.map_or(rest, |packed| packed.min(rest)),
            _ => rest,
        };
        Plain { shift, size }
    }
}
