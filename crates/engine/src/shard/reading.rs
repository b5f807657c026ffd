//! Parts of files in hand: bytes to rows.
//!
//! A walk goes first, until it has given out as many cuts as it may: others wait for them. Before a part is taken up
//! the coordinator is told, and nothing is done until that word is out: should the part end this worker, it is known.

use super::{Shard, reads::For};
use crate::{
    message::{GiveTo, HeldPart, PartNo, ReadPart, Said, ToShard},
    output::Output,
};
use chartroom_ingest::{
    Hints, Part, PartReport, Place, Step, Task,
    framing::{Layout, Limits},
    job::Job,
};
use chartroom_protocol::start::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes read in one slice: about a millisecond.
const FUEL: usize = 512 << 10;
/// Bytes of cuts that a walk holds at most, one more cut aside.
const MOST_HELD: usize = 64 << 20;
/// Cuts under way of an archive that was given whole.
const CUTS_OF_HELD: u32 = 4;
/// At least so long between two words on progress, in milliseconds.
const PROGRESS_EVERY: f64 = 100.0;

/// Parts in hand.
#[derive(Default)]
pub(crate) struct Reading {
    hands: BTreeMap<PartNo, Hand>,
    /// What was given out and is not taken: it may outlive the walk.
    walks: BTreeMap<PartNo, Walk>,
    /// The part that the coordinator was told last.
    announced: Option<PartNo>,
    refused: BTreeSet<PartNo>,
    said_at: f64,
    leak: Vec<Vec<u8>>,
}

struct Hand {
    task: Task,
    job: Job,
    /// Nothing to do until bytes come.
    is_waiting: bool,
    said: u64,
    /// Members told, of the part's own file and of each archive that passes by within.
    told: Vec<u64>,
    /// Where the bytes of a given part end.
    end: u64,
}

/// What a part that gives out cuts keeps of them.
struct Walk {
    file: u32,
    path: String,
    size: u64,
    place: Place,
    hints: Hints,
    most: u32,
    count: u32,
    /// Cuts that are not taken: bytes, if the walk holds them.
    open: BTreeMap<u32, Option<Held>>,
}

impl Walk {
    /// Of that task, with so many cuts under way at most.
    fn new(task: &Task, cuts: u32) -> Self {
        let Task { file, path, size, place, hints, .. } = task.clone();
        Self { file, path, size, place, hints, most: cuts.max(1), count: 0, open: BTreeMap::new() }
    }

    /// Keeps another cut; its number.
    fn hold(&mut self, held: Option<Held>) -> u32 {
        self.count += 1;
        self.open.insert(self.count, held);
        self.count
    }

    /// Whether another cut may be given out.
    fn has_room(&self) -> bool {
        let held: usize = self.open.values().flatten().map(|held| held.bytes.len()).sum();
        self.open.len() < self.most as usize && held < MOST_HELD
    }
}

struct Held {
    start: u64,
    /// How its records lie; `None`: it is all of a member.
    layout: Option<Layout>,
    bytes: Vec<u8>,
}

impl Reading {
    /// The part taken up last and not finished.
    pub(crate) fn at_work(&self) -> Option<PartNo> {
        self.announced
    }

    pub(crate) fn in_hand(&self) -> Vec<PartNo> {
        self.hands.keys().copied().collect()
    }

    /// Ends a part without a word; where its rows lie, if it may have some.
    pub(crate) fn drop_unfinished(&mut self, part: PartNo) -> Option<HeldPart> {
        let Hand { task, job, .. } = self.hands.remove(&part)?;
        if matches!(task.part, Part::Probe | Part::Frame | Part::Members { .. }) {
            return None;
        }
        // Of a given part what is in holds the records from its start on, up to where it is.
        let end = given_start(&task.part).map_or(0, |start| start.saturating_add(job.bytes_done()));
        Some(HeldPart { file: task.file, part: task.part, end, report: PartReport::default() })
    }

