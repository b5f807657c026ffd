//! One task on one file: what is asked, the steps it takes, what comes out.
//!
//! **Invariant:** sans-io. A job says which bytes of the outer file it wants, is handed them, and works in steps of
//! bounded fuel. The same bytes give the same rows, order and figures however they are cut or handed over.

mod stop;

use crate::container::magic;
use crate::driver::ledger::Ledger;
use crate::driver::{Cutting, Sink, View, Walked};
use crate::framing::detect::{self, Found};
use crate::framing::framed::Framed;
use crate::framing::lines::Lines;
use crate::framing::{BOM, Context, Layout, Limits};
use crate::probe::{self, Probe};
use crate::reader::{Block, Reader};
use crate::report::{PartReport, Piece, Verdict};
use crate::source::stream::Stream;
use crate::source::window::Window;
use crate::source::{Pulled, Source};
use chartroom_store::Store;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Bytes looked at in one go, at most and at least: what the fuel says lies between.
const MOST_AT_ONCE: usize = 1 << 20;
const LEAST_AT_ONCE: usize = 64 << 10;
/// Bytes asked for behind the end of a part of lines, at first; then doubling.
const TAIL: u64 = 64 << 10;

/// Part of a file to be read on a shard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The number rows bear.
    pub file: u32,
    /// Path in the drop; a hint only (folder junk is told by it).
    pub path: String,
    /// Size of the file as handed over.
    pub size: u64,
    /// Which part.
    pub part: Part,
}

/// Which part of a file to read. Offsets are those of the innermost file, which is the file itself unless compressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// All of it, on this shard, whatever the layout. Ends with [`Step::Done`].
    Whole,
    /// Only a look at its head. Ends with [`Step::Probed`].
    Probe,
    /// The lines whose first byte lies in `start..end` of an uncompressed file of [`Layout::Lines`].
    /// Ends with [`Step::Done`] or [`Step::HandBack`].
    Lines {
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
    },
    /// Walk through a framed file (or a compressed one of lines, which cannot be entered by offset, or one that was handed
    /// back) and give out ranges of whole records. Ends with [`Step::Done`], whose report accounts
    /// for what was not given out.
    Frame,
    /// Records given out by a walk, to be read from the (uncompressed) file.
    Records {
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
        /// From the cut.
        layout: Layout,
    },
    /// Records given out by a walk, with their bytes.
    Given {
        /// Offset of the first byte.
        start: u64,
        /// The bytes.
        bytes: Vec<u8>,
        /// From the cut.
        layout: Layout,
    },
}

/// What one step did.
#[derive(Debug)]
pub enum Step {
    /// Fuel ran out; call again.
    Working,
    /// Nothing to do until bytes are delivered.
    Waiting,
    /// Whole records for another shard: make a [`Part::Given`] of it when it has bytes, else a [`Part::Records`].
    Cut {
        /// First byte.
        start: u64,
        /// One past the last byte.
        end: u64,
        /// Hand on as it is.
        layout: Layout,
        /// The bytes, when they cannot be read from the file by offset.
        bytes: Option<Vec<u8>>,
    },
    /// These are not lines. The rows this store holds of the file are gone; forget the file's other parts and rows and
    /// read it again with [`Part::Frame`].
    HandBack,
    /// What a [`Part::Probe`] found.
    Probed(Box<Probe>),
    /// All done; the job is over.
    Done(Box<PartReport>),
}

/// A task being done. Ask [`Job::wants`], deliver, step; until a step says it is over.
#[derive(Debug)]
pub struct Job {
    task: Task,
    limits: Limits,
    stream: Stream,
    window: Window,
    ledger: Ledger,
    cutting: Option<Cutting>,
    phase: Phase,
    /// Lines were tried and are none.
    must_frame: bool,
    /// The walk cannot go on with what is in view.
    is_starved: bool,
    /// Bytes looked at in one go at present.
    clip: usize,
    tail: u64,
}

#[derive(Debug)]
enum Phase {
    /// Collecting the head of the file.
    Head,
    /// Looking for the first line of the part.
    Seek(Lines),
    Lines(Lines),
    Framed(Framed),
    /// Nothing to read, but the size is only known at the end.
    Drain(Verdict),
    /// A result is ready.
    Result(Step),
    Over,
}

impl Job {
    /// Begins a task.
    #[must_use]
    pub fn new(task: Task) -> Self {
        Self::with_limits(task, Limits::default())
    }

