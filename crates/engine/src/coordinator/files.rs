//! What the coordinator knows of each file: how far it is, which shard read which part of it, its ledger row.

use super::load::Stop;
use chartroom_base::ticks::Ticks;
use chartroom_ingest::{
    Hints, Lies, Member, PartReport, Place, Probe, Task,
    framing::Layout,
    job::Part,
    place::Plain,
    report::{PartProblem, Piece, Verdict},
};
use chartroom_protocol::{
    DropNo, FileNo,
    ledger::{ContainerInfo, DigestCheck, EarlierReading, FileStatus, LedgerFile, Problem, SourceFile},
    request::FileInfo,
};
use std::collections::BTreeSet;

/// Ranks of files whose drop is not complete: behind all others, in the order of arrival.
const UNRANKED: u32 = 1 << 31;

/// Which part of a file; as [`Part`], without bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PartKind {
    Probe,
    Whole,
    Lines { start: u64, end: u64 },
    Frame,
    Members { lies: Option<Lies> },
    Records { start: u64, end: u64, layout: Layout },
    Given { start: u64, end: u64 },
}

impl PartKind {
    /// The part as a shard reads it; `None` for bytes that the walk sends by itself.
    pub(crate) fn to_part(&self) -> Option<Part> {
        Some(match self {
            Self::Probe => Part::Probe,
            Self::Whole => Part::Whole,
            Self::Lines { start, end } => Part::Lines { start: *start, end: *end },
            Self::Frame => Part::Frame,
            Self::Members { lies } => Part::Members { lies: *lies },
            Self::Records { start, end, layout } => {
                Part::Records { start: *start, end: *end, layout: layout.clone() }
            }
            Self::Given { .. } => return None,
        })
    }

    /// Whether it gives out what others read.
    pub(crate) const fn is_walk(&self) -> bool {
        matches!(self, Self::Frame | Self::Members { .. })
    }

    /// Its range in the innermost file, when it has one of its own.
    pub(crate) fn range(&self) -> Option<(u64, u64)> {
        match self {
            Self::Lines { start, end } | Self::Records { start, end, .. } | Self::Given { start, end } => {
                Some((*start, *end))
            }
            Self::Probe | Self::Whole | Self::Frame | Self::Members { .. } => None,
        }
    }
}

/// A part that was read: where its rows are.
#[derive(Debug)]
pub(crate) struct DonePart {
    pub(crate) shard: u32,
    pub(crate) kind: PartKind,
    pub(crate) report: PartReport,
    /// Ended before its end: some of its bytes were not read.
    pub(crate) is_stopped: bool,
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing was begun.
    Waiting,
    /// Parts are read or wait to be read.
    Reading,
    /// Nothing more will be read.
    Settled,
}

/// What is known of a file's hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hashes {
    Wanted,
    UnderWay(u32),
    Known(String, String),
    /// Not to be had, or not wanted.
    None,
}

impl Hashes {
    /// Of the file as handed over, and of what is in it.
    pub(crate) fn known(&self) -> Option<(&str, &str)> {
        match self {
            Self::Known(outer, inner) => Some((outer, inner)),
            Self::Wanted | Self::UnderWay(_) | Self::None => None,
        }
    }
}

