//! What every log type keeps, whoever wrote it: the same rows however a file of its samples is cut, ended, encoded, packed or damaged.
//!
//! The other promises (samples read as they say, every rule has one, told by content alone, columns exist) are in `formats.rs`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use chartroom_ingest::framing::Limits;
use common::{Read, gzip, read_framed, read_whole};

/// Rows without their places: table and values.
fn values(read: &Read) -> Vec<String> {
    let without_place = |row: &str| {
        let (table, rest) = row.split_once(" RowAt {").unwrap();
        format!("{table} {}", rest.split_once("} ").unwrap().1)
    };
    read.rows.iter().map(|(_, row)| without_place(row)).collect()
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect()
}

/// A file of all of a type's samples that stand on one line, near misses among them.
fn files() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let files = chartroom_ingest::formats::samples().iter().map(|(id, samples)| {
        let lines = samples.iter().map(|sample| sample.line.trim()).filter(|line| !line.contains('\n'));
        (id.as_str(), lines.collect::<Vec<_>>())
    });
    // What is told by other types' near misses has no samples of its own.
    files.filter(|(_, lines)| !lines.is_empty())
}

#[test]
fn how_lines_end_and_are_encoded_or_packed_changes_no_rows() {
    for (id, lines) in files() {
        let plain = format!("{}\n", lines.join("\n"));
        let expected = read_whole(plain.as_bytes(), Limits::default());
        expected.conserves(id, plain.len() as u64);
        assert_eq!(expected.report.rejected, 0, "{id}: {:?}", expected.report.problems);
        for (what, bytes) in [
            ("line breaks of Windows", plain.replace('\n', "\r\n").into_bytes()),
            ("no last line break", plain.trim_end().as_bytes().to_vec()),
            ("a mark", [b"\xEF\xBB\xBF", plain.as_bytes()].concat()),
            ("UTF-16, low byte first", utf16(&plain, u16::to_le_bytes)),
            ("UTF-16, high byte first", utf16(&plain, u16::to_be_bytes)),
            ("gzip", gzip(plain.as_bytes())),
            ("an array", format!("[\n{}\n]", lines.join(",\n")).into_bytes()),
        ] {
            let read = read_whole(&bytes, Limits::default());
            assert_eq!(values(&read), values(&expected), "{id}: {what}");
            assert_eq!(read.report.rejected, 0, "{id}: {what}");
            read.conserves(id, bytes.len() as u64);
        }
    }
}

#[test]
fn any_size_of_slices_and_cuts_gives_the_same_rows() {
    for (id, lines) in files() {
        let plain = format!("{}\n", lines.join("\n"));
        let expected = read_whole(plain.as_bytes(), Limits::default());
        for (slice_bytes, cut_bytes) in [(1, 1), (7, 50), (64, 1_000), (4_096, 200)] {
            let limits = Limits { slice_bytes, cut_bytes, ..Limits::default() };
            let read = read_whole(plain.as_bytes(), limits);
            assert_eq!(read.rows, expected.rows, "{id} in slices of {slice_bytes}");
            let read = read_framed(plain.as_bytes(), limits);
            assert_eq!(read.rows, expected.rows, "{id} framed in cuts of {cut_bytes}");
        }
    }
}

#[test]
fn garbage_in_the_middle_is_one_entry_and_changes_no_rows() {
    for (id, lines) in files() {
        let expected = read_whole(format!("{}\n", lines.join("\n")).as_bytes(), Limits::default());
        for garbage in ["### this is no record ###", "\u{1b}[31mERROR\u{1b}[0m went wrong", "<html>"] {
            let mut with = lines.clone();
            with.insert(lines.len().div_ceil(2), garbage);
            let text = format!("{}\n", with.join("\n"));
            let read = read_whole(text.as_bytes(), Limits::default());
            assert_eq!(values(&read), values(&expected), "{id}: {garbage}");
            assert_eq!(read.report.rejected, expected.report.rejected + 1, "{id}: {garbage}");
            assert_eq!(read.report.problem_count, expected.report.problem_count + 1, "{id}: {garbage}");
            read.conserves(id, text.len() as u64);
        }
    }
}
