//! What hashes tell: files dropped twice, and log files that digests list.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::{
    FileNo, Request,
    ledger::{DigestCheck, FileStatus, LedgerFile},
};
use sha2::{Digest, Sha256};
use world::World;

fn loaded(files: &[(&str, Vec<u8>)], shards: u32) -> World {
    let mut world = World::new(shards, 7);
    world.drop_files(files);
    world.settle();
    world
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn events(count: u32, id: &str) -> Vec<u8> {
    let lines = String::from_utf8(samples::lines(0..count)).unwrap();
    lines.replace("\"eventID\":\"e", &format!("\"eventID\":\"{id}")).into_bytes()
}

fn file(world: &mut World, name: &str) -> LedgerFile {
    world.ledger_files().remove(name).unwrap()
}

#[test]
fn a_file_dropped_twice_counts_once() {
    for shards in [1, 3] {
        let (a, b) = (events(20, "ada"), events(20, "bob"));
        assert_eq!(a.len(), b.len());
        let files =
            [("a.jsonl", a.clone()), ("b.jsonl", b), ("copy/a.jsonl", a.clone()), ("a (1).jsonl", a.clone())];
        let mut world = loaded(&files, shards);
        assert_eq!(world.count("AWSCloudTrail | count"), 40);
        for copy in ["copy/a.jsonl", "a (1).jsonl"] {
            let copy = file(&mut world, copy);
            assert_eq!(copy.status, FileStatus::Skipped);
            assert_eq!(copy.same_as, Some(FileNo(0)));
            assert_eq!(copy.why, "the same as a.jsonl, byte for byte: its rows are not counted twice");
            assert_eq!((copy.stored, copy.bytes_between, copy.bytes), (0, a.len() as u64, a.len() as u64));
            assert_eq!(copy.sha256.unwrap(), hex(&a));
        }
        // Dropped later.
        world.drop_files(&[("later/a.jsonl", a.clone())]);
        world.settle();
        assert_eq!(world.count("AWSCloudTrail | count"), 40);
        // Without the first the next one is read.
        world.request(Request::Close { files: vec![FileNo(0)] });
        world.settle();
        assert_eq!(world.count("AWSCloudTrail | count"), 40);
        let left: Vec<bool> = ["copy/a.jsonl", "a (1).jsonl", "later/a.jsonl"]
            .map(|name| file(&mut world, name).same_as.is_some())
            .to_vec();
        assert_eq!(left.iter().filter(|is_same| **is_same).count(), 2);
    }
}

#[test]
fn digests_check_the_files_they_list() {
    let (a, b, c) = (events(3, "ada"), events(4, "bob"), events(5, "cyd"));
    let entry = |name: &str, hash: &str| {
        format!(
            r#"{{"s3Bucket":"x","s3Object":"AWSLogs/1/{name}.json.gz","hashValue":"{hash}","hashAlgorithm":"SHA-256"}}"#
        )
    };
    let digest = format!(
        r#"{{"awsAccountId":"012345678901","digestStartTime":"2026-03-02T08:00:00Z","digestS3Object":"AWSLogs/d","logFiles":[{},{},{},{}]}}"#,
        entry("a", &hex(&a)),
        entry("b", &hex(&a)),
        entry("c", &hex(&c)),
        entry("gone", &hex(&a)),
    );
    let files = [
        ("logs/a.json", a),
        ("logs/b.json.gz", samples::gzip(&b)),
        ("logs/c.json.gz", samples::gzip(&c)),
        ("d.json.gz", samples::gzip(digest.as_bytes())),
    ];
    for shards in [1, 2] {
        let mut world = loaded(&files, shards);
        assert_eq!(world.count("AWSCloudTrail | count"), 12);
        let digest = file(&mut world, "d.json.gz");
        assert_eq!(digest.status, FileStatus::Skipped);
        let expected = DigestCheck {
            listed: 4,
            found: 3,
            matching: 2,
            altered: 1,
            missing: 1,
            altered_files: vec!["AWSLogs/1/b.json.gz".to_owned()],
            missing_files: vec!["AWSLogs/1/gone.json.gz".to_owned()],
        };
        assert_eq!(digest.digest, Some(expected));
        assert_eq!(
            digest.why,
            "a CloudTrail digest, which lists log files and their hashes; of 4 listed 3 are here: 2 match, 1 do not; 1 missing"
        );
        let altered = file(&mut world, "logs/b.json.gz");
        assert!(
            altered.why.ends_with(
                "its SHA-256 is not the one that d.json lists: it is not the file as it was delivered"
            ),
            "{}",
            altered.why
        );
        assert_eq!(altered.problems.len(), 1);
        assert!(file(&mut world, "logs/c.json.gz").problems.is_empty());
        world.request(Request::Close { files: vec![altered.file] });
        world.settle();
        assert_eq!(file(&mut world, "d.json.gz").digest.unwrap().missing, 2);
    }
}
