//! The memory budget: what a load will take is estimated before it is read; what will not fit is said first.
//!
//! An estimate is bytes as handed over, times the ratio inside to outside, times memory per byte inside. Both factors
//! are learned from files already seen in this session; the first guesses are cautious.

use super::{Coordinator, files::Stage, hours, load::Stop};
use chartroom_base::{sort, ticks::Ticks};
use chartroom_protocol::{Event, request::LoadChoice};
use std::collections::BTreeSet;

/// Memory that a byte of an innermost file is taken to need before any was read.
const MEMORY_PER_BYTE: f64 = 0.5;

/// Where the question stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Question {
    #[default]
    No,
    /// Reading is held; the person is asked when all files are named.
    Held,
    /// The person was asked.
    Asked,
    /// The person chose.
    Chosen,
}

/// What is known of the cost of this load.
#[derive(Debug)]
pub(crate) struct Budget {
    asked: Question,
    /// Compressed bytes seen, and bytes inside.
    packed: (f64, f64),
    /// Bytes inside that were read, and memory they took.
    read: (f64, f64),
}

impl Default for Budget {
    fn default() -> Self {
        Self { asked: Question::No, packed: (0.0, 0.0), read: (0.0, 0.0) }
    }
}

impl Budget {
    /// The same knowledge, the question open again.
    pub(crate) fn for_next_load(self) -> Self {
        Self { asked: Question::No, ..self }
    }

    /// Whether reading waits for a choice.
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.asked, Question::Held | Question::Asked)
    }

    /// Whether the person was asked and has not answered.
    pub(crate) fn is_asked(&self) -> bool {
        self.asked == Question::Asked
    }

    /// The question is open again: the budget changed.
    pub(crate) fn ask_anew(&mut self) {
        if self.is_waiting() {
            self.asked = Question::No;
        }
    }

    /// No more questions in this load.
    pub(crate) fn choose(&mut self) {
        self.asked = Question::Chosen;
    }

    fn ratio(&self) -> f64 {
        if self.packed.0 > 0.0 { self.packed.1 / self.packed.0 } else { 8.0 }
    }

    fn memory_per_byte(&self) -> f64 {
        if self.is_known() { (self.read.1 / self.read.0).clamp(0.05, 3.0) } else { MEMORY_PER_BYTE }
    }

    /// Whether enough was read to judge by: a few kB say nothing, for tables cost something by themselves.
    fn is_known(&self) -> bool {
        self.read.0 > 4e6
    }
}

impl Coordinator {
    /// Bytes that all shards take now.
    pub(crate) fn memory_now(&self) -> u64 {
        self.shards.iter().map(|shard| shard.figures.memory).sum()
    }

    /// Memory that the rest of a file will take.
    fn cost(&self, file: u32) -> f64 {
        let Some(state) = self.files.get(&file) else { return 0.0 };
        let (inner, per_byte) = match &state.probe {
            Some(probe) => (probe.estimated_bytes as f64, probe.memory_per_byte.max(0.01)),
            None => {
                let outer = state.info.size as f64;
                let guess = if state.looks_packed() { outer * self.load.budget.ratio() } else { outer };
                let inner = state.inner.map_or(guess, |inner| inner as f64);
                (inner, self.load.budget.memory_per_byte())
            }
        };
        inner * per_byte * (1.0 - state.share())
    }

    /// Learns from a file that was read.
    pub(crate) fn learn(&mut self, file: u32) {
        let Some(state) = self.files.get(&file) else { return };
        let (outer, inner) = (state.info.size as f64, state.merged.bytes() as f64);
        if state.is_packed() && outer > 0.0 && state.ending.is_none() {
            self.load.budget.packed.0 += outer;
            self.load.budget.packed.1 += inner;
        }
    }

