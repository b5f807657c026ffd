//! An archive's members, listed: a zip's by its directory, all others' from the front.
//!
//! **Invariant:** nothing of a member is trusted: its range lies within the archive, ranges that overlap are refused (one
//! stretch of bytes that is many members is how a small zip becomes petabytes), and names are only labels.

mod front;

use crate::container::zip::directory::{Directory, Listed, least_len};
use crate::container::zip::{Entry, LISTING_COST};
use crate::container::{self, Archive, magic};
use crate::framing::Limits;
use crate::members::Member;
use crate::place::{Hop, Place};
use crate::report::{Container, PartProblem, PartReport, Piece, Verdict};
use crate::source::Source;
use crate::source::stream::Stream;
use front::Front;
use std::collections::VecDeque;
use std::ops::Range;

/// Members told at once.
const BATCH: usize = 256;

/// An archive being listed.
#[derive(Debug)]
pub(crate) struct Listing {
    place: Place,
    size: u64,
    limits: Limits,
    reading: Reading,
    /// Members of the directory that are not told yet.
    found: Option<VecDeque<(Entry, Range<u64>)>>,
    kind: &'static str,
    count: u64,
    /// One past the last byte of the member before.
    taken: u64,
    problems: Vec<(String, bool)>,
    verdict: Option<Verdict>,
}

/// How members are found.
#[derive(Debug)]
enum Reading {
    Directory(Box<Directory>),
    Front(Box<Front>),
}

/// What came of a step.
#[derive(Debug)]
pub(crate) enum Told {
    Working,
    Waiting,
    Members(Vec<Member>),
    /// The same, and bytes of the last of them.
    Held(Vec<Member>, Vec<u8>),
    /// The same; the bytes of the last of them come next.
    Begun(Vec<Member>),
    /// More of its bytes.
    Bytes(Vec<u8>),
    /// All of its bytes came.
    Passed,
    /// No more members.
    Over,
    Done(Box<PartReport>),
}

impl Listing {
    /// Of the archive in the `size` bytes of `place`. `lies`: what it is, when it lies there as it is.
    pub(crate) fn new(place: Place, size: u64, limits: Limits, lies: Option<Archive>) -> Self {
        let reading = match lies {
            Some(Archive::Zip) => {
                Reading::Directory(Box::new(Directory::new(place.start, size, limits.slice_bytes)))
            }
            lies => Reading::Front(Box::new(Front::new(place.clone(), size, limits, lies))),
        };
        Self::reading(place, size, limits, reading)
    }

    /// Of the archive whose bytes come out of `stream`, behind those in `view`.
    pub(crate) fn within(place: Place, size: u64, limits: Limits, stream: Stream, view: Vec<u8>) -> Self {
        let front = Front::within(place.clone(), size, limits.held_bytes, stream, view);
        Self::reading(place, size, limits, Reading::Front(Box::new(front)))
    }

    fn reading(place: Place, size: u64, limits: Limits, reading: Reading) -> Self {
        Self {
            place,
            size,
            limits,
            reading,
            found: None,
            kind: "zip",
            count: 0,
            taken: 0,
            problems: Vec::new(),
            verdict: None,
        }
    }

    pub(crate) fn source(&self) -> &Source {
        match &self.reading {
            Reading::Directory(directory) => directory.source(),
            Reading::Front(front) => front.stream().source(),
        }
    }

    pub(crate) fn source_mut(&mut self) -> &mut Source {
        match &mut self.reading {
            Reading::Directory(directory) => directory.source_mut(),
            Reading::Front(front) => front.stream_mut().source_mut(),
        }
    }

