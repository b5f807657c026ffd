//! Zips as their writers make them, odd ones included, for tests.

use std::io::Write as _;

/// A zip being written.
#[derive(Debug, Default)]
pub struct ZipWriter {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u64,
}

/// One member of it.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Its name, in whatever characters.
    pub name: &'a [u8],
    /// Its method's number.
    pub method: u16,
    /// Its data as the method makes it.
    pub packed: &'a [u8],
    /// Its content, for size and checksum.
    pub content: &'a [u8],
    /// Flags beside those of the descriptor.
    pub flags: u16,
    /// Sizes and checksum behind the data instead of in front, with or without its signature.
    pub descriptor: Option<bool>,
    /// Sizes and place in the Zip64 field.
    pub is_zip64: bool,
    /// Further extra fields, in both headers.
    pub extra: &'a [u8],
}

impl<'a> Member<'a> {
    /// A stored member.
    #[must_use]
    pub fn stored(name: &'a str, content: &'a [u8]) -> Self {
        let name = name.as_bytes();
        Self {
            name,
            method: 0,
            packed: content,
            content,
            flags: 0,
            descriptor: None,
            is_zip64: false,
            extra: &[],
        }
    }

    /// The same, packed by a method.
    #[must_use]
    pub fn packed(self, method: u16, packed: &'a [u8]) -> Self {
        Self { method, packed, ..self }
    }
}

/// Deflate without a wrapper.
#[must_use]
pub fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(content).unwrap_or_else(|error| panic!("memory can be written to: {error}"));
    encoder.finish().unwrap_or_else(|error| panic!("memory can be written to: {error}"))
}

/// A zip of deflated members.
#[must_use]
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::default();
    for (name, content) in members {
        writer.add(Member::stored(name, content).packed(8, &deflate(content)));
    }
    writer.finish()
}

/// A zip of stored members.
#[must_use]
pub fn zip_stored(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::default();
    for (name, content) in members {
        writer.add(Member::stored(name, content));
    }
    writer.finish()
}

impl ZipWriter {
    /// Adds a member.
    pub fn add(&mut self, member: Member<'_>) {
        let mut crc = flate2::Crc::new();
        crc.update(member.content);
        let (crc, size, packed) = (crc.sum(), member.content.len() as u64, member.packed.len() as u64);
        let header = self.bytes.len() as u64;
        let flags = member.flags | if member.descriptor.is_some() { 8 } else { 0 };
        let short = |number: u64| if member.is_zip64 { u32::MAX } else { number as u32 };
        let in_front = |number: u32| if member.descriptor.is_some() { 0 } else { number };
        let (mut local, mut central) = (member.extra.to_vec(), member.extra.to_vec());
        if member.is_zip64 {
            local.extend(field(1, &[size, packed]));
            central.extend(field(1, &[size, packed, header]));
        }
        let common = |into: &mut Vec<u8>, crc: u32, packed: u32, size: u32, extra: &[u8]| {
            for number in [20, flags, member.method, 0x6000, 0x5A21] {
                into.extend(number.to_le_bytes());
            }
            for number in [crc, packed, size] {
                into.extend(number.to_le_bytes());
            }
            into.extend((member.name.len() as u16).to_le_bytes());
            into.extend((extra.len() as u16).to_le_bytes());
        };
        self.bytes.extend(b"PK\x03\x04");
        common(&mut self.bytes, in_front(crc), in_front(short(packed)), in_front(short(size)), &local);
        self.bytes.extend(member.name);
        self.bytes.extend(&local);
        self.bytes.extend(member.packed);
        if let Some(is_signed) = member.descriptor {
            if is_signed {
                self.bytes.extend(b"PK\x07\x08");
            }
            self.bytes.extend(crc.to_le_bytes());
            for number in [packed, size] {
                if member.is_zip64 {
                    self.bytes.extend(number.to_le_bytes());
                } else {
                    self.bytes.extend((number as u32).to_le_bytes());
                }
            }
        }
        self.directory.extend(b"PK\x01\x02\x14\0");
        common(&mut self.directory, crc, short(packed), short(size), &central);
        self.directory.extend([0; 10]);
        self.directory.extend(short(header).to_le_bytes());
        self.directory.extend(member.name);
        self.directory.extend(&central);
        self.count += 1;
    }

    /// The zip with its directory.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.end(false, b"")
    }

    /// The same with the Zip64 records, or a comment.
    #[must_use]
    pub fn end(mut self, is_zip64: bool, comment: &[u8]) -> Vec<u8> {
        let (start, len) = (self.bytes.len() as u64, self.directory.len() as u64);
        self.bytes.append(&mut self.directory);
        let short = |number: u64| if is_zip64 { u32::MAX } else { number as u32 };
        if is_zip64 {
            let end = self.bytes.len() as u64;
            self.bytes.extend(b"PK\x06\x06");
            self.bytes.extend(44_u64.to_le_bytes());
            self.bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            for number in [self.count, self.count, len, start] {
                self.bytes.extend(number.to_le_bytes());
            }
            self.bytes.extend(b"PK\x06\x07\0\0\0\0");
            self.bytes.extend(end.to_le_bytes());
            self.bytes.extend(1_u32.to_le_bytes());
        }
        let count = if is_zip64 { u16::MAX } else { self.count as u16 };
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(count.to_le_bytes());
        self.bytes.extend(count.to_le_bytes());
        self.bytes.extend(short(len).to_le_bytes());
        self.bytes.extend(short(start).to_le_bytes());
        self.bytes.extend((comment.len() as u16).to_le_bytes());
        self.bytes.extend(comment);
        self.bytes
    }

    /// The members alone, as a zip whose end is missing.
    #[must_use]
    pub fn without_directory(self) -> Vec<u8> {
        self.bytes
    }
}

/// An extra field of 8-byte numbers.
fn field(id: u16, numbers: &[u64]) -> Vec<u8> {
    let mut field = id.to_le_bytes().to_vec();
    field.extend((8 * numbers.len() as u16).to_le_bytes());
    field.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    field
}