    /// Compares what is in and what waits with the budget; stops reading there, or holds it and asks.
    pub(crate) fn check_budget(&mut self) {
        if !self.load.is_active || self.load.stop.is_some() {
            return;
        }
        let memory = self.memory_now();
        let read = self.files.values().filter(|file| !file.is_archive);
        let inside: f64 = read.map(|file| file.merged.bytes() as f64).sum();
        if memory > self.base_memory {
            self.load.budget.read = (inside, (memory - self.base_memory) as f64);
        }
        if memory >= self.budget || self.shards.iter().any(|shard| shard.figures.memory >= super::SHARD_LIMIT)
        {
            self.stop_reading(Stop::AtBudget);
            return;
        }
        if self.load.budget.asked == Question::Chosen {
            return;
        }
        let waiting: f64 =
            self.load.files.iter().filter(|file| self.is_unread(**file)).map(|&file| self.cost(file)).sum();
        let estimate = memory as f64 + waiting;
        // Before anything was seen there is nothing to hold reading for: the first files teach it.
        let of_load = || self.load.files.iter().filter_map(|file| self.files.get(file));
        let is_known = self.load.budget.is_known() || of_load().any(|file| file.probe.is_some());
        let is_over = is_known && estimate > self.budget as f64;
        match self.load.budget.asked {
            Question::No if is_over => self.load.budget.asked = Question::Held,
            Question::Held if !is_over => self.load.budget.asked = Question::No,
            Question::No | Question::Held | Question::Asked | Question::Chosen => {}
        }
        if self.load.budget.asked == Question::Held && self.load.open_drops.is_empty() {
            if self.waiting().is_empty() {
                // All of it is under way: it will stop at the budget by itself.
                self.load.budget.choose();
                return;
            }
            self.load.budget.asked = Question::Asked;
            self.ask_what_to_read(estimate, memory as f64);
        }
    }

    /// Files of which nothing is read or being read, by rank.
    fn waiting(&self) -> Vec<u32> {
        let in_hand =
            |file: u32| self.shards.iter().any(|shard| shard.in_hand.values().any(|hand| hand.file == file));
        let of_parts: BTreeSet<u32> = self
            .queue
            .parts
            .iter()
            .map(super::work::Work::file)
            .filter(|&file| !self.is_begun(file) && !in_hand(file))
            .collect();
        let mut waiting: Vec<u32> = self.queue.files.iter().copied().chain(of_parts).collect();
        sort::sort_by_key(&mut waiting, |file| self.files.get(file).map(|state| state.rank));
        waiting
    }

    fn is_unread(&self, file: u32) -> bool {
        self.files.get(&file).is_some_and(|state| state.stage != Stage::Settled)
    }

    fn ask_what_to_read(&mut self, estimate: f64, memory: f64) {
        let waiting = self.waiting();
        let spans: Vec<(Ticks, Ticks)> =
            waiting.iter().filter_map(|file| hours::span_of(&self.files.get(file)?.info.path)).collect();
        let hours = spans.iter().map(|span| span.0).min().zip(spans.iter().map(|span| span.1).max());
        let room = (self.budget as f64 - memory).max(1.0);
        let every_nth = ((estimate - memory) / room).ceil().clamp(2.0, 1e6) as u32;
        let event = Event::OverBudget {
            estimate: estimate as u64,
            budget: self.budget,
            files: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
            hours,
            every_nth,
        };
        self.event(event);
        self.status.is_due = true;
    }

    /// The person has chosen what to read of the files that wait.
    pub(crate) fn choose(&mut self, choice: &LoadChoice) {
        self.load.budget.choose();
        let waiting = self.waiting();
        self.queue.files.clear();
        for (place, file) in (0_u32..).zip(waiting) {
            let path = self.files.get(&file).map_or("", |state| state.info.path.as_str());
            let is_chosen = match choice {
                LoadChoice::UpToBudget => true,
                LoadChoice::EveryNth { n } => place.is_multiple_of((*n).max(1)),
                // A day's file is taken when any of its hours is.
                LoadChoice::TimeSpan { from, to } => {
                    hours::span_of(path).is_some_and(|(start, end)| start < *to && end > *from)
                }
                LoadChoice::Nothing => false,
            };
            let has_parts = self.queue.parts.iter().any(|work| work.file() == file);
            if is_chosen && !has_parts {
                self.queue.files.push_back(file);
            } else if !is_chosen {
                self.unqueue(file);
                if let Some(state) = self.files.get_mut(&file) {
                    state.open = 0;
                }
                self.leave_out(file, "not read: left out by choice, since not all files fit into memory");
            }
        }
        self.touch_ledger();
        self.hand_out();
        self.finish_load();
    }

    /// Says up to where it was read, after a stop at the budget.
    pub(crate) fn say_where_it_stopped(&mut self) {
        let mut stopped: Vec<&super::files::FileState> = self
            .load
            .files
            .iter()
            .filter_map(|file| self.files.get(file))
            .filter(|state| state.is_at_budget)
            .collect();
        sort::sort_by_key(&mut stopped, |state| state.rank);
        let files_left = stopped.iter().filter(|state| state.parts.is_empty()).count();
        let Some(first) = stopped.iter().find(|state| !state.parts.is_empty()).or_else(|| stopped.first())
        else {
            return;
        };
        let (byte, time) = first.read_up_to();
        let event = Event::StoppedAtBudget {
            file: first.info.file,
            path: first.info.path.clone(),
            byte,
            time,
            files_left: u32::try_from(files_left).unwrap_or(u32::MAX),
        };
        self.event(event);
    }
}
