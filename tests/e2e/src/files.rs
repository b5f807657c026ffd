//! Made-up files to drop, written once into `target/journeys-data/` and kept.
//!
//! **Invariant:** the same on every machine: no clock, no randomness. Change [`VERSION`] when the content changes.

use crate::{
    data::{cloudtrail, cloudtrail::Trail, fhir},
    outcome::Outcome,
};
use flate2::{Compression, write::GzEncoder};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Part of the folder's name: older content is never taken for today's.
const VERSION: &str = "1";

/// Files of [`Files::many_small`], and records in each.
pub(crate) const SMALL_FILES: u64 = 3_000;
pub(crate) const RECORDS_PER_SMALL_FILE: u64 = 12;

/// Bytes of the large files, about.
const LARGE: u64 = 300_000_000;
const OVER_BUDGET: u64 = 1_000_000_000;

/// The folder with the files.
#[derive(Debug)]
pub(crate) struct Files {
    folder: PathBuf,
}

impl Files {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder: folder.join(VERSION) }
    }

    /// A folder as a trail's bucket has it: 3,000 `.json.gz` in folders by region and day.
    pub(crate) fn many_small(&self) -> Outcome<PathBuf> {
        self.once("bucket/AWSLogs", |folder| {
            for number in 0..SMALL_FILES {
                let path = folder.join(cloudtrail::path_in_bucket(number));
                if let Some(parent) = path.parent() {
                    std::fs::create_dir_all(parent)?;
                }
                let first = number * RECORDS_PER_SMALL_FILE;
                let text = Trail::PLAIN.records(first..first + RECORDS_PER_SMALL_FILE);
                std::fs::write(path, gzip(&text)?)?;
            }
            Ok(())
        })
    }

    /// CloudTrail as JSON Lines, 300 MB in one file; the records of [`Files::large_count`].
    pub(crate) fn large_lines(&self) -> Outcome<PathBuf> {
        self.once("cloudtrail-300-mb.jsonl", |file| lines(file, Trail::PLAIN, LARGE))
    }

    /// The same records as one `{"Records":[…]}` on one line.
    pub(crate) fn large_records(&self) -> Outcome<PathBuf> {
        self.once("cloudtrail-300-mb.json", |path| {
            let mut file = BufWriter::new(File::create(path)?);
            file.write_all(b"{\"Records\":[")?;
            let mut record = Vec::new();
            for number in 0..self.large_count() {
                if number > 0 {
                    file.write_all(b",")?;
                }
                record.clear();
                Trail::PLAIN.write(number, &mut record);
                file.write_all(&record)?;
            }
            file.write_all(b"]}\n")?;
            file.flush()
        })
    }

    /// Records in each of the large files.
    pub(crate) fn large_count(&self) -> u64 {
        Trail::PLAIN.count_for(LARGE)
    }

    /// 1 GB of JSON Lines whose values hardly repeat, so that they need memory.
    pub(crate) fn over_budget(&self) -> Outcome<PathBuf> {
        self.once("cloudtrail-1-gb.jsonl", |file| lines(file, Trail::DENSE, OVER_BUDGET))
    }

    /// CloudTrail as JSON Lines with so many records.
    pub(crate) fn trail(&self, name: &str, records: u64) -> Outcome<PathBuf> {
        self.once(&format!("{records}-{name}"), |path| std::fs::write(path, Trail::PLAIN.lines(0..records)))
    }

    /// FHIR audit as a storage account has it, with so many records.
    pub(crate) fn fhir(&self, name: &str, records: u64) -> Outcome<PathBuf> {
        self.once(&format!("{records}-{name}"), |path| {
            let mut file = BufWriter::new(File::create(path)?);
            for number in 0..records {
                file.write_all(fhir::line(number).as_bytes())?;
            }
            file.flush()
        })
    }

    /// A small file with a content of its own; written anew each time.
    pub(crate) fn small(&self, name: &str, content: &[u8]) -> Outcome<PathBuf> {
        let path = self.folder.join("small").join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, content)?;
        Ok(path)
    }

    /// Writes it beside its place and moves it there when it is whole, unless it is there.
    fn once(&self, name: &str, write: impl FnOnce(&Path) -> io::Result<()>) -> Outcome<PathBuf> {
        let path = self.folder.join(name);
        if path.exists() {
            return Ok(path);
        }
        let part = self.folder.join(format!("{name}.part"));
        if part.is_dir() {
            std::fs::remove_dir_all(&part)?;
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        write(&part)?;
        std::fs::rename(&part, &path)?;
        Ok(path)
    }
}

/// One gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn lines(path: &Path, trail: Trail, bytes: u64) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut record = Vec::new();
    for number in 0..trail.count_for(bytes) {
        record.clear();
        trail.write(number, &mut record);
        record.push(b'\n');
        file.write_all(&record)?;
    }
    file.flush()
}
