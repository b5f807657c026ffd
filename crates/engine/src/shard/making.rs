//! The shard's part of queries that make rows: fragments over its own rows, and stages over rows that shards pass to each other.
//!
//! A fragment whose rows may go to a stage is run first, until its size is known; what it gave waits for the coordinator's word on the way.
//! Then its rows go to the coordinator, or over an exchange to the shards that own them.
//!
//! **Invariant:** no more batches of a stream are under way than the coordinator gave leave for, and each stream goes on by itself: none waits for
//! another's leave. Each part that was asked for is answered by exactly one [`Said::MakeEnded`], also when it is dropped.

use super::{Shard, exchanges::Exchanges, slice};
use crate::message::{Crew, ExchangeNo, MakeKey, Said};
use chartroom_kql::{
    Batch, Context, Fragment, FragmentRun, Goes, Limits, Refusal, RowBatch, Size, Stage, StageRun, Way,
};
use std::collections::{BTreeMap, VecDeque};

/// Batches of a stream that may be under way at first.
const CREDIT: u32 = 4;

/// Parts in hand.
#[derive(Default)]
pub(crate) struct Making(BTreeMap<MakeKey, Part>);

struct Part {
    fragments: Vec<FragmentWork>,
    stages: Vec<StageWork>,
    limits: Limits,
}

/// A fragment at work.
struct FragmentWork {
    run: FragmentRun,
    /// Where its rows may go, over which exchange.
    goes: Option<(Goes, ExchangeNo)>,
    /// What it gave and has not gone on.
    held: VecDeque<RowBatch>,
    /// What it gave until its size was told.
    size: Size,
    is_sized: bool,
    has_run: bool,
    credit: u32,
    is_done: bool,
}

/// A stage at work.
struct StageWork {
    stage: Stage,
    /// Per input the exchange over which it comes; `None` once it is over.
    inputs: Vec<Option<ExchangeNo>>,
    way: Option<Way>,
    run: Option<StageRun>,
    ready: Option<RowBatch>,
    credit: u32,
    has_given: bool,
    is_done: bool,
}

impl Shard {
    /// Takes a part. Without a crew all of it goes to the coordinator.
    pub(crate) fn make(
        &mut self,
        key: MakeKey,
        fragments: &[Fragment],
        stages: Vec<Stage>,
        crew: Option<&Crew>,
    ) {
        let limits = self.sizes.limits();
        let stage = |stage: Stage| StageWork {
            inputs: vec![None; stage.inputs],
            way: crew.is_none().then_some(Way::Gather),
            is_done: crew.is_none(),
            stage,
            run: None,
            ready: None,
            credit: CREDIT,
            has_given: false,
        };
        let mut part =
            Part { fragments: Vec::new(), stages: stages.into_iter().map(stage).collect(), limits };
        for (fragment, number) in fragments.iter().zip(0_u32..) {
            let mut goes = None;
            if let (Some(crew), Some(to)) = (crew, &fragment.goes) {
                let exchange = ExchangeNo(crew.first.0.saturating_add(number));
                self.exchanges.open(exchange, &crew.members, self.index);
                let stage = part.stages.get_mut(to.stage);
                if let Some(input) = stage.and_then(|stage| stage.inputs.get_mut(to.input)) {
                    *input = Some(exchange);
                }
                goes = Some((to.clone(), exchange));
            }
            part.fragments.push(FragmentWork {
                run: FragmentRun::new(fragment, limits),
                goes,
                held: VecDeque::new(),
                size: Size::default(),
                is_sized: false,
                has_run: false,
                credit: CREDIT,
                is_done: false,
            });
        }
        self.making.0.insert(key, part);
    }

    /// How the rows of a stage come.
    pub(crate) fn make_way(&mut self, key: MakeKey, stage: u32, way: Way) {
        let Some(part) = self.making.0.get_mut(&key) else { return };
        let limits = part.limits;
        let Some(stage) = part.stages.get_mut(stage as usize) else { return };
        stage.way = Some(way);
        if way == Way::Gather {
            stage.is_done = true;
            for exchange in stage.inputs.iter_mut().filter_map(Option::take) {
                self.exchanges.close(exchange);
            }
        } else {
            stage.run = Some(StageRun::new(&stage.stage, limits));
        }
    }

