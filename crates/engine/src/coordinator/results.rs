//! Results: a query, where its rows are, and in which order.
//!
//! **Invariant:** a view never changes the order of rows it has given out; it only grows behind them. Another order is
//! another view with the next generation, made beside the one in use and put in its place when all shards have theirs.

use super::{
    Coordinator,
    asks::failed,
    edit::chart_wish,
    order::{Merge, Order, Run},
};
use crate::{
    message::{ResultKey, ToShard},
    output::Output,
};
use chartroom_base::{diagnostic::Diagnostic, ticks::Ticks};
use chartroom_kql::{KeyBlock, Plan};
use chartroom_protocol::{
    Event, Reply, RequestId, ResultId,
    result::{ColumnInfo, ResultInfo},
};
use std::collections::BTreeSet;

/// Rows merged between two looks at the clock.
const MERGE_ROWS: usize = 2_048;
/// Results kept: the one on screen, and the one before it until the page has turned to the new one.
const RESULTS_KEPT: usize = 2;
/// At least so long between two `Grown` events of a result, in milliseconds.
const GROWN_EVERY: f64 = 100.0;

/// Shards that may die in a row while they select a result, before it is given up.
const DEATHS: u32 = 2;

/// A query and its rows.
pub(crate) struct ResultState {
    pub(crate) id: u32,
    text: String,
    /// When it was asked, for `now()`.
    asked_at: Ticks,
    pub(crate) plan: Plan,
    /// What the page pages through.
    pub(crate) view: Option<View>,
    /// What will take its place.
    next: Option<View>,
    generations: u32,
    /// The query that is not answered yet, and when it came.
    query: Option<(RequestId, f64)>,
    /// Requests that are answered once the next view stands.
    closers: Vec<RequestId>,
    grown_at: f64,
    grown_due: bool,
    /// Shards that died in a row while they selected it.
    deaths: u32,
}

/// The rows of a result in one order.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) key: ResultKey,
    pub(crate) order: Order,
    merge: Option<Merge>,
    /// Rows of each shard.
    locals: Vec<u64>,
    /// Shards that have not selected yet.
    waiting_for: BTreeSet<u32>,
    /// Rows that came while the merge went on.
    tails: Vec<Run>,
    /// Made while a load went on, or grown since: its order is not the final one.
    is_provisional: bool,
    take: Option<u64>,
}

impl View {
    /// Rows of the result.
    pub(crate) fn rows(&self) -> u64 {
        let sum = self.locals.iter().sum();
        self.take.map_or(sum, |take| take.min(sum))
    }

    /// Whether it may show fewer rows than its shards have selected.
    pub(crate) const fn is_cut(&self) -> bool {
        self.take.is_some()
    }

    /// Whether the places of the first `rows` rows are known.
    pub(crate) fn is_known(&self, rows: u64) -> bool {
        self.order.rows() >= rows.min(self.rows())
    }

    fn start_merge(&mut self) {
        let mut with_rows = (0_u32..).zip(&self.locals).filter(|(_, rows)| **rows > 0);
        match (with_rows.next(), with_rows.next()) {
            (None, _) => {}
            (Some((shard, &rows)), None) => self.order.set_alone(shard, rows),
            (Some(_), Some(_)) => self.merge = Some(Merge::new(&self.locals)),
        }
    }

    /// Merges some rows. Whether it did.
    fn step(&mut self) -> bool {
        let Some(merge) = &mut self.merge else { return false };
        let did = merge.step(&mut self.order, MERGE_ROWS);
        let is_enough = self.take.is_some_and(|take| self.order.rows() >= take);
        if merge.is_done() || is_enough {
            self.merge = None;
            for run in std::mem::take(&mut self.tails) {
                self.order.push_run(run);
            }
        }
        did
    }

    /// A shard has more rows than before.
    fn grow(&mut self, shard: u32, rows: u64) {
        let Some(local) = self.locals.get_mut(shard as usize) else { return };
        let run = Run { shard, first: *local, rows: rows.saturating_sub(*local) };
        *local = rows.max(*local);
        self.is_provisional = true;
        if self.merge.is_some() { self.tails.push(run) } else { self.order.push_run(run) }
    }
}

