//! A page, a coordinator, shards and files in memory: one thread, one seed, any interleaving of messages.
//!
//! Every message goes through its encoding, as between workers. Channels keep their order, and which channel moves next
//! is drawn from the seed. Time goes on only when something is done.

#![allow(dead_code, reason = "each test binary uses its own part of the world")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use chartroom_base::ticks::Ticks;
use chartroom_engine::{Coordinator, FromShard, Output, Shard, Sizes, ToShard};
use chartroom_protocol::{
    DropNo, Envelope, Event, FileNo, Reply, Request, RequestId, ResultId, ToPage,
    event::Status,
    request::{FileInfo, LedgerFormat},
    result::{PageRow, ResultInfo},
    start::{Fault, Role, Start},
};
use std::{
    cell::Cell,
    collections::{BTreeMap, VecDeque},
    ops::Range,
    rc::Rc,
};

/// Sizes that make files of some kB large.
pub(crate) const SMALL: Sizes =
    Sizes { large: 24 << 10, lines_part: 8 << 10, cut: 4 << 10, slice: 3 << 10, ..EXCHANGED };
/// Smaller yet, for files that are loaded some hundred times.
pub(crate) const TINY: Sizes =
    Sizes { large: 6 << 10, lines_part: 4 << 10, cut: 2 << 10, slice: 3 << 10, ..EXCHANGED };
/// Sizes by which shards pass all rows of groups and joins to each other.
const EXCHANGED: Sizes = Sizes { large: 0, lines_part: 0, cut: 0, slice: 0, groups: 0, side: 0 };
/// All rows, by what tells them apart.
pub(crate) const ROWS: &str = "Events | project TimeGenerated, Operation, _File, _Offset";

struct Want {
    token: u64,
    file: u32,
    range: Range<u64>,
}

struct Place {
    shard: Option<Shard>,
    inbox: VecDeque<Vec<u8>>,
    from_peers: VecDeque<(u32, Vec<u8>)>,
    outbox: VecDeque<Vec<u8>>,
    wants: VecDeque<Want>,
    kept: BTreeMap<u32, Vec<u8>>,
    is_busy: bool,
    /// Does nothing any more, without a word.
    is_hung: bool,
}

impl Place {
    fn new(start: &Start) -> Self {
        Self {
            shard: Some(Shard::new(start)),
            inbox: VecDeque::new(),
            from_peers: VecDeque::new(),
            outbox: VecDeque::new(),
            wants: VecDeque::new(),
            kept: BTreeMap::new(),
            is_busy: true,
            is_hung: false,
        }
    }
}

/// A page with its workers.
pub(crate) struct World {
    coordinator: Coordinator,
    places: Vec<Place>,
    start: Start,
    sizes: Sizes,
    named: Vec<(DropNo, FileInfo)>,
    pub(crate) files: BTreeMap<u32, Rc<[u8]>>,
    /// Files that cannot be read any more, and why.
    pub(crate) broken: BTreeMap<u32, String>,
    clock: Rc<Cell<f64>>,
    seed: u64,
    requests: u32,
    drops: u32,
    pub(crate) replies: BTreeMap<RequestId, Reply>,
    pub(crate) events: Vec<Event>,
    pub(crate) status: Status,
    /// Actions taken.
    pub(crate) actions: u64,
    /// Messages that shards sent to the coordinator, for killing one at a chosen one.
    pub(crate) said: u32,
    /// Ends the shard that sends so manieth message, and what becomes of those under way.
    pub(crate) kill_at: Option<(u32, LastWords)>,
    /// Bytes of dropped files that shards asked for.
    pub(crate) bytes_read: u64,
    /// The part of a file that the shard killed last was at; 0: none.
    pub(crate) last_part: u32,
    pub(crate) killed: Vec<u32>,
    pub(crate) restarts: u32,
    /// What a shard does when it is to select with a condition.
    pub(crate) on_where: OnWhere,
    /// Shards die when they are asked something.
    pub(crate) dies_of_asks: bool,
    /// The page takes its time: shards that are to be started anew wait for [`World::start_anew`].
    pub(crate) is_page_slow: bool,
    pub(crate) to_restart: Vec<u32>,
}

