//! The beginning of a job: the head of the file says what it is and which walk it needs.

use super::{Job, Lies, Part, Phase, Step, reading};
use crate::container::{self, Archive, magic};
use crate::driver::{Cutting, Sink};
use crate::encoding::Encoding;
use crate::formats::own::{self, MAX_BYTES, read_own};
use crate::framing::detect::{self, Found};
use crate::framing::rows::table_name;
use crate::framing::{BOM, Layout};
use crate::hints::Around;
use crate::probe;
use crate::reader::Reader;
use crate::report::{PartProblem, PartReport, Piece, Verdict};
use chartroom_store::Store;

impl Job {
    /// Collects the head of the file and judges it.
    pub(super) fn head(&mut self, store: &mut Store, reader: &mut Reader, fuel: &mut usize) -> Option<Step> {
        if let Some(reason) = self.junk() {
            return self.nothing(Verdict::NoEvents(reason.to_owned()));
        }
        let needed = self.limits.head_bytes.max(magic::NEEDED);
        let sample = if matches!(self.task.part, Part::Probe) { usize::MAX } else { needed };
        // One byte more than is judged tells whether that is all.
        while self.window.bytes().len() <= sample && !self.window.is_last() {
            if let Some(step) = self.feed(fuel) {
                return Some(step);
            }
        }
        let bytes = self.window.bytes();
        if bytes.is_empty() {
            let reason =
                self.stream.problems().find(|(_, is_loss)| *is_loss).map(|(reason, _)| reason.to_owned());
            if let Some(reason) = reason {
                return self.nothing(Verdict::NotRead(reason));
            }
        }
        let is_cut_short = matches!(self.task.part, Part::Probe) && self.task.size > probe::SAMPLE;
        let is_all = self.window.is_last() && bytes.len() <= needed && !is_cut_short;
        let head = bytes.get(..needed).unwrap_or(bytes);
        if let Some(archive) = container::archive(head) {
            return self.archive(archive);
        }
        let encoding = self.decoder.encoding();
        self.ledger.set_encoding(encoding);
        if let Some(text) = self.own_format(head, is_all) {
            return self.take_own(&text);
        }
        let found = match detect::detect(head, is_all, self.task.hints.delimiter) {
            Found::Text { layout, why, cut_off } => {
                Found::Text { layout: layout.written_in(encoding, head), why, cut_off }
            }
            Found::Nothing(Verdict::NotRead(reason)) => {
                let part = magic::part_by_path(&self.task.path);
                Found::Nothing(part.unwrap_or(Verdict::NotRead(reason)))
            }
            nothing => nothing,
        };
        if matches!(self.task.part, Part::Probe) {
            let sample = probe::Sample {
                bytes,
                outer: self.stream.source().taken(),
                size: self.task.size,
                is_all: !is_cut_short,
                containers: self.stream.containers(),
                plain: self.plain(),
            };
            let probe = probe::judge(sample, found, reader.formats());
            self.phase = Phase::Result(Step::Probed(Box::new(probe)));
            return None;
        }
        let (mut layout, cut_off) = match found {
            Found::Nothing(verdict) => return self.nothing(verdict),
            Found::Text { layout, cut_off, .. } => (layout, cut_off),
        };
        let form = if let Layout::Rows(form) = &layout { Some(form.as_ref()) } else { None };
        reader.set_hints(&self.task.hints, Around::new(form));
        reader.set_path(&self.task.path);
        if let Layout::Rows(form) = &mut layout {
            form.settle(head, is_all, &self.task, reader);
            self.ledger.tells(form);
        }
        if let Layout::Grid(context) = &mut layout {
            context.form.table = table_name(&self.task.path, reader.formats());
        }
        let is_frame = matches!(self.task.part, Part::Frame);
        let layout = match layout {
            Layout::Lines if is_frame || self.must_frame => Layout::Framed(detect::framed_context(head)),
            layout => layout,
        };
        if cut_off > 0 {
            let front = bytes.get(..cut_off).unwrap_or(bytes);
            let (mark, text) = front.split_at(if front.starts_with(BOM) { BOM.len() } else { 0 });
            self.ledger.between(mark);
            let mut sink = Sink {
                store,
                reader,
                ledger: &mut self.ledger,
                cutting: None,
                file: self.task.file,
                limits: self.limits,
            };
            sink.reject(text, "the file begins within a record");
            self.window.advance(cut_off);
        }
        if is_frame {
            self.cutting = Some(Cutting { with_bytes: !self.stream.is_plain(), open: None });
        }
        if layout != Layout::Lines {
            self.held = Vec::new();
        }
        self.phase = reading(&layout);
        self.is_starved = false;
        None
    }

