//! Results whose rows a query makes: shards give batches of their part, the answer is worked out here.
//!
//! **Invariant:** an answer that was given out stays as it is until another, worked out from the beginning over all rows there are, takes its
//! place under the next generation. A part that a shard did not give to its end never counts: when a shard dies, or rows come and
//! go, all of it begins anew. While shards pass rows to each other, that is so when any of them dies.

use super::{Coordinator, asks::failed, edit::chart_wish, notes::Noting};
use crate::{
    message::{Crew, MakeKey, ToShard},
    output::Output,
};
use chartroom_base::{
    diagnostic::{Diagnostic, Severity, Span},
    sort,
    ticks::Ticks,
};
use chartroom_kql::{Answer, Explainer, Fuel, Limits, Made, Plan, Shape, Size, Way, relation::Gives};
use chartroom_protocol::{
    Event, Reply, RequestId, ResultId,
    result::{PageRow, ResultInfo},
};
use std::collections::{BTreeMap, BTreeSet};

/// Results kept: the one on screen, and the one before it until the page has turned to the new one.
const RESULTS_KEPT: usize = 2;
/// Times in a row that a shard may die while it works for a result, before it is given up.
const DEATHS: u32 = 2;
/// Fuel between two looks at the clock.
const SLICE: i64 = 1_000_000;

/// A query that makes rows, and its answer.
pub(crate) struct MadeResult {
    id: u32,
    asked_at: Ticks,
    text: String,
    plan: Plan,
    generations: u32,
    work: Option<Work>,
    shown: Option<Shown>,
    /// The query that is not answered yet, and when it came.
    query: Option<(RequestId, f64)>,
    /// Requests that are answered once what is under way is shown.
    closers: Vec<RequestId>,
    deaths: u32,
    /// What is told beside another result is found out here: nobody pages through it.
    pub(super) noting: Option<Noting>,
    /// What the data said of columns that only it can tell.
    shapes: Vec<Shape>,
    /// Why another result has no rows is found out here: nobody pages through it.
    why: Option<Box<Why>>,
}

/// An answer without rows, while it is found out why.
struct Why {
    explainer: Explainer,
    /// Who asked, and what is answered.
    id: RequestId,
    info: ResultInfo,
    asked_at: Ticks,
}

/// An answer that is being worked out.
struct Work {
    key: MakeKey,
    /// With the parameters that are known.
    made: Made,
    answer: Answer,
    /// Who works on it.
    shards: Vec<u32>,
    /// Who passes rows to whom.
    crew: Option<Crew>,
    /// Per fragment that may go to a stage, what shards have for it.
    sizes: BTreeMap<u32, BTreeMap<u32, Size>>,
    /// Per stream, the shards that have not given all of it.
    waiting_for: Vec<BTreeSet<u32>>,
    /// Batches of each stream and shard for which leave was not given anew: it is when they are worked on.
    taken: BTreeMap<(u32, u32), u32>,
    /// Rows were missing when it began.
    is_partial: bool,
}

/// An answer that the page pages through.
struct Shown {
    generation: u32,
    answer: Answer,
    is_partial: bool,
}

impl Coordinator {
    /// Whether one of them asks for that column.
    pub(crate) fn makes_of(&self, column: &str) -> bool {
        self.made.iter().any(|made| made.text.contains(column))
    }

    /// A query that makes rows; those before it were ended.
    pub(crate) fn start_made(&mut self, id: RequestId, text: String, plan: Plan, asked_at: Ticks) {
        self.end_whys();
        let is_shown = |made: &&MadeResult| made.noting.is_none();
        while self.made.iter().filter(is_shown).count() >= RESULTS_KEPT {
            let Some(oldest) = self.made.iter().position(|made| made.noting.is_none()) else { break };
            let oldest = self.made.remove(oldest);
            self.drop_made(oldest);
        }
        let query = Some((id, self.now));
        self.push_made(MadeResult { query, ..MadeResult::new(text, plan, asked_at) });
    }

    /// Begins a result of made rows, under the next number.
    pub(super) fn push_made(&mut self, mut result: MadeResult) {
        self.result_count += 1;
        result.id = self.result_count;
        self.make(&mut result);
        self.made.push(result);
    }

