//! Files in archives: the same rows and the same ledger as the files by themselves.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::{
    Event, FileNo, Reply, Request,
    ledger::{FileStatus, LedgerFile},
};
use chartroom_testkit::{
    tar::{pax, tar},
    zip::{Member, ZipWriter, deflate, zip, zip_stored},
};
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
    check_within(name, "", archive, files);
}

/// The same for members of an archive that is a member itself.
#[track_caller]
fn check_within(name: &str, inner: &str, archive: &[u8], files: &[(&str, Vec<u8>)]) {
    let mut plain = loaded(files, 2, 1);
    let (expected_rows, expected) = (rows(&mut plain), plain.ledger_files());
    for (shards, seed) in [(1, 2), (3, 3), (2, 4)] {
        let mut world = loaded(&[(name, archive.to_vec())], shards, seed);
        let found: BTreeMap<String, LedgerFile> = world.ledger_files();
        for (path, file) in &expected {
            let member = found.get(&format!("{name}!/{inner}{path}"));
            let member = member.unwrap_or_else(|| panic!("{path} is not in {:?}", found.keys()));
            assert_eq!(essence(member), essence(file), "{path} in {name}, {shards} shards");
            assert_eq!(member.source.name, name);
            assert_eq!(member.source.bytes, archive.len() as u64);
            assert!(member.source.sha256.is_some());
            assert!(member.containers.iter().any(|container| container.name == *path), "{member:?}");
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

#[test]
fn a_tar_is_its_files_packed_or_not() {
    let all = samples::mixed();
    check("all.tar", &tar(&borrowed(&all)), &all);
    check("pax.tar", &pax(&borrowed(&all)), &all);
    let files = files();
    check("all.tgz", &samples::gzip(&tar(&borrowed(&files))), &files);
}

#[test]
fn an_archive_in_an_archive_is_its_files() {
    let files = files();
    let inner = zip(&borrowed(&files));
    check_within("outer.zip", "in/inner.zip!/", &zip_stored(&[("in/inner.zip", &inner)]), &files);
    check_within("outer.zip", "inner.zip!/", &zip(&[("inner.zip", &inner)]), &files);
    check_within("outer.tgz", "inner.zip!/", &samples::gzip(&tar(&[("inner.zip", &inner)])), &files);
    let packed = samples::gzip(&tar(&borrowed(&files)));
    check_within("outer.zip", "inner.tgz!/", &zip(&[("inner.tgz", &packed)]), &files);
}

#[test]
fn long_names_come_whole() {
    let log = samples::lines(0..2);
    let name = format!("{}log.jsonl", "folder/".repeat(30));
    for archive in [tar(&[(&name, &log)]), pax(&[(&name, &log)])] {
        let mut world = loaded(&[("x.tar", archive)], 1, 9);
        assert_eq!(world.ledger_files()[&format!("x.tar!/{name}")].stored, 2);
    }
}

#[test]
fn a_zip_without_its_directory_is_read_as_far_as_it_goes() {
    let log = samples::lines(0..9);
    let packed = deflate(&log);
    for descriptor in [None, Some(true), Some(false)] {
        let mut writer = ZipWriter::default();
        for name in ["a.jsonl", "b.jsonl", "c.jsonl"] {
            writer.add(Member { descriptor, ..Member::stored(name, &log).packed(8, &packed) });
        }
        let mut bytes = writer.without_directory();
        bytes.truncate(bytes.len() - 60);
        let mut world = loaded(&[("x.zip", bytes)], 2, 10);
        let files = world.ledger_files();
        for name in ["x.zip!/a.jsonl", "x.zip!/b.jsonl"] {
            assert_eq!((files[name].stored, files[name].status), (9, FileStatus::Done), "{:?}", files[name]);
        }
        assert_eq!(files["x.zip!/c.jsonl"].status, FileStatus::Partial, "{:?}", files["x.zip!/c.jsonl"]);
        let archive = &files["x.zip"];
        assert_eq!(archive.status, FileStatus::Partial);
        assert!(archive.problems[0].reason.contains("directory"), "{:?}", archive.problems);
    }
}

fn sample(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/containers");
    std::fs::read(folder.join(name)).unwrap()
}

#[test]
fn each_kind_as_its_own_tools_write_it_is_the_plain_file() {
    let mut expected = loaded(&[("log.jsonl", sample("log.jsonl"))], 1, 1);
    let expected_rows = rows(&mut expected);
    let hash = expected.ledger_files()["log.jsonl"].sha256.clone();
    assert_eq!(expected_rows.len(), 6);
    for name in [
        "aes128.zip",
        "aes192.zip",
        "aes256.zip",
        "bzip2.zip",
        "deflate.zip",
        "descriptor.zip",
        "gnu.tar",
        "gnu.tar.bz2",
        "gnu.tar.gz",
        "gnu.tar.zst",
        "gzip-inside.zip",
        "log.jsonl.bz2",
        "log.jsonl.gz",
        "log.jsonl.zst",
        "nested-stored.zip",
        "nested.zip",
        "old-encryption.zip",
        "pax.tar",
        "stored.zip",
        "ustar.tar",
        "zip64.zip",
        "zstd.zip",
    ] {
        let mut world = World::new(2, 11);
        world.request(Request::Password { file: None, password: "secret".to_owned() });
        world.drop_files(&[(name, sample(name))]);
        world.settle();
        let files = world.ledger_files();
        assert_eq!(files.len(), 1, "{name}: {:?}", files.keys());
        let file = files.values().next().unwrap();
        assert_eq!(file.status, FileStatus::Done, "{name}: {} {:?}", file.why, file.problems);
        assert_eq!(file.sha256, hash, "{name}");
        assert_eq!(rows(&mut world), expected_rows, "{name}");
    }
}

#[test]
fn deflate64_is_read_and_lzma_named() {
    // Without a match of 258 bytes both kinds of Deflate are the same.
    let log = samples::lines(0..1);
    let mut writer = ZipWriter::default();
    writer.add(Member::stored("a.jsonl", &log).packed(9, &deflate(&log)));
    let mut world = loaded(&[("x.zip", writer.finish()), ("lzma.zip", sample("lzma.zip"))], 1, 12);
    let files = world.ledger_files();
    let file = &files["x.zip!/a.jsonl"];
    assert_eq!((file.status, file.stored), (FileStatus::Done, 1), "{file:?}");
    let file = &files["lzma.zip!/log.jsonl"];
    assert_eq!(file.status, FileStatus::Failed);
    assert!(file.why.contains("LZMA"), "{}", file.why);
}

#[test]
fn a_password_is_asked_for_once_and_again_when_it_is_wrong() {
    let asked = |world: &World| -> Vec<bool> {
        let of = |event: &Event| match event {
            Event::PasswordWanted { is_wrong, .. } => Some(*is_wrong),
            _ => None,
        };
        world.events.iter().filter_map(of).collect()
    };
    for name in ["old-encryption.zip", "aes128.zip", "aes256.zip"] {
        let mut world = loaded(&[(name, sample(name))], 2, 13);
        let file = world.ledger_files().into_values().next().unwrap();
        assert_eq!(asked(&world), [false]);
        assert_eq!(file.status, FileStatus::Failed);
        assert!(file.why.contains("when its password is given"), "{}", file.why);
        for (password, is_right) in [("no", false), ("secret", true)] {
            world.request(Request::Password { file: Some(FileNo(0)), password: password.to_owned() });
            world.settle();
            let file = world.ledger_files().into_values().next().unwrap();
            assert_eq!(asked(&world), [false, true], "{name}");
            let expected = if is_right { FileStatus::Done } else { FileStatus::Failed };
            assert_eq!(file.status, expected, "{name}, {password}: {}", file.why);
            assert_eq!(file.stored, if is_right { 6 } else { 0 });
        }
        assert_eq!(rows(&mut world).len(), 6);
    }
}

#[test]
fn archives_cut_or_damaged_anywhere_end_in_a_ledger_that_adds_up() {
    let log = samples::lines(0..2);
    let small = zip(&[("a.jsonl", &log), ("b/", b"")]);
    let packed = samples::gzip(&tar(&[("a.jsonl", &log)]));
    let nested = zip(&[("in.zip", &small)]);
    let plain = tar(&[("a", &log)]);
    for (name, archive) in [("x.zip", small), ("x.tgz", packed), ("n.zip", nested), ("x.tar", plain)] {
        let step = (archive.len() / 90).max(1);
        for at in (0..archive.len()).step_by(step) {
            let mut damaged = archive.clone();
            damaged[at] ^= 0x55;
            for bytes in [archive[..at].to_vec(), damaged] {
                let files = loaded(&[(name, bytes)], 1, at as u64).ledger_files();
                assert!(!files.is_empty(), "{name} at {at}");
                for file in files.values() {
                    let sum = file.bytes_records + file.bytes_rejected + file.bytes_between;
                    assert_eq!(sum, file.bytes, "{name} at {at}: {file:?}");
                    assert_eq!(file.records, file.stored + file.rejected, "{name} at {at}: {file:?}");
                }
            }
        }
    }
}

#[test]
fn archives_in_archives_are_opened_to_the_fourth() {
    let log = samples::lines(0..2);
    let mut archive = zip(&[("a.jsonl", &log)]);
    for depth in 0..6 {
        archive = zip(&[(&format!("{depth}.zip"), &archive)]);
    }
    let files = loaded(&[("x.zip", archive)], 2, 14).ledger_files();
    assert_eq!(files.len(), 1, "{:?}", files.keys());
    let file = files.values().next().unwrap();
    assert!(file.why.contains("more than four containers"), "{file:?}");
}
