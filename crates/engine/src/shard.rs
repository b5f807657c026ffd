//! A shard: owns part of the rows, reads files, does its part of a query.
//!
//! Map: [`reading`] brings rows in, [`locals`] keeps the shard's part of each result, [`asks`] answers questions about
//! rows, [`exchanges`] passes batches to other shards, [`compare`] finds events read twice, [`raw`] and [`hashing`] read files again, [`packing`] moves rows to a fresh worker, [`known`] is what is known
//! of files, [`held`] what is kept for a fresh coordinator, [`reads`] are reads under way.
//!
//! **Invariant:** a step does the most urgent thing there is, in slices of about a millisecond, and looks at the clock
//! between them: rows to show, selections, timelines, records and bytes, rows that came, reading, moving, hashing.

mod asks;
mod cache;
mod compare;
mod exchanges;
pub(crate) mod figures;
mod hashing;
mod held;
mod known;
mod locals;
mod making;
mod packing;
mod raw;
mod reading;
mod reads;
mod record;

use crate::{
    message::{FromShard, Said, Sizes, ToShard},
    output::Output,
};
use chartroom_ingest::{Formats, Reader, formats, formats::own::read_own};
use chartroom_kql::{Context, Fuel};
use chartroom_protocol::start::{Fault, Start};
use chartroom_store::Store;
use std::collections::BTreeSet;

/// How long a step may last, in milliseconds.
const STEP: f64 = 8.0;
/// Rows or bytes looked at between two looks at the clock: about a millisecond.
const SLICE: i64 = 1_000_000;

/// Owns part of the rows.
pub struct Shard {
    outputs: Vec<Output>,
    /// Set by the greeting; before it nothing is said.
    epoch: Option<u32>,
    index: u32,
    sizes: Sizes,
    fault: Option<Fault>,
    /// What other shards sent before the greeting of the epoch they mean.
    early: Vec<ToShard>,
    store: Store,
    reader: Reader,
    known: known::Known,
    held: held::Held,
    reads: reads::Reads,
    reading: reading::Reading,
    locals: locals::Locals,
    making: making::Making,
    exchanges: exchanges::Exchanges,
    compare: compare::Compare,
    asks: asks::Asks,
    hashing: hashing::Hashing,
    packing: packing::Packing,
    figures: figures::FiguresClock,
    memory: u64,
    now: f64,
    /// The outputs are to be taken before anything else is done.
    must_yield: bool,
}

impl Shard {
    /// A shard within the bounds of `start`. It says nothing before it is greeted.
    #[must_use]
    pub fn new(_start: &Start) -> Self {
        Self::empty()
    }

    fn empty() -> Self {
        Self {
            outputs: Vec::new(),
            epoch: None,
            index: 0,
            sizes: Sizes::default(),
            fault: None,
            early: Vec::new(),
            store: Store::new(),
            reader: Reader::new(formats()),
            known: known::Known::default(),
            held: held::Held::default(),
            reads: reads::Reads::default(),
            reading: reading::Reading::default(),
            locals: locals::Locals::default(),
            making: making::Making::default(),
            exchanges: exchanges::Exchanges::default(),
            compare: compare::Compare::default(),
            asks: asks::Asks::default(),
            hashing: hashing::Hashing::default(),
            packing: packing::Packing::default(),
            figures: figures::FiguresClock::default(),
            memory: 0,
            now: 0.0,
            must_yield: false,
        }
    }