/// One file as handed over, or a member of an archive.
#[derive(Debug)]
pub(crate) struct FileState {
    /// A member has the archive's path with its own behind, and the bytes of the file as handed over from `place` on.
    pub(crate) info: FileInfo,
    pub(crate) place: Place,
    /// Bytes that will come out, when an archive says so.
    pub(crate) inner: Option<u64>,
    /// Its members are files of their own.
    pub(crate) is_archive: bool,
    /// Members told so far, in the order of the archive.
    pub(crate) members: Vec<u32>,
    /// For a member: the archive that it is one of, and which of its members.
    pub(crate) archive: Option<(u32, u64)>,
    /// Waits for a walk through its archive to come to it.
    pub(crate) awaits_walk: bool,
    /// No walk through its archive brings it.
    pub(crate) is_by_place: bool,
    /// Waits for a password.
    pub(crate) is_locked: bool,
    /// Its members wait for a password, and that was said.
    pub(crate) is_asked: bool,
    pub(crate) drop: DropNo,
    /// Place in the order of identity: drop, then sorted path.
    pub(crate) rank: u32,
    pub(crate) stage: Stage,
    pub(crate) probe: Option<Probe>,
    /// Parts in hand or waiting.
    pub(crate) open: u32,
    pub(crate) parts: Vec<DonePart>,
    /// Ranges that no shard could read: they ended it.
    pub(crate) lost: Vec<PartReport>,
    /// Figures of `parts` and `lost`.
    pub(crate) merged: PartReport,
    /// Why it was not read to its end, when it was not.
    pub(crate) ending: Option<String>,
    /// Whether that was the memory budget.
    pub(crate) is_at_budget: bool,
    /// Parts that waited when reading stopped there.
    pub(crate) left: Vec<PartKind>,
    /// Why it could not be opened.
    pub(crate) trouble: Option<String>,
    /// Why its bytes cannot be had again, once that was tried in vain; what was read stays, and so does its status.
    pub(crate) gone: Option<String>,
    /// Rows of it that are others once more.
    pub(crate) duplicates: u64,
    /// Its size as it was handed over.
    pub(crate) handed_over: u64,
    /// SHA-256 of the file as handed over, when it was wanted before reading; empty when it cannot be had.
    pub(crate) outer: Option<String>,
    /// The file that it is once more: its rows are that one's.
    pub(crate) same_as: Option<u32>,
    /// What came of the hashes it lists.
    pub(crate) digest: Option<DigestCheck>,
    /// Why it is not the file that a digest lists, when it is not.
    pub(crate) altered: Option<String>,
    /// Bytes read of the file as handed over.
    pub(crate) bytes_done: u64,
    pub(crate) hashes: Hashes,
    /// Shards that have its handle.
    pub(crate) holders: BTreeSet<u32>,
    /// It looked like lines and holds none.
    pub(crate) is_framed: bool,
    /// A look at its head ended a shard.
    pub(crate) probe_failed: bool,
    /// To be walked once more, since bytes given out were lost.
    pub(crate) walk_again: bool,
    /// What is known of it besides its bytes.
    pub(crate) hints: Hints,
    /// How it was read before it was overruled, the first first.
    pub(crate) earlier: Vec<EarlierReading>,
    /// It was begun before a log type came that may be its own.
    pub(crate) is_outdated: bool,
}

impl FileState {
    pub(crate) fn new(info: FileInfo, drop: DropNo) -> Self {
        // Until the drop is complete files stand in the order of arrival.
        let rank = UNRANKED | info.file.0;
        Self {
            place: Place::whole(info.file.0),
            handed_over: info.size,
            duplicates: 0,
            outer: None,
            same_as: None,
            info,
            inner: None,
            is_archive: false,
            members: Vec::new(),
            archive: None,
            awaits_walk: false,
            is_by_place: false,
            is_locked: false,
            is_asked: false,
            drop,
            rank,
            stage: Stage::Waiting,
            probe: None,
            open: 0,
            parts: Vec::new(),
            lost: Vec::new(),
            merged: PartReport::default(),
            ending: None,
            is_at_budget: false,
            left: Vec::new(),
            trouble: None,
            gone: None,
            digest: None,
            altered: None,
            bytes_done: 0,
            hashes: Hashes::Wanted,
            holders: BTreeSet::new(),
            is_framed: false,
            probe_failed: false,
            walk_again: false,
            hints: Hints::default(),
            earlier: Vec::new(),
            is_outdated: false,
        }
    }

    /// A member of the archive of that path.
    pub(crate) fn member(
        member: Member,
        file: FileNo,
        drop: DropNo,
        (archive, modified): (&str, i64),
    ) -> Self {
        let path = format!("{archive}!/{}", member.name);
        let mut state = Self::new(FileInfo { file, path, size: member.packed, modified }, drop);
        state.place = member.place;
        state.inner = member.size;
        if let Some(verdict) = member.verdict {
            let piece = Piece { start: 0, end: member.size.unwrap_or(0), newlines: 0 };
            let containers = state.place.containers.clone();
            state.merged = PartReport::unread(verdict, containers, piece);
            state.stage = Stage::Settled;
            state.hashes = Hashes::None;
        }
        state
    }

    /// Whether it has a line in the ledger: an archive has one only when there is something to say of itself.
    pub(crate) fn is_shown(&self) -> bool {
        !self.is_archive
            || self.members.is_empty()
            || self.merged.problem_count > 0
            || self.ending.is_some()
            || self.trouble.is_some()
    }

