//! Files in archives: the same rows and the same ledger as the files by themselves.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::ledger::{FileStatus, LedgerFile};
use chartroom_testkit::zip::{Member, ZipWriter, deflate, zip, zip_stored};
use std::collections::BTreeMap;
use world::{LastWords, World};

/// All cells of all rows of the table that the samples are of, in the default order.
fn rows(world: &mut World) -> Vec<Vec<Option<String>>> {
    world.all("AWSCloudTrail").into_iter().map(|row| row.cells).collect()
}

fn loaded(files: &[(&str, Vec<u8>)], shards: u32, seed: u64) -> World {
    let mut world = World::new(shards, seed);
    world.drop_files(files);
    world.settle();
    world
}

/// What must be the same of a file and of the same file as a member.
fn essence(file: &LedgerFile) -> String {
    let mut problems = file.problems.clone();
    problems.retain(|problem| !problem.reason.contains("checksum"));
    format!(
        "{:?} {:?} {} {} {:?} {} {} {} {} {} {} {} {:?} {problems:?}",
        file.status,
        file.sha256,
        file.format,
        file.why,
        file.tables,
        file.records,
        file.stored,
        file.rejected,
        file.bytes,
        file.bytes_records,
        file.bytes_rejected,
        file.bytes_between,
        file.first_time,
    )
}

/// Whether the members of `archive`, dropped under that name, are what the files are.
#[track_caller]
fn check(name: &str, archive: &[u8], files: &[(&str, Vec<u8>)]) {
    let mut plain = loaded(files, 2, 1);
    let (expected_rows, expected) = (rows(&mut plain), plain.ledger_files());
    for (shards, seed) in [(1, 2), (3, 3), (2, 4)] {
        let mut world = loaded(&[(name, archive.to_vec())], shards, seed);
        let found: BTreeMap<String, LedgerFile> = world.ledger_files();
        for (path, file) in &expected {
            let member = found.get(&format!("{name}!/{path}"));
            let member = member.unwrap_or_else(|| panic!("{path} is not in {:?}", found.keys()));
            assert_eq!(essence(member), essence(file), "{path} in {name}, {shards} shards");
            assert_eq!(member.source.name, name);
            assert_eq!(member.source.bytes, archive.len() as u64);
            assert!(member.source.sha256.is_some());
            assert_eq!(
                member.containers.first().map(|container| container.name.as_str()),
                Some(path.as_str())
            );
        }
        assert_eq!(found.len(), expected.len(), "{:?}", found.keys());
        assert_eq!(rows(&mut world), expected_rows, "{name}, {shards} shards");
    }
}

/// Files that are read alike as lines and by a walk: a packed one of some size is walked through, and judges damage between
/// lines otherwise.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let is_walked_otherwise = |name: &str| matches!(name, "e/bad.jsonl" | "g/turncoat.jsonl");
    samples::mixed().into_iter().filter(|(name, _)| !is_walked_otherwise(name)).collect()
}

fn borrowed<'a>(files: &'a [(&'a str, Vec<u8>)]) -> Vec<(&'a str, &'a [u8])> {
    files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect()
}

#[test]
fn a_zip_is_its_files() {
    let files = files();
    check("all.zip", &zip(&borrowed(&files)), &files);
    check("no ending", &zip(&borrowed(&files)), &files);
    let files = samples::mixed();
    check("stored.zip", &zip_stored(&borrowed(&files)), &files);
}

#[test]
fn a_zip_with_descriptors_and_zip64_is_its_files() {
    let files = files();
    for (is_zip64, descriptor) in
        [(true, None), (false, Some(true)), (false, Some(false)), (true, Some(true))]
    {
        let mut writer = ZipWriter::default();
        for (name, content) in &files {
            let packed = deflate(content);
            let member = Member::stored(name, content).packed(8, &packed);
            writer.add(Member { is_zip64, descriptor, ..member });
        }
        check("all.zip", &writer.end(is_zip64, b"a comment"), &files);
    }
}

#[test]
fn bytes_of_a_record_are_read_again_from_within() {
    use chartroom_protocol::{Reply, Request};
    let text = samples::lines(0..400);
    for archive in [zip(&[("a.jsonl", &text)]), zip_stored(&[("a.jsonl", &text)])] {
        let mut world = loaded(&[("x.zip", archive)], 2, 5);
        let row = world.all("AWSCloudTrail").pop().and_then(|row| row.id).unwrap();
        let Reply::Record { record } = world.request(Request::Record { row }) else { panic!() };
        let raw = record.raw.text.unwrap();
        assert_eq!(record.path, "x.zip!/a.jsonl");
        assert_eq!((raw.as_str(), record.raw.line), (text_of(&text, row.offset), Some(1)));
    }
}

fn text_of(text: &[u8], offset: u64) -> &str {
    let rest = std::str::from_utf8(&text[offset as usize..]).unwrap();
    rest.lines().next().unwrap()
}

#[test]
fn what_is_no_log_has_its_line_and_its_reason() {
    let mut writer = ZipWriter::default();
    let log = samples::lines(0..3);
    writer.add(Member::stored("../../escape.jsonl", &log));
    writer.add(Member::stored("folder/", b""));
    writer.add(Member::stored("__MACOSX/._a.jsonl", b"xx"));
    writer.add(Member::stored("strange.jsonl", b"packed").packed(14, b"packed"));
    let encrypted = Member::stored("secret.jsonl", b"0123456789012");
    writer.add(Member { flags: 1, ..encrypted });
    let mut world = loaded(&[("x.zip", writer.finish())], 2, 6);
    let files = world.ledger_files();
    let of = |path: &str| (files[path].status, files[path].why.clone());
    assert_eq!(files["x.zip!/../../escape.jsonl"].stored, 3);
    assert_eq!(of("x.zip!/folder/"), (FileStatus::Skipped, "a folder".to_owned()));
    assert_eq!(of("x.zip!/__MACOSX/._a.jsonl").0, FileStatus::Skipped);
    assert!(of("x.zip!/strange.jsonl").1.contains("LZMA"));
    assert_eq!(of("x.zip!/secret.jsonl").0, FileStatus::Failed);
}

#[test]
fn closing_an_archive_closes_its_members() {
    use chartroom_protocol::{FileNo, Reply, Request};
    let text = samples::lines(0..20);
    let mut world = loaded(&[("x.zip", zip(&[("a", &text), ("b", &text)])), ("c", text.clone())], 2, 7);
    assert_eq!(world.count("AWSCloudTrail | count"), 60);
    let Reply::Done = world.request(Request::Close { files: vec![FileNo(0)] }) else { panic!() };
    world.settle();
    assert_eq!(world.count("AWSCloudTrail | count"), 20);
    assert_eq!(world.ledger_files().len(), 1);
}

#[test]
fn a_reader_that_dies_costs_its_member_alone() {
    let files = files();
    let mut world = World::new(3, 8);
    world.kill_at = Some((9, LastWords::Before));
    world.drop_files(&[("x.zip", zip(&borrowed(&files)))]);
    world.settle();
    let found = world.ledger_files();
    assert_eq!(found.len(), files.len(), "{:?}", found.keys());
    let failed = found.values().filter(|file| {
        file.why.contains("part could not be read")
            || file.problems.iter().any(|problem| problem.reason.contains("trapped"))
    });
    assert!(failed.count() <= 1);
}