    /// Answers a query; one without rows once it is known why, as far as the data tells.
    pub(crate) fn reply_result(&mut self, id: RequestId, info: ResultInfo, text: &str, asked_at: Ticks) {
        let explainer = Explainer::new(text).filter(|_| info.rows == 0 && !info.is_partial);
        match explainer {
            Some(explainer) => self.ask_why(Box::new(Why { explainer, id, info, asked_at })),
            None => self.reply(id, Reply::Result { info }),
        }
    }

    /// The next question, or the reply when there is none.
    fn ask_why(&mut self, why: Box<Why>) {
        let Some(text) = why.explainer.ask() else { return self.reply_why(*why) };
        let Ok(mut plan) = chartroom_kql::compile(&text, &self.catalog(), why.asked_at) else {
            return self.reply_why(*why);
        };
        plan.beside = None;
        if plan.made.is_none() || plan.asks_shape() {
            return self.reply_why(*why);
        }
        let asked_at = why.asked_at;
        self.push_made(MadeResult { why: Some(why), ..MadeResult::new(text, plan, asked_at) });
    }

    fn reply_why(&mut self, mut why: Why) {
        let reasons = why.explainer.finish(&self.catalog());
        why.info.diagnostics.extend(reasons);
        self.reply(why.id, Reply::Result { info: why.info });
    }

    /// Ends what is found out; who waits gets what is known.
    fn end_whys(&mut self) {
        for at in (0..self.made.len()).rev() {
            if self.made.get(at).is_some_and(|result| result.why.is_some()) {
                let mut result = self.made.remove(at);
                self.end_work(&mut result);
                if let Some(why) = result.why.take() {
                    self.reply_why(*why);
                }
            }
        }
    }

    /// Ends queries that were not answered.
    pub(crate) fn end_made_queries(&mut self) {
        self.end_whys();
        for at in (0..self.made.len()).rev() {
            if self.made.get(at).is_some_and(|result| result.query.is_some()) {
                let mut result = self.made.remove(at);
                if let Some((id, _)) = result.query.take() {
                    self.reply(id, Reply::Cancelled);
                }
                self.drop_made(result);
            }
        }
    }

    /// Works out an answer from the beginning.
    fn make(&mut self, result: &mut MadeResult) {
        self.end_work(result);
        let Some(made) = result.plan.made.as_deref().cloned() else { return };
        result.generations += 1;
        if let Some(noting) = &mut result.noting {
            noting.begin();
        }
        let key = MakeKey { result: result.id, generation: result.generations, step: 0 };
        result.work = self.begin_step(key, made, &result.plan, self.lacks_rows());
    }

    fn begin_step(&mut self, key: MakeKey, made: Made, plan: &Plan, is_partial: bool) -> Option<Work> {
        let step = usize::try_from(key.step).unwrap_or(usize::MAX);
        let shards: Vec<u32> =
            (0_u32..).zip(&self.shards).filter(|(_, shard)| shard.is_up()).map(|(index, _)| index).collect();
        let mut answer = Answer::new(&made, step, plan.now, self.sizes.limits(), shards.len())?;
        let (fragments, stages) = (answer.fragments().to_vec(), answer.stages().to_vec());
        let count = u32::try_from(fragments.len()).unwrap_or(u32::MAX);
        let crew = if stages.is_empty() { None } else { self.open_exchanges(count) };
        if crew.is_none() {
            (0..stages.len()).for_each(|stage| answer.settle(stage, Way::Gather));
        }
        let mut waiting_for = vec![BTreeSet::new(); fragments.len() + stages.len()];
        if !fragments.is_empty() {
            for &index in &shards {
                let Some(shard) = self.shards.get_mut(index as usize) else { continue };
                if !shard.has_work() {
                    shard.heard_at = self.now;
                }
                shard.chores += 1;
                let (fragments, stages, crew) = (fragments.clone(), stages.clone(), crew.clone());
                let message = ToShard::Make { key, fragments, stages, crew };
                self.outputs.push(Output::ToShard { shard: index, message, files: Vec::new() });
            }
            for waiting in waiting_for.iter_mut().take(fragments.len()) {
                waiting.extend(&shards);
            }
        }
        let (sizes, taken) = (BTreeMap::new(), BTreeMap::new());
        let mut work = Work { key, made, answer, shards, crew, sizes, waiting_for, taken, is_partial };
        work.end_given();
        Some(work)
    }

    /// What is under way for a result is not wanted any more.
    fn end_work(&mut self, result: &mut MadeResult) {
        if let Some(work) = result.work.take() {
            self.tell_all(&ToShard::MakeDrop { key: work.key });
        }
    }

