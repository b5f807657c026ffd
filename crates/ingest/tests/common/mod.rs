//! Reads byte strings as files, in one go or in parts, and tells rows and figures in a form that can be compared.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test binary uses a part of it")]

use chartroom_base::ticks::Ticks;
use chartroom_ingest::framing::{Layout, Limits};
use chartroom_ingest::report::{PartReport, Piece};
use chartroom_ingest::{Part, Probe, Reader, Step, Task, formats, job::Job};
use chartroom_schema::kind::Kind;
use chartroom_store::{Store, ValueRef};
use std::collections::BTreeMap;
use std::io::Write;

/// Limits small enough for small files to meet them.
pub const SMALL: Limits =
    Limits { slice_bytes: 64, head_bytes: 64 << 10, record_bytes: 64 << 20, cut_bytes: 100, held_bytes: 300 };

/// What reading a file gave.
pub struct Read {
    /// One text per row: table, offset, length and values, in the order of the file.
    pub rows: Vec<(u64, String)>,
    /// The report in a form that does not show where the file was cut.
    pub figures: Figures,
    pub report: PartReport,
}

#[derive(Debug, PartialEq)]
pub struct Figures {
    pub report: PartReport,
    pub lines: Vec<u64>,
}

impl Read {
    #[track_caller]
    pub fn conserves(&self, name: &str, bytes: u64) {
        let report = &self.report;
        let sum = report.bytes_records + report.bytes_rejected + report.bytes_between;
        assert_eq!(sum, report.bytes(), "{name}: bytes");
        assert_eq!(report.records, report.stored + report.rejected, "{name}: records");
        assert_eq!(report.stored, self.rows.len() as u64, "{name}: rows");
        if report.containers.is_empty() {
            assert_eq!(report.bytes(), bytes, "{name}: all of it");
        }
    }
}

