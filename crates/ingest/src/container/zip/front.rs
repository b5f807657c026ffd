//! A zip from its front: local header after local header, as far as they go.
//!
//! For a zip that lies packed in another container, and for one whose directory is missing.

use super::{BEHIND, END, ENTRY, LOCAL, LOCAL_LEN, UTF8, Zip64, coding, extra_field, names, u16_at, u32_at};
use crate::container::walk::{Content, Next};
use crate::place::ZipMember;

/// The record behind the data, where it has a signature.
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
/// The longest descriptor, and the signature of what follows it.
const DESCRIPTOR_SEEN: usize = 24 + 4;

/// The walk.
#[derive(Debug, Default)]
pub(crate) struct Front {
    /// The last member's sizes stand behind its data.
    is_behind: bool,
}

impl Front {
    pub(crate) fn next(&mut self, bytes: &[u8], is_last: bool) -> Next {
        if self.is_behind {
            if bytes.len() < DESCRIPTOR_SEEN && !is_last {
                return Next::More;
            }
            self.is_behind = false;
            return Next::Pass(descriptor(bytes));
        }
        if bytes.len() < LOCAL.len() {
            return if is_last { Next::Stop(Some("the zip is cut short".to_owned())) } else { Next::More };
        }
        if bytes.starts_with(&ENTRY) || bytes.starts_with(&END) || bytes.starts_with(b"PK\x06\x06") {
            return Next::Stop(None);
        }
        if !bytes.starts_with(&LOCAL) {
            return Next::Stop(Some(
                "the zip is damaged: no member begins where the last one ends".to_owned(),
            ));
        }
        match self.member(bytes) {
            Some(next) => next,
            None if is_last => Next::Stop(Some("the zip is cut short".to_owned())),
            None => Next::More,
        }
    }

    fn member(&mut self, bytes: &[u8]) -> Option<Next> {
        let (flags, method) = (u16_at(bytes, 6)?, u16_at(bytes, 8)?);
        let name_end = LOCAL_LEN.checked_add(usize::from(u16_at(bytes, 26)?))?;
        let end = name_end.checked_add(usize::from(u16_at(bytes, 28)?))?;
        let (name, extra) = (bytes.get(LOCAL_LEN..name_end)?, bytes.get(name_end..end)?);
        let mut numbers = Zip64 { field: extra_field(extra, 1).unwrap_or_default(), at: 0 };
        let size = numbers.or_long(u64::from(u32_at(bytes, 22)?));
        let packed = numbers.or_long(u64::from(u32_at(bytes, 18)?));
        let name = names::decode(name, extra, flags & UTF8 != 0);
        let is_behind = flags & BEHIND != 0;
        if is_behind && method == 0 && packed == 0 && !name.ends_with('/') {
            return Some(Next::Stop(Some(format!(
                "where {name} ends is said only in the zip's directory; members behind it are not read"
            ))));
        }
        let is_known = !is_behind || packed > 0;
        self.is_behind = is_behind;
        let (method, crc, crypt) = coding(flags, method, u32_at(bytes, 14)?, u16_at(bytes, 10)?, extra);
        let member = ZipMember {
            method,
            packed: is_known.then_some(packed),
            size: is_known.then_some(size),
            crc: crc.filter(|_| is_known),
            crypt,
        };
        let no_events = name.ends_with('/').then(|| "a folder".to_owned());
        Some(Next::Member { name, header: end, content: Content::Zip(member), gap: 0, no_events })
    }
}

/// The length of the descriptor at the front: with or without its signature, of short or long sizes, told by what follows.
fn descriptor(bytes: &[u8]) -> u64 {
    let follows = |len: usize| {
        let rest = bytes.get(len..).unwrap_or_default();
        rest.is_empty() || rest.starts_with(b"PK")
    };
    let lens: [usize; 2] = if bytes.starts_with(&DESCRIPTOR) { [16, 24] } else { [12, 20] };
    lens.into_iter().find(|&len| bytes.len() >= len && follows(len)).unwrap_or(0) as u64
}