    /// The coordinator has worked on so many batches of a stream.
    pub(crate) fn make_more(&mut self, key: MakeKey, stream: u32, batches: u32) {
        let Some(part) = self.making.0.get_mut(&key) else { return };
        let stream = stream as usize;
        let credit = match stream.checked_sub(part.fragments.len()) {
            None => part.fragments.get_mut(stream).map(|fragment| &mut fragment.credit),
            Some(stage) => part.stages.get_mut(stage).map(|stage| &mut stage.credit),
        };
        if let Some(credit) = credit {
            *credit = credit.saturating_add(batches);
        }
    }

    /// A part is not wanted any more.
    pub(crate) fn drop_make(&mut self, key: MakeKey) {
        self.end_make(key, None);
    }

    fn end_make(&mut self, key: MakeKey, failed: Option<String>) {
        let Some(part) = self.making.0.remove(&key) else { return };
        let exchanges = part.fragments.iter().filter_map(|fragment| fragment.goes.as_ref());
        for (_, exchange) in exchanges {
            self.exchanges.close(*exchange);
        }
        self.say(Said::MakeEnded { key, failed });
    }

    /// Works on the newest part that can go on. Whether there was something to do.
    pub(crate) fn make_some(&mut self) -> bool {
        let keys: Vec<MakeKey> = self.making.0.keys().rev().copied().collect();
        for key in keys {
            let context = Context { store: &self.store, files: &self.known };
            let Some(part) = self.making.0.get_mut(&key) else { continue };
            let mut said = Vec::new();
            let worked = part.work(context, &mut self.exchanges, key, &mut said);
            let is_done = part.is_done();
            said.into_iter().for_each(|said| self.say(said));
            match worked {
                Err(refusal) => self.end_make(key, Some(refusal.to_string())),
                Ok(_) if is_done => self.end_make(key, None),
                Ok(false) => continue,
                Ok(true) => {}
            }
            return true;
        }
        false
    }
}

impl Part {
    fn is_done(&self) -> bool {
        self.fragments.iter().all(|fragment| fragment.is_done)
            && self.stages.iter().all(|stage| stage.is_done)
    }

