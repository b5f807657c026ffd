//! One task on one file: what is asked, the steps it takes, what comes out.
//!
//! **Invariant:** sans-io. A job says which bytes of the outer file it wants, is handed them, and works in steps of
//! bounded fuel. The same bytes give the same rows, order and figures however they are cut or handed over.

mod begin;
mod members;
mod stop;
mod walk;
mod within;

use crate::container::{Archive, magic};
use crate::driver::Cutting;
use crate::driver::ledger::Ledger;
use crate::encoding::{Decoder, Encoding};
use crate::framing::framed::Framed;
use crate::framing::grid::Grid;
use crate::framing::lines::Lines;
use crate::framing::rows::Rows;
use crate::framing::{Layout, Limits};
use crate::hints::Hints;
use crate::members::Member;
use crate::place::{Place, Plain};
use crate::probe::{self, Probe};
use crate::reader::Reader;
use crate::report::{PartReport, Verdict};
use crate::source::Source;
use crate::source::stream::Stream;
use crate::source::window::Window;
use chartroom_store::Store;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Bytes looked at in one go, at most and at least: what the fuel says lies between.
const MOST_AT_ONCE: usize = 1 << 20;
const LEAST_AT_ONCE: usize = 64 << 10;
/// Bytes asked for behind the end of a part of lines; when a line is longer, as many again, doubling.
const TAIL: u64 = 64 << 10;

/// Part of a file to be read on a shard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The number rows bear.
    pub file: u32,
    /// Path in the drop; a hint only (folder junk is told by it).
    pub path: String,
    /// Bytes of the file as handed over, from the start of `place` on.
    pub size: u64,
    /// Where it lies.
    pub place: Place,
    /// Which part.
    pub part: Part,
    /// What is known of it besides its bytes.
    pub hints: Hints,
}

/// Which part of a file to read. Offsets are those of the innermost file, which is the file itself unless compressed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// All of it, on this shard, whatever the layout. Ends with [`Step::Done`].
    #[default]
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
    /// The members of an archive, after [`Step::Archive`]. Gives [`Step::Members`] and [`Step::Within`], and ends with [`Step::Done`], whose
    /// report is the archive's own.
    Members {
        /// What it is, when its bytes lie there as they are.
        lies: Option<Lies>,
    },
    /// As [`Part::Whole`], from the bytes of a member as they lie in its archive.
    Held {
        /// The bytes.
        bytes: Vec<u8>,
    },
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
    /// This is an archive: read it with [`Part::Members`]. The job is over.
    Archive {
        /// Set when its bytes lie there as they are.
        plain: Option<(Plain, Lies)>,
        /// The job goes on, and is one of [`Part::Members`] from now on: its bytes were at hand.
        is_listed: bool,
    },
    /// Members of an archive.
    Members {
        /// In the order of the archive.
        members: Vec<Member>,
        /// The bytes of the last of them: make a [`Part::Held`] of it.
        held: Option<Vec<u8>>,
        /// The last of them passes by now: what comes of it comes as [`Step::Within`], the last [`Step::Done`].
        /// All that come otherwise are read by their place.
        is_passing: bool,
    },
    /// A step of the member that passes by, as of a [`Part::Frame`]; never one that only says how it goes on.
    Within(Box<Self>),
    /// What a [`Part::Probe`] found.
    Probed(Box<Probe>),
    /// All done; the job is over.
    Done(Box<PartReport>),
}

/// Archives that can be told by what lies in a file as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lies {
    /// A zip.
    Zip,
    /// A tar.
    Tar,
}