    /// The text of a log type of the person's own, if the file is meant to be one.
    fn own_format(&self, head: &[u8], is_all: bool) -> Option<String> {
        // What lies in archives is data, and not the person's word.
        let is_dropped = self.stream.is_plain() && self.task.place.hops.is_empty();
        let text = std::str::from_utf8(head.get(..MAX_BYTES).unwrap_or(head)).ok()?;
        (is_dropped && is_all && own::is_meant(text, &self.task.path)).then(|| text.to_owned())
    }

    /// A log type of the person's own: it holds no events, and takes part in recognising those of other files.
    fn take_own(&mut self, text: &str) -> Option<Step> {
        let piece = Piece { start: 0, end: self.task.size, newlines: 0 };
        let (verdict, mistakes) = match read_own(text) {
            Ok(file) => {
                let table = file.table.unwrap_or_default();
                (
                    Verdict::NoEvents(format!(
                        "a log type of your own, {}: its records go to the table {table}",
                        file.id
                    )),
                    Vec::new(),
                )
            }
            Err(mistakes) => {
                let first = mistakes.first().map(ToString::to_string).unwrap_or_default();
                (Verdict::NotRead(format!("a log type of your own that cannot be used: {first}")), mistakes)
            }
        };
        let mut report = PartReport::unread(verdict, self.stream.containers(), piece);
        report.pieces = vec![Piece { newlines: text.matches('\n').count() as u64, ..piece }];
        report.own = mistakes.is_empty().then(|| text.to_owned());
        report.problem_count = mistakes.len() as u64;
        report.problems = mistakes
            .into_iter()
            .map(|mistake| PartProblem {
                offset: mistake.offset as u64,
                len: 0,
                newlines_before: mistake.line.saturating_sub(1) as u64,
                reason: format!("column {}: {}", mistake.column, mistake.text),
                is_loss: false,
            })
            .collect();
        self.phase = Phase::Result(match self.task.part {
            Part::Probe => Step::Probed(Box::new(probe::nothing(report))),
            _ => Step::Done(Box::new(report)),
        });
        None
    }

    /// The file is an archive: its members are files of their own.
    fn archive(&mut self, archive: Archive) -> Option<Step> {
        if self.stream.containers().len() >= container::NESTING {
            let reason = "more than four containers inside one another; not opened";
            return self.nothing(Verdict::NotRead(reason.to_owned()));
        }
        if !self.stream.is_outer() && self.decoder.encoding() == Encoding::Utf8 {
            return self.list_within();
        }
        let lies = match archive {
            Archive::Zip => Lies::Zip,
            Archive::Tar => Lies::Tar,
        };
        let plain = self.plain().map(|plain| (plain, lies));
        self.phase = Phase::Result(Step::Archive { plain, is_listed: false });
        None
    }

    /// The file holds nothing to read.
    fn nothing(&mut self, verdict: Verdict) -> Option<Step> {
        self.phase = if self.stream.is_plain() {
            let piece = Piece { start: 0, end: self.task.size, newlines: 0 };
            self.skipped(verdict, piece)
        } else {
            Phase::Drain(verdict)
        };
        None
    }

    fn skipped(&self, verdict: Verdict, piece: Piece) -> Phase {
        let containers = self.stream.containers();
        let mut report = PartReport::unread(verdict, containers, piece);
        for (reason, is_loss) in self.stream.problems() {
            let (offset, newlines_before) = (piece.end, piece.newlines);
            let reason = reason.to_owned();
            report.problems.push(PartProblem { offset, len: 0, newlines_before, reason, is_loss });
            report.is_partial |= is_loss;
        }
        Phase::Result(match self.task.part {
            Part::Probe => Step::Probed(Box::new(probe::nothing(report))),
            _ => Step::Done(Box::new(report)),
        })
    }

    /// Runs through to the end, for the size.
    pub(super) fn drain(&mut self, fuel: &mut usize) -> Option<Step> {
        let len = self.window.bytes().len();
        // Only to be measured: the report is written below.
        self.ledger.between(self.window.bytes());
        self.window.advance(len);
        if !self.window.is_last() || !self.window.bytes().is_empty() {
            *fuel = fuel.saturating_sub(len);
            return if self.window.bytes().is_empty() { self.feed(fuel) } else { None };
        }
        let piece = Piece { start: 0, end: self.ledger.position(), newlines: 0 };
        if let Phase::Drain(verdict) = &mut self.phase {
            let verdict = std::mem::take(verdict);
            self.phase = self.skipped(verdict, piece);
        }
        None
    }
}