/// A row as it would be exported: column → text. Nulls and empty texts are left out.
pub fn exported(store: &Store, table: &str, row: u32) -> BTreeMap<String, String> {
    let Some(table) = store.table(table) else { return BTreeMap::new() };
    let texts = table.columns().iter().filter_map(|column| {
        let text = match column.value(row) {
            ValueRef::Null | ValueRef::Text("") => return None,
            ValueRef::Bool(value) => value.to_string(),
            ValueRef::Long(value) if column.kind() == Kind::DateTime => Ticks(value).to_string(),
            ValueRef::Long(value) => value.to_string(),
            ValueRef::Real(value) => value.to_string(),
            ValueRef::Text(text) => text.to_owned(),
        };
        Some((column.name().to_owned(), text))
    });
    texts.collect()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn members(bytes: &[u8], size: usize) -> Vec<u8> {
    if bytes.is_empty() { gzip(b"") } else { bytes.chunks(size).flat_map(gzip).collect() }
}

/// Runs a job to its end on a file in memory. Cuts go to `on_cut`.
pub fn run(
    bytes: &[u8],
    part: Part,
    limits: Limits,
    (store, reader): (&mut Store, &mut Reader),
    mut on_cut: impl FnMut(Part),
) -> Ended {
    let task = Task {
        file: 7,
        path: "folder/file.json".to_owned(),
        size: bytes.len() as u64,
        part,
        ..Task::default()
    };
    let mut job = Job::with_limits(task, limits);
    let mut waiting = 0;
    loop {
        while let Some(range) = job.wants() {
            job.deliver(range.start, Ok(bytes[range.start as usize..range.end as usize].to_vec()));
            waiting = 0;
        }
        match job.step(store, reader, 100) {
            Step::Working => {}
            Step::Waiting => {
                waiting += 1;
                assert!(waiting < 3, "waits for nothing");
            }
            Step::Cut { start, end, layout, bytes: None } => on_cut(Part::Records { start, end, layout }),
            Step::Cut { start, layout, bytes: Some(bytes), .. } => {
                on_cut(Part::Given { start, bytes, layout });
            }
            Step::HandBack => return Ended::HandBack,
            Step::Archive { .. } => return Ended::Archive,
            Step::Members { .. } | Step::Within(_) => panic!("members"),
            Step::Probed(probe) => return Ended::Probed(probe),
            Step::Done(report) => return Ended::Done(report),
        }
    }
}

pub enum Ended {
    HandBack,
    Archive,
    Probed(Box<Probe>),
    Done(Box<PartReport>),
}

impl Ended {
    #[track_caller]
    pub fn done(self) -> PartReport {
        match self {
            Self::Done(report) => *report,
            Self::HandBack => panic!("handed back"),
            Self::Probed(_) => panic!("a probe"),
            Self::Archive => panic!("an archive"),
        }
    }
}

pub fn read_whole(bytes: &[u8], limits: Limits) -> Read {
    let (mut store, mut reader) = (Store::default(), Reader::new(formats()));
    let report = run(bytes, Part::Whole, limits, (&mut store, &mut reader), |_| panic!("a cut")).done();
    tell(&mut [store], report)
}

/// Framed ahead by one shard, read by two others, as the engine does it.
pub fn read_framed(bytes: &[u8], limits: Limits) -> Read {
    let mut shards: Vec<(Store, Reader)> =
        (0..3).map(|_| (Store::default(), Reader::new(formats()))).collect();
    let mut parts = Vec::new();
    let (store, reader) = &mut shards[2];
    let mut report = run(bytes, Part::Frame, limits, (store, reader), |part| parts.push(part)).done();
    for (at, part) in parts.into_iter().enumerate().rev() {
        let (store, reader) = &mut shards[at % 2];
        report.merge(run(bytes, part, limits, (store, reader), |_| panic!("a cut")).done());
    }
    report.settle();
    let mut stores: Vec<Store> = shards.into_iter().map(|(store, _)| store).collect();
    tell(&mut stores, report)
}

/// How a probe says that records lie; `None` when there are none.
pub fn layout(bytes: &[u8]) -> Option<Layout> {
    let (mut store, mut reader) = (Store::default(), Reader::new(formats()));
    match run(bytes, Part::Probe, Limits::default(), (&mut store, &mut reader), |_| panic!("a cut")) {
        Ended::Probed(probe) if probe.skip.is_none() => Some(probe.layout),
        _ => None,
    }
}

/// Whether a probe says that these are lines, in a file that can be entered anywhere.
fn is_lines(bytes: &[u8], limits: Limits) -> bool {
    let (mut store, mut reader) = (Store::default(), Reader::new(formats()));
    match run(bytes, Part::Probe, limits, (&mut store, &mut reader), |_| panic!("a cut")) {
        Ended::Probed(probe) => probe.skip.is_none() && probe.layout == Layout::Lines,
        Ended::HandBack | Ended::Archive | Ended::Done(_) => panic!("no probe"),
    }
}

/// Cut at the given places; `None` when these are not lines.
pub fn read_lines(bytes: &[u8], cuts: &[u64], limits: Limits) -> Option<Read> {
    if !is_lines(bytes, limits) {
        return None;
    }
    let size = bytes.len() as u64;
    let ends: Vec<u64> = cuts.iter().copied().chain([size]).collect();
    let mut report = PartReport::default();
    let mut stores = Vec::new();
    let mut start = 0;
    for end in ends {
        let (mut store, mut reader) = (Store::default(), Reader::new(formats()));
        match run(bytes, Part::Lines { start, end }, limits, (&mut store, &mut reader), |_| panic!("a cut")) {
            Ended::Done(part) => report.merge(*part),
            Ended::HandBack => return None,
            Ended::Probed(_) | Ended::Archive => panic!("no part"),
        }
        stores.push(store);
        start = end;
    }
    report.settle();
    Some(tell(&mut stores, report))
}

/// Widens columns to the kind all stores can hold, as the coordinator does.
fn agree(stores: &mut [Store]) {
    let mut kinds: BTreeMap<(String, String), Kind> = BTreeMap::new();
    for table in stores.iter().flat_map(Store::tables) {
        for column in table.columns() {
            let name = (table.name().to_owned(), column.name().to_owned());
            kinds.entry(name).and_modify(|kind| *kind = kind.widen(column.kind())).or_insert(column.kind());
        }
    }
    for store in stores {
        for ((table, column), kind) in &kinds {
            let Some(column) = store.table(table).and_then(|table| table.find(column)) else { continue };
            store.table_mut(table).widen(column, *kind);
        }
    }
}

fn tell(stores: &mut [Store], report: PartReport) -> Read {
    agree(stores);
    let mut rows = Vec::new();
    for table in stores.iter().flat_map(Store::tables) {
        for row in 0..table.row_count() {
            let (chunk, place) = (row as usize >> 16, row as usize & 0xffff);
            if table.live(chunk).is_some_and(|live| !live.get(place)) {
                continue;
            }
            let at = table.row_at(row).unwrap();
            let mut values = BTreeMap::new();
            for column in table.columns() {
                match column.value(row) {
                    ValueRef::Null | ValueRef::Text("") => {}
                    value => {
                        values.insert(column.name(), format!("{value:?}"));
                    }
                }
            }
            rows.push((at.offset, format!("{} {at:?} {values:?}", table.name())));
        }
    }
    rows.sort();
    let lines = report.problems.iter().map(|problem| report.line_of_problem(problem)).collect();
    let mut shown = report.clone();
    for problem in &mut shown.problems {
        problem.newlines_before = 0;
    }
    shown.pieces = join(&report.pieces);
    shown.containers.clear();
    Read { rows, figures: Figures { report: shown, lines }, report }
}

/// Adjacent pieces as one.
fn join(pieces: &[Piece]) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.start < piece.end) {
        match joined.last_mut() {
            Some(last) if last.end == piece.start => {
                last.end = piece.end;
                last.newlines += piece.newlines;
            }
            _ => joined.push(*piece),
        }
    }
    joined
}