    /// Begins a task with other sizes than the usual ones.
    #[must_use]
    pub fn with_limits(mut task: Task, limits: Limits) -> Self {
        let size = task.size;
        let slice = limits.slice_bytes;
        let (stream, start, phase) = match &mut task.part {
            Part::Whole | Part::Frame => (Stream::peeling(Source::new(0..size, slice), size), 0, Phase::Head),
            Part::Probe => {
                let source = Source::new(0..size.min(probe::SAMPLE), slice);
                (Stream::peeling(source, size), 0, Phase::Head)
            }
            Part::Lines { start, end } => {
                let (start, end) = (*start, (*end).min(size));
                // The byte in front tells whether a line begins at `start`.
                let from = start.saturating_sub(1);
                let lines = Lines::new(end);
                let phase = if start == 0 { Phase::Lines(lines) } else { Phase::Seek(lines) };
                (Stream::plain(Source::new(from..end, slice)), from, phase)
            }
            Part::Records { start, end, layout } => {
                let source = Source::new(*start..(*end).min(size), slice);
                (Stream::plain(source), *start, reading(layout))
            }
            Part::Given { start, bytes, layout } => {
                let source = Source::given(std::mem::take(bytes));
                (Stream::plain(source), *start, reading(layout))
            }
        };
        Self {
            task,
            limits,
            stream,
            window: Window::new(start),
            ledger: Ledger::new(start),
            cutting: None,
            phase,
            must_frame: false,
            is_starved: true,
            clip: LEAST_AT_ONCE,
            tail: TAIL,
        }
    }

    /// The task.
    #[must_use]
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// The next range of the outer file to be read, if there is one; ask until there is none. Two may be under way.
    pub fn wants(&mut self) -> Option<Range<u64>> {
        if matches!(self.phase, Phase::Result(_) | Phase::Over) || self.junk().is_some() {
            return None;
        }
        self.stream.wants()
    }

    /// Hands over the bytes of a range that was wanted, or why they cannot be had. In the order of asking.
    pub fn deliver(&mut self, start: u64, bytes: Result<Vec<u8>, String>) {
        self.stream.deliver(start, bytes);
    }

