//! The coordinator: plans, hands out work, keeps order, talks with the page.
//!
//! Map: [`load`], [`budget`], [`resume`], [`work`], [`reading`], [`archives`], [`twins`] and [`passwords`] bring files in; [`files`] is what is known of each, [`status`],
//! [`export`], [`hashing`], [`digests`] and [`duplicates`] make the ledger of it. [`results`], [`order`] and [`asks`] answer queries, with names from
//! [`catalogue`]; [`exchanges`] numbers what shards pass to each other, [`edit`] answers the editor, [`writing`] writes rows as a
//! file. [`death`] and [`forget`] take rows out and bring them back, [`take_over`] finds those that another
//! coordinator left.
//!
//! **Invariant:** every message is dealt with at once, in bounded time; the one thing that takes steps is merging.

mod agreed;
mod archives;
mod asks;
mod budget;
mod catalogue;
mod death;
mod digests;
mod duplicates;
mod edit;
mod exchanges;
mod export;
mod files;
mod forget;
mod hashing;
mod head_start;
mod hours;
mod ledger_groups;
mod load;
mod made;
mod notes;
mod order;
mod overrule;
mod own_formats;
mod passwords;
mod reading;
mod results;
mod resume;
mod shards;
mod status;
mod take_over;
mod timeline;
mod twins;
mod work;
mod writing;

use crate::{
    message::{FromShard, HeldPart, PartNo, Said, Sizes, ToShard},
    output::Output,
};
use asks::{Asks, Pending};
use chartroom_ingest::place::Password;
use chartroom_kql::Extent;
use chartroom_protocol::{
    Envelope, Event, Reply, Request, RequestId, ToPage, VERSION,
    start::{Fault, Start},
};
use files::FileState;
use shards::{Phase, ShardState};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes that one shard may take: wasm32 ends at 4 GiB, and a reallocation needs room.
const SHARD_LIMIT: u64 = 3 << 30;
/// How long a step may last, in milliseconds.
const STEP: f64 = 8.0;

/// Plans, keeps order, answers the page. Holds nothing that grows with the rows but one byte a row of a result.
pub struct Coordinator {
    outputs: Vec<Output>,
    now: f64,
    is_greeted: bool,
    /// The page has said that another coordinator stood here before, and not yet which shards there are.
    is_resuming: bool,
    budget: u64,
    max_shards: u32,
    fault: Option<Fault>,
    sizes: Sizes,
    /// Whether a load begins with its head and waits for the first rows to be shown.
    has_head_start: bool,
    shards: Vec<ShardState>,
    files: BTreeMap<u32, FileState>,
    load: load::Load,
    queue: work::Queue,
    part_count: u32,
    unreadable_count: u32,
    packed_count: u32,
    /// Members of archives numbered so far.
    member_count: u32,
    /// The password given last.
    password: Option<Password>,
    /// Files came whose place in the order is not settled.
    must_rank: bool,
    ticket: u32,
    forgetting: BTreeMap<u32, forget::Forgetting>,
    results: Vec<results::ResultState>,
    /// Results whose rows a query makes.
    made: Vec<made::MadeResult>,
    result_count: u32,
    exchange_count: u32,
    asks: Asks,
    /// What the editor asked and is not told yet.
    edits: Vec<edit::Waiting>,
    /// Requests whose rows are to be written as a file.
    writing: BTreeMap<RequestId, writing::Writing>,
    names: catalogue::Names,
    /// All log types, the person's own among them.
    formats: &'static chartroom_ingest::Formats,
    own: own_formats::OwnFormats,
    /// Parts that shards hold of files that the page has not named again.
    held: BTreeMap<u32, Vec<(u32, HeldPart)>>,
    status: status::StatusClock,
    ledger_version: u64,
    /// Files read whose hashes are wanted.
    unhashed: BTreeSet<u32>,
    twins: twins::Twins,
    duplicates: duplicates::Duplicates,
    /// Memory of the shards before anything was read.
    base_memory: u64,
    watched_at: f64,
    memory: u64,
}

impl Coordinator {
    /// A coordinator within the bounds of `start`. Shard 0 is taken as started; the page says when there are more.
    #[must_use]
    pub fn new(start: &Start) -> Self {
        Self::with_sizes(start, Sizes::default())
    }

