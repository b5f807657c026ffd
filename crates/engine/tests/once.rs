//! Archives that are packed as a whole are unpacked a fixed number of times, however many members they have.
//!
//! What is unpacked is counted by what is read of the archive: there is no way to come by the one without the other.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::{FileNo, Request, ledger::FileStatus, request::Overrule};
use chartroom_testkit::{
    tar::tar,
    zip::{zip, zip_stored},
};
use world::{LastWords, World};

/// Bytes that do not shrink when they are packed: records with ids that follow no rule.
fn noisy(from: u32, records: u32) -> Vec<u8> {
    let mut seed = u64::from(from) | 1;
    let mut lines = String::new();
    for number in from..from + records {
        let mut id = String::new();
        for _ in 0..6 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            id += &format!("{:08x}", seed >> 32);
        }
        lines += &samples::trail(number).replace("\"eventID\":\"", &format!("\"eventID\":\"{id}"));
        lines.push('\n');
    }
    lines.into_bytes()
}

struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    rows: u64,
    /// How often each byte may be read in a load, hashing included.
    most: u64,
}

/// Archives in which 24 members, small or too large to be handed out whole, lie behind one compressor.
fn cases() -> Vec<Case> {
    let logs = |records: u32| -> Vec<(String, Vec<u8>)> {
        (0..24).map(|at| (format!("{at:02}.jsonl"), noisy(at * records, records))).collect()
    };
    let borrowed = |files: &[(String, Vec<u8>)]| -> Vec<u8> {
        tar(&files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
    };
    let packed = |files: Vec<(String, Vec<u8>)>| -> Vec<u8> {
        borrowed(
            &files.into_iter().map(|(name, bytes)| (name + ".gz", samples::gzip(&bytes))).collect::<Vec<_>>(),
        )
    };
    let zipped = |files: Vec<(String, Vec<u8>)>| -> Vec<u8> {
        let inner = files.into_iter().map(|(name, bytes)| (format!("{name}.zip"), zip(&[(&name, &bytes)])));
        borrowed(&inner.collect::<Vec<_>>())
    };
    let case = |name, bytes, rows, most| Case { name, bytes, rows, most };
    // One reading each for the walk and the hashes; the heads of files this small are all of them.
    vec![
        case("small.tgz", samples::gzip(&borrowed(&logs(12))), 288, 4),
        case("large.tgz", samples::gzip(&borrowed(&logs(60))), 1_440, 4),
        case("packed.tgz", samples::gzip(&packed(logs(12))), 288, 4),
        case("packed-large.tgz", samples::gzip(&packed(logs(140))), 3_360, 4),
        case("zips.tgz", samples::gzip(&zipped(logs(12))), 288, 4),
        case("large-zips.tgz", samples::gzip(&zipped(logs(140))), 3_360, 4),
        case("tgz.zip", zip(&[("a.tgz", &samples::gzip(&borrowed(&logs(60))))]), 1_440, 6),
        case("tgz-stored.zip", zip_stored(&[("a.tgz", &samples::gzip(&borrowed(&logs(60))))]), 1_440, 6),
    ]
}

#[track_caller]
fn check_rows(world: &mut World, name: &str, rows: u64) {
    let files = world.ledger_files();
    for file in files.values() {
        assert_eq!(file.status, FileStatus::Done, "{name}: {file:?}");
        assert!(file.sha256.is_some(), "{name}: {file:?}");
    }
    assert_eq!(files.values().map(|file| file.stored).sum::<u64>(), rows, "{name}");
    assert_eq!(world.count("AWSCloudTrail | count"), rows, "{name}");
}

#[test]
fn a_packed_archive_is_unpacked_a_fixed_number_of_times() {
    for Case { name, bytes, rows, most } in cases() {
        for (shards, seed) in [(1, 1), (3, 2)] {
            let size = bytes.len() as u64;
            let mut world = World::new(shards, seed);
            world.drop_files(&[(name, bytes.clone())]);
            world.settle();
            check_rows(&mut world, name, rows);
            let read = world.bytes_read;
            assert!(read <= most * size, "{name}: {read} of {size}, {shards} shards");
        }
    }
}

#[test]
fn members_read_once_more_share_a_walk() {
    for Case { name, bytes, rows, .. } in cases() {
        let size = bytes.len() as u64;
        let mut world = World::new(2, 3);
        world.drop_files(&[(name, bytes)]);
        world.settle();
        let member = world.ledger_files().into_values().next().unwrap().file;
        let before = world.bytes_read;
        let overrule = Overrule { zone: Some("Asia/Jerusalem".to_owned()), ..Overrule::default() };
        world.request(Request::Overrule { file: member, is_alike: true, overrule });
        world.settle();
        check_rows(&mut world, name, rows);
        let read = world.bytes_read - before;
        assert!(read <= 2 * size, "{name}: {read} of {size}");
    }
}

#[test]
fn a_reader_that_dies_on_the_way_costs_no_other_rows() {
    for Case { name, bytes, .. } in cases() {
        for (seed, at) in [(4, 6), (5, 14), (6, 30), (7, 55)] {
            for words in [LastWords::Before, LastWords::Never, LastWords::Twice] {
                let mut world = World::new(3, seed);
                world.kill_at = Some((at, words));
                world.drop_files(&[(name, bytes.clone())]);
                world.settle();
                let files = world.ledger_files();
                let stored: u64 = files.values().map(|file| file.stored).sum();
                assert_eq!(world.count("AWSCloudTrail | count"), stored, "{name}, killed at {at}");
                for file in files.values() {
                    let sum = file.bytes_records + file.bytes_rejected + file.bytes_between;
                    assert_eq!(
                        (sum, file.stored + file.rejected),
                        (file.bytes, file.records),
                        "{name}: {file:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn closing_and_stopping_in_the_midst_of_a_walk_leave_nothing_waiting() {
    for Case { name, bytes, .. } in cases() {
        for turns in [40, 120, 300, 700] {
            let mut world = World::new(2, turns);
            world.drop_files(&[(name, bytes.clone())]);
            for _ in 0..turns {
                world.turn();
            }
            let members = world.ledger_files();
            if turns == 120 {
                world.request(Request::CancelLoad);
            } else if let Some(member) = members.values().nth(2) {
                world.request(Request::Close { files: vec![member.file] });
            }
            world.settle();
            world.request(Request::Close { files: vec![FileNo(0)] });
            world.settle();
            assert_eq!(world.count("AWSCloudTrail | count"), 0, "{name} after {turns}");
        }
    }
}