    /// Share of the part that is done, by bytes of the outer file, 0.0–1.0.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        let all = match &self.task.part {
            Part::Lines { start, end } | Part::Records { start, end, .. } => end.saturating_sub(*start),
            Part::Whole | Part::Frame => self.task.size,
            Part::Probe | Part::Given { .. } => 0,
        };
        let (done, all) = (self.stream.source().taken() as f64, all as f64);
        if all > 0.0 { (done / all).min(1.0) } else { 0.0 }
    }

    /// Bytes of the innermost file that were classified or given away.
    #[must_use]
    pub fn bytes_done(&self) -> u64 {
        let start = match self.task.part {
            Part::Lines { start, .. } | Part::Records { start, .. } | Part::Given { start, .. } => start,
            Part::Whole | Part::Frame | Part::Probe => 0,
        };
        self.ledger.position().saturating_sub(start)
    }

    /// Works on about `fuel` bytes.
    pub fn step(&mut self, store: &mut Store, reader: &mut Reader, fuel: usize) -> Step {
        let mut fuel = fuel.max(1);
        loop {
            let stop = match &mut self.phase {
                Phase::Over => return Step::Waiting,
                Phase::Result(_) => {
                    return match std::mem::replace(&mut self.phase, Phase::Over) {
                        Phase::Result(step) => step,
                        _ => Step::Waiting,
                    };
                }
                Phase::Head => self.head(store, reader, &mut fuel),
                Phase::Seek(_) => self.seek(&mut fuel),
                Phase::Drain(_) => self.drain(&mut fuel),
                Phase::Lines(_) | Phase::Framed(_) => self.walk(store, reader, &mut fuel),
            };
            if let Some(step) = stop {
                return step;
            }
            if fuel == 0 && !matches!(self.phase, Phase::Result(_)) {
                return Step::Working;
            }
        }
    }

    fn junk(&self) -> Option<&'static str> {
        let is_file = matches!(self.task.part, Part::Whole | Part::Frame | Part::Probe);
        is_file.then(|| magic::junk_by_path(&self.task.path)).flatten()
    }

    /// Brings more into view. Some when that has to wait.
    fn feed(&mut self, fuel: &mut usize) -> Option<Step> {
        if self.window.grow() {
            return None;
        }
        match self.stream.pull(fuel) {
            Pulled::Bytes(bytes) => {
                self.window.push(bytes);
                self.window.grow();
                None
            }
            Pulled::Working => Some(Step::Working),
            Pulled::Waiting => Some(Step::Waiting),
            Pulled::End => {
                let source = self.stream.source();
                let (end, is_well) = (source.end(), source.failure().is_none());
                if matches!(self.task.part, Part::Lines { .. }) && is_well && end < self.task.size {
                    let more = end.saturating_add(self.tail).min(self.task.size);
                    self.stream.source_mut().extend(more, self.limits.slice_bytes);
                    self.tail = self.tail.saturating_mul(2);
                    return Some(Step::Waiting);
                }
                self.window.end();
                None
            }
        }
    }

    /// Collects the head of the file and judges it.
    fn head(&mut self, store: &mut Store, reader: &mut Reader, fuel: &mut usize) -> Option<Step> {
        if let Some(reason) = self.junk() {
            return self.nothing(Verdict::NoEvents(reason.to_owned()));
        }
        let needed = self.limits.head_bytes.max(magic::NEEDED);
        let sample = if matches!(self.task.part, Part::Probe) { usize::MAX } else { needed };
        while self.window.bytes().len() < sample && !self.window.is_last() {
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
        let found = detect::detect(bytes.get(..needed).unwrap_or(bytes), is_all);
        if matches!(self.task.part, Part::Probe) {
            let sample = probe::Sample {
                bytes,
                outer: self.stream.source().taken(),
                size: self.task.size,
                is_all: !is_cut_short,
                containers: self.stream.containers(),
            };
            let probe = probe::judge(sample, found, reader.formats());
            self.phase = Phase::Result(Step::Probed(Box::new(probe)));
            return None;
        }
        let (layout, cut_off) = match found {
            Found::Nothing(verdict) => return self.nothing(verdict),
            Found::Text { layout, cut_off, .. } => (layout, cut_off),
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
        if matches!(self.task.part, Part::Frame) {
            self.cutting = Some(Cutting { with_bytes: !self.stream.is_plain(), open: None });
        }
        self.phase = match (&self.task.part, layout) {
            (Part::Whole, Layout::Lines) if !self.must_frame => reading(&Layout::Lines),
            (_, layout) => Phase::Framed(Framed::new(context_of(&layout))),
        };
        self.is_starved = false;
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
        let mut report = Ledger::unread(verdict, containers, piece);
        report.is_partial = self.stream.problems().any(|(_, is_loss)| is_loss);
        Phase::Result(match self.task.part {
            Part::Probe => Step::Probed(Box::new(probe::nothing(report))),
            _ => Step::Done(Box::new(report)),
        })
    }

    /// Runs through to the end, for the size.
    fn drain(&mut self, fuel: &mut usize) -> Option<Step> {
        let len = self.window.bytes().len();
        self.window.advance(len);
        if !self.window.is_last() || !self.window.bytes().is_empty() {
            *fuel = fuel.saturating_sub(len);
            return if self.window.bytes().is_empty() { self.feed(fuel) } else { None };
        }
        let piece = Piece { start: 0, end: self.window.offset(), newlines: 0 };
        if let Phase::Drain(verdict) = &mut self.phase {
            let verdict = std::mem::take(verdict);
            self.phase = self.skipped(verdict, piece);
        }
        None
    }

    /// Passes over the line that belongs to the part before.
    fn seek(&mut self, fuel: &mut usize) -> Option<Step> {
        let Part::Lines { end, .. } = self.task.part else { return None };
        let bytes = self.window.bytes();
        let newline = memchr::memchr(b'\n', bytes);
        let len = newline.map_or(bytes.len(), |newline| newline.saturating_add(1));
        self.window.advance(len);
        *fuel = fuel.saturating_sub(len);
        let is_over =
            self.window.offset() >= end || (self.window.is_last() && self.window.bytes().is_empty());
        if newline.is_none() && !is_over {
            return if self.window.bytes().is_empty() { self.feed(fuel) } else { None };
        }
        self.ledger = Ledger::new(self.window.offset());
        if let Phase::Seek(lines) = std::mem::replace(&mut self.phase, Phase::Over) {
            self.phase = Phase::Lines(lines);
        }
        None
    }

    /// Walks on over what is in view.
    fn walk(&mut self, store: &mut Store, reader: &mut Reader, fuel: &mut usize) -> Option<Step> {
        if self.is_starved {
            if let Some(step) = self.feed(fuel) {
                return Some(step);
            }
            self.is_starved = false;
        }
        let all = self.window.bytes();
        let most = self.limits.record_bytes;
        let clip = self.clip.max((*fuel).clamp(LEAST_AT_ONCE, MOST_AT_ONCE)).min(all.len()).min(most);
        let bytes = all.get(..clip).unwrap_or(all);
        let view = View {
            bytes,
            block: self.cutting.is_none().then(|| Block::new(bytes)),
            base: self.window.offset(),
            is_last: self.window.is_last() && clip == all.len(),
            // One byte more must be there: else the file may end here.
            is_full: clip == most && all.len() > most,
        };
        let (is_last, is_clipped) = (view.is_last, clip < all.len());
        let before = self.ledger.position();
        let mut sink = Sink {
            store,
            reader,
            ledger: &mut self.ledger,
            cutting: self.cutting.as_mut(),
            file: self.task.file,
            limits: self.limits,
        };
        let walked = match &mut self.phase {
            Phase::Lines(lines) => lines.walk(view, &mut sink),
            Phase::Framed(framed) => framed.walk(view, &mut sink),
            _ => Walked::Over,
        };
        let passed = usize::try_from(self.ledger.position().saturating_sub(before)).unwrap_or(usize::MAX);
        self.window.advance(passed);
        *fuel = fuel.saturating_sub(clip.max(1));
        match walked {
            Walked::Cut => return self.take_cut(),
            Walked::HandBack => return self.hand_back(store),
            Walked::Over => self.finish(store, reader),
            Walked::NeedMore if is_last => {
                if let Some(step) = self.take_cut() {
                    return Some(step);
                }
                self.finish(store, reader);
            }
            Walked::NeedMore if is_clipped => {
                // Within what is in memory: look at more of it at once only if one record needs it.
                self.clip = if passed == 0 { clip.saturating_mul(2) } else { LEAST_AT_ONCE };
            }
            Walked::NeedMore => {
                if passed > 0 {
                    self.clip = LEAST_AT_ONCE;
                } else {
                    self.clip = clip.saturating_mul(2);
                }
                self.is_starved = true;
            }
        }
        None
    }

    fn take_cut(&mut self) -> Option<Step> {
        let cutting = self.cutting.as_mut()?;
        let cut = cutting.open.take()?;
        let bytes = cutting.with_bytes.then_some(cut.bytes);
        Some(Step::Cut { start: cut.start, end: cut.end, layout: cut.layout, bytes })
    }

    /// These are not lines: a whole file starts over by itself.
    fn hand_back(&mut self, store: &mut Store) -> Option<Step> {
        store.drop_rows(self.task.file, &(0..u64::MAX));
        if !matches!(self.task.part, Part::Whole) {
            self.phase = Phase::Over;
            return Some(Step::HandBack);
        }
        let source = Source::new(0..self.task.size, self.limits.slice_bytes);
        self.stream = Stream::peeling(source, self.task.size);
        self.window = Window::new(0);
        self.ledger = Ledger::new(0);
        self.must_frame = true;
        self.clip = LEAST_AT_ONCE;
        self.phase = Phase::Head;
        None
    }

    /// The part is read: the figures.
    fn finish(&mut self, store: &mut Store, reader: &mut Reader) {
        let mut ledger = std::mem::replace(&mut self.ledger, Ledger::new(0));
        for (reason, is_loss) in self.stream.problems() {
            ledger.problem(0, reason, is_loss);
            if is_loss {
                ledger.set_partial();
            }
        }
        if let (Phase::Framed(framed), Part::Whole | Part::Frame) = (&self.phase, &self.task.part) {
            let limits = self.limits;
            let file = self.task.file;
            framed.finish(&mut Sink { store, reader, ledger: &mut ledger, cutting: None, file, limits });
        }
        let mut report = ledger.finish(self.stream.containers(), reader.formats());
        if matches!(self.task.part, Part::Whole) {
            report.settle();
        }
        self.phase = Phase::Result(Step::Done(Box::new(report)));
    }
}

/// The walk that reads records of that layout.
fn reading(layout: &Layout) -> Phase {
    match layout {
        Layout::Lines => Phase::Lines(Lines::new(u64::MAX)),
        Layout::Framed(context) => Phase::Framed(Framed::new(context.clone())),
    }
}

fn context_of(layout: &Layout) -> Context {
    match layout {
        Layout::Lines => Context::default(),
        Layout::Framed(context) => context.clone(),
    }
}