    pub(crate) fn step(&mut self, fuel: &mut usize) -> Told {
        let directory = match &mut self.reading {
            Reading::Directory(directory) => directory,
            Reading::Front(front) => {
                let told = front.step(fuel);
                let Told::Over = told else { return told };
                let (kind, count) = front.facts();
                (self.kind, self.count) = (kind, count as u64);
                let problems = front.problems();
                self.problems.extend(problems);
                return self.done();
            }
        };
        if self.found.is_none() && self.verdict.is_none() {
            let listed = directory.step(fuel);
            if let Some(note) = directory.note() {
                self.problems.push((note.to_owned(), true));
            }
            match listed {
                Listed::Working => return Told::Working,
                Listed::Waiting => return Told::Waiting,
                Listed::Done(found) => {
                    if let Some(what) = office_document(&found) {
                        self.verdict = Some(Verdict::NotRead(what.to_owned()));
                    }
                    self.found = Some(found.into());
                }
                Listed::Missing(reason) => {
                    let what = format!("{reason}; members were looked for from its front");
                    self.problems.push((what, true));
                    let front = Front::new(self.place.clone(), self.size, self.limits, Some(Archive::Zip));
                    self.reading = Reading::Front(Box::new(front));
                    return Told::Working;
                }
                Listed::Split => self.verdict = Some(Verdict::NotRead(SPLIT.to_owned())),
            }
        }
        if self.verdict.is_some() {
            return self.done();
        }
        let mut members = Vec::new();
        while members.len() < BATCH {
            let Some((entry, range)) = self.found.as_mut().and_then(VecDeque::pop_front) else { break };
            members.push(self.member(entry, range));
        }
        *fuel = fuel.saturating_sub(members.len().saturating_mul(LISTING_COST));
        if members.is_empty() {
            return self.done();
        }
        self.count = self.count.saturating_add(members.len() as u64);
        Told::Members(members)
    }

    fn member(&mut self, entry: Entry, range: Range<u64>) -> Member {
        let size = entry.member.size;
        let verdict = self.judge(&entry, &range);
        let end = range.start.saturating_add(least_len(&entry));
        self.taken = self.taken.max(end);
        let mut place = Place {
            source: self.place.source,
            start: self.place.start.saturating_add(range.start),
            hops: vec![Hop::Zip(entry.member)],
            containers: self.place.containers.clone(),
            password: None,
        };
        place.containers.push(Container { kind: "zip".to_owned(), name: entry.name.clone() });
        let packed = range.end.saturating_sub(range.start);
        Member { name: entry.name, place, packed, size, verdict }
    }

    /// Why there is nothing to read in a member, if that is so.
    fn judge(&self, entry: &Entry, range: &Range<u64>) -> Option<Verdict> {
        let no_events = |reason: &str| Some(Verdict::NoEvents(reason.to_owned()));
        if entry.name.ends_with('/') {
            return no_events("a folder");
        }
        if let Some(reason) = magic::junk_by_path(&entry.name) {
            return no_events(reason);
        }
        let is_overlapping = range.start < self.taken && self.count > 0 || range.start >= self.size;
        let is_short = range.start.saturating_add(least_len(entry)) > range.end;
        if is_overlapping || is_short {
            let reason = "its bytes overlap another member's or the zip's end: damaged, or made to harm";
            return Some(Verdict::NotRead(reason.to_owned()));
        }
        container::why_unreadable(&entry.member).map(Verdict::NotRead)
    }

    fn done(&mut self) -> Told {
        let verdict = self.verdict.take().unwrap_or_else(|| {
            let emptiness = if self.count == 0 { "an empty" } else { "a" };
            Verdict::NoEvents(format!("{emptiness} {} archive", self.kind))
        });
        // What it is said to be of is its ledger line's: the archive itself, without a member's name.
        let piece = Piece { start: 0, end: self.size, newlines: 0 };
        let mut report = PartReport::unread(verdict, self.place.containers.clone(), piece);
        for (reason, is_loss) in self.problems.drain(..) {
            report.is_partial |= is_loss;
            report.problem_count = report.problem_count.saturating_add(1);
            report.problems.push(PartProblem {
                offset: self.size,
                len: 0,
                newlines_before: 0,
                reason,
                is_loss,
            });
        }
        Told::Done(Box::new(report))
    }
}

const SPLIT: &str =
    "one part of a split zip: join the parts first (zip -s 0 parts.zip --out whole.zip), then drop the whole";

/// What a zip is whose members are an office document's.
fn office_document(found: &[(Entry, Range<u64>)]) -> Option<&'static str> {
    let has = |name: &str| found.iter().any(|(entry, _)| entry.name == name);
    if !has("[Content_Types].xml") {
        return None;
    }
    Some(if has("xl/workbook.xml") {
        "an Excel workbook: save its sheets as CSV and drop those"
    } else {
        "an Office document, no log"
    })
}
