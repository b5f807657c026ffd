//! What a file is that cannot be read as text here, by its first bytes.
//!
//! To make one readable later: give it a layer (see the parent module) and take its line out of the table.

use crate::report::Verdict;

/// Bytes of the head that the answer may depend on.
pub(crate) const NEEDED: usize = 512;

/// `(offset, magic bytes, what it is, whether it could hold events)`; the first that fits counts.
const KNOWN: &[(usize, &[u8], &str, bool)] = &[
    (0, b"PK\x05\x06", "an empty zip archive", false),
    (0, b"\xFD7zXZ\0", "xz-compressed", true),
    (0, b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive: unpack it and drop what comes out", true),
    (0, b"Rar!", "a RAR archive: unpack it and drop what comes out", true),
    (
        0,
        b"PK\x07\x08PK\x03\x04",
        "the first part of a split zip: join the parts (zip -s 0) and drop the whole",
        true,
    ),
    (
        0,
        b"PK00PK\x03\x04",
        "the first part of a split zip: join the parts (zip -s 0) and drop the whole",
        true,
    ),
    (0, b"age-encryption.org/v1", "encrypted with age: decrypt it and drop what comes out", true),
    (
        0,
        b"-----BEGIN AGE ENCRYPTED FILE-----",
        "encrypted with age: decrypt it and drop what comes out",
        true,
    ),
    (0, b"-----BEGIN PGP MESSAGE-----", "encrypted with PGP: decrypt it and drop what comes out", true),
    (0, b"\x04\x22\x4D\x18", "lz4-compressed", true),
    (0, b"\xFF\x06\0\0sNaPpY", "snappy-compressed", true),
    (0, b"\x1F\x8B", "gzip with an unknown method", true),
    (0, b"PAR1", "a Parquet file", true),
    (0, b"Obj\x01", "an Avro file", true),
    (0, b"ARROW1", "an Arrow file", true),
    (0, b"SQLite format 3\0", "a SQLite database", true),
    (0, b"ElfFile\0", "a Windows event log (evtx)", true),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document", false),
    (128, b"DICM", "a DICOM image, not a log", false),
    (0, b"%PDF-", "a PDF document", false),
    (0, b"{\\rtf", "an RTF document", false),
    (0, b"\x89PNG\r\n\x1A\n", "a PNG image", false),
    (0, b"\xFF\xD8\xFF", "a JPEG image", false),
    (0, b"GIF8", "a GIF image", false),
    (0, b"BM", "a BMP image", false),
    (0, b"II*\0", "a TIFF image", false),
    (0, b"MM\0*", "a TIFF image", false),
    (8, b"WEBP", "a WebP image", false),
    (4, b"ftyp", "a video or HEIC image", false),
    (0, b"OggS", "an Ogg recording", false),
    (0, b"ID3", "an MP3 recording", false),
    (8, b"WAVE", "a WAV recording", false),
    (0, b"\0asm", "a WebAssembly module", false),
    (0, b"\x7FELF", "a program", false),
    (0, b"MZ", "a program", false),
    (0, b"\0\0\0\x01Bud1", "folder junk (.DS_Store)", false),
    (0, b"\0\x05\x16\x07", "folder junk (AppleDouble)", false),
];

/// Two letters prove nothing when text follows.
const WEAK: usize = 3;

/// What the file is that begins with `head`, when it is not text that can be read here.
pub(crate) fn name_unreadable(head: &[u8]) -> Option<Verdict> {
    for &(offset, magic, what, could_hold_events) in KNOWN {
        let Some(rest) = head.get(offset..) else { continue };
        if rest.starts_with(magic) && (magic.len() > WEAK || is_binary(head)) {
            return Some(if could_hold_events {
                Verdict::NotRead(format!("{what}: not read by this version"))
            } else {
                Verdict::NoEvents(what.to_owned())
            });
        }
    }
    is_binary(head).then(|| Verdict::NotRead("binary data of an unknown kind".to_owned()))
}

/// What a part of a split or encrypted file is, by its path: its bytes say nothing.
pub(crate) fn part_by_path(path: &str) -> Option<Verdict> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    let (front, ending) = name.rsplit_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_zip_part = ending.len() == 3 && ending.strip_prefix('z').is_some_and(is_number);
    let is_numbered = ending.len() == 3
        && is_number(ending)
        && [".zip", ".7z", ".tar", ".gz"].iter().any(|of| front.ends_with(of));
    let reason = if is_zip_part {
        "one part of a split zip: join the parts (zip -s 0) and drop the whole"
    } else if is_numbered {
        "one part of a split archive: join the parts, one behind the other, and drop the whole"
    } else if matches!(ending, "pgp" | "gpg") {
        "encrypted with PGP: decrypt it and drop what comes out"
    } else {
        return None;
    };
    Some(Verdict::NotRead(reason.to_owned()))
}

/// Folder junk and the like, by path. Only names no log has.
pub(crate) fn junk_by_path(path: &str) -> Option<&'static str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let is_mac = name.starts_with("._") || path.split(['/', '\\']).any(|part| part == "__MACOSX");
    let is_junk = matches!(name, ".DS_Store" | "desktop.ini" | "Thumbs.db" | ".directory");
    (is_mac || is_junk).then_some("folder junk, no log")
}

/// Whether control characters that no text has lie in the head.
fn is_binary(head: &[u8]) -> bool {
    let head = head.get(..NEEDED).unwrap_or(head);
    // ESC colours terminals, form feed and backspace occur in odd logs; a few NULs come from crashed writers.
    let odd = |byte: &&u8| matches!(**byte, 0..=7 | 14..=26 | 28..=31);
    let count = head.iter().filter(odd).count();
    count > head.len() / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], expected: Option<&str>) {
        let found = name_unreadable(head).map(|verdict| match verdict {
            Verdict::NoEvents(reason) | Verdict::NotRead(reason) => reason,
            Verdict::Events => String::new(),
        });
        assert_eq!(found.is_some(), expected.is_some(), "{found:?}");
        assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()));
    }

    #[test]
    fn parts_are_named_by_their_path() {
        for (path, expected) in [
            ("a/logs.z01", true),
            ("logs.zip.002", true),
            ("LOGS.7Z.001", true),
            ("mail.gpg", true),
            ("logs.001", false),
            ("a.zip/b.json", false),
            ("z01", false),
        ] {
            assert_eq!(part_by_path(path).is_some(), expected, "{path}");
        }
    }

    #[test]
    fn magic_bytes_are_named() {
        check(b"PAR1\x15\x04", Some("Parquet"));
        let mut image = vec![0; 128];
        image.extend(b"DICM\x02\0");
        check(&image, Some("DICOM"));
        check(b"\x01\x02\x03\x04\x05", Some("binary"));
    }

    #[test]
    fn text_is_text() {
        check(b"BMW sold 3 cars", None);
        check(b"MZ is a text", None);
        check(b"{\"a\":1}", None);
        check(b"\x1b[31mred\x1b[0m", None);
        check(b"", None);
        check("größe".as_bytes(), None);
    }

    #[test]
    fn folder_junk_goes_by_its_name() {
        assert!(junk_by_path("logs/.DS_Store").is_some());
        assert!(junk_by_path("__MACOSX/logs/._a.json").is_some());
        assert!(junk_by_path("logs/a.json").is_none());
    }
}