    /// Takes a message of the coordinator or of another shard.
    pub fn receive(&mut self, message: ToShard) {
        match message {
            ToShard::Hello { epoch, shard, sizes, fault } => {
                match self.epoch {
                    Some(own) if own < epoch => self.begin_anew(),
                    // Of a fresh coordinator, which greets before it knows that it is to take over.
                    Some(_) => return,
                    None => {}
                }
                self.sizes = sizes;
                self.epoch = Some(epoch);
                self.index = shard;
                self.fault = fault;
                self.figures.is_due = true;
                for message in std::mem::take(&mut self.early) {
                    self.receive(message);
                }
            }
            ToShard::TakeOver { shard, sizes } => self.take_over(shard, sizes),
            ToShard::Ping => self.say(Said::Alive),
            ToShard::Read { epoch, parts } => match self.epoch {
                Some(own) if own == epoch => self.read_parts(parts),
                Some(own) if own > epoch => {}
                _ => self.early.push(ToShard::Read { epoch, parts }),
            },
            ToShard::CutTaken { part, cut, give } => self.cut_taken(part, cut, give),
            ToShard::StopReading => self.stop_reading(),
            ToShard::Release { files } => {
                let gone: BTreeSet<u32> = files.iter().map(|file| file.0).collect();
                self.hashing.end(&gone);
                self.outputs.push(Output::Release { files });
            }
            ToShard::Refuse { parts } => self.refuse(parts),
            ToShard::Forget { ticket, files } => {
                let files: BTreeSet<u32> = files.into_iter().collect();
                self.forget_parts(&files);
                self.held.forget(&files);
                self.store.close_files(&files);
                // Tables without rows begin anew.
                self.reader.forget_tables();
                self.figures.looked_at.clear();
                // What was selected before may hold rows that are dead now.
                self.locals.cache.clear();
                self.figures.is_due = true;
                self.say_figures(true);
                self.say(Said::Forgot { ticket });
            }
            ToShard::DropRows { file, start, end } => {
                self.held.forget_range(file, start, end);
                self.store.drop_rows(file, &(start..end));
                self.locals.cache.clear();
                self.figures.is_due = true;
            }
            ToShard::Formats { texts } => {
                // Each was read without mistakes before it was sent.
                let own: Vec<_> = texts.iter().filter_map(|text| read_own(text).ok()).collect();
                self.reader = Reader::new(Formats::leak_with_own(&own));
            }
            ToShard::Ranks { ranks } => {
                for (file, rank) in ranks {
                    self.known.set_rank(file, rank);
                }
            }
            ToShard::Select { key, plan } => self.select(key, *plan),
            ToShard::Keys { key, from } => self.asks.keys.push_back((key, from)),
            ToShard::Drop { key } => self.drop_local(key),
            ToShard::Make { key, fragments, stages, crew } => {
                self.make(key, &fragments, stages, crew.as_ref());
            }
            ToShard::MakeWay { key, stage, way } => self.make_way(key, stage, way),
            ToShard::MakeMore { key, stream, batches } => self.make_more(key, stream, batches),
            ToShard::MakeDrop { key } => self.drop_make(key),
            ToShard::Passed { epoch, from, exchange, passed } => match self.epoch {
                Some(own) if own == epoch => self.exchanges.hear(from, exchange, passed),
                Some(own) if own > epoch => {}
                _ => self.early.push(ToShard::Passed { epoch, from, exchange, passed }),
            },
            ToShard::Compare { crew, part, parts } => self.compare(&crew, part, parts),
            ToShard::CompareEnd => self.compare.end(&mut self.exchanges),
            ToShard::Ask { ask, what } => self.start_ask(ask, what),
            ToShard::EndAsk { ask } => self.end_ask(ask),
            ToShard::Hash { file, place, size, is_packed, members } => {
                self.hash(file, &place, (size, is_packed), members);
            }
            ToShard::Pack { file } => self.packing.pack(file),
            ToShard::Unpack { file, ends, paths } => {
                for (file, path) in paths {
                    self.known.set_path(file, &path);
                }
                self.held.lose_account();
                self.packing.unpack(file, ends);
            }
        }
    }

    /// Greeted a second time: the coordinator was told twice of one death, and takes this for a fresh shard. So it is one.
    fn begin_anew(&mut self) {
        let old = std::mem::replace(self, Self::empty());
        self.early = old.early;
        self.memory = old.memory;
        self.now = old.now;
        // Bytes that were asked for may still come: their numbers are not given again.
        self.reads = old.reads.forgotten();
    }

    /// The bytes of an [`Output::Want`], or why they cannot be had.
    pub fn deliver(&mut self, token: u64, bytes: Result<Vec<u8>, String>) {
        for (reader, start, bytes) in self.reads.deliver(token, bytes) {
            match reader {
                reads::For::Part(part) => self.deliver_part(part, start, bytes),
                reads::For::Ask(ask) => self.asks.deliver(ask, start, bytes),
                reads::For::Hash => self.hashing.deliver(start, bytes),
                reads::For::Unpack => self.packing.deliver(bytes),
            }
        }
    }

    /// Works for about 8 ms at most; `clock` gives milliseconds. Whether there is more to do at once.
    pub fn step(&mut self, clock: &dyn Fn() -> f64) -> bool {
        if self.epoch.is_none() {
            return false;
        }
        let started = clock();
        self.now = started;
        self.must_yield = false;
        let mut more = true;
        while more {
            more = self.work();
            self.now = clock();
            if self.must_yield || self.now - started >= STEP {
                break;
            }
        }
        self.say_figures(!more);
        more
    }

    /// One slice of the most urgent thing there is to do; whether there was one.
    fn work(&mut self) -> bool {
        self.answer_rows()
            || self.step_selections()
            || self.make_some()
            || self.answer_some()
            || self.grow_locals()
            || self.read_some()
            || self.pack_some()
            || self.compare_some()
            || self.hash_some()
    }

    /// The number of the part it has taken up and not finished, which is why, should it die now; 0: none. A host whose messages may be lost with
    /// a worker that dies leaves word of it elsewhere after each step, for [`Request::ShardRestarted`].
    ///
    /// [`Request::ShardRestarted`]: chartroom_protocol::Request::ShardRestarted
    #[must_use]
    pub fn part_at_work(&self) -> u32 {
        self.reading.at_work().map_or(0, |part| part.0)
    }

    /// Bytes of the worker's own memory; hosts that know it say it before each step. Else the store's figure is used.
    pub fn set_memory(&mut self, bytes: u64) {
        self.memory = bytes;
    }

    /// What the host is to do, oldest first.
    pub fn take_outputs(&mut self) -> Vec<Output> {
        let mut outputs = std::mem::take(&mut self.outputs);
        outputs.append(&mut self.exchanges.take_outgoing());
        outputs
    }

    fn say(&mut self, said: Said) {
        if let Some(epoch) = self.epoch {
            self.outputs
                .push(Output::ToCoordinator { message: FromShard { epoch, said }, files: Vec::new() });
        }
    }

    fn context(&self) -> Context<'_> {
        Context { store: &self.store, files: &self.known }
    }
}

/// Fuel for one slice.
const fn slice() -> Fuel {
    Fuel(SLICE)
}