    pub(super) fn drop_made(&mut self, mut result: MadeResult) {
        self.end_work(&mut result);
        for id in result.closers {
            self.reply(id, Reply::Done);
        }
    }

    /// Works out all answers anew: rows went or came. `closer` is answered when that is done; whether it will be.
    pub(crate) fn renew_made(&mut self, closer: Option<RequestId>) -> bool {
        self.end_whys();
        let mut results = std::mem::take(&mut self.made);
        for result in &mut results {
            // Its shape is what the page was told: another catalogue may only change what lies beneath it.
            if !result.plan.asks_shape()
                && let Ok(mut plan) = self.compile_shaped(&result.text, result.asked_at, &result.shapes)
            {
                let beside = plan.beside.take();
                if let Some(noting) = &mut result.noting {
                    noting.renew(&mut result.plan, beside);
                } else if plan.columns == result.plan.columns && plan.made.is_some() {
                    result.plan = plan;
                }
            }
            self.make(result);
        }
        let last = results.iter_mut().rev().find(|result| result.noting.is_none());
        let takes_closer = match (last, closer) {
            (Some(last), Some(id)) => {
                last.closers.push(id);
                true
            }
            _ => false,
        };
        self.made = results;
        takes_closer
    }

    /// A load is over: answers from a part of the rows are worked out anew.
    pub(crate) fn finish_made(&mut self) {
        let is_partial = |result: &MadeResult| match (&result.work, &result.shown) {
            (Some(work), _) => work.is_partial,
            (None, shown) => {
                shown.as_ref().is_some_and(|shown| shown.is_partial)
                    || result.noting.as_ref().is_some_and(|noting| noting.is_partial)
            }
        };
        if self.made.iter().any(is_partial) {
            self.renew_made(None);
        }
    }

    /// A shard is gone: what it gave of its part is not all of it. `is_blamed`: its death counts against what it was at.
    pub(crate) fn made_lost(&mut self, shard: u32, reason: &str, is_blamed: bool) {
        for at in (0..self.made.len()).rev() {
            let Some(result) = self.made.get_mut(at) else { continue };
            if !result.work.as_ref().is_some_and(|work| work.needs(shard)) {
                continue;
            }
            result.deaths += u32::from(is_blamed);
            if result.deaths < DEATHS {
                let mut result = self.made.remove(at);
                self.make(&mut result);
                self.made.insert(at, result);
                continue;
            }
            let result = self.made.remove(at);
            self.fail_made(
                result,
                format!(
                    "The query was given up: a reader ended {DEATHS} times while it worked on it ({reason}). What was read stays; \
                     ask for less at a time, or in another way."
                ),
            );
        }
    }

    fn fail_made(&mut self, mut result: MadeResult, text: String) {
        if let Some(why) = result.why.take() {
            self.end_work(&mut result);
            return self.reply_why(*why);
        }
        if let Some(of) = result.noting.as_ref().map(|noting| noting.of) {
            // The answer itself stands without what is told beside it.
            self.drop_made(result);
            return self.answer_noted(of);
        }
        match result.query.take() {
            Some((id, _)) => self.reply(id, failed(text)),
            None => self.event(Event::Notice { text }),
        }
        self.drop_made(result);
    }

    /// A shard knows how much it has of a fragment that may go to a stage. Once all have said so, the way is settled.
    pub(crate) fn on_sized(&mut self, shard: u32, key: MakeKey, fragment: u32, size: Size) {
        let Some(at) = self.working_on(key) else { return };
        let limits = self.sizes.limits();
        let Some(work) = self.made.get_mut(at).and_then(|result| result.work.as_mut()) else { return };
        work.sizes.entry(fragment).or_default().insert(shard, size);
        let settled = work.settle_ways(limits);
        for (stage, way) in settled {
            self.tell_all(&ToShard::MakeWay { key, stage, way });
        }
    }

    pub(crate) fn on_batch(&mut self, shard: u32, key: MakeKey, stream: u32, bytes: &[u8]) {
        let Some(at) = self.working_on(key) else { return };
        let Some(work) = self.made.get_mut(at).and_then(|result| result.work.as_mut()) else { return };
        *work.taken.entry((stream, shard)).or_default() += 1;
        let stream = usize::try_from(stream).unwrap_or(usize::MAX);
        if let Err(refusal) = work.answer.deliver(stream, work.place(shard), bytes) {
            let result = self.made.remove(at);
            self.fail_made(result, refusal.to_string());
        }
    }

