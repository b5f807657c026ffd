//! A look at the head of a file: what it is, how it is laid out, what it will cost.

use crate::formats::Formats;
use crate::framing::detect::Found;
use crate::framing::{Context, Layout};
use crate::job::{Job, Step, Task};
use crate::place::Plain;
use crate::reader::Reader;
use crate::report::{Container, PartReport, Verdict};
use chartroom_store::Store;
use serde::{Deserialize, Serialize};

/// What the first bytes of a file say about all of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Containers around the innermost file, outermost first.
    pub containers: Vec<Container>,
    /// Where its bytes lie as they are: then parts may be read by offset. `None`: it is packed.
    pub plain: Option<Plain>,
    /// How records lie in the innermost file.
    pub layout: Layout,
    /// Why, in words.
    pub why: String,
    /// Bytes of the innermost file: exact when there is no container, else from the ratio at its start.
    pub estimated_bytes: u64,
    /// Memory that one byte of the innermost file will take in the store, from the records at its start.
    pub memory_per_byte: f64,
    /// Set when there is nothing to read: the file's whole report, with the reason in its verdict.
    pub skip: Option<Box<PartReport>>,
}

/// Bytes of the outer file that are looked at.
pub(crate) const SAMPLE: u64 = 256 << 10;
/// Bytes of the innermost file from which the cost of the rest is foretold.
const MEASURED: usize = 1 << 20;
/// What a byte costs when nothing could be measured, and the range a measurement is held to.
const USUAL_COST: f64 = 0.4;
const LEAST_COST: f64 = 0.05;
const MOST_COST: f64 = 2.0;

/// What a probe has at hand.
pub(crate) struct Sample<'a> {
    /// The head of the innermost file.
    pub(crate) bytes: &'a [u8],
    /// Bytes of the outer file it came from.
    pub(crate) outer: u64,
    /// Size of the outer file.
    pub(crate) size: u64,
    /// Whether that is all of the file.
    pub(crate) is_all: bool,
    /// Containers around it.
    pub(crate) containers: Vec<Container>,
    /// Where its bytes lie as they are.
    pub(crate) plain: Option<Plain>,
}

/// What the sample says.
pub(crate) fn judge(sample: Sample<'_>, found: Found, formats: &'static Formats) -> Probe {
    let inner = sample.bytes.len() as u64;
    let estimated_bytes = if let Some(plain) = sample.plain {
        plain.size
    } else if sample.is_all || sample.outer == 0 {
        inner
    } else {
        (inner as f64 * (sample.size as f64 / sample.outer as f64)) as u64
    };
    let (layout, why) = match found {
        Found::Text { layout, why, .. } => (layout, why.to_owned()),
        Found::Nothing(verdict) => {
            let (Verdict::NoEvents(reason) | Verdict::NotRead(reason)) = &verdict else {
                return Probe::default();
            };
            // Of a compressed file the size is only known after inflating all of it: then a walk says there is nothing.
            let why = reason.clone();
            let containers = sample.containers;
            let skip = sample.plain.map(|plain| {
                let piece = crate::report::Piece { start: 0, end: plain.size, newlines: 0 };
                Box::new(PartReport::unread(verdict, containers.clone(), piece))
            });
            let layout = Layout::Framed(Context::default());
            let plain = sample.plain;
            return Probe { containers, plain, layout, why, estimated_bytes, memory_per_byte: 0.0, skip };
        }
    };
    let memory_per_byte = cost(sample.bytes.get(..MEASURED).unwrap_or(sample.bytes), formats);
    let Sample { containers, plain, .. } = sample;
    Probe { containers, plain, layout, why, estimated_bytes, memory_per_byte, skip: None }
}

/// The probe of a file that holds nothing to read.
pub(crate) fn nothing(report: PartReport) -> Probe {
    Probe {
        containers: report.containers.clone(),
        plain: None,
        layout: Layout::Framed(Context::default()),
        why: report.why().to_owned(),
        estimated_bytes: report.bytes(),
        memory_per_byte: 0.0,
        skip: Some(Box::new(report)),
    }
}

/// Memory per byte of records: what the second half of the sample adds to a store that has read the first.
fn cost(bytes: &[u8], formats: &'static Formats) -> f64 {
    let mut store = Store::default();
    let mut reader = Reader::new(formats);
    let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
    let first = read(half, &mut store, &mut reader);
    let after_first = store.memory();
    let second = read(bytes, &mut store, &mut reader);
    let more = store.memory().saturating_sub(after_first);
    if first == 0 || second == 0 {
        return USUAL_COST;
    }
    (more as f64 / second as f64).clamp(LEAST_COST, MOST_COST)
}

/// Reads `bytes` as a file; the bytes of records that were stored.
fn read(bytes: &[u8], store: &mut Store, reader: &mut Reader) -> u64 {
    let size = bytes.len() as u64;
    let mut job = Job::new(Task { size, ..Task::default() });
    loop {
        while let Some(range) = job.wants() {
            let place = |offset| usize::try_from(offset).unwrap_or(usize::MAX);
            let slice = bytes.get(place(range.start)..place(range.end)).unwrap_or_default();
            job.deliver(range.start, Ok(slice.to_vec()));
        }
        match job.step(store, reader, usize::MAX) {
            Step::Working => {}
            Step::Done(report) => return report.bytes_records,
            // A whole file from memory neither waits nor is it cut.
            Step::Waiting
            | Step::Cut { .. }
            | Step::HandBack
            | Step::Archive { .. }
            | Step::Members { .. }
            | Step::Within(_)
            | Step::Probed(_) => return 0,
        }
    }
}
