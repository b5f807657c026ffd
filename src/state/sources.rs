//! How loading stands: the coordinator's figures, and what it waits for.

use chartroom_base::ticks::Ticks;
use chartroom_protocol::{Event, FileNo, event::Status};
use std::rc::Rc;
use yew::Reducible;

/// The dropped files do not fit: what the person is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct OverBudget {
    /// Bytes of memory it would take.
    pub estimate: u64,
    /// Bytes there are.
    pub budget: u64,
    /// Files that wait.
    pub files: u32,
    /// First and last hour that paths carry.
    pub hours: Option<(Ticks, Ticks)>,
    /// Every how many files it would fit.
    pub every_nth: u32,
}

/// Where reading stopped at the budget.
#[derive(Clone, Debug, PartialEq)]
pub struct Stopped {
    /// Path of the file it stopped in.
    pub path: String,
    /// Bytes of it that were read.
    pub byte: u64,
    /// The newest event read from it.
    pub time: Option<Ticks>,
    /// Files not read at all.
    pub files_left: u32,
}

/// A file with encrypted members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The file as handed over.
    pub file: FileNo,
    /// Its path.
    pub path: String,
    /// Whether the password that was given is not the one.
    pub is_wrong: bool,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    /// The coordinator's last word.
    pub status: Status,
    /// Whether anything was ever handed over: the table stands instead of the first screen.
    pub is_open: bool,
    /// Drops handed over of which the coordinator has not spoken yet.
    pub is_opening: bool,
    /// What the person is asked.
    pub over_budget: Option<OverBudget>,
    /// Where reading stopped.
    pub stopped: Option<Stopped>,
    /// Files that a password is asked for, one after the other.
    pub locked: Vec<Locked>,
}

/// Everything that may happen to [`Sources`].
#[derive(Clone, Debug, PartialEq)]
pub enum SourcesAction {
    /// Something was dropped, picked or pasted.
    Dropped,
    /// Nothing was in the drop, or the coordinator has spoken of all of it.
    Settled,
    /// The coordinator said something; the page holds so many files.
    Event(Box<Event>, usize),
    /// The person answered what to do.
    Chosen,
    /// The person gave a password for the first locked file, or for all (`true`), or left it locked.
    Unlocked(bool),
    /// The person put the notice of the stop away.
    StopSeen,
    /// All files were closed: the first screen comes back.
    Closed,
}

impl Sources {
    /// Whether files are being named, read, or waiting for the person.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.is_opening || self.status.load.is_some()
    }

    /// Memory of all workers in bytes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.status.memory.iter().sum()
    }
}

impl Reducible for Sources {
    type Action = SourcesAction;

    fn reduce(self: Rc<Self>, action: SourcesAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            SourcesAction::Dropped => {
                next.is_open = true;
                next.is_opening = true;
                next.stopped = None;
            }
            SourcesAction::Settled => next.is_opening = false,
            SourcesAction::Event(event, held) => match *event {
                Event::Status { status } => {
                    // A word from before the drop knows fewer files than the page holds.
                    if status.load.is_some() || status.files as usize >= held {
                        next.is_opening = false;
                    }
                    next.status = *status;
                }
                Event::OverBudget { estimate, budget, files, hours, every_nth } => {
                    next.over_budget = Some(OverBudget { estimate, budget, files, hours, every_nth });
                }
                Event::StoppedAtBudget { path, byte, time, files_left, .. } => {
                    next.stopped = Some(Stopped { path, byte, time, files_left });
                }
                Event::PasswordWanted { file, path, is_wrong } => {
                    next.locked.retain(|locked| locked.file != file);
                    next.locked.push(Locked { file, path, is_wrong });
                }
                _ => return self,
            },
            SourcesAction::Unlocked(true) => next.locked.clear(),
            SourcesAction::Unlocked(false) => {
                next.locked = self.locked.iter().skip(1).cloned().collect();
            }
            SourcesAction::Chosen => next.over_budget = None,
            SourcesAction::StopSeen => next.stopped = None,
            SourcesAction::Closed => {
                next = Self { status: next.status, ..Self::default() };
                next.status.files = 0;
                next.status.records = 0;
            }
        }
        if next == *self { self } else { Rc::new(next) }
    }
}

/// What is left of a load: bytes a second and the milliseconds it will take, once there is something to judge by.
#[must_use]
pub fn pace(bytes_done: u64, bytes: u64, millis: u64) -> Option<(u64, u64)> {
    if millis < 300 || bytes_done == 0 {
        return None;
    }
    let rate = bytes_done as f64 / millis as f64;
    let left = bytes.saturating_sub(bytes_done) as f64 / rate;
    Some(((rate * 1_000.0) as u64, left as u64))
}
