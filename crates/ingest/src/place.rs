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
    /// For members that are encrypted.
    pub password: Option<Password>,
}

/// One step of the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hop {
    /// A single stream (gzip, …) begins here, told by its magic bytes.
    Peel,
    /// A member of a zip begins here, with its local header.
    Zip(ZipMember),
    /// A part of what is there: a member of an archive that is itself packed.
    Take {
        /// First byte.
        start: u64,
        /// How many; all that come when it is the largest number there is.
        len: u64,
    },
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
    /// How it is encrypted, if it is.
    pub crypt: Option<Crypt>,
}

/// How a member of a zip is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Crypt {
    /// The first PC's cipher.
    Old {
        /// The byte by which a wrong password is told, mostly.
        check: u8,
    },
    /// AES.
    Aes {
        /// 1: 128 bits, 2: 192, 3: 256.
        strength: u8,
    },
}

/// A password: kept in memory for as long as the program runs, never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Password(String);

impl Password {
    /// As typed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password(…)")
    }
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
        Self { source: self.source, start, containers: self.containers.clone(), ..Self::default() }
    }

    /// Whether a password is needed on the way.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.hops.iter().any(|hop| matches!(hop, Hop::Zip(member) if member.crypt.is_some()))
    }

    /// Whether it lies in an archive that is packed as a whole: then it cannot be entered by offset.
    #[must_use]
    pub fn is_within_packed(&self) -> bool {
        self.hops.iter().skip(1).any(|hop| matches!(hop, Hop::Take { .. }))
    }

    /// The way on from the last part that was taken: for bytes of a member that come by themselves.
    pub(crate) fn within(&self) -> Self {
        let from = self.hops.iter().rposition(|hop| matches!(hop, Hop::Take { .. }));
        let mut hops: Vec<Hop> = self.hops.iter().skip(from.unwrap_or(0)).cloned().collect();
        // They begin with it, and what is missing at its end is still missed.
        if let Some(Hop::Take { start, .. }) = hops.first_mut() {
            *start = 0;
        }
        Self { hops, start: 0, ..self.clone() }
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