    /// The first part of which a slice can be done now.
    fn find_ready(&self, is_walk: bool) -> Option<PartNo> {
        let is_ready = |part: &PartNo, hand: &Hand| {
            let has_room = self.walks.get(part).is_none_or(Walk::has_room);
            !hand.is_waiting && has_room && self.walks.contains_key(part) == is_walk
        };
        // The one at work goes on: another would have to be announced first.
        let at_work = self.announced.and_then(|part| self.hands.get_key_value(&part));
        at_work
            .into_iter()
            .chain(&self.hands)
            .find(|(part, hand)| is_ready(part, hand))
            .map(|(&part, _)| part)
    }
}

impl Shard {
    /// Whether parts are in hand.
    pub(crate) fn is_reading(&self) -> bool {
        !self.reading.hands.is_empty()
    }

    /// Takes parts to read.
    pub(crate) fn read_parts(&mut self, parts: Vec<ReadPart>) {
        for ReadPart { part, task, cuts } in parts {
            if self.reading.refused.remove(&part) {
                continue;
            }
            self.known.set_path(task.file, &task.path);
            if matches!(task.part, Part::Frame | Part::Members { .. }) {
                self.reading.walks.insert(part, Walk::new(&task, cuts));
            }
            // The job takes the bytes out of the task; only who and what is kept here.
            let end = match &task.part {
                Part::Given { start, bytes, .. } => start.saturating_add(bytes.len() as u64),
                _ => 0,
            };
            let kept = Task {
                part: without_bytes(&task.part),
                path: task.path.clone(),
                place: task.place.clone(),
                hints: task.hints.clone(),
                ..task
            };
            let limits = Limits {
                slice_bytes: self.sizes.slice as usize,
                cut_bytes: self.sizes.cut as usize,
                held_bytes: self.sizes.large,
                ..Limits::default()
            };
            let job = Job::with_limits(task, limits);
            self.reading
                .hands
                .insert(part, Hand { task: kept, job, is_waiting: false, said: 0, told: Vec::new(), end });
            self.fetch(part);
        }
    }

    /// Asks for the bytes that a part wants next.
    fn fetch(&mut self, part: PartNo) {
        if let Some(hand) = self.reading.hands.get_mut(&part) {
            while let Some(range) = hand.job.wants() {
                let upto = hand.job.reads_upto();
                let want = self.reads.want(For::Part(part), hand.task.place.source, range, upto);
                self.outputs.push(want);
            }
        }
    }

    pub(crate) fn deliver_part(&mut self, part: PartNo, start: u64, bytes: Result<Vec<u8>, String>) {
        if let Some(hand) = self.reading.hands.get_mut(&part) {
            hand.job.deliver(start, bytes);
            hand.is_waiting = false;
            self.fetch(part);
        }
    }

    /// Reads on. Whether there was something to do.
    pub(crate) fn read_some(&mut self) -> bool {
        let Some(part) = self.reading.find_ready(true).or_else(|| self.reading.find_ready(false)) else {
            return false;
        };
        if self.reading.announced != Some(part) {
            self.reading.announced = Some(part);
            self.say(Said::Began { part });
            self.must_yield = true;
            return true;
        }
        self.read_part(part);
        true
    }

    fn read_part(&mut self, part: PartNo) {
        self.commit_fault(part);
        let Some(hand) = self.reading.hands.get_mut(&part) else { return };
        let mut step = hand.job.step(&mut self.store, &mut self.reader, FUEL);
        let mut depth = 0;
        while let Step::Within(inner) = step {
            step = *inner;
            depth += 1;
        }
        self.locals.has_news = true;
        self.figures.is_due = true;
        match step {
            Step::Working | Step::Within(_) => {}
            Step::Waiting => hand.is_waiting = true,
            Step::Cut { start, end, layout, bytes } => {
                self.give_out(part, depth, (start, end), layout, bytes);
            }
            Step::HandBack => {
                self.end_part(part);
                self.say(Said::HandBack { part });
            }
            Step::Archive { plain, is_listed } => {
                if !is_listed && depth == 0 {
                    self.end_part(part);
                } else if depth == 0 {
                    // Bytes that were given are walked through where they are.
                    self.reading.walks.insert(part, Walk::new(&hand.task, CUTS_OF_HELD));
                    hand.task.part = Part::Members { lies: None };
                }
                self.say(Said::Archive { part, depth, plain, is_listed });
            }
            Step::Members { members, held, is_passing } => {
                let at = depth as usize;
                hand.told.resize(at + 1, 0);
                let before = hand.told.get(at).copied().unwrap_or(0);
                if let Some(told) = hand.told.get_mut(at) {
                    *told += members.len() as u64;
                }
                let cut = held.and_then(|bytes| {
                    let walk = self.reading.walks.get_mut(&part)?;
                    Some(walk.hold(Some(Held { start: 0, layout: None, bytes })))
                });
                self.say(Said::Members { part, depth, before, members, cut, is_passing });
            }
            Step::Probed(probe) => {
                self.end_part(part);
                self.say(Said::Probed { part, probe });
            }
            Step::Done(report) if depth > 0 => self.say(Said::Passed { part, depth, report }),
            Step::Done(report) => {
                let (task, end) = (hand.task.clone(), hand.end);
                self.part_done(part, (task, end), report, false);
            }
        }
        self.fetch(part);
        self.say_progress();
    }

