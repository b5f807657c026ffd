//! Whole files: real samples where they are at hand, and everything that is no log.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use chartroom_ingest::framing::Limits;
use chartroom_ingest::inner::{Inner, Pulled};
use chartroom_ingest::place::Place;
use chartroom_ingest::report::Verdict;
use common::{Ended, SMALL, gzip, read_framed, read_lines, read_whole, run};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples")
}

fn files_under(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { files_under(&path, files) } else { files.push(path) }
    }
}

#[test]
fn every_sample_conserves_and_does_not_care_how_it_is_cut() {
    let mut files = Vec::new();
    files_under(&samples(), &mut files);
    if files.is_empty() {
        println!("skipped: 0 samples at hand");
        return;
    }
    let counts: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_slice(&std::fs::read(samples().join("counts.json")).unwrap()).unwrap();
    let mut compared = 0;
    for path in &files {
        let name = path.strip_prefix(samples()).unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(path).unwrap();
        let whole = read_whole(&bytes, Limits::default());
        whole.conserves(&name, bytes.len() as u64);
        let limits = Limits { slice_bytes: 10_000, cut_bytes: 20_000, ..Limits::default() };
        let cuts: Vec<u64> = (0..bytes.len() as u64).step_by(9_973).collect();
        let parts = read_lines(&bytes, &cuts, limits).unwrap_or_else(|| read_framed(&bytes, limits));
        assert_eq!(whole.figures, parts.figures, "{name}");
        assert_eq!(whole.rows, parts.rows, "{name}");
        let packed = read_framed(&gzip(&bytes), limits);
        if whole.report.rejected == 0 && whole.report.verdict == Verdict::Events {
            assert_eq!(whole.figures, packed.figures, "{name}, packed");
            assert_eq!(whole.rows, packed.rows, "{name}, packed");
        }
        let Some(count) = counts.get(&name) else { continue };
        if let Ok(expected) = count["events"].split(" rows").next().unwrap_or_default().parse::<u64>() {
            let report = &whole.report;
            // The index counts what lies side by side; several records wrapped in one are one to it.
            let ranges: BTreeSet<u64> = whole.rows.iter().map(|(offset, _)| *offset).collect();
            let found = ranges.len() as u64 + report.not_events;
            assert_eq!(found, expected, "{name}: {:?} {:?}", report.verdict, report.problems);
            assert_eq!(report.rejected, 0, "{name}: {:?}", report.problems);
            compared += 1;
        }
    }
    println!("{} samples, {compared} with known counts", files.len());
}

#[track_caller]
fn verdict(bytes: &[u8], expected: &str) {
    let whole = read_whole(bytes, SMALL);
    whole.conserves(expected, bytes.len() as u64);
    let found = format!("{:?}", whole.report.verdict);
    assert!(found.contains(expected), "{found}");
    assert_eq!(whole.report.records, 0);
}

#[test]
fn what_is_no_log_says_what_it_is() {
    verdict(b"", "NoEvents(\"empty\")");
    verdict(b"\n \r\n", "NoEvents(\"nothing but blanks\")");
    verdict(b"Dear all,\nthe meeting is off.\n", "NoEvents(\"text");
    verdict(b"a,b,c\n", "NoEvents(\"no records");
    verdict(b"{\"Records\":[]}", "NoEvents(\"no records");
    verdict(&gzip(b"plain text"), "NoEvents(\"text");
    verdict(&gzip(b""), "NoEvents(\"empty\")");
    verdict(&gzip(&gzip(&gzip(&gzip(&gzip(b"{\"a\":1}"))))), "NotRead(\"more than four");
    verdict(&[0x1F, 0x8B, 8, 0, 1], "NotRead(\"gzip is cut short");
    verdict(
        &[0x1F, 0x8B, 8, 0xFF, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18],
        "NotRead(\"gzip is",
    );
}

#[test]
fn folder_junk_is_not_even_read() {
    use chartroom_ingest::{Step, Task, job::Job};
    let task = Task { path: "a/.DS_Store".to_owned(), size: 5, ..Task::default() };
    let mut job = Job::new(task);
    assert_eq!(job.wants(), None);
    let mut reader = chartroom_ingest::Reader::new(chartroom_ingest::formats());
    let Step::Done(report) = job.step(&mut chartroom_store::Store::default(), &mut reader, 1) else {
        panic!()
    };
    assert!(matches!(report.verdict, Verdict::NoEvents(_)));
    assert_eq!((report.bytes(), report.bytes_between), (5, 5));
}

const LINES: &str = "{\"level\":\"a\",\"n\":1}\n{\"level\":\"b\",\"n\":2}\n{\"level\":\"c\",\"n\":3}\n";