    pub(crate) fn on_made(&mut self, shard: u32, key: MakeKey, stream: u32) {
        let Some(at) = self.working_on(key) else { return };
        let Some(work) = self.made.get_mut(at).and_then(|result| result.work.as_mut()) else { return };
        let stream = usize::try_from(stream).unwrap_or(usize::MAX);
        let place = work.place(shard);
        if let Some(waiting) = work.waiting_for.get_mut(stream) {
            waiting.remove(&shard);
            work.answer.end_of(stream, place);
            if waiting.is_empty() {
                work.answer.end(stream);
            }
        }
    }

    /// A shard is done with a part, or has dropped it, or cannot do it.
    pub(crate) fn on_make_ended(&mut self, shard: u32, key: MakeKey, failed: Option<String>) {
        self.chore_done(shard);
        if let (Some(at), Some(text)) = (self.working_on(key), failed) {
            let result = self.made.remove(at);
            self.fail_made(result, text);
        }
    }

    fn working_on(&self, key: MakeKey) -> Option<usize> {
        self.made.iter().position(|result| result.work.as_ref().is_some_and(|work| work.key == key))
    }

    /// Works on answers. Whether there is more to do at once.
    pub(crate) fn make_some(&mut self, is_late: &dyn Fn() -> bool) -> bool {
        for at in (0..self.made.len()).rev() {
            while let Some(work) = self.made.get_mut(at).and_then(|result| result.work.as_mut()) {
                let mut fuel = Fuel(SLICE);
                match work.answer.step(&mut fuel) {
                    Ok(true) => {
                        let result = self.made.remove(at);
                        let Some(result) = self.end_step(result) else { continue };
                        let of = result.noting.as_ref().and_then(Noting::told_of);
                        self.made.insert(at, result);
                        if let Some(of) = of {
                            self.answer_noted(of);
                        }
                    }
                    Ok(false) if !fuel.is_empty() => {
                        // What came is worked on, as far as it can be: the shards may send more.
                        let key = work.key;
                        for (stream, shard, batches) in work.leaves() {
                            self.tell(shard, ToShard::MakeMore { key, stream, batches });
                        }
                        break;
                    }
                    Ok(false) => {}
                    Err(refusal) => {
                        let result = self.made.remove(at);
                        self.fail_made(result, refusal.to_string());
                        break;
                    }
                }
                if is_late() {
                    return true;
                }
            }
        }
        false
    }

    /// A step of an answer is worked out: the next one, or all of it. `None`: the result is over.
    fn end_step(&mut self, mut result: MadeResult) -> Option<MadeResult> {
        let Some(mut work) = result.work.take() else { return Some(result) };
        // It may have enough before the shards are through.
        self.tell_all(&ToShard::MakeDrop { key: work.key });
        if work.answer.gives() == Gives::Shape {
            return self.shaped(result, &work);
        }
        if work.answer.gives() != Gives::Rows {
            let values = work.answer.parameter();
            work.made.settle(work.key.step, &values);
            let key = MakeKey { step: work.key.step + 1, ..work.key };
            let is_partial = work.is_partial;
            result.work = self.begin_step(key, work.made, &result.plan, is_partial);
            if let Some(noting) = &mut result.noting {
                noting.found.push(values);
                if result.work.is_none() {
                    noting.tell(is_partial);
                }
            }
            return Some(result);
        }
        if let Some(mut why) = result.why.take() {
            let rows: Vec<_> =
                (0..work.answer.row_count().min(500)).map(|row| work.answer.cells(row)).collect();
            why.explainer.tell(&rows);
            self.ask_why(why);
            return None;
        }
        result.deaths = 0;
        let (generation, is_partial) = (work.key.generation, work.is_partial);
        let rows = work.answer.row_count();
        result.shown = Some(Shown { generation, answer: work.answer, is_partial });
        match result.query.take() {
            // What is told beside it is not known yet.
            Some(query) if self.is_noting(result.id) => result.query = Some(query),
            Some((id, started)) => {
                let info = self.made_info(&result, started);
                self.reply_result(id, info, &result.text, result.asked_at);
            }
            None => self.event(Event::Grown { result: ResultId(result.id), generation, rows, is_partial }),
        }
        for id in std::mem::take(&mut result.closers) {
            self.reply(id, Reply::Done);
        }
        Some(result)
    }

