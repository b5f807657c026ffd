//! Files in, ledger out: the same for any number of shards and any interleaving.

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::ledger::FileStatus;
use world::World;

fn load(shards: u32, seed: u64) -> World {
    let mut world = World::new(shards, seed);
    world.drop_files(&samples::mixed());
    world.settle();
    world
}

#[test]
fn the_ledger_is_the_same_for_any_number_of_shards() {
    let expected = load(1, 1).ledger();
    for (shards, seed) in [(2, 2), (3, 3), (8, 4), (2, 5), (3, 6)] {
        let found = load(shards, seed).ledger();
        assert_eq!(found, expected, "{shards} shards, seed {seed}");
    }
}

#[test]
fn every_file_ends_as_it_should() {
    let files = load(3, 7).ledger_files();
    let status = |path: &str| files[path].status;
    assert_eq!(status("b/large.jsonl"), FileStatus::Done);
    assert_eq!(status("d/packed.json.gz"), FileStatus::Done);
    assert_eq!(status("f/cut.json.gz"), FileStatus::Partial);
    assert_eq!(status("h/empty.json"), FileStatus::Skipped);
    assert_eq!(status("g/turncoat.jsonl"), FileStatus::Done);
    assert_eq!(files["b/large.jsonl"].stored, 120);
    assert_eq!(files["a/wrapped.json"].stored, 120);
    assert_eq!(files["c/array.json"].stored, 110);
    assert_eq!(files["d/packed.json.gz"].stored, 150);
    assert_eq!(files["g/turncoat.jsonl"].stored, 180);
    assert_eq!((files["e/bad.jsonl"].stored, files["e/bad.jsonl"].rejected), (100, 1));
    assert_eq!(files["a/wrapped.json"].table, "AWSCloudTrail");
    assert_eq!(files["i/other.jsonl"].table, "Other");
    for file in files.values() {
        assert_eq!(
            file.bytes,
            file.bytes_records + file.bytes_rejected + file.bytes_between,
            "{}",
            file.path
        );
        assert_eq!(file.records, file.stored + file.rejected, "{}", file.path);
        assert!(file.source.sha256.is_some() || file.path.contains("cut"), "{}", file.path);
    }
}