    /// The same, with other sizes than the usual ones.
    #[must_use]
    pub fn with_sizes(start: &Start, sizes: Sizes) -> Self {
        let max_shards = start.shards.clamp(1, 64);
        let mut coordinator = Self {
            outputs: Vec::new(),
            now: 0.0,
            is_greeted: false,
            is_resuming: false,
            budget: start.budget,
            max_shards,
            fault: start.fault,
            sizes,
            has_head_start: false,
            shards: (0..max_shards).map(|_| ShardState::new()).collect(),
            files: BTreeMap::new(),
            load: load::Load::default(),
            queue: work::Queue::default(),
            part_count: 0,
            unreadable_count: 0,
            packed_count: 0,
            member_count: 0,
            password: None,
            must_rank: false,
            ticket: 0,
            forgetting: BTreeMap::new(),
            results: Vec::new(),
            made: Vec::new(),
            result_count: 0,
            exchange_count: 0,
            asks: Asks::default(),
            edits: Vec::new(),
            writing: BTreeMap::new(),
            names: catalogue::Names::default(),
            formats: chartroom_ingest::formats(),
            own: own_formats::OwnFormats::default(),
            held: BTreeMap::new(),
            status: status::StatusClock { said_at: f64::NEG_INFINITY, is_due: true },
            ledger_version: 0,
            unhashed: BTreeSet::new(),
            twins: twins::Twins::default(),
            duplicates: duplicates::Duplicates::default(),
            base_memory: 0,
            watched_at: 0.0,
            memory: 0,
        };
        coordinator.event(Event::Ready { version: VERSION });
        coordinator.greet(0);
        coordinator
    }

    /// Takes a message of the page. `now_ms` is any clock that only goes forward, in milliseconds.
    pub fn receive_page(&mut self, envelope: Envelope, now_ms: f64) {
        self.now = self.now.max(now_ms);
        let Envelope { id, request } = envelope;
        match request {
            Request::Files { drop, files } => {
                self.take_files(drop, files);
                self.reply(id, Reply::Done);
            }
            Request::DropComplete { drop, unreadable } => {
                self.complete_drop(drop, unreadable);
                self.reply(id, Reply::Done);
            }
            Request::Choose { choice } => {
                self.choose(&choice);
                self.reply(id, Reply::Done);
            }
            Request::SetBudget { bytes } => {
                self.set_budget(bytes);
                self.reply(id, Reply::Done);
            }
            Request::Password { file, password } => {
                self.take_password(file, &password);
                self.reply(id, Reply::Done);
            }
            Request::Overrule { file, is_alike, overrule } => self.overrule(id, file.0, is_alike, &overrule),
            Request::LogTypes => self.log_types(id),
            Request::CancelLoad => self.cancel_load(id),
            Request::Close { files } => self.close(id, &files),
            Request::Query { text, now } => self.start_query(id, text, now),
            Request::Rows { result, start, count } => self.take_rows(id, result, start, count),
            Request::Write { result, start, count, format } => {
                self.write_rows(id, result, start == 0, format);
                self.take_rows(id, result, start, count);
            }
            Request::Position { result, row } => {
                self.start_pending(id, Pending::Place { result, row, found: None, left: 0 });
            }
            Request::Timeline { result, buckets } => {
                self.start_pending(id, Pending::Span { result, buckets, extent: Extent::default(), left: 0 });
            }
            Request::Record { row } => self.start_pending(id, Pending::Record { row, left: 0 }),
            Request::Raw { file, offset, len } => self.start_raw(id, file, offset, len),
            Request::Ledger { start, count, filter } => {
                let reply = self.ledger(start, count, &filter);
                self.reply(id, reply);
            }
            Request::ExportLedger { format } => self.export_ledger(id, format),
            Request::Edit { ask, text, at, now } => self.take_edit(id, ask, text, at, now),
            Request::Cancel { target } => self.cancel(id, target),
            Request::ShardRestarted { shard, reason, part } => {
                self.shard_restarted(shard, reason, part.map(PartNo));
                self.reply(id, Reply::Done);
            }
            Request::ShardsReady { count } => {
                for shard in 0..count.min(self.max_shards) {
                    if self.is_resuming { self.take_over(shard) } else { self.greet(shard) }
                }
                self.is_resuming = false;
                self.hand_out();
                self.reply(id, Reply::Done);
            }
            Request::Resume => {
                // The shards hold rows that this coordinator knows nothing of so far.
                self.is_resuming = true;
                self.reply(id, Reply::Done);
            }
        }
        self.hash_some();
        self.compare_some();
    }

