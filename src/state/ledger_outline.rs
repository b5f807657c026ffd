//! The ledger as lines: the heads of its groups, and the files of those that are not folded.
//!
//! **Invariant:** groups follow each other as the files do, so a line is found from counts alone, whichever files are here.

use super::format::{counted, grouped};
use chartroom_protocol::ledger::{LedgerGroup, LedgerOutcome};
use std::collections::BTreeSet;

/// Which groups are folded: those that will be there when the ledger is fetched again.
pub type Folded = BTreeSet<(LedgerOutcome, String)>;

/// What stands on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The head of a group, by its place among the groups.
    Head {
        /// Which.
        group: usize,
        /// Whether its files are not shown.
        is_folded: bool,
    },
    /// A file, by its place in the ledger.
    File {
        /// Which.
        file: u32,
        /// Its group; `None` without heads.
        group: Option<usize>,
    },
}

/// The lines of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Per group: its first line, its first file, whether it is folded. Empty without heads.
    groups: Vec<(u32, u32, bool)>,
    lines: u32,
}

impl Outline {
    /// The lines of `files` files in `groups`.
    ///
    /// Heads stand only where they save reading: with one group, or hardly a group of two, the list is plain.
    #[must_use]
    pub fn new(files: u32, groups: &[LedgerGroup], folded: &Folded) -> Self {
        let count = u32::try_from(groups.len()).unwrap_or(u32::MAX);
        if count < 2 || files < count.saturating_add(2) {
            return Self { groups: Vec::new(), lines: files };
        }
        let (mut line, mut file) = (0_u32, 0_u32);
        let mut starts = Vec::with_capacity(groups.len());
        for group in groups {
            let is_folded = folded.contains(&(group.outcome, group.folder.clone()));
            starts.push((line, file, is_folded));
            line = line.saturating_add(1).saturating_add(if is_folded { 0 } else { group.files });
            file = file.saturating_add(group.files);
        }
        Self { groups: starts, lines: line }
    }

    /// How many lines there are.
    #[must_use]
    pub const fn lines(&self) -> u32 {
        self.lines
    }

    /// What stands on a line; `None` beyond the last.
    #[must_use]
    pub fn line(&self, at: u32) -> Option<Line> {
        if at >= self.lines {
            return None;
        }
        let Some(group) = self.groups.partition_point(|(line, ..)| *line <= at).checked_sub(1) else {
            return Some(Line::File { file: at, group: None });
        };
        let (line, file, is_folded) = *self.groups.get(group)?;
        match at.checked_sub(line)? {
            0 => Some(Line::Head { group, is_folded }),
            below => Some(Line::File { file: file.checked_add(below - 1)?, group: Some(group) }),
        }
    }

    /// The place of the file on that line, or of the first file of the head there.
    #[must_use]
    pub fn file_at(&self, at: u32) -> Option<u32> {
        match self.line(at)? {
            Line::File { file, .. } => Some(file),
            Line::Head { group, .. } => self.groups.get(group).map(|(_, file, _)| *file),
        }
    }
}

/// What became of the files of a group, as its head says it.
#[must_use]
pub const fn outcome_title(outcome: LedgerOutcome) -> &'static str {
    match outcome {
        LedgerOutcome::Failed => "Not read",
        LedgerOutcome::Partial => "Read in part",
        LedgerOutcome::Rejected => "Records rejected",
        LedgerOutcome::Reading => "Reading",
        LedgerOutcome::Done => "Read",
        LedgerOutcome::Skipped => "No events",
    }
}

/// The shape beside the head of a group: that of its files.
#[must_use]
pub const fn outcome_shape(outcome: LedgerOutcome) -> &'static str {
    match outcome {
        LedgerOutcome::Failed => "failed",
        LedgerOutcome::Partial | LedgerOutcome::Rejected => "partial",
        LedgerOutcome::Reading => "reading",
        LedgerOutcome::Done => "done",
        LedgerOutcome::Skipped => "skipped",
    }
}

/// What the screen reader hears of a group.
#[must_use]
pub fn spoken(group: &LedgerGroup) -> String {
    let mut text = format!(
        "{}{}: {}, {}",
        outcome_title(group.outcome),
        if group.folder.is_empty() { String::new() } else { format!(", {}", group.folder) },
        counted(u64::from(group.files), "file", "files"),
        counted(group.stored, "record", "records"),
    );
    if group.rejected > 0 {
        text.push_str(&format!(", {} rejected", grouped(group.rejected)));
    }
    text
}