/// What selecting with a condition does to a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnWhere {
    Select,
    Die,
    Hang,
    /// As [`Self::Die`], once.
    DieOnce,
}

/// What becomes of messages of a shard that are under way when it dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LastWords {
    /// They are heard before the news of its death.
    Before,
    /// The news of its death, which comes by way of the page, overtakes them.
    After,
    /// They are lost with its ports.
    Never,
    /// As [`Self::After`], and the news of its death comes twice.
    Twice,
}

impl World {
    pub(crate) fn new(shards: u32, seed: u64) -> Self {
        Self::with(shards, seed, SMALL, 1 << 40, None)
    }

    pub(crate) fn with(shards: u32, seed: u64, sizes: Sizes, budget: u64, fault: Option<Fault>) -> Self {
        let version = chartroom_protocol::VERSION;
        let start = Start { role: Role::Coordinator, version, budget, shards, fault };
        Self {
            coordinator: Coordinator::with_sizes(&start, sizes),
            places: vec![Place::new(&start)],
            start,
            sizes,
            named: Vec::new(),
            files: BTreeMap::new(),
            broken: BTreeMap::new(),
            clock: Rc::new(Cell::new(0.0)),
            seed: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            requests: 0,
            drops: 0,
            replies: BTreeMap::new(),
            events: Vec::new(),
            status: Status::default(),
            actions: 0,
            said: 0,
            kill_at: None,
            bytes_read: 0,
            last_part: 0,
            killed: Vec::new(),
            restarts: 0,
            on_where: OnWhere::Select,
            dies_of_asks: false,
            is_page_slow: false,
            to_restart: Vec::new(),
        }
    }

    /// The same with a coordinator that lets a load wait for its first rows to be shown.
    pub(crate) fn with_head_start(mut self) -> Self {
        self.coordinator = Coordinator::with_sizes(&self.start, self.sizes).with_head_start();
        self.act();
        self
    }