/// A task being done. Ask [`Job::wants`], deliver, step; until a step says it is over.
#[derive(Debug)]
pub struct Job {
    task: Task,
    limits: Limits,
    stream: Stream,
    /// The bytes of a held part, for reading it once more as something else than lines.
    held: Vec<u8>,
    decoder: Decoder,
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
    Rows(Box<Rows>),
    Grid(Box<Grid>),
    /// Nothing to read, but the size is only known at the end.
    Drain(Verdict),
    /// Listing an archive.
    Members(Box<within::Listed>),
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
        let place = &task.place;
        let (stream, start, phase) = match &mut task.part {
            Part::Whole | Part::Frame => {
                (Stream::peeling(Source::new(0..size, slice), place, size), 0, Phase::Head)
            }
            Part::Held { bytes } => (Stream::held(bytes.clone(), place), 0, Phase::Head),
            Part::Members { lies } => {
                let lies = lies.map(|lies| match lies {
                    Lies::Zip => Archive::Zip,
                    Lies::Tar => Archive::Tar,
                });
                let listing = members::Listing::new(place.clone(), size, limits, lies);
                (Stream::plain(Source::new(0..0, slice), place), 0, within::phase(listing))
            }
            Part::Probe => {
                let source = Source::new(0..size.min(probe::SAMPLE), slice);
                (Stream::peeling(source, place, size), 0, Phase::Head)
            }
            Part::Lines { start, end } => {
                let (start, end) = (*start, (*end).min(size));
                // The byte in front tells whether a line begins at `start`.
                let from = start.saturating_sub(1);
                let lines = Lines::new(end);
                let phase = if start == 0 { Phase::Lines(lines) } else { Phase::Seek(lines) };
                // The last line nearly always ends behind the part: its end comes with the last slice, not after it.
                let upto = end.saturating_add(TAIL).min(size);
                (Stream::plain(Source::new(from..upto, slice), place), from, phase)
            }
            Part::Records { start, end, layout } => {
                let source = Source::new(*start..(*end).min(size), slice);
                (Stream::plain(source, place), *start, reading(layout))
            }
            Part::Given { start, bytes, layout } => {
                let source = Source::given(std::mem::take(bytes));
                (Stream::plain(source, place), *start, reading(layout))
            }
        };
        let held = if let Part::Held { bytes } = &mut task.part { std::mem::take(bytes) } else { Vec::new() };
        let mut ledger = Ledger::new(start);
        let decoder = match &task.part {
            Part::Whole | Part::Held { .. } | Part::Probe | Part::Frame => {
                task.hints.encoding.map_or_else(Decoder::new, Decoder::known)
            }
            Part::Lines { .. } | Part::Members { .. } => Decoder::known(Encoding::Utf8),
            Part::Records { layout, .. } => {
                ledger.set_encoding(layout.encoding());
                Decoder::known(layout.encoding())
            }
            Part::Given { layout, .. } => {
                // Its bytes were decoded when they were cut.
                ledger.set_encoding(layout.encoding());
                Decoder::known(Encoding::Utf8)
            }
        };
        Self {
            task,
            limits,
            stream,
            held,
            decoder,
            window: Window::new(start),
            ledger,
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
        match &mut self.phase {
            Phase::Members(listed) => listed.listing.source_mut().wants(),
            _ => self.stream.wants(),
        }
    }

    /// Where the reading that is under way will end, as far as is known now.
    #[must_use]
    pub fn reads_upto(&self) -> u64 {
        match &self.phase {
            Phase::Members(listed) => listed.listing.source().outer_end(),
            _ => self.stream.source().outer_end(),
        }
    }

    /// Hands over the bytes of a range that was wanted, or why they cannot be had. In the order of asking.
    pub fn deliver(&mut self, start: u64, bytes: Result<Vec<u8>, String>) {
        match &mut self.phase {
            Phase::Members(listed) => listed.listing.source_mut().deliver(start, bytes),
            _ => self.stream.deliver(start, bytes),
        }
    }

    /// Share of the part that is done, by bytes of the outer file, 0.0–1.0.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        let all = match &self.task.part {
            Part::Lines { start, end } | Part::Records { start, end, .. } => end.saturating_sub(*start),
            Part::Whole | Part::Frame => self.task.size,
            Part::Probe | Part::Members { .. } | Part::Held { .. } | Part::Given { .. } => 0,
        };
        let (done, all) = (self.stream.source().taken() as f64, all as f64);
        if all > 0.0 { (done / all).min(1.0) } else { 0.0 }
    }

    /// Bytes of the innermost file that were classified or given away.
    #[must_use]
    pub fn bytes_done(&self) -> u64 {
        let start = match self.task.part {
            Part::Lines { start, .. } | Part::Records { start, .. } | Part::Given { start, .. } => start,
            Part::Whole | Part::Held { .. } | Part::Frame | Part::Probe | Part::Members { .. } => 0,
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
                Phase::Members(_) => self.list(store, reader, &mut fuel),
                Phase::Lines(_) | Phase::Framed(_) | Phase::Rows(_) | Phase::Grid(_) => {
                    self.walk(store, reader, &mut fuel)
                }
            };
            if let Some(step) = stop {
                return step;
            }
            if fuel == 0 && !matches!(self.phase, Phase::Result(_)) {
                return Step::Working;
            }
        }
    }

    /// Where the innermost bytes lie as they are, if they do.
    fn plain(&self) -> Option<Plain> {
        self.stream.shift().map(|shift| self.task.place.plain(shift, self.task.size))
    }

    fn junk(&self) -> Option<&'static str> {
        let is_file = matches!(self.task.part, Part::Whole | Part::Held { .. } | Part::Frame | Part::Probe);
        is_file.then(|| magic::junk_by_path(&self.task.path)).flatten()
    }
}

/// The walk that reads records of that layout.
fn reading(layout: &Layout) -> Phase {
    match layout {
        Layout::Lines => Phase::Lines(Lines::new(u64::MAX)),
        Layout::Framed(context) => Phase::Framed(Framed::new(context.clone())),
        Layout::Grid(context) => Phase::Grid(Box::new(Grid::new(context.as_ref().clone()))),
        Layout::Rows(form) => Phase::Rows(Box::new(Rows::new(form.as_ref().clone()))),
    }
}