#[test]
fn a_gzip_cut_short_keeps_what_came_before() {
    let text = LINES.repeat(2_000);
    let packed = gzip(text.as_bytes());
    for keep in [packed.len() - 1, packed.len() - 9, packed.len() / 2] {
        let whole = read_whole(&packed[..keep], SMALL);
        whole.conserves("cut short", 0);
        assert!(whole.report.is_partial);
        assert!(whole.report.stored > 100);
        assert!(whole.report.problems.iter().any(|problem| problem.reason.contains("cut short")));
    }
    let mut damaged = packed;
    let end = damaged.len() - 6;
    damaged[end] ^= 1;
    let whole = read_whole(&damaged, SMALL);
    assert!(whole.report.is_partial && whole.report.stored == 6_000, "{:?}", whole.report.problems);
}

#[test]
fn what_follows_a_gzip_is_noted() {
    for (tail, note) in [(&[0_u8; 300][..], "zeros"), (b"junk", "bytes after"), (b"\x1F\x8B", "bytes after")]
    {
        let mut packed = gzip(LINES.as_bytes());
        packed.extend_from_slice(tail);
        let whole = read_whole(&packed, SMALL);
        assert_eq!((whole.report.stored, whole.report.is_partial), (3, false));
        assert!(whole.report.problems[0].reason.starts_with(note), "{:?}", whole.report.problems);
    }
}

#[test]
fn containers_are_told_by_bytes_and_named() {
    let packed = flate2::GzBuilder::new().filename("inner.json");
    let mut encoder = packed.write(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, LINES.as_bytes()).unwrap();
    let whole = read_whole(&gzip(&encoder.finish().unwrap()), SMALL);
    let names: Vec<(&str, &str)> =
        whole.report.containers.iter().map(|c| (c.kind.as_str(), c.name.as_str())).collect();
    assert_eq!(names, [("gzip", ""), ("gzip", "inner.json")]);
    assert_eq!(whole.report.stored, 3);
}

#[test]
fn a_bomb_is_stopped() {
    let mut bomb = vec![b' '; 80 << 20];
    for _ in 0..3 {
        bomb = gzip(&bomb);
    }
    let whole = read_whole(&bomb, Limits::default());
    assert!(whole.report.is_partial, "{:?}", whole.report.verdict);
}

#[test]
fn a_probe_foretells_sizes() {
    use chartroom_ingest::{Part, Reader, formats};
    let text = LINES.repeat(40_000);
    let (mut store, mut reader) = (chartroom_store::Store::default(), Reader::new(formats()));
    let mut probe =
        |bytes: &[u8]| match run(bytes, Part::Probe, Limits::default(), (&mut store, &mut reader), |_| {}) {
            Ended::Probed(probe) => probe,
            Ended::HandBack | Ended::Archive | Ended::Done(_) => panic!("no probe"),
        };
    let plain = probe(text.as_bytes());
    assert_eq!(plain.estimated_bytes, text.len() as u64);
    assert!(plain.memory_per_byte < 2.0);
    let packed = probe(&gzip(text.as_bytes()));
    let ratio = packed.estimated_bytes as f64 / text.len() as f64;
    assert!((0.9..1.1).contains(&ratio), "{ratio}");
    assert!(probe(b"nothing here").skip.is_some());
}

#[test]
fn raw_bytes_are_read_again() {
    let text = LINES.repeat(5_000);
    let packed: Vec<u8> = text.as_bytes().chunks(70_001).flat_map(gzip).collect();
    for (bytes, is_packed) in [(text.as_bytes(), false), (&packed[..], true)] {
        for (offset, len) in [(0, 20), (21, 19), (200_000, 100), (text.len() as u64 - 5, 5)] {
            let place = Place::default();
            let size = bytes.len() as u64;
            let (mut inner, skip) = if is_packed {
                (Inner::new(&place, size), offset as usize)
            } else {
                (Inner::range(&place, offset..offset + len), 0)
            };
            let mut found = Vec::new();
            loop {
                while let Some(range) = inner.wants() {
                    inner.deliver(range.start, Ok(bytes[range.start as usize..range.end as usize].to_vec()));
                }
                match inner.pull(&mut 1_000) {
                    Pulled::Bytes(bytes) => found.extend(bytes),
                    Pulled::Working | Pulled::Waiting => {}
                    Pulled::End => break,
                }
            }
            let found = found.get(skip..skip + len as usize).unwrap();
            assert_eq!(found, &text.as_bytes()[offset as usize..(offset + len) as usize]);
        }
    }
}

#[test]
fn a_file_that_shrank_is_partial() {
    use chartroom_ingest::{Reader, Step, Task, formats, job::Job};
    let (mut store, mut reader) = (chartroom_store::Store::default(), Reader::new(formats()));
    let task = Task { size: 1_000, ..Task::default() };
    let mut job = Job::new(task);
    let range = job.wants().unwrap();
    job.deliver(range.start, Ok(LINES.as_bytes().to_vec()));
    let report = loop {
        match job.step(&mut store, &mut reader, 1_000) {
            Step::Done(report) => break report,
            Step::Working => {}
            step => panic!("{step:?}"),
        }
    };
    assert_eq!((report.stored, report.is_partial), (3, true));
    assert!(report.problems[0].reason.contains("shorter"));
}