    /// One slice of what can go on; whether there was any.
    fn work(
        &mut self,
        context: Context<'_>,
        exchanges: &mut Exchanges,
        key: MakeKey,
        said: &mut Vec<Said>,
    ) -> Result<bool, Refusal> {
        // What came is worked on before more goes out, or shards would wait for each other.
        for (stage, stream) in self.stages.iter_mut().zip(self.fragments.len()..) {
            if stage.work(exchanges, key, stream, said)? {
                return Ok(true);
            }
        }
        // Sizes first: nothing of a query goes on before they are known.
        for is_sizing in [true, false] {
            for (number, fragment) in (0_u32..).zip(&mut self.fragments) {
                let stage = fragment.goes.as_ref().and_then(|(goes, _)| self.stages.get_mut(goes.stage));
                let way = stage.as_ref().map_or(Some(Way::Gather), |stage| stage.way);
                if fragment.is_done || way.is_none() != is_sizing {
                    continue;
                }
                let has_worked = match (way, stage) {
                    (None, Some(stage)) => {
                        fragment.weigh(context, stage, (key, number, self.limits), said)?
                    }
                    (Some(way @ (Way::Hash | Way::Broadcast)), Some(stage)) => {
                        fragment.pass(context, exchanges, stage, way)?
                    }
                    _ => fragment.give(context, (key, number), said)?,
                };
                if has_worked {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

impl FragmentWork {
    /// Runs until its size is known; whether there was something to do.
    fn weigh(
        &mut self,
        context: Context<'_>,
        stage: &StageWork,
        (key, fragment, limits): (MakeKey, u32, Limits),
        said: &mut Vec<Said>,
    ) -> Result<bool, Refusal> {
        if self.is_sized {
            return Ok(false);
        }
        match self.run.step(context, &mut slice())? {
            Batch::Rows(rows) => {
                self.size = self.size.plus(Size { rows: rows.size(), bytes: rows.memory() });
                self.held.push_back(rows);
            }
            Batch::Pending => {}
            Batch::Done => self.has_run = true,
        }
        if self.has_run || stage.stage.is_much(self.size, limits) {
            self.is_sized = true;
            said.push(Said::Sized { key, fragment, size: self.size });
        }
        Ok(true)
    }

    /// The next rows, those that were held first; `None`: there were none in this slice, or there are no more.
    fn next(&mut self, context: Context<'_>) -> Result<Option<RowBatch>, Refusal> {
        if let Some(rows) = self.held.pop_front() {
            return Ok(Some(rows));
        }
        if self.has_run {
            return Ok(None);
        }
        match self.run.step(context, &mut slice())? {
            Batch::Rows(rows) => return Ok(Some(rows)),
            Batch::Pending => {}
            Batch::Done => self.has_run = true,
        }
        Ok(None)
    }

    /// Gives rows to the coordinator; whether there was something to do.
    fn give(
        &mut self,
        context: Context<'_>,
        (key, stream): (MakeKey, u32),
        said: &mut Vec<Said>,
    ) -> Result<bool, Refusal> {
        if self.credit == 0 && !(self.has_run && self.held.is_empty()) {
            return Ok(false);
        }
        if let Some(rows) = self.next(context)? {
            self.credit = self.credit.saturating_sub(1);
            said.push(Said::Batch { key, stream, bytes: rows.encode() });
        } else if self.has_run {
            self.is_done = true;
            said.push(Said::Made { key, stream });
        }
        Ok(true)
    }

    /// Passes rows to the shards that own them; whether there was something to do.
    fn pass(
        &mut self,
        context: Context<'_>,
        exchanges: &mut Exchanges,
        stage: &mut StageWork,
        way: Way,
    ) -> Result<bool, Refusal> {
        let Some((goes, exchange)) = self.goes.clone() else { return Ok(false) };
        if exchanges.is_full(exchange) {
            return Ok(false);
        }
        let own = exchanges.own_place(exchange);
        let Some(rows) = self.next(context)? else {
            if self.has_run {
                self.is_done = true;
                exchanges.end(exchange);
            }
            return Ok(true);
        };
        let Some(run) = &mut stage.run else { return Ok(false) };
        if way == Way::Hash {
            let parts = rows.divide(&goes.keys, exchanges.member_count(exchange));
            for (place, rows) in parts.into_iter().enumerate().filter(|(_, rows)| rows.size() > 0) {
                if own == Some(place) {
                    run.push(goes.input, rows);
                } else {
                    exchanges.pass(exchange, place, rows.encode());
                }
            }
            return Ok(true);
        }
        if goes.input > 0 && exchanges.member_count(exchange) > 1 {
            let bytes = rows.encode();
            for place in (0..exchanges.member_count(exchange)).filter(|place| own != Some(*place)) {
                exchanges.pass(exchange, place, bytes.clone());
            }
        }
        run.push(goes.input, rows);
        Ok(true)
    }
}

impl StageWork {
    /// Takes what came, works on it, gives what is ready; whether there was something to do.
    fn work(
        &mut self,
        exchanges: &mut Exchanges,
        key: MakeKey,
        stream: usize,
        said: &mut Vec<Said>,
    ) -> Result<bool, Refusal> {
        let Some(run) = self.run.as_mut().filter(|_| !self.is_done) else { return Ok(false) };
        let stream = u32::try_from(stream).unwrap_or(u32::MAX);
        if self.credit > 0
            && let Some(rows) = self.ready.take()
        {
            self.credit -= 1;
            said.push(Said::Batch { key, stream, bytes: rows.encode() });
            return Ok(true);
        }
        if self.ready.is_none() && !self.has_given {
            let mut fuel = slice();
            match run.step(&mut fuel)? {
                Batch::Rows(rows) => {
                    self.ready = Some(rows);
                    return Ok(true);
                }
                // More is to be done at once.
                Batch::Pending if fuel.is_empty() => return Ok(true),
                Batch::Pending => {}
                Batch::Done => {
                    self.has_given = true;
                    said.push(Said::Made { key, stream });
                }
            }
        }
        for (number, input) in self.inputs.iter_mut().enumerate() {
            let Some(exchange) = *input else { continue };
            if let Some((_, bytes)) = exchanges.take(exchange) {
                // Others wait until it is taken, also where it is not needed any more.
                if !self.has_given {
                    run.deliver(number, &bytes)?;
                }
                return Ok(true);
            }
            if exchanges.is_over(exchange) {
                exchanges.close(exchange);
                *input = None;
                run.end(number);
                return Ok(true);
            }
        }
        self.is_done = self.has_given && self.inputs.iter().all(Option::is_none);
        Ok(self.is_done)
    }
}