    /// `task` is what it was to read, and where the bytes of a given part ended.
    fn part_done(
        &mut self,
        part: PartNo,
        (task, end): (Task, u64),
        report: Box<PartReport>,
        is_stopped: bool,
    ) {
        self.held.add(task, end, &report, is_stopped);
        self.end_part(part);
        // The coordinator is to know the tables before it hears that a load is over.
        let is_last = self.reading.hands.is_empty();
        self.say_figures(is_last);
        self.say(Said::Done { part, report, is_stopped });
    }

    fn end_part(&mut self, part: PartNo) {
        self.reading.hands.remove(&part);
        if self.reading.walks.get(&part).is_some_and(|walk| walk.open.is_empty()) {
            self.reading.walks.remove(&part);
        }
        self.reads.end(For::Part(part));
        if self.reading.announced == Some(part) {
            self.reading.announced = None;
        }
    }

    fn say_progress(&mut self) {
        if self.now - self.reading.said_at < PROGRESS_EVERY {
            return;
        }
        self.reading.said_at = self.now;
        let mut said = Vec::new();
        for (&part, hand) in &mut self.reading.hands {
            let bytes = match &hand.task.part {
                Part::Lines { start, end } => (hand.job.fraction() * (end - start) as f64) as u64,
                Part::Whole | Part::Frame => (hand.job.fraction() * hand.task.size as f64) as u64,
                Part::Probe
                | Part::Members { .. }
                | Part::Held { .. }
                | Part::Records { .. }
                | Part::Given { .. } => 0,
            };
            if bytes > hand.said {
                hand.said = bytes;
                said.push(Said::Progress { part, bytes });
            }
        }
        for word in said {
            self.say(word);
        }
    }

    fn give_out(
        &mut self,
        part: PartNo,
        depth: u32,
        (start, end): (u64, u64),
        layout: Layout,
        bytes: Option<Vec<u8>>,
    ) {
        let Some(walk) = self.reading.walks.get_mut(&part) else { return };
        let is_held = bytes.is_some();
        let cut = walk.hold(bytes.map(|bytes| Held { start, layout: Some(layout.clone()), bytes }));
        self.say(Said::Cut { part, depth, cut, start, end, layout, is_held });
    }

    /// Who reads a cut was decided.
    pub(crate) fn cut_taken(&mut self, part: PartNo, cut: u32, give: Option<GiveTo>) {
        let Some(walk) = self.reading.walks.get_mut(&part) else { return };
        let held = walk.open.remove(&cut).flatten();
        let (file, path, size, place) = (walk.file, walk.path.clone(), walk.size, walk.place.clone());
        let hints = walk.hints.clone();
        if walk.open.is_empty() && !self.reading.hands.contains_key(&part) {
            self.reading.walks.remove(&part);
        }
        let (Some(held), Some(GiveTo { shard, epoch, part, member })) = (held, give) else { return };
        let Held { start, layout, bytes } = held;
        let given = match layout {
            Some(layout) => Part::Given { start, bytes, layout },
            None => Part::Held { bytes },
        };
        let task = match member {
            Some(member) => Task { part: given, ..*member },
            None => Task { file, path, size, place, part: given, hints },
        };
        let message = ToShard::Read { epoch, parts: vec![ReadPart { part, task, cuts: 0 }] };
        if shard == self.index {
            self.receive(message);
        } else {
            self.outputs.push(Output::ToPeer { shard, message });
        }
    }