    fn draw(&mut self, below: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed % below.max(1) as u64) as usize
    }

    pub(crate) fn now(&self) -> f64 {
        self.clock.get()
    }

    pub(crate) fn post(&mut self, request: Request) -> RequestId {
        self.requests += 1;
        let id = RequestId(self.requests);
        self.coordinator.receive_page(Envelope { id, request }, self.clock.get());
        self.act();
        id
    }

    pub(crate) fn request(&mut self, request: Request) -> Reply {
        let id = self.post(request);
        self.wait(id)
    }

    pub(crate) fn wait(&mut self, id: RequestId) -> Reply {
        for _ in 0..300_000 {
            if let Some(reply) = self.replies.remove(&id) {
                return reply;
            }
            self.turn();
        }
        panic!("no reply to {id:?}");
    }

    /// Names files of a new drop, all at once, and that they are all.
    pub(crate) fn drop_files(&mut self, files: &[(&str, Vec<u8>)]) {
        let drop = self.begin_drop();
        self.name_files(drop, files);
        self.end_drop(drop);
    }

    pub(crate) fn begin_drop(&mut self) -> DropNo {
        self.drops += 1;
        DropNo(self.drops - 1)
    }

    pub(crate) fn name_files(&mut self, drop: DropNo, files: &[(&str, Vec<u8>)]) {
        let infos: Vec<FileInfo> = files
            .iter()
            .map(|(path, bytes)| {
                let file = FileNo(self.files.len() as u32);
                self.files.insert(file.0, Rc::from(bytes.as_slice()));
                FileInfo { file, path: (*path).to_owned(), size: bytes.len() as u64, modified: 0 }
            })
            .collect();
        self.named.extend(infos.iter().map(|info| (drop, info.clone())));
        for infos in infos.chunks(32) {
            self.post(Request::Files { drop, files: infos.to_vec() });
        }
    }

    pub(crate) fn end_drop(&mut self, drop: DropNo) {
        self.post(Request::DropComplete { drop, unreadable: Vec::new() });
    }

    /// Goes on until nothing is left to do.
    pub(crate) fn settle(&mut self) {
        for _ in 0..300_000 {
            if self.coordinator.is_waiting_for_choice() || (self.coordinator.is_idle() && self.is_quiet()) {
                return;
            }
            self.turn();
        }
        panic!("it never came to rest: {:?}", self.status);
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.coordinator.is_waiting_for_choice()
    }

    fn is_quiet(&self) -> bool {
        self.places.iter().all(|place| {
            place.inbox.is_empty()
                && place.from_peers.is_empty()
                && place.outbox.is_empty()
                && place.wants.is_empty()
                && !place.is_busy
        })
    }

    /// One thing happens.
    pub(crate) fn turn(&mut self) {
        self.actions += 1;
        self.clock.set(self.clock.get() + 0.05);
        let mut moves: Vec<(usize, u8)> = Vec::new();
        for (at, place) in self.places.iter().enumerate() {
            if place.is_hung {
                continue;
            }
            for (kind, can) in [
                (0, !place.inbox.is_empty()),
                (1, !place.from_peers.is_empty()),
                (2, !place.outbox.is_empty()),
                (3, !place.wants.is_empty()),
                (4, place.is_busy),
            ] {
                if can {
                    moves.push((at, kind));
                }
            }
        }
        if moves.is_empty() || self.draw(8) == 0 {
            if moves.is_empty() {
                self.clock.set(self.clock.get() + 50.0);
            }
            let clock = Rc::clone(&self.clock);
            self.coordinator.step(&move || tick(&clock));
            self.act();
            return;
        }
        let (at, kind) = moves[self.draw(moves.len())];
        match kind {
            0 => {
                let message = self.places[at].inbox.pop_front().unwrap();
                self.hear(at, &message);
            }
            1 => {
                let (_, message) = self.places[at].from_peers.pop_front().unwrap();
                self.hear(at, &message);
            }
            2 => {
                let message = self.places[at].outbox.pop_front().unwrap();
                let message: FromShard = postcard::from_bytes(&message).unwrap();
                self.coordinator.receive_shard(at as u32, message, self.clock.get());
                self.act();
            }
            3 => {
                let Want { token, file, range } = self.places[at].wants.pop_front().unwrap();
                let bytes = match (self.broken.get(&file), self.files.get(&file)) {
                    (Some(reason), _) => Err(reason.clone()),
                    (None, Some(bytes)) => Ok(bytes[range.start as usize..range.end as usize].to_vec()),
                    (None, None) => Err("gone".to_owned()),
                };
                if let Some(shard) = &mut self.places[at].shard {
                    shard.deliver(token, bytes);
                    self.places[at].is_busy = true;
                }
                self.act_shard(at);
            }
            _ => {
                let clock = Rc::clone(&self.clock);
                if let Some(shard) = &mut self.places[at].shard {
                    self.places[at].is_busy = shard.step(&move || tick(&clock));
                }
                self.act_shard(at);
            }
        }
    }

    fn hear(&mut self, at: usize, message: &[u8]) {
        let message: ToShard = postcard::from_bytes(message).unwrap();
        if matches!(&message, ToShard::Select { plan, .. } if plan.where_count() > 0) {
            match self.on_where {
                OnWhere::Select => {}
                OnWhere::Die => return self.kill(at as u32, "it trapped"),
                OnWhere::Hang => return self.hang(at as u32),
                OnWhere::DieOnce => {
                    self.on_where = OnWhere::Select;
                    return self.kill(at as u32, "it trapped");
                }
            }
        }
        if self.dies_of_asks && matches!(message, ToShard::Ask { .. }) {
            return self.kill(at as u32, "it trapped");
        }
        if let Some(shard) = &mut self.places[at].shard {
            shard.receive(message);
            self.places[at].is_busy = true;
        }
        self.act_shard(at);
    }

    fn act_shard(&mut self, at: usize) {
        let Some(shard) = &mut self.places[at].shard else { return };
        for output in shard.take_outputs() {
            match output {
                Output::ToCoordinator { message, files } => {
                    for file in files {
                        let kept = self.places[at].kept.remove(&file.0).unwrap_or_default();
                        self.files.insert(file.0, Rc::from(kept));
                    }
                    self.places[at].outbox.push_back(postcard::to_stdvec(&message).unwrap());
                    self.said += 1;
                    if let Some((number, last_words)) = self.kill_at
                        && number == self.said
                    {
                        self.kill_at = None;
                        return self.kill_with(at as u32, last_words);
                    }
                }
                Output::ToPeer { shard, message } => {
                    let message = postcard::to_stdvec(&message).unwrap();
                    if let Some(peer) = self.places.get_mut(shard as usize) {
                        peer.from_peers.push_back((at as u32, message));
                    }
                }
                Output::Want { token, file, range, upto: _ } => {
                    // Rows that move lie in files of the engine's own.
                    if self.named.iter().any(|(_, info)| info.file == file) {
                        self.bytes_read += range.end - range.start;
                    }
                    self.places[at].wants.push_back(Want { token, file: file.0, range });
                }
                Output::Keep { file, bytes } => self.places[at].kept.entry(file.0).or_default().extend(bytes),
                Output::Release { .. } => {}
                Output::ToPage(_) | Output::ToShard { .. } => panic!("a shard does not say {output:?}"),
            }
        }
    }

    fn act(&mut self) {
        loop {
            let outputs = self.coordinator.take_outputs();
            if outputs.is_empty() {
                return;
            }
            for output in outputs {
                match output {
                    Output::ToPage(ToPage::Reply { id, reply }) => {
                        let before = self.replies.insert(id, reply);
                        assert_eq!(before, None, "one final reply to {id:?}");
                    }
                    Output::ToPage(ToPage::Event { event }) => self.on_event(event),
                    Output::ToShard { shard, message, .. } => {
                        let message = postcard::to_stdvec(&message).unwrap();
                        if let Some(place) = self.places.get_mut(shard as usize) {
                            place.inbox.push_back(message);
                        }
                    }
                    Output::Release { .. } => {}
                    other => panic!("a coordinator does not say {other:?}"),
                }
            }
        }
    }

    fn on_event(&mut self, event: Event) {
        match &event {
            Event::Status { status } => self.status = (**status).clone(),
            Event::WantShards { count } => {
                while self.places.len() < *count as usize {
                    self.places.push(Place::new(&self.start));
                }
                let count = *count;
                self.post(Request::ShardsReady { count });
            }
            Event::RestartShard { shard } => {
                let shard = *shard;
                if self.is_page_slow {
                    self.to_restart.push(shard);
                } else {
                    self.replace(shard, None);
                }
            }
            _ => {}
        }
        self.events.push(event);
    }

    /// The coordinator dies, and all that is under way to it and from it; the page tells a fresh one what there is.
    pub(crate) fn restart_coordinator(&mut self) {
        for place in &mut self.places {
            place.inbox.clear();
            place.outbox.clear();
        }
        self.coordinator = Coordinator::with_sizes(&self.start, self.sizes);
        self.act();
        self.post(Request::Resume);
        self.post(Request::ShardsReady { count: self.places.len() as u32 });
        for (drop, info) in self.named.clone() {
            self.post(Request::Files { drop, files: vec![info] });
        }
        for drop in 0..self.drops {
            self.end_drop(DropNo(drop));
        }
    }

    /// A shard dies, with its last message just sent.
    fn kill_with(&mut self, shard: u32, last_words: LastWords) {
        let at = shard as usize;
        match last_words {
            LastWords::Before => {
                while let Some(message) = self.places[at].outbox.pop_front() {
                    let message: FromShard = postcard::from_bytes(&message).unwrap();
                    self.coordinator.receive_shard(shard, message, self.clock.get());
                    self.act();
                }
            }
            LastWords::After | LastWords::Twice => {}
            LastWords::Never => {
                self.places[at].outbox.clear();
                for place in &mut self.places {
                    place.from_peers.retain(|(from, _)| *from != shard);
                }
            }
        }
        self.kill(shard, "it trapped");
        if last_words == LastWords::Twice {
            // The coordinator had asked for it, too: one fresh worker, two messages.
            self.post(Request::ShardRestarted { shard, reason: None, part: None });
        }
    }

    /// A shard dies. What it had said may still be under way, and what others sent it.
    pub(crate) fn kill(&mut self, shard: u32, reason: &str) {
        self.killed.push(shard);
        self.replace(shard, Some(reason.to_owned()));
    }

    pub(crate) fn hang(&mut self, shard: u32) {
        self.places[shard as usize].is_hung = true;
    }

    /// The same, in the midst of what it was told and has not heard yet.
    pub(crate) fn hang_in_all_it_was_told(&mut self, shard: u32) {
        assert!(!self.places[shard as usize].inbox.is_empty(), "it was told something");
        self.places[shard as usize].inbox.clear();
        self.hang(shard);
    }

    pub(crate) fn wake(&mut self, shard: u32) {
        self.places[shard as usize].is_hung = false;
    }

    /// The page starts the shards anew that wait for it.
    pub(crate) fn start_anew(&mut self) {
        self.is_page_slow = false;
        for shard in std::mem::take(&mut self.to_restart) {
            self.replace(shard, None);
        }
    }

    /// Whether it has heard all that it was told, and all that it said was heard.
    pub(crate) fn is_silent(&self, shard: u32) -> bool {
        let place = &self.places[shard as usize];
        place.inbox.is_empty() && place.outbox.is_empty() && !place.is_busy
    }

    /// The page does not hold a file any more.
    pub(crate) fn unname(&mut self, file: FileNo) {
        self.named.retain(|(_, info)| info.file != file);
    }

    /// Ends a shard, for that reason if for one, and starts another in its place.
    pub(crate) fn replace(&mut self, shard: u32, reason: Option<String>) {
        self.restarts += 1;
        // It leaves word of what it is at as long as it can.
        let place = &self.places[shard as usize];
        let part = place.shard.as_ref().filter(|_| reason.is_some()).map(Shard::part_at_work);
        if let Some(part) = part {
            self.last_part = part;
        }
        let old = std::mem::replace(&mut self.places[shard as usize], Place::new(&self.start));
        self.places[shard as usize].outbox = old.outbox;
        self.post(Request::ShardRestarted { shard, reason, part });
    }

    // What a test looks at.

    pub(crate) fn query(&mut self, text: &str) -> ResultInfo {
        match self.request(Request::Query { text: text.to_owned(), now: Ticks(0) }) {
            Reply::Result { info } => info,
            other => panic!("{text}: {other:?}"),
        }
    }

    pub(crate) fn rows(&mut self, result: ResultId, start: u64, count: u32) -> (u32, Vec<PageRow>) {
        match self.request(Request::Rows { result, start, count }) {
            Reply::Rows { generation, rows, .. } => (generation, rows),
            other => panic!("{other:?}"),
        }
    }

    /// All rows of a query, page by page.
    pub(crate) fn all(&mut self, text: &str) -> Vec<PageRow> {
        let info = self.query(text);
        let mut all = Vec::new();
        loop {
            let page = 37 + self.draw(80) as u32;
            let (_, rows) = self.rows(info.result, all.len() as u64, page);
            if rows.is_empty() {
                assert_eq!(all.len() as u64, info.rows, "{text}");
                return all;
            }
            all.extend(rows);
        }
    }

    /// A count.
    pub(crate) fn count(&mut self, text: &str) -> u64 {
        let info = self.query(text);
        let (_, rows) = self.rows(info.result, 0, 1);
        rows[0].cells[0].as_ref().unwrap().parse().unwrap()
    }

    pub(crate) fn ledger(&mut self) -> String {
        match self.request(Request::ExportLedger { format: LedgerFormat::Json }) {
            Reply::Text { text } => text,
            other => panic!("{other:?}"),
        }
    }

    /// Files of the ledger, by path.
    pub(crate) fn ledger_files(&mut self) -> BTreeMap<String, chartroom_protocol::ledger::LedgerFile> {
        match self.request(Request::Ledger { start: 0, count: 1_000, filter: String::new() }) {
            Reply::Ledger { files, .. } => files.into_iter().map(|file| (file.path.clone(), file)).collect(),
            other => panic!("{other:?}"),
        }
    }
}

/// The clock of a step: a third of a millisecond a look.
fn tick(clock: &Cell<f64>) -> f64 {
    clock.set(clock.get() + 0.3);
    clock.get()
}