    /// The data said which columns a part of the query has: all of it is bound anew with them.
    fn shaped(&mut self, mut result: MadeResult, work: &Work) -> Option<MadeResult> {
        result.shapes.push(work.answer.shape());
        match self.compile_shaped(&result.text, result.asked_at, &result.shapes) {
            Ok(mut plan) => {
                plan.beside = None;
                result.plan = plan;
                self.make(&mut result);
                Some(result)
            }
            Err(diagnostics) => {
                if let Some((id, _)) = result.query.take() {
                    self.reply(id, Reply::Failed { diagnostics });
                }
                self.drop_made(result);
                None
            }
        }
    }

    fn compile_shaped(&mut self, text: &str, now: Ticks, shapes: &[Shape]) -> Result<Plan, Vec<Diagnostic>> {
        if shapes.is_empty() {
            return self.compile(text, now);
        }
        chartroom_kql::compile_with(text, &self.catalog(), now, shapes)
    }

    fn made_info(&self, result: &MadeResult, started: f64) -> ResultInfo {
        let columns = result.plan.columns.iter().map(|column| self.column_info(column));
        let shown = result.shown.as_ref();
        let mut diagnostics = result.plan.diagnostics.clone();
        if shown.is_some_and(|shown| shown.answer.is_cut()) {
            let text = format!("Only the first {} rows are shown", Limits::default().rows);
            let cut = Diagnostic::error("ENG0702", Span::default(), text);
            let help = "Filter or summarize further; what was left out is not in any export either";
            diagnostics.push(Diagnostic { severity: Severity::Warning, ..cut.with_help(help) });
        }
        diagnostics.extend(self.noted(result.id));
        ResultInfo {
            result: ResultId(result.id),
            generation: shown.map_or(0, |shown| shown.generation),
            columns: columns.collect(),
            rows: shown.map_or(0, |shown| shown.answer.row_count()),
            is_partial: self.lacks_rows() || shown.is_none_or(|shown| shown.is_partial),
            share: self.share(),
            is_stored: false,
            chart: chart_wish(&result.text),
            diagnostics,
            took_us: ((self.now - started).max(0.0) * 1_000.0) as u64,
        }
    }

    /// Answers the query of a result that waited for what is told beside it; whether there was one.
    pub(super) fn answer_made(&mut self, of: u32) -> bool {
        let is_ready = |made: &MadeResult| made.id == of && made.shown.is_some() && made.work.is_none();
        let Some(at) = self.made.iter().position(is_ready) else { return false };
        let Some((id, started)) = self.made.get_mut(at).and_then(|made| made.query.take()) else {
            return false;
        };
        let made = self.made.get(at);
        let made = made.map(|made| (self.made_info(made, started), made.text.clone(), made.asked_at));
        if let Some((info, text, asked_at)) = made {
            self.reply_result(id, info, &text, asked_at);
        }
        true
    }

    /// All that is told beside a result; `None`: there is no such result.
    pub(super) fn made_remarks(&self, of: u32) -> Option<Vec<Diagnostic>> {
        let made = self.made.iter().find(|made| made.id == of && made.shown.is_some())?;
        Some(self.made_info(made, self.now).diagnostics)
    }

    /// A page of a made result; `None`: there is no such result.
    pub(crate) fn made_rows(&self, result: ResultId, start: u64, count: u32) -> Option<Reply> {
        let shown = self.made.iter().find(|made| made.id == result.0)?.shown.as_ref()?;
        let end = shown.answer.row_count().min(start.saturating_add(u64::from(count.min(500))));
        let rows = (start..end)
            .map(|row| PageRow { id: None, cells: shown.answer.cells(row), is_duplicate: false })
            .collect();
        Some(Reply::Rows { generation: shown.generation, start, rows })
    }

    /// Whether that is a result of made rows.
    pub(crate) fn is_made(&self, result: ResultId) -> bool {
        self.made.iter().any(|made| made.id == result.0)
    }

    /// A query is not waited for any more. Whether it was one of these.
    pub(crate) fn cancel_made(&mut self, id: RequestId) -> bool {
        let is_it = |result: &MadeResult| {
            result.query.is_some_and(|(query, _)| query == id)
                || result.why.as_ref().is_some_and(|why| why.id == id)
        };
        let Some(at) = self.made.iter().position(is_it) else { return false };
        let result = self.made.remove(at);
        self.drop_made(result);
        self.drop_notes();
        true
    }
}

