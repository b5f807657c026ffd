//! zip: what its headers say.
//!
//! [`directory`] lists the members from the end of the file, [`local`] cuts a member's data out. **Invariant:** every
//! length is compared with what is there; a name is a label only, never a path that something is written to.

pub(crate) mod directory;
pub(crate) mod front;
pub(crate) mod local;
mod names;

use crate::place::{Crypt, ZipMember};

/// The beginning of a member.
pub(crate) const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// The beginning of an entry of the directory.
const ENTRY: [u8; 4] = *b"PK\x01\x02";
/// The record at the very end.
const END: [u8; 4] = *b"PK\x05\x06";
/// Bytes of a local header before name and extra fields.
pub(crate) const LOCAL_LEN: usize = 30;
/// Bytes of an entry before name, extra fields and comment.
const ENTRY_LEN: usize = 46;
/// What listing one member takes from the fuel: about as long as reading so many bytes.
pub(crate) const LISTING_COST: usize = 1 << 10;
/// Flag: encrypted.
const ENCRYPTED: u16 = 1;
/// Flag: sizes and checksum stand behind the data.
const BEHIND: u16 = 8;
/// The method that says: AES, and the real method in a field of its own.
const AES: u16 = 99;
const AES_FIELD: u16 = 0x9901;
/// Flag: the name is UTF-8.
const UTF8: u16 = 1 << 11;
/// What a field of 4 bytes says when the number is in the Zip64 field.
const IN_ZIP64: u64 = 0xFFFF_FFFF;

/// One member as the directory has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) member: ZipMember,
    /// Where its local header begins, as the directory counts.
    pub(crate) header: u64,
}

/// Little-endian numbers at a place; `None` beyond the end.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let end = at.checked_add(2)?;
    Some(u16::from_le_bytes(bytes.get(at..end)?.try_into().ok()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let end = at.checked_add(4)?;
    Some(u32::from_le_bytes(bytes.get(at..end)?.try_into().ok()?))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let end = at.checked_add(8)?;
    Some(u64::from_le_bytes(bytes.get(at..end)?.try_into().ok()?))
}

/// The extra field of that number.
pub(crate) fn extra_field(mut extra: &[u8], number: u16) -> Option<&[u8]> {
    loop {
        let (id, len) = (u16_at(extra, 0)?, usize::from(u16_at(extra, 2)?));
        let rest = extra.get(4..)?;
        if id == number {
            return rest.get(..len);
        }
        extra = rest.get(len..)?;
    }
}

/// The entry at the front of `bytes`, and its length; `None` when more bytes are needed, `Err` when none is there.
fn entry(bytes: &[u8]) -> Result<Option<(Entry, usize)>, &'static str> {
    let known = bytes.len().min(ENTRY.len());
    if bytes.get(..known) != ENTRY.get(..known) {
        return Err("the zip's directory is damaged");
    }
    Ok(complete_entry(bytes))
}

fn complete_entry(bytes: &[u8]) -> Option<(Entry, usize)> {
    let flags = u16_at(bytes, 8)?;
    let lens = [u16_at(bytes, 28)?, u16_at(bytes, 30)?, u16_at(bytes, 32)?].map(usize::from);
    let [name_len, extra_len, comment_len] = lens;
    let name_end = ENTRY_LEN.checked_add(name_len)?;
    let extra_end = name_end.checked_add(extra_len)?;
    let end = extra_end.checked_add(comment_len)?;
    let (name, extra) = (bytes.get(ENTRY_LEN..name_end)?, bytes.get(name_end..extra_end)?);
    bytes.get(..end)?;
    let mut numbers = Zip64 { field: extra_field(extra, 1).unwrap_or_default(), at: 0 };
    // In this order, and each only where the short field says so.
    let size = numbers.or_long(u64::from(u32_at(bytes, 24)?));
    let packed = numbers.or_long(u64::from(u32_at(bytes, 20)?));
    let header = numbers.or_long(u64::from(u32_at(bytes, 42)?));
    let (method, crc, crypt) =
        coding(flags, u16_at(bytes, 10)?, u32_at(bytes, 16)?, u16_at(bytes, 12)?, extra);
    let member = ZipMember { method, packed: Some(packed), size: Some(size), crc, crypt };
    let name = names::decode(name, extra, flags & UTF8 != 0);
    Some((Entry { name, member, header }, end))
}

/// Method, checksum and encryption, as flags and fields have them. The time is that of the last change.
fn coding(flags: u16, method: u16, crc: u32, time: u16, extra: &[u8]) -> (u16, Option<u32>, Option<Crypt>) {
    if flags & ENCRYPTED == 0 {
        return (method, Some(crc), None);
    }
    if method == AES {
        let field = extra_field(extra, AES_FIELD).unwrap_or_default();
        let strength = field.get(4).copied().unwrap_or(0);
        // In its second version the code behind the data stands for the checksum.
        let crc = (u16_at(field, 0) == Some(1)).then_some(crc);
        return (u16_at(field, 5).unwrap_or(AES), crc, Some(Crypt::Aes { strength }));
    }
    let [.., of_crc] = crc.to_le_bytes();
    let [_, of_time] = time.to_le_bytes();
    let check = if flags & BEHIND != 0 { of_time } else { of_crc };
    (method, Some(crc), Some(Crypt::Old { check }))
}

/// The numbers of a Zip64 field, one after the other.
struct Zip64<'a> {
    field: &'a [u8],
    at: usize,
}

impl Zip64<'_> {
    fn or_long(&mut self, short: u64) -> u64 {
        if short != IN_ZIP64 {
            return short;
        }
        let Some(long) = u64_at(self.field, self.at) else { return short };
        self.at = self.at.saturating_add(8);
        long
    }
}