    /// What a shard is to read of it.
    pub(crate) fn task(&self, part: Part) -> Task {
        let (path, place) = (self.info.path.clone(), self.place.clone());
        Task { file: self.number(), path, size: self.info.size, place, part, hints: self.hints.clone() }
    }

    /// Its bytes were found to lie in the file as handed over as they are.
    pub(crate) fn lies(&mut self, plain: Plain) {
        self.place = self.place.at(plain);
        self.info.size = plain.size;
    }

    /// The file's number as rows bear it.
    pub(crate) const fn number(&self) -> u32 {
        self.info.file.0
    }

    /// Whether bytes of the innermost file are bytes of the file, as far as that is known.
    pub(crate) fn is_packed(&self) -> bool {
        let around = self.place.containers.len();
        !self.place.hops.is_empty()
            || self.merged.containers.len() > around
            || self.probe.as_ref().is_some_and(|probe| probe.containers.len() > around)
    }

    /// Whether its name says that more is inside than its bytes. For guesses only.
    pub(crate) fn looks_packed(&self) -> bool {
        let name = self.info.path.to_ascii_lowercase();
        [".gz", ".tgz", ".zip", ".zst", ".bz2", ".tbz2", ".tzst"].iter().any(|ending| name.ends_with(ending))
    }

    /// Adds what a shard read.
    pub(crate) fn add(&mut self, part: DonePart) {
        self.merged.merge(part.report.clone());
        self.parts.push(part);
    }

    /// Notes why it is not read to its end; the first reason stays.
    pub(crate) fn end(&mut self, reason: &str, stop: Option<Stop>) {
        if self.ending.is_none() {
            self.ending = Some(reason.to_owned());
            self.is_at_budget = stop == Some(Stop::AtBudget);
        }
    }

    /// The first byte that was not read, and the newest event before it.
    pub(crate) fn read_up_to(&self) -> (u64, Option<Ticks>) {
        let byte = self
            .merged
            .pieces
            .iter()
            .fold(0, |end, piece| if piece.start <= end { piece.end.max(end) } else { end });
        let is_before = |part: &&DonePart| part.report.pieces.first().is_some_and(|piece| piece.start < byte);
        (byte, self.parts.iter().filter(is_before).filter_map(|part| part.report.last_time).max())
    }

    /// Writes a range off that ended whoever read it.
    pub(crate) fn lose(&mut self, start: u64, end: u64, reason: &str) {
        let report = PartReport {
            is_partial: true,
            pieces: vec![Piece { start, end, newlines: 0 }],
            records: 1,
            rejected: 1,
            bytes_rejected: end.saturating_sub(start),
            problem_count: 1,
            problems: vec![PartProblem {
                offset: start,
                len: end.saturating_sub(start),
                newlines_before: 0,
                reason: reason.to_owned(),
                is_loss: true,
            }],
            ..PartReport::default()
        };
        self.merged.merge(report.clone());
        self.lost.push(report);
    }

    /// Adds the figures up anew, after parts were taken out.
    pub(crate) fn recount(&mut self) {
        self.merged = PartReport::default();
        for report in self.parts.iter().map(|part| &part.report).chain(&self.lost) {
            self.merged.merge(report.clone());
        }
    }

    /// Forgets all that was read.
    pub(crate) fn reset(&mut self) {
        self.parts.clear();
        self.lost.clear();
        self.merged = PartReport::default();
        self.bytes_done = 0;
        self.open = 0;
    }

    /// Whether a range was read or written off already.
    pub(crate) fn has_range(&self, start: u64, end: u64) -> bool {
        self.parts.iter().any(|part| part.kind.range() == Some((start, end)))
            || self
                .lost
                .iter()
                .any(|lost| lost.pieces.first().is_some_and(|piece| (piece.start, piece.end) == (start, end)))
    }

    /// How it stands.
    pub(crate) fn status(&self) -> FileStatus {
        if self.stage != Stage::Settled {
            return FileStatus::Reading;
        }
        if self.trouble.is_some() && self.merged.records == 0 {
            return FileStatus::Failed;
        }
        if self.ending.is_some() || self.trouble.is_some() {
            return FileStatus::Partial;
        }
        match &self.merged.verdict {
            Verdict::NoEvents(_) if self.is_archive && self.merged.is_partial => FileStatus::Partial,
            Verdict::NoEvents(_) => FileStatus::Skipped,
            Verdict::NotRead(_) => FileStatus::Failed,
            Verdict::Events if self.merged.is_partial && self.merged.stored == 0 => FileStatus::Failed,
            Verdict::Events if self.merged.is_partial => FileStatus::Partial,
            Verdict::Events => FileStatus::Done,
        }
    }

