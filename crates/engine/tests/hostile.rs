//! Archives made to harm: each ends in a ledger that adds up and says what was wrong, in bounded memory and time.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_protocol::ledger::{FileStatus, LedgerFile};
use chartroom_testkit::{
    tar::tar,
    zip::{Member, ZipWriter, deflate, zip, zip_stored},
};
use std::collections::BTreeMap;
use world::{TINY, World};

/// Loads one file; what the ledger says, which adds up.
#[track_caller]
fn ledger(name: &str, bytes: &[u8], seed: u64) -> BTreeMap<String, LedgerFile> {
    let mut world = World::with(2, seed, TINY, 1 << 40, None);
    world.drop_files(&[(name, bytes.to_vec())]);
    world.settle();
    let files = world.ledger_files();
    assert!(!files.is_empty(), "{name} has no line");
    for file in files.values() {
        let sum = file.bytes_records + file.bytes_rejected + file.bytes_between;
        assert_eq!(sum, file.bytes, "{name}, {seed}: {file:?}");
        assert_eq!(file.records, file.stored + file.rejected, "{name}, {seed}: {file:?}");
        assert_ne!(file.status, FileStatus::Reading, "{name}, {seed}: {file:?}");
    }
    let stored: u64 = files.values().map(|file| file.stored).sum();
    assert_eq!(world.count("Events | count"), stored, "{name}, {seed}");
    files
}

/// Whether some line says that.
#[track_caller]
fn check_says(files: &BTreeMap<String, LedgerFile>, words: &str) {
    let says = |file: &LedgerFile| {
        file.why.contains(words) || file.problems.iter().any(|problem| problem.reason.contains(words))
    };
    assert!(files.values().any(says), "nobody says {words:?}: {files:?}");
}

#[test]
fn containers_beyond_the_fourth_are_not_opened() {
    let mut gzips = samples::lines(0..2);
    for _ in 0..7 {
        gzips = samples::gzip(&gzips);
    }
    check_says(&ledger("x.gz", &gzips, 1), "more than four containers");
    let mut zips = zip(&[("a.jsonl", &samples::lines(0..2))]);
    let mut mixed = samples::lines(0..2);
    for depth in 0..6 {
        zips = zip_stored(&[(&format!("{depth}.zip"), &zips)]);
        mixed = samples::gzip(&tar(&[(&format!("{depth}.tgz"), &mixed)]));
    }
    check_says(&ledger("x.zip", &zips, 2), "more than four containers");
    check_says(&ledger("x.tgz", &mixed, 3), "more than four containers");
}

/// One gzip cannot grow so much; what grows more is given up, and the ledger says why.
#[test]
fn a_gzip_in_a_gzip_stops_growing() {
    let bomb = samples::gzip(&samples::gzip(&vec![0; 68 << 20]));
    let files = ledger("x.gz", &bomb, 4);
    check_says(&files, "inflates to far more than an honest file would");
    assert!(
        files.values().all(|file| file.bytes <= 65 << 20 && file.status != FileStatus::Done),
        "{files:?}"
    );
}

#[test]
fn a_member_gives_no_more_than_the_directory_says() {
    let long = samples::lines(0..400);
    let (packed, short) = (deflate(&long), samples::lines(0..2));
    let mut writer = ZipWriter::default();
    writer.add(Member { content: &short, ..Member::stored("a.jsonl", &long).packed(8, &packed) });
    let files = ledger("x.zip", &writer.finish(), 6);
    check_says(&files, "more comes out than the container says");
    assert!(files["x.zip!/a.jsonl"].stored <= 2);
}

#[test]
fn names_are_labels_and_nothing_else() {
    let log = samples::lines(0..2);
    let long = format!("{}.jsonl", "n".repeat(60_000));
    let names = [
        "../../../etc/passwd.jsonl",
        "/etc/shadow.jsonl",
        "C:\\windows\\a.jsonl",
        "nul\0byte.jsonl",
        &long,
        " ",
    ];
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, log.as_slice())).collect();
    let zipped = ledger("x.zip", &zip(&members), 8);
    assert_eq!(zipped.values().map(|file| file.stored).sum::<u64>(), 12, "{:?}", zipped.keys());
    assert!(zipped.contains_key("x.zip!/../../../etc/passwd.jsonl"));
    assert!(zipped.contains_key("x.zip!/C:/windows/a.jsonl"));
    assert!(zipped.keys().all(|path| !path.chars().any(char::is_control)));
    let packed = ledger("x.tgz", &samples::gzip(&tar(&members)), 9);
    assert_eq!(packed.values().map(|file| file.stored).sum::<u64>(), 12, "{:?}", packed.keys());
    // As long as a screen can use, the ends of them.
    let longest = |files: &BTreeMap<String, LedgerFile>| files.keys().map(|path| path.chars().count()).max();
    assert!(longest(&zipped) < Some(1_100) && longest(&packed) < Some(1_100));
    assert!(zipped.keys().any(|path| path.contains("nn…nn") && path.ends_with("nn.jsonl")));
}

#[test]
fn an_archive_of_archives_without_end_ends() {
    // As one that holds itself: each opening finds two more.
    let mut quine = zip_stored(&[("r.zip", b"")]);
    for _ in 0..12 {
        quine = zip_stored(&[("r.zip", &quine), ("r2.zip", &quine)]);
        if quine.len() > 64 << 10 {
            break;
        }
    }
    let files = ledger("r.zip", &quine, 11);
    check_says(&files, "more than four containers");
    assert!(files.len() <= 40, "{}", files.len());
}

#[test]
fn ten_thousand_empty_members_are_listed() {
    let names: Vec<String> = (0..10_000).map(|at| format!("{at}/")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), [].as_slice())).collect();
    let files = ledger("many.zip", &zip_stored(&members), 12);
    assert!(files.values().all(|file| file.status == FileStatus::Skipped));
}

/// Draws numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}

/// An archive of archives, as the dice fall.
fn archive(dice: &mut Dice, depth: usize) -> Vec<u8> {
    let contents: Vec<Vec<u8>> = (0..1 + dice.below(3))
        .map(|_| match dice.below(if depth == 0 { 3 } else { 5 }) {
            0 => samples::lines(0..dice.below(30) as u32),
            1 => samples::gzip(&samples::records(0..40)),
            2 => (0..dice.below(600)).map(|_| dice.below(256) as u8).collect(),
            _ => archive(dice, depth - 1),
        })
        .collect();
    let names: Vec<String> = (0..contents.len()).map(|at| format!("f{at}")).collect();
    let members: Vec<(&str, &[u8])> =
        names.iter().zip(&contents).map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    match dice.below(4) {
        0 => zip(&members),
        1 => zip_stored(&members),
        2 => tar(&members),
        _ => samples::gzip(&tar(&members)),
    }
}

#[test]
fn random_archives_mutated_anywhere_keep_the_ledger_whole() {
    let mut dice = Dice(0x5EED_C0DE);
    for round in 0..160 {
        let mut bytes = archive(&mut dice, 3);
        for _ in 0..dice.below(6) {
            let at = dice.below(bytes.len());
            match dice.below(4) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..(at + 1 + dice.below(40)).min(bytes.len()))),
                2 => {
                    let part = bytes[at..(at + 80).min(bytes.len())].to_vec();
                    let to = dice.below(bytes.len());
                    bytes.splice(to..to, part);
                }
                _ => {
                    bytes.iter_mut().skip(at).take(1 + dice.below(4)).for_each(|byte| *byte ^= 1 << (at % 8));
                }
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        ledger("x.bin", &bytes, round);
    }
}