    /// Takes a message of shard number `shard`.
    pub fn receive_shard(&mut self, shard: u32, message: FromShard, now_ms: f64) {
        self.now = self.now.max(now_ms);
        let Some(state) = self.shards.get_mut(shard as usize) else { return };
        if matches!(message.said, Said::Holds { .. }) && state.phase == Phase::Joining {
            state.epoch = message.epoch;
        }
        // One that was ended may be heard for a while.
        if !state.is_up() || state.epoch != message.epoch {
            return;
        }
        state.heard_at = self.now;
        state.pinged_at = None;
        state.answer_by = None;
        match message.said {
            Said::Holds { parts, next } => self.on_holds(shard, parts, next),
            Said::Alive => self.chore_done(shard),
            Said::Began { part } => self.on_began(shard, part),
            Said::Progress { part, bytes } => self.on_progress(shard, part, bytes),
            Said::Done { part, report, is_stopped } => self.on_done(shard, part, *report, is_stopped),
            Said::Probed { part, probe } => self.on_probed(shard, part, *probe),
            Said::HandBack { part } => self.on_hand_back(shard, part),
            Said::Archive { part, depth, plain, is_listed } => {
                self.on_archive((shard, part, depth), plain, is_listed);
            }
            Said::Members { part, depth, before, members, cut, is_passing } => {
                self.on_members((shard, part, depth), before, members, cut, is_passing);
            }
            Said::Passed { part, depth, report } => self.on_passed((shard, part, depth), *report),
            Said::Cut { part, depth, cut, start, end, layout, is_held } => {
                self.on_cut((shard, part, depth), cut, (start, end), layout, is_held);
            }
            Said::Forgot { ticket } => self.on_forgot(shard, ticket),
            Said::Refused { parts } => self.on_refused(shard, parts),
            Said::Figures(figures) => self.on_figures(shard, *figures),
            Said::Selected { key, rows } => self.on_selected(shard, key, rows),
            Said::Grew { key, rows } => self.on_grew(shard, key, rows),
            Said::Keys { key, block } => self.on_keys(shard, key, block),
            Said::Sized { key, fragment, size } => self.on_sized(shard, key, fragment, size),
            Said::Batch { key, stream, bytes } => self.on_batch(shard, key, stream, &bytes),
            Said::Made { key, stream } => self.on_made(shard, key, stream),
            Said::MakeEnded { key, failed } => self.on_make_ended(shard, key, failed),
            Said::Answer { ask, answer } => self.on_answer(shard, ask, answer),
            Said::Compared { exchange, counts } => self.on_compared(shard, exchange, counts),
            Said::Hashed { file, hashes } => self.on_hashed(shard, file, hashes),
            Said::Unreadable { file, reason } => self.note_unreadable(file, &reason),
            Said::Packed { file, ends } => self.on_packed(shard, file, ends),
            Said::Unpacked { failed } => self.on_unpacked(shard, failed),
        }
        self.hand_out();
        self.finish_load();
        self.hash_some();
        self.compare_some();
    }

    /// Works for about 8 ms at most; `clock` gives the milliseconds of `now_ms`. Whether there is more to do at once.
    pub fn step(&mut self, clock: &dyn Fn() -> f64) -> bool {
        let started = clock();
        self.now = self.now.max(started);
        self.watch();
        self.answer_edits();
        if self.load.is_active && self.has_head_start && !self.load.head.is_over {
            self.hand_out();
        }
        let is_late = || clock() - started > STEP;
        let more = self.merge_some(&is_late) || self.make_some(&is_late);
        self.make_ready();
        self.retry_pending();
        self.say_grown();
        self.say_status();
        more
    }

    /// Milliseconds until `step` wants to be called though no message came (watchdog, throttled status); `None`: never.
    #[must_use]
    pub fn wake_in(&self, _now_ms: f64) -> Option<f64> {
        let is_busy = self.load.is_active
            || self.status.is_due
            || self.shards.iter().any(ShardState::has_work)
            || self.results.iter().any(results::ResultState::is_grown_due);
        is_busy.then_some(100.0)
    }