    /// Share of it that was read.
    pub(crate) fn share(&self) -> f64 {
        if self.stage == Stage::Settled && self.ending.is_none() {
            return 1.0;
        }
        if self.info.size == 0 { 0.0 } else { (self.bytes_done as f64 / self.info.size as f64).min(1.0) }
    }

    /// Its row of the ledger. `source`: the file as handed over, when this is a member.
    pub(crate) fn ledger(&self, source: Option<&Self>) -> LedgerFile {
        let report = &self.merged;
        debug_assert_eq!(report.records, report.stored + report.rejected, "{}", self.info.path);
        debug_assert_eq!(
            report.bytes(),
            report.bytes_records + report.bytes_rejected + report.bytes_between,
            "bytes of {}",
            self.info.path
        );
        let inner = self.hashes.known().map(|(_, inner)| inner.to_owned());
        let source = source.unwrap_or(self);
        let sha256 = source.hashes.known().map(|(outer, _)| outer.to_owned());
        let mut problems: Vec<Problem> = report
            .problems
            .iter()
            .map(|problem| Problem {
                offset: problem.offset,
                len: problem.len,
                line: (self.stage == Stage::Settled && self.lost.is_empty() && self.ending.is_none())
                    .then(|| report.line_of_problem(problem)),
                reason: problem.reason.clone(),
                is_loss: problem.is_loss,
            })
            .collect();
        let mut problem_count = report.problem_count;
        for reason in [&self.ending, &self.trouble, &self.gone, &self.altered].into_iter().flatten() {
            problems.push(Problem {
                offset: report.bytes(),
                len: 0,
                line: None,
                reason: reason.clone(),
                is_loss: false,
            });
            problem_count += 1;
        }
        let why = match report.why() {
            "" => self.trouble.as_ref().or(self.ending.as_ref()).cloned().unwrap_or_default(),
            why => why.to_owned(),
        };
        let checked = self.digest.as_ref().map_or_else(String::new, super::digests::in_words);
        let more = [&self.gone, &self.altered].map(|reason| reason.as_deref().unwrap_or_default());
        let why: Vec<&str> =
            [why.as_str(), checked.as_str()].into_iter().chain(more).filter(|why| !why.is_empty()).collect();
        let why = why.join("; ");
        let table =
            report.tables.iter().max_by_key(|(name, rows)| (**rows, std::cmp::Reverse((*name).clone())));
        LedgerFile {
            file: self.info.file,
            path: self.info.path.clone(),
            status: self.status(),
            source: SourceFile { name: source.info.path.clone(), bytes: source.info.size, sha256 },
            containers: report
                .containers
                .iter()
                .map(|container| ContainerInfo { kind: container.kind.clone(), name: container.name.clone() })
                .collect(),
            bytes: report.bytes(),
            sha256: inner,
            format: report.main_format().to_owned(),
            why,
            table: table.map_or_else(String::new, |(name, _)| name.clone()),
            tables: report.tables.clone(),
            records: report.records,
            stored: report.stored,
            rejected: report.rejected,
            repaired: report.repaired,
            duplicates: self.duplicates,
            same_as: self.same_as.map(FileNo),
            digest: self.digest.clone(),
            bytes_records: report.bytes_records,
            bytes_rejected: report.bytes_rejected,
            bytes_between: report.bytes_between,
            first_time: report.first_time,
            last_time: report.last_time,
            problems,
            problem_count,
            share: self.share(),
            recognised: self.recognised(),
            earlier: self.earlier.clone(),
            own_format: report.own.clone(),
        }
    }
}

/// A folder entry that could not be opened, as a file of the ledger.
pub(crate) fn unreadable(file: FileNo, drop: DropNo, path: String, reason: String) -> FileState {
    let mut state = FileState::new(FileInfo { file, path, size: 0, modified: 0 }, drop);
    state.stage = Stage::Settled;
    state.hashes = Hashes::None;
    state.trouble = Some(reason);
    state
}
