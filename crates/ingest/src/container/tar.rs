//! tar: headers of 512 bytes, each with its member's content behind it. ustar, GNU's long names, pax.

use super::clean;
use super::walk::{Content, Next};

/// Bytes of a header, and what content is padded to.
pub(crate) const BLOCK: usize = 512;
/// The longest name or pax record that is read.
const LONGEST: u64 = 1 << 20;

/// A walk from header to header.
#[derive(Debug, Default)]
pub(crate) struct Tar {
    /// What GNU's `L` or a pax record says of the next member.
    name: Option<String>,
    size: Option<u64>,
    /// Bytes of content between that header and the next one.
    count: u64,
}

/// Whether a tar begins here: a header whose checksum is right.
pub(crate) fn is_tar(head: &[u8]) -> bool {
    head.get(..BLOCK).is_some_and(|header| header.first() != Some(&0) && is_header(header))
}

fn is_header(header: &[u8]) -> bool {
    let is_sum = |at: usize| (148..156).contains(&at);
    let sum = header
        .iter()
        .enumerate()
        .fold(0_u64, |sum, (at, &byte)| sum.saturating_add(u64::from(if is_sum(at) { b' ' } else { byte })));
    number(header.get(148..156).unwrap_or_default()) == Some(sum)
}

/// A number in octal digits, or in GNU's base 256.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((first, rest)) = field.split_first()
        && first & 0x80 != 0
    {
        let first = u64::from(first & 0x7F);
        return rest.iter().try_fold(first, |sum, &byte| sum.checked_mul(256)?.checked_add(u64::from(byte)));
    }
    let text = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}

fn text(field: &[u8]) -> String {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    clean(&String::from_utf8_lossy(field.get(..end).unwrap_or(field)))
}

/// Bytes up to the next header.
fn padded(len: u64) -> u64 {
    len.checked_next_multiple_of(BLOCK as u64).unwrap_or(u64::MAX)
}

impl Tar {
    /// What stands at the front of `bytes`.
    pub(crate) fn next(&mut self, bytes: &[u8], is_last: bool) -> Next {
        let Some(header) = bytes.get(..BLOCK) else {
            let is_over = is_last && bytes.iter().all(|&byte| byte == 0);
            return match (is_last, is_over) {
                (false, _) => Next::More,
                // Without the blocks of zeros at the end: only whole members were there.
                (true, true) => Next::Stop(None),
                (true, false) => Next::Stop(Some("the tar is cut short".to_owned())),
            };
        };
        if header.iter().all(|&byte| byte == 0) {
            return Next::Stop(None);
        }
        if !is_header(header) {
            return Next::Stop(Some("the tar is damaged: a header's checksum is wrong".to_owned()));
        }
        let Some(size) = header.get(124..136).and_then(number) else {
            return Next::Stop(Some("the tar is damaged: a size is no number".to_owned()));
        };
        let kind = header.get(156).copied().unwrap_or(0);
        if matches!(kind, b'L' | b'K' | b'x' | b'g' | b'X') {
            return self.meta(kind, size, bytes, is_last);
        }
        let size = self.size.take().unwrap_or(size);
        let name = self.name.take().unwrap_or_else(|| name_of(header));
        self.count = self.count.saturating_add(1);
        let no_content = |what: &str| (Err(what.to_owned()), size);
        let (verdict, size) = match kind {
            0 | b'0' | b'7' if name.ends_with('/') => no_content("a folder"),
            0 | b'0' | b'7' => (Ok(()), size),
            b'1' | b'2' => (Err("a link".to_owned()), 0),
            b'5' => (Err("a folder".to_owned()), 0),
            b'S' => no_content("a sparse file, no log"),
            _ => no_content("a device or other special file"),
        };
        Next::Member {
            name,
            header: BLOCK,
            content: Content::Plain(size),
            gap: padded(size).saturating_sub(size),
            no_events: verdict.err(),
        }
    }

    /// A header about the next member.
    fn meta(&mut self, kind: u8, size: u64, bytes: &[u8], is_last: bool) -> Next {
        let whole = (BLOCK as u64).saturating_add(padded(size));
        if size > LONGEST {
            return Next::Pass(whole);
        }
        let end = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(BLOCK);
        let Some(content) = bytes.get(BLOCK..end) else {
            return if is_last { Next::Stop(Some("the tar is cut short".to_owned())) } else { Next::More };
        };
        match kind {
            b'L' => self.name = Some(text(content)),
            b'x' | b'X' => {
                for (key, value) in pax_records(content) {
                    match key {
                        "path" => self.name = Some(clean(value)),
                        "size" => self.size = value.parse().ok(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Next::Pass(whole)
    }
}

/// The name in the header itself: ustar has its folders in a field of their own.
fn name_of(header: &[u8]) -> String {
    let name = text(header.get(..100).unwrap_or_default());
    // GNU's older magic has two blanks here, and other things in that field.
    if header.get(257..263) != Some(b"ustar\0") {
        return name;
    }
    let prefix = text(header.get(345..500).unwrap_or_default());
    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
}

/// `len key=value\n` after each other.
fn pax_records(content: &[u8]) -> Vec<(&str, &str)> {
    let mut rest = content;
    let mut records = Vec::new();
    while let Some(blank) = memchr::memchr(b' ', rest) {
        let len = rest.get(..blank).and_then(|len| std::str::from_utf8(len).ok()?.parse::<usize>().ok());
        let Some(len) = len.filter(|len| *len > blank && *len <= rest.len()) else { break };
        let record =
            rest.get(blank.saturating_add(1)..len).and_then(|record| std::str::from_utf8(record).ok());
        if let Some((key, value)) = record.and_then(|record| record.strip_suffix('\n')?.split_once('=')) {
            records.push((key, value));
        }
        rest = rest.get(len..).unwrap_or_default();
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_of_base_256() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"     12 "), Some(10));
        assert_eq!(number(b"\x80\0\0\0\0\0\0\x02\0\0\0\0"), Some(2 << 32));
        assert_eq!(number(b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), None);
        assert_eq!(number(b"12x"), None);
    }

    #[test]
    fn pax_records_are_counted_in_bytes() {
        let records = pax_records("19 path=a/bü.json\n12 size=100\nrest".as_bytes());
        assert_eq!(records, [("path", "a/bü.json"), ("size", "100")]);
        assert_eq!(pax_records(b"99 path=x\n"), []);
        assert_eq!(pax_records(b"1 x"), []);
    }
}
