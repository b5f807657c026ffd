//! Containers: what is peeled off until a single file of text is left.
//!
//! **Invariant:** by magic bytes, never by name. A container is a [`Layer`]: bytes in, bytes out, in steps of bounded
//! fuel, no matter how its input is cut. To add one that holds a single stream (zstd): write `container/<name>.rs` with
//! a `Layer`, and give its magic bytes a line in [`open`]. One that holds members (zip, tar) also names them.

mod gzip;
pub(crate) mod magic;

use crate::report::Container;

/// Containers inside containers that are followed.
pub(crate) const NESTING: usize = 4;

/// Bytes that [`open`] needs to see, unless the file is shorter.
pub(crate) const SNIFF: usize = 3;

/// A container being peeled: push what is inside it, pull what comes out.
pub(crate) trait Layer: std::fmt::Debug {
    /// What it is, as far as known.
    fn container(&self) -> Container;
    /// More of its bytes. Only after [`Layer::pull`] said it is hungry.
    fn push(&mut self, bytes: Vec<u8>);
    /// No more of its bytes will come.
    fn end(&mut self);
    /// What comes out next. Takes from `fuel` the bytes it made.
    fn pull(&mut self, fuel: &mut usize) -> Peeled;
    /// What was wrong or odd with it: the reason, and whether content is missing.
    fn problem(&self) -> Option<(&str, bool)>;
}

/// What a layer gives.
#[derive(Debug)]
pub(crate) enum Peeled {
    /// Bytes of what is inside, never empty.
    Bytes(Vec<u8>),
    /// Push more first.
    Hungry,
    /// Out of fuel.
    Working,
    /// Nothing more comes.
    End,
}

/// The layer for bytes that begin with `head`, if they are a container that can be peeled here.
pub(crate) fn open(head: &[u8]) -> Option<Box<dyn Layer>> {
    head.starts_with(&gzip::MAGIC).then(|| -> Box<dyn Layer> { Box::new(gzip::Gzip::new()) })
}