impl MadeResult {
    /// Nothing is begun yet.
    pub(super) const fn new(text: String, plan: Plan, asked_at: Ticks) -> Self {
        Self {
            id: 0,
            asked_at,
            text,
            plan,
            generations: 0,
            work: None,
            shown: None,
            query: None,
            closers: Vec::new(),
            deaths: 0,
            noting: None,
            shapes: Vec::new(),
            why: None,
        }
    }

    /// Its number.
    pub(super) const fn id(&self) -> u32 {
        self.id
    }

    /// Its plan, if it is that result.
    pub(crate) fn plan_of(&self, result: ResultId) -> Option<&Plan> {
        (self.id == result.0).then_some(&self.plan)
    }

    /// Whether an answer is being worked out.
    pub(crate) const fn is_unsettled(&self) -> bool {
        self.work.is_some()
    }
}

impl Work {
    /// Fragments that no shard runs are complete.
    fn end_given(&mut self) {
        for (fragment, waiting) in self.waiting_for.iter().enumerate().take(self.answer.fragments().len()) {
            if waiting.is_empty() {
                self.answer.end(fragment);
            }
        }
    }

    /// Where a shard stands among those that work on it.
    fn place(&self, shard: u32) -> usize {
        self.shards.iter().position(|of| *of == shard).unwrap_or(usize::MAX)
    }

    /// Whether it cannot go on without that shard.
    fn needs(&self, shard: u32) -> bool {
        let is_exchanging = (0..self.answer.stages().len())
            .any(|stage| matches!(self.answer.way(stage), Some(Way::Hash | Way::Broadcast)));
        let is_going_on = self.waiting_for.iter().any(|waiting| !waiting.is_empty());
        let is_member = self.crew.iter().flat_map(|crew| &crew.members).any(|member| member.shard == shard);
        (is_exchanging && is_going_on && is_member)
            || self.waiting_for.iter().any(|waiting| waiting.contains(&shard))
    }

    /// Settles the ways of stages of which all sizes are known.
    fn settle_ways(&mut self, limits: Limits) -> Vec<(u32, Way)> {
        let mut settled = Vec::new();
        for stage in 0..self.answer.stages().len() {
            if self.answer.way(stage).is_some() {
                continue;
            }
            let mut inputs: Vec<(usize, u32)> = (0_u32..)
                .zip(self.answer.fragments())
                .filter_map(|(number, fragment)| {
                    fragment.goes.as_ref().filter(|goes| goes.stage == stage).map(|goes| (goes.input, number))
                })
                .collect();
            sort::sort(&mut inputs);
            let sizes = |fragment: u32| {
                let of_shards = self.sizes.get(&fragment).filter(|sizes| sizes.len() == self.shards.len())?;
                let most = of_shards.values().fold(Size::default(), |most, size| Size {
                    rows: most.rows.max(size.rows),
                    bytes: most.bytes.max(size.bytes),
                });
                Some((most, of_shards.values().copied().fold(Size::default(), Size::plus)))
            };
            let Some(sizes) = inputs.iter().map(|(_, fragment)| sizes(*fragment)).collect::<Option<Vec<_>>>()
            else {
                continue;
            };
            let Some(way) = self.answer.stages().get(stage).map(|stage| stage.way(&sizes, limits)) else {
                continue;
            };
            if way != Way::Gather {
                // What comes then is the stage's stream.
                for waiting in inputs.iter().filter_map(|(_, at)| usize::try_from(*at).ok()) {
                    self.waiting_for.get_mut(waiting).into_iter().for_each(BTreeSet::clear);
                }
                if let Some(waiting) = self.waiting_for.get_mut(self.answer.fragments().len() + stage) {
                    waiting.extend(&self.shards);
                }
            }
            self.answer.settle(stage, way);
            settled.extend(u32::try_from(stage).ok().map(|stage| (stage, way)));
        }
        settled
    }

    /// Batches that were worked on since leave was given last: stream, shard and how many.
    fn leaves(&mut self) -> Vec<(u32, u32, u32)> {
        let mut leaves = Vec::new();
        for (&(stream, shard), taken) in &mut self.taken {
            let place = self.shards.iter().position(|of| *of == shard).unwrap_or(usize::MAX);
            let waiting = self.answer.waiting(usize::try_from(stream).unwrap_or(usize::MAX), place);
            let batches = taken.saturating_sub(u32::try_from(waiting).unwrap_or(u32::MAX));
            if batches > 0 {
                *taken -= batches;
                leaves.push((stream, shard, batches));
            }
        }
        leaves
    }
}