impl Coordinator {
    /// A query: bound, selected on all shards, then answered. Ends the query before it.
    pub(crate) fn start_query(&mut self, id: RequestId, text: String, asked_at: Ticks) {
        let mut plan = match self.compile(&text, asked_at) {
            Ok(plan) => plan,
            Err(diagnostics) => return self.reply(id, Reply::Failed { diagnostics }),
        };
        self.end_made_queries();
        let older: Vec<RequestId> =
            self.results.iter_mut().filter_map(|result| result.query.take()).map(|(id, _)| id).collect();
        for id in older {
            self.reply(id, Reply::Cancelled);
        }
        // A result that was never answered will not be paged.
        let (answered, never): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.results).into_iter().partition(|result| result.view.is_some());
        self.results = answered;
        for result in never {
            self.drop_result(&result);
        }
        self.drop_notes();
        let beside = plan.beside.take();
        if plan.made.is_some() {
            self.start_made(id, text.clone(), plan.clone(), asked_at);
            return self.start_notes(text, beside, plan, asked_at);
        }
        let noting = (text.clone(), plan.clone());
        while self.results.len() >= RESULTS_KEPT {
            let oldest = self.results.remove(0);
            self.drop_result(&oldest);
        }
        self.result_count += 1;
        let mut result = ResultState {
            id: self.result_count,
            text,
            asked_at,
            plan,
            view: None,
            next: None,
            generations: 0,
            query: Some((id, self.now)),
            closers: Vec::new(),
            // The first rows are told at once.
            grown_at: f64::NEG_INFINITY,
            grown_due: false,
            deaths: 0,
        };
        self.select(&mut result);
        self.results.push(result);
        self.start_notes(noting.0, beside, noting.1, asked_at);
        self.settle_results();
    }

    /// Has all shards select a result anew.
    fn select(&mut self, result: &mut ResultState) {
        if let Some(view) = result.next.take() {
            self.tell_all(&ToShard::Drop { key: view.key });
        }
        result.generations += 1;
        let key = ResultKey { result: result.id, generation: result.generations };
        let is_provisional = self.load.is_active;
        let mut view = View {
            key,
            order: Order::new(self.shards.len()),
            merge: None,
            locals: vec![0; self.shards.len()],
            waiting_for: BTreeSet::new(),
            tails: Vec::new(),
            is_provisional,
            take: result.plan.take,
        };
        for (index, shard) in (0_u32..).zip(&mut self.shards) {
            if shard.is_up() {
                shard.chores += 1;
                shard.selecting.insert(key);
                view.waiting_for.insert(index);
                let message = ToShard::Select { key, plan: Box::new(result.plan.clone()) };
                self.outputs.push(Output::ToShard { shard: index, message, files: Vec::new() });
            }
        }
        result.next = Some(view);
    }

    /// Makes all results anew: rows went, came back or got their final order. `closer` is answered when that is done.
    pub(crate) fn renew_results(&mut self, closer: Option<RequestId>) {
        let mut results = std::mem::take(&mut self.results);
        for result in &mut results {
            // Its shape is what the page was told: another catalogue may only change what lies beneath it.
            if let Ok(plan) = self.compile(&result.text, result.asked_at)
                && plan.columns == result.plan.columns
            {
                result.plan = Plan { beside: None, ..plan };
            }
            self.select(result);
        }
        self.results = results;
        match (self.results.last_mut(), closer) {
            (Some(last), Some(id)) => {
                last.closers.push(id);
                self.renew_made(None);
            }
            (None, Some(id)) => {
                if !self.renew_made(Some(id)) {
                    self.reply(id, Reply::Done);
                }
            }
            (_, None) => drop(self.renew_made(None)),
        }
        self.settle_results();
    }

    /// Makes anew what asks for that column.
    pub(crate) fn renew_results_of(&mut self, column: &str) {
        if self.results.iter().any(|result| result.text.contains(column)) || self.makes_of(column) {
            self.renew_results(None);
        }
    }

    /// A load is over: results made or grown meanwhile get their final order, the others are said to be complete.
    pub(crate) fn finish_results(&mut self) {
        let is_final = |result: &ResultState| {
            result.next.is_none() && result.view.as_ref().is_some_and(|view| !view.is_provisional)
        };
        if self.results.iter().all(is_final) {
            for result in &mut self.results {
                result.grown_due = true;
            }
            self.say_grown();
            self.finish_made();
        } else {
            self.renew_results(None);
        }
    }

    /// A shard that came up while results stand has its part of them, too.
    pub(crate) fn select_on_fresh(&mut self, shard: u32) {
        for result in &self.results {
            for view in result.view.iter().chain(&result.next) {
                if let Some(state) = self.shards.get_mut(shard as usize) {
                    state.selecting.insert(view.key);
                }
                let message = ToShard::Select { key: view.key, plan: Box::new(result.plan.clone()) };
                self.outputs.push(Output::ToShard { shard, message, files: Vec::new() });
            }
        }
    }

    pub(crate) fn on_selected(&mut self, shard: u32, key: ResultKey, rows: u64) {
        if let Some(state) = self.shards.get_mut(shard as usize) {
            state.selecting.remove(&key);
        }
        let mut was_waited_for = false;
        for result in &mut self.results {
            for view in result.view.iter_mut().chain(&mut result.next) {
                if view.key == key {
                    if view.waiting_for.remove(&shard) {
                        was_waited_for = true;
                        if let Some(local) = view.locals.get_mut(shard as usize) {
                            *local = rows;
                        }
                    } else {
                        view.grow(shard, rows);
                    }
                }
            }
        }
        // Views that were dropped meanwhile were chores, too; a fresh shard's are not counted.
        if was_waited_for || !self.results.iter().any(|result| result.has(key)) {
            self.chore_done(shard);
        }
        self.settle_results();
    }

    pub(crate) fn on_grew(&mut self, shard: u32, key: ResultKey, rows: u64) {
        for result in &mut self.results {
            if let Some(view) = result.view.iter_mut().find(|view| view.key == key) {
                view.grow(shard, rows);
                result.grown_due = true;
            } else if let Some(view) = result.next.iter_mut().find(|view| view.key == key) {
                // Others are not ready: what came on top is a tail of the merge to come.
                if let Some(local) = view.locals.get(shard as usize) {
                    let (first, more) = (*local, rows.saturating_sub(*local));
                    let known: u64 =
                        view.tails.iter().filter(|run| run.shard == shard).map(|run| run.rows).sum();
                    view.tails.push(Run { shard, first: first + known, rows: more.saturating_sub(known) });
                }
            }
        }
    }

    pub(crate) fn on_keys(&mut self, shard: u32, key: ResultKey, block: KeyBlock) {
        for result in &mut self.results {
            if let Some(view) = result.view.iter_mut().find(|view| view.key == key)
                && let Some(merge) = &mut view.merge
            {
                merge.push(shard, block);
                return;
            }
        }
    }

    /// Puts finished views in their places and answers who waits for them.
    pub(crate) fn settle_results(&mut self) {
        let mut results = std::mem::take(&mut self.results);
        for result in &mut results {
            if !result.next.as_ref().is_some_and(|view| view.waiting_for.is_empty()) {
                continue;
            }
            let Some(mut view) = result.next.take() else { continue };
            let tails = std::mem::take(&mut view.tails);
            view.start_merge();
            result.deaths = 0;
            for run in tails {
                let rows = run.first + run.rows;
                view.grow(run.shard, rows);
            }
            let old = result.view.replace(view);
            if let Some(old) = old {
                self.tell_all(&ToShard::Drop { key: old.key });
            }
            match result.query.take() {
                // What is told beside it is not known yet.
                Some(query) if self.is_noting(result.id) => result.query = Some(query),
                Some((id, started)) => {
                    let info = self.info(result, started);
                    self.reply_result(id, info, &result.text, result.asked_at);
                }
                None => {
                    result.grown_due = true;
                    result.grown_at = f64::NEG_INFINITY;
                }
            }
            for id in std::mem::take(&mut result.closers) {
                self.reply(id, Reply::Done);
            }
        }
        self.results = results;
        self.say_grown();
    }

    /// Tells the page of results that grew, not too often.
    pub(crate) fn say_grown(&mut self) {
        let (now, is_partial) = (self.now, self.lacks_rows());
        let mut events = Vec::new();
        for result in &mut self.results {
            let Some(view) = &result.view else { continue };
            if result.grown_due && result.query.is_none() && now - result.grown_at >= GROWN_EVERY {
                result.grown_due = false;
                result.grown_at = now;
                events.push(Event::Grown {
                    result: ResultId(result.id),
                    generation: view.key.generation,
                    rows: if result.plan.is_count { 1 } else { view.rows() },
                    is_partial,
                });
            }
        }
        for event in events {
            self.event(event);
        }
    }

    fn info(&self, result: &ResultState, started: f64) -> ResultInfo {
        let columns = result.plan.columns.iter().enumerate().map(|(at, column)| ColumnInfo {
            is_empty: !result.plan.is_count
                && result.plan.sources.iter().any(|source| self.rows_of(&source.table) > 0)
                && result.plan.sources.iter().all(|source| {
                    source.columns.get(at).is_some_and(|&node| self.is_surely_empty(source, node))
                }),
            ..self.column_info(column)
        });
        let view = result.view.as_ref();
        ResultInfo {
            result: ResultId(result.id),
            generation: view.map_or(0, |view| view.key.generation),
            columns: columns.collect(),
            rows: if result.plan.is_count { 1 } else { view.map_or(0, View::rows) },
            is_partial: self.lacks_rows(),
            share: self.share(),
            is_stored: !result.plan.is_count,
            chart: chart_wish(&result.text),
            diagnostics: [result.plan.diagnostics.clone(), self.noted(result.id)].concat(),
            took_us: ((self.now - started).max(0.0) * 1_000.0) as u64,
        }
    }

    /// Answers the query of a result that waited for what is told beside it; whether there was one.
    pub(super) fn answer_stored(&mut self, of: u32) -> bool {
        let is_ready = |result: &&mut ResultState| result.id == of && result.view.is_some();
        let query = self.results.iter_mut().find(is_ready).and_then(|result| result.query.take());
        let (Some((id, started)), Some(result)) = (query, self.result(ResultId(of))) else { return false };
        let (info, text, asked_at) = (self.info(result, started), result.text.clone(), result.asked_at);
        self.reply_result(id, info, &text, asked_at);
        true
    }

    /// All that is told beside a result; `None`: there is no such result.
    pub(super) fn stored_remarks(&self, of: u32) -> Option<Vec<Diagnostic>> {
        let result = self.result(ResultId(of)).filter(|result| result.query.is_none())?;
        Some([result.plan.diagnostics.clone(), self.noted(of)].concat())
    }

    /// Asks for the keys that merges need, and merges. Whether there is more to do at once.
    pub(crate) fn merge_some(&mut self, is_late: &dyn Fn() -> bool) -> bool {
        let mut more = false;
        for result in self.results.iter_mut().rev() {
            let Some(view) = &mut result.view else { continue };
            while view.step() {
                more = true;
                if is_late() {
                    break;
                }
            }
            if let Some(merge) = &mut view.merge {
                for (shard, from) in merge.take_wishes() {
                    let message = ToShard::Keys { key: view.key, from };
                    self.outputs.push(Output::ToShard { shard, message, files: Vec::new() });
                }
            }
            if is_late() {
                return more;
            }
        }
        false
    }

    /// The result of that number.
    pub(crate) fn result(&self, id: ResultId) -> Option<&ResultState> {
        self.results.iter().find(|result| result.id == id.0)
    }

    /// A query is not waited for any more. Whether it was one.
    pub(crate) fn cancel_query(&mut self, id: RequestId) -> bool {
        let Some(at) =
            self.results.iter().position(|result| result.query.is_some_and(|(query, _)| query == id))
        else {
            return false;
        };
        let result = self.results.remove(at);
        self.drop_result(&result);
        self.drop_notes();
        true
    }

    fn drop_result(&mut self, result: &ResultState) {
        for view in result.view.iter().chain(&result.next) {
            self.tell_all(&ToShard::Drop { key: view.key });
        }
        for &id in &result.closers {
            self.reply(id, Reply::Done);
        }
    }

    /// A shard that is gone answers no selection; its part of views in use is renewed by the caller.
    pub(crate) fn selections_lost(&mut self, shard: u32) {
        for result in &mut self.results {
            for view in result.view.iter_mut().chain(&mut result.next) {
                view.waiting_for.remove(&shard);
            }
        }
    }

    /// A shard died, maybe of what it selected: of several orders the newest, as it takes that up first. A result that
    /// ends its shard each time is given up, or shards would start anew for ever.
    pub(crate) fn blame(&mut self, key: ResultKey, reason: &str) {
        let Some(at) = self.results.iter().position(|result| result.id == key.result) else { return };
        let Some(result) = self.results.get_mut(at) else { return };
        result.deaths += 1;
        if result.deaths < DEATHS {
            return;
        }
        let mut result = self.results.remove(at);
        let text = format!(
            "The query was given up: a reader ended {DEATHS} times while it looked for its rows ({reason}). \
             What was read stays; ask for less at a time, or in another way."
        );
        let query = result.query.take();
        self.drop_result(&result);
        match query {
            Some((id, _)) => self.reply(id, failed(text)),
            None => self.event(Event::Notice { text }),
        }
    }

    /// Bytes that orders take.
    pub(crate) fn order_memory(&self) -> usize {
        self.results.iter().filter_map(|result| result.view.as_ref()).map(|view| view.order.memory()).sum()
    }
}

impl ResultState {
    /// Whether the page is to be told that it grew.
    pub(crate) fn is_grown_due(&self) -> bool {
        self.grown_due && self.query.is_none()
    }

    /// Whether another view of it is being made, or its order is being merged.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.next.is_some() || self.grown_due || self.view.as_ref().is_some_and(|view| view.merge.is_some())
    }

    fn has(&self, key: ResultKey) -> bool {
        self.view.iter().chain(&self.next).any(|view| view.key == key)
    }
}