    /// Ends all parts in hand; what is in stays. Cuts that walks hold are still the coordinator's to give.
    pub(crate) fn stop_reading(&mut self) {
        let parts: Vec<PartNo> = self.reading.hands.keys().copied().collect();
        for part in parts {
            let Some(hand) = self.reading.hands.remove(&part) else { continue };
            let task = (hand.task, hand.end);
            let report = hand.job.stop(&self.reader);
            self.part_done(part, task, Box::new(report), true);
        }
    }

    /// Drops parts of these files.
    pub(crate) fn forget_parts(&mut self, files: &BTreeSet<u32>) {
        let parts: Vec<PartNo> = self
            .reading
            .hands
            .iter()
            .filter(|(_, hand)| files.contains(&hand.task.file))
            .map(|(&part, _)| part)
            .collect();
        for part in parts {
            self.end_part(part);
        }
        self.reading.walks.retain(|_, walk| !files.contains(&walk.file));
    }

    /// Drops parts that were not taken up; those to come are dropped when they come.
    pub(crate) fn refuse(&mut self, parts: Vec<PartNo>) {
        for &part in &parts {
            let rows = self.reading.hands.get(&part).map(|hand| (hand.task.file, hand.task.part.clone()));
            match rows {
                Some((file, Part::Given { start, .. })) => {
                    // Some of it may be in: a given part holds the records from its start on, up to where it is.
                    if let Some(hand) = self.reading.hands.get(&part) {
                        let end = start.saturating_add(hand.job.bytes_done());
                        self.store.drop_rows(file, &(start..end));
                        self.locals.cache.clear();
                    }
                    self.end_part(part);
                }
                Some((file, Part::Held { .. })) => {
                    self.store.drop_rows(file, &(0..u64::MAX));
                    self.locals.cache.clear();
                    self.end_part(part);
                }
                Some(_) => self.end_part(part),
                None => {
                    self.reading.refused.insert(part);
                }
            }
        }
        self.say(Said::Refused { parts });
    }

    /// Commits the fault that a test build asked for, in the middle of the first large part.
    fn commit_fault(&mut self, part: PartNo) {
        let Some(fault) = self.fault else { return };
        let Some(hand) = self.reading.hands.get(&part) else { return };
        let size = match &hand.task.part {
            Part::Lines { start, end } | Part::Records { start, end, .. } => end - start,
            Part::Whole | Part::Frame => hand.task.size,
            Part::Probe | Part::Members { .. } | Part::Held { .. } | Part::Given { .. } => 0,
        };
        // Half of a usual part is large; it goes wrong in the middle.
        if size < self.sizes.lines_part / 2 || hand.job.bytes_done() < self.sizes.lines_part / 8 {
            return;
        }
        match fault {
            #[expect(clippy::panic, reason = "the fault is asked for, to see what happens then")]
            Fault::Trap => panic!("a fault was asked for"),
            Fault::Hang => loop {
                std::hint::spin_loop();
            },
            Fault::Leak => loop {
                let mut block: Vec<u8> = Vec::new();
                let is_full = self.reading.leak.len() > 2_048 || block.try_reserve_exact(4 << 20).is_err();
                #[expect(clippy::panic, reason = "the fault is asked for, to see what happens then")]
                if is_full {
                    panic!("out of memory");
                }
                self.reading.leak.push(block);
            },
        }
    }
}

fn given_start(part: &Part) -> Option<u64> {
    if let Part::Given { start, .. } = part { Some(*start) } else { None }
}

fn without_bytes(part: &Part) -> Part {
    match part {
        Part::Given { start, layout, .. } => {
            Part::Given { start: *start, bytes: Vec::new(), layout: layout.clone() }
        }
        Part::Held { .. } => Part::Held { bytes: Vec::new() },
        other => other.clone(),
    }
}
