//! What is told beside a result once it is found out from the rows: how many of them answer under a second name, how many more may
//! have been about what was asked for.
//!
//! **Invariant:** a result is answered once its notes are known, and never fails for their sake. When rows come or go, they are found
//! out anew with it.

use super::{Coordinator, made::MadeResult};
use chartroom_base::{diagnostic::Diagnostic, ticks::Ticks};
use chartroom_kql::{
    Plan,
    plan::{Beside, Constant},
};
use chartroom_protocol::{Event, ResultId};

/// Notes of a result under way.
pub(crate) struct Noting {
    /// The result they belong to.
    pub(crate) of: u32,
    beside: Option<Box<Beside>>,
    /// What each step gave so far.
    pub(crate) found: Vec<Vec<Constant>>,
    /// What is told; `None` while it is being found out.
    told: Option<Vec<Diagnostic>>,
    /// A load went on then.
    pub(crate) is_partial: bool,
}

impl Noting {
    pub(crate) fn begin(&mut self) {
        self.found.clear();
        self.told = None;
    }

    /// Other tables are there now.
    pub(crate) fn renew(&mut self, plan: &mut Plan, beside: Option<Box<Beside>>) {
        if let Some(beside) = beside {
            plan.made = Some(Box::new(beside.made.clone()));
            self.beside = Some(beside);
        }
    }

    /// The result of which it is known what is told.
    pub(crate) fn told_of(&self) -> Option<u32> {
        self.told.is_some().then_some(self.of)
    }

    /// All steps have run.
    pub(crate) fn tell(&mut self, is_partial: bool) {
        self.is_partial = is_partial;
        self.told = Some(self.beside.as_ref().map_or_else(Vec::new, |beside| beside.tell(&self.found)));
    }
}

impl Coordinator {
    /// Begins to find out what is told beside the result that was begun last.
    pub(crate) fn start_notes(
        &mut self,
        text: String,
        beside: Option<Box<Beside>>,
        mut plan: Plan,
        asked_at: Ticks,
    ) {
        let Some(beside) = beside else { return };
        let of = self.result_count;
        plan.made = Some(Box::new(beside.made.clone()));
        let noting = Noting { of, beside: Some(beside), found: Vec::new(), told: None, is_partial: false };
        let mut result = MadeResult::new(text, plan, asked_at);
        result.noting = Some(noting);
        self.push_made(result);
    }

    /// Whether what is told beside a result is being found out.
    pub(crate) fn is_noting(&self, of: u32) -> bool {
        self.made
            .iter()
            .any(|made| made.noting.as_ref().is_some_and(|noting| noting.of == of && noting.told.is_none()))
    }

    /// What is told beside a result.
    pub(crate) fn noted(&self, of: u32) -> Vec<Diagnostic> {
        let notings = self.made.iter().filter_map(|made| made.noting.as_ref());
        notings
            .filter(|noting| noting.of == of)
            .flat_map(|noting| noting.told.clone().unwrap_or_default())
            .collect()
    }

    /// A result waits no longer for what is told beside it: it is answered, or told of the change.
    pub(crate) fn answer_noted(&mut self, of: u32) {
        if self.answer_made(of) || self.answer_stored(of) {
            return;
        }
        let diagnostics = self.made_remarks(of).or_else(|| self.stored_remarks(of));
        if let Some(diagnostics) = diagnostics {
            self.event(Event::Noted { result: ResultId(of), diagnostics });
        }
    }

    /// Drops notes of results that are gone.
    pub(crate) fn drop_notes(&mut self) {
        let is_there =
            |of: u32| self.made.iter().any(|made| made.id() == of) || self.result(ResultId(of)).is_some();
        let gone: Vec<u32> = self
            .made
            .iter()
            .filter(|made| made.noting.as_ref().is_some_and(|noting| !is_there(noting.of)))
            .map(MadeResult::id)
            .collect();
        for id in gone {
            if let Some(at) = self.made.iter().position(|made| made.id() == id) {
                let result = self.made.remove(at);
                self.drop_made(result);
            }
        }
    }
}
