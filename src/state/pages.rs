//! The rows that were fetched for the screen, by page.
//!
//! **Invariant:** rows of one result in one generation only; when the order changed, the old rows stay on the screen
//! until those of the new order are here, and then go at once ([`PagesAction::Switch`]).

use crate::shared::Shared;
use chartroom_protocol::{ResultId, RowId, result::PageRow};
use std::{collections::BTreeMap, ops::Range, rc::Rc};
use yew::Reducible;

/// Rows of a page.
pub const PAGE: u64 = 100;
/// Most rows that one request may ask for.
pub const MOST: u64 = 500;
/// Pages kept: what a few screens of scrolling need.
const KEPT: usize = 40;

/// Which order of which result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The result.
    pub result: ResultId,
    /// Its generation.
    pub generation: u32,
}

/// The rows of a page.
type Page = Rc<Vec<Shared<PageRow>>>;

/// The cache.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pages {
    /// What the rows are of; `None` before the first result.
    pub order: Option<Order>,
    /// Which result: those that are the old one brought up to date share it.
    pub epoch: Option<u32>,
    /// Rows of the result.
    pub rows: u64,
    /// How often the order changed under the person's eyes, and which row went where the last time.
    pub shift: Shift,
    /// Grows with every result that is not the last one in another order: the table begins at its top again.
    pub resets: u32,
    pages: BTreeMap<u64, (u64, Page)>,
    clock: u64,
}

/// A row that stands elsewhere since the order changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// Grows by one with each change.
    pub count: u32,
    /// Where it stood.
    pub from: u64,
    /// Where it stands now.
    pub to: u64,
}

/// Everything that may happen to [`Pages`].
#[derive(Clone, Debug, PartialEq)]
pub enum PagesAction {
    /// Another result, its first rows fetched already.
    Reset {
        /// Which one: results that are the old one brought up to date share it.
        epoch: u32,
        /// What the rows are of.
        order: Order,
        /// How many.
        rows: u64,
        /// The first of them.
        fetched: Vec<PageRow>,
    },
    /// Rows that were fetched.
    Put {
        /// What they are of.
        order: Order,
        /// First row; a multiple of [`PAGE`].
        start: u64,
        /// The rows.
        rows: Vec<PageRow>,
    },
    /// The same rows in another order, the first of them fetched already.
    Switch {
        /// What the rows are of.
        order: Order,
        /// How many.
        rows: u64,
        /// First row fetched; a multiple of [`PAGE`].
        start: u64,
        /// The rows fetched.
        fetched: Vec<PageRow>,
        /// Where the row one is on stood and stands; `None` when one was at the top.
        moved: Option<(u64, u64)>,
    },
    /// More rows in the same order.
    Grown {
        /// What the rows are of.
        order: Order,
        /// How many now.
        rows: u64,
    },
}

impl Pages {
    /// The row, when it is here.
    #[must_use]
    pub fn row(&self, index: u64) -> Option<Shared<PageRow>> {
        let (_, page) = self.pages.get(&(index / PAGE))?;
        page.get(usize::try_from(index % PAGE).ok()?).cloned()
    }

    /// The identity of a row that is here.
    #[must_use]
    pub fn id(&self, index: u64) -> Option<RowId> {
        self.row(index)?.id
    }

    /// What to ask for so that all of `range` is here: first row and count; `None` when it is.
    #[must_use]
    pub fn missing(&self, range: &Range<u64>) -> Option<(u64, u64)> {
        let end = range.end.min(self.rows);
        if range.start >= end {
            return None;
        }
        let wanted = range.start / PAGE..end.div_ceil(PAGE);
        let first = wanted.clone().find(|page| !self.is_whole(*page))?;
        let last = wanted.rev().find(|page| !self.is_whole(*page)).unwrap_or(first);
        let start = first * PAGE;
        Some((start, ((last + 1) * PAGE - start).min(MOST)))
    }

    /// What to ask for next when all of `range` is here: the page after it, then the one before.
    #[must_use]
    pub fn ahead(&self, range: &Range<u64>) -> Option<(u64, u64)> {
        self.missing(&(range.end..range.end.saturating_add(PAGE)))
            .or_else(|| self.missing(&(range.start.saturating_sub(PAGE)..range.start)))
    }

    /// Some rows that are here, for measures: those of the first page.
    #[must_use]
    pub fn sample(&self) -> Option<Page> {
        self.pages.values().next().map(|(_, page)| Rc::clone(page))
    }

    fn is_whole(&self, page: u64) -> bool {
        let wanted = (self.rows - (page * PAGE).min(self.rows)).min(PAGE);
        self.pages.get(&page).is_some_and(|(_, rows)| rows.len() as u64 >= wanted)
    }

    fn put(&mut self, start: u64, rows: Vec<PageRow>) {
        self.clock += 1;
        let mut rows = rows.into_iter().map(Shared::from);
        let mut page = start / PAGE;
        loop {
            let part: Vec<_> = rows.by_ref().take(usize::try_from(PAGE).unwrap_or(100)).collect();
            if part.is_empty() {
                break;
            }
            self.pages.insert(page, (self.clock, Rc::new(part)));
            page += 1;
        }
        while self.pages.len() > KEPT {
            let oldest = self.pages.iter().min_by_key(|(_, (used, _))| *used).map(|(page, _)| *page);
            match oldest {
                Some(page) => self.pages.remove(&page),
                None => break,
            };
        }
    }
}

impl Reducible for Pages {
    type Action = PagesAction;

    fn reduce(self: Rc<Self>, action: PagesAction) -> Rc<Self> {
        match action {
            PagesAction::Reset { epoch, order, rows, fetched } => {
                let (resets, shift) = (self.resets + 1, self.shift);
                let (order, epoch) = (Some(order), Some(epoch));
                let mut next = Self { order, epoch, rows, resets, shift, ..Self::default() };
                next.put(0, fetched);
                Rc::new(next)
            }
            PagesAction::Put { order, start, rows } if self.order == Some(order) => {
                let mut next = (*self).clone();
                next.put(start, rows);
                Rc::new(next)
            }
            PagesAction::Switch { order, rows, start, fetched, moved } => {
                let shift = match moved {
                    Some((from, to)) if from != to => Shift { count: self.shift.count + 1, from, to },
                    _ => self.shift,
                };
                let (order, epoch, resets) = (Some(order), self.epoch, self.resets);
                let mut next = Self { order, epoch, rows, shift, resets, ..Self::default() };
                next.put(start, fetched);
                Rc::new(next)
            }
            PagesAction::Grown { order, rows } if self.order == Some(order) && rows != self.rows => {
                Rc::new(Self { rows, ..(*self).clone() })
            }
            PagesAction::Put { .. } | PagesAction::Grown { .. } => self,
        }
    }
}
