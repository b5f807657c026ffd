//! Containers: what is peeled off until a single file of text is left.
//!
//! **Invariant:** by magic bytes, never by name. A container is a [`Layer`]: bytes in, bytes out, in steps of bounded
//! fuel, no matter how its input is cut. To add one that holds a single stream: write `codec/<name>.rs`, and give its magic
//! bytes a line in [`open`]. One that holds members (zip, tar) gets a line in [`archive`], and a walk that names them.

pub(crate) mod codec;
mod gzip;
mod in_json;
pub(crate) mod magic;
mod take;
mod tar;
pub(crate) mod walk;
pub(crate) mod zip;

use crate::place::{Password, ZipMember};
use crate::report::Container;

/// Containers inside containers that are followed.
pub(crate) const NESTING: usize = 4;

/// Bytes that [`open`] needs to see, unless the file is shorter.
pub(crate) const SNIFF: usize = in_json::MARKS_WITHIN;

/// A container being peeled: push what is inside it, pull what comes out.
pub(crate) trait Layer: std::fmt::Debug {
    /// What it is, as far as known; `None`: only a step of the way to a member, named elsewhere.
    fn container(&self) -> Option<Container>;
    /// More of its bytes. Only after [`Layer::pull`] said it is hungry.
    fn push(&mut self, bytes: Vec<u8>);
    /// No more of its bytes will come.
    fn end(&mut self);
    /// What comes out next. Takes from `fuel` the bytes it made.
    fn pull(&mut self, fuel: &mut usize) -> Peeled;
    /// What was wrong or odd with it: the reason, and whether content is missing.
    fn problem(&self) -> Option<(&str, bool)>;
    /// Bytes at its front that do not come out, when all others come out as they are; once known.
    fn shift(&self) -> Option<u64> {
        None
    }
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

/// A container that holds members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Archive {
    Zip,
    Tar,
}

/// The layer for bytes that begin with `head`, if they are a container that can be peeled here.
pub(crate) fn open(head: &[u8]) -> Option<Box<dyn Layer>> {
    if head.starts_with(&gzip::MAGIC) {
        return Some(Box::new(gzip::Gzip::new()));
    }
    if in_json::is_packed(head) {
        return Some(Box::new(in_json::InJson::new()));
    }
    codec::Decoding::alone(head).map(|layer| -> Box<dyn Layer> { Box::new(layer) })
}

/// The container of members that begins with `head`, of which [`magic::NEEDED`] bytes are there unless it is shorter.
pub(crate) fn archive(head: &[u8]) -> Option<Archive> {
    if head.starts_with(&zip::LOCAL) {
        return Some(Archive::Zip);
    }
    tar::is_tar(head).then_some(Archive::Tar)
}

/// A part of what is in a container, as a layer.
pub(crate) fn part(start: u64, len: u64) -> Box<dyn Layer> {
    Box::new(take::Take::new(start, len))
}

/// The layers from the local header of a zip's member to its content.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn member_layers(
    member: &ZipMember,
    password: Option<&Password>,
) -> Result<Vec<Box<dyn Layer>>, String> {
    let codec = codec::Decoding::of_method(member.method).map_err(|method| unknown_method(&method))?;
    let mut layers: Vec<Box<dyn Layer>> = vec![Box::new(zip::local::Local::new(member.packed))];
    if let Some(crypt) = member.crypt {
        let password = password.ok_or(codec::crypt::NO_PASSWORD)?;
        let codec = codec::crypt::decrypting(crypt, member.packed, password);
        layers.push(Box::new(codec::Decoding::decrypting(codec)));
    }
    if let Some(codec) = codec {
        layers.push(Box::new(codec));
    }
    layers.push(Box::new(codec::Check::new(member.size, member.crc)));
    Ok(layers)
}

/// Why a member is not read, whatever its password.
pub(crate) fn why_unreadable(member: &ZipMember) -> Option<String> {
    let codec = codec::Decoding::of_method(member.method);
    codec.err().map(|method| unknown_method(&method))
}

fn unknown_method(method: &str) -> String {
    format!("packed with {method}: not read by this version; unpack it and drop what comes out")
}

/// Characters of a name that are kept at its front and at its end.
const NAME: usize = 500;

/// A name that can be shown: `/` between folders whatever wrote it, no control characters, and not without end: a packed
/// tar can name a million members with a megabyte each.
pub(crate) fn clean(name: &str) -> String {
    let to_shown = |c: char| if c == '\\' { '/' } else { c };
    let mut shown = name.chars().filter(|c| !c.is_control()).map(to_shown);
    let mut front: String = shown.by_ref().take(NAME).collect();
    let rest: String = shown.collect();
    let cut = rest.char_indices().rev().nth(NAME.saturating_sub(1)).map_or(0, |(at, _)| at);
    if cut > 0 {
        front.push('…');
    }
    front.push_str(rest.get(cut..).unwrap_or_default());
    front
}