    /// Whether files are being read, or wait to be.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.load.is_active
    }

    /// Whether rows are missing that will be there again: they are being read, or their shard is on its way back. An answer from the
    /// others is not whole, and says so.
    #[must_use]
    pub fn lacks_rows(&self) -> bool {
        let is_away = |phase| matches!(phase, Phase::Joining | Phase::Restarting | Phase::Unpacking);
        self.load.is_active || self.shards.iter().any(|shard| is_away(shard.phase))
    }

    /// Whether rows are compared with each other, or will be: what `_DuplicateOf` says is not settled.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        self.is_comparing()
    }

    /// Whether reading waits for the person's choice.
    #[must_use]
    pub fn is_waiting_for_choice(&self) -> bool {
        self.load.is_active && self.load.budget.is_asked()
    }

    /// Whether nothing is left to do: nothing to read, to hash, to move, to tell.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let is_hashed =
            |file: &FileState| !matches!(file.hashes, files::Hashes::Wanted | files::Hashes::UnderWay(_));
        !self.load.is_active
            && !self.status.is_due
            && self.files.values().all(is_hashed)
            && self.forgetting.is_empty()
            && !self.is_comparing()
            && self
                .shards
                .iter()
                .all(|shard| matches!(shard.phase, Phase::Up | Phase::Absent) && !shard.has_work())
            && !self.results.iter().any(results::ResultState::is_unsettled)
            && !self.made.iter().any(made::MadeResult::is_unsettled)
            && self.edits.is_empty()
    }

    /// Bytes of the worker's own memory, for the status; hosts that know it say it now and then.
    pub fn set_memory(&mut self, bytes: u64) {
        self.memory = bytes;
    }

    /// What the host is to do, oldest first.
    pub fn take_outputs(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }

    fn reply(&mut self, id: RequestId, reply: Reply) {
        let reply = self.written(id, reply);
        self.outputs.push(Output::ToPage(ToPage::Reply { id, reply }));
    }

    fn event(&mut self, event: Event) {
        self.outputs.push(Output::ToPage(ToPage::Event { event }));
    }

    fn tell(&mut self, shard: u32, message: ToShard) {
        self.outputs.push(Output::ToShard { shard, message, files: Vec::new() });
    }

    fn tell_all(&mut self, message: &ToShard) {
        for shard in 0..self.max_shards {
            if self.shards.get(shard as usize).is_some_and(ShardState::is_up) {
                self.tell(shard, message.clone());
            }
        }
    }

    /// The first words to a shard that is there now.
    fn greet(&mut self, shard: u32) {
        let Some(state) = self.shards.get_mut(shard as usize) else { return };
        if state.is_up() && self.is_greeted {
            return;
        }
        self.is_greeted = true;
        state.phase = Phase::Up;
        state.heard_at = self.now;
        let epoch = state.epoch;
        let fault = self.fault.filter(|_| shard == 0 && epoch == 0);
        self.tell(shard, ToShard::Hello { epoch, shard, sizes: self.sizes, fault });
        if !self.own.is_empty() {
            self.tell_formats(shard);
        }
        let ranks = self.all_ranks();
        if !ranks.is_empty() {
            self.tell(shard, ToShard::Ranks { ranks });
        }
        self.select_on_fresh(shard);
    }

    fn chore_done(&mut self, shard: u32) {
        if let Some(state) = self.shards.get_mut(shard as usize) {
            state.chores = state.chores.saturating_sub(1);
        }
    }

    fn on_figures(&mut self, shard: u32, mut figures: crate::message::Figures) {
        let Some(state) = self.shards.get_mut(shard as usize) else { return };
        let has_columns = !figures.columns.is_empty();
        for (table, columns) in std::mem::take(&mut figures.columns) {
            state.columns.insert(table, columns);
        }
        let is_first = self.files.values().all(|file| file.parts.is_empty());
        state.figures = figures;
        self.note_names(has_columns);
        if is_first {
            self.base_memory = self.memory_now();
        }
        self.status.is_due = true;
        self.check_budget();
        self.give_memory_back();
    }
}
