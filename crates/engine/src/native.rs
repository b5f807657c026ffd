//! The native host: threads for shards, paths for files. Serves the command line, tests and benches.
//!
//! It stands where page and workers stand in the browser. The coordinator runs on the caller's thread, whenever the
//! caller waits for something; each shard has a thread of its own. A shard that panics or is ended is followed by a
//! fresh one in its place; a thread that hangs cannot be ended and is left behind.

mod clock;
mod shard_thread;
mod walk;

/// The beginning of a log type's file, from a sample's keys.
pub use chartroom_ingest::formats::own::{SampleKey, begin_own};

use crate::{Coordinator, Output};
use chartroom_protocol::{
    DropNo, Envelope, Event, FileNo, Reply, Request, RequestId, ToPage,
    event::Status,
    request::FileInfo,
    start::{Fault, Role, Start},
};
use clock::Clock;
use shard_thread::{FromThread, Source, Thread};
use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    time::Duration,
};

/// Files named to the coordinator in one request.
const FILES_PER_REQUEST: usize = 32;

/// A coordinator and its shards on this machine.
pub struct Host {
    coordinator: Coordinator,
    start: Start,
    clock: Clock,
    threads: Vec<Thread>,
    inbox: Receiver<FromThread>,
    sender: Sender<FromThread>,
    files: BTreeMap<u32, Source>,
    requests: u32,
    drops: u32,
    replies: VecDeque<(RequestId, Reply)>,
    events: Vec<Event>,
    status: Status,
}

impl Host {
    /// Up to `shards` threads that may take `budget` bytes in all.
    #[must_use]
    pub fn open(shards: u32, budget: u64) -> Self {
        Self::open_with_fault(shards, budget, None)
    }

    /// The same, with a fault that shard 0 commits in its first large part: for tests of what happens then.
    #[must_use]
    pub fn open_with_fault(shards: u32, budget: u64, fault: Option<Fault>) -> Self {
        let version = chartroom_protocol::VERSION;
        let start = Start { role: Role::Coordinator, version, budget, shards: shards.max(1), fault };
        let (sender, inbox) = channel();
        let clock = Clock::start();
        let mut host = Self {
            coordinator: Coordinator::new(&start),
            start,
            clock,
            threads: Vec::new(),
            inbox,
            sender,
            files: BTreeMap::new(),
            requests: 0,
            drops: 0,
            replies: VecDeque::new(),
            events: Vec::new(),
            status: Status::default(),
        };
        host.start_threads(1);
        host
    }

    /// One drop of files and folders (walked, sorted); reading starts at once. A path in the ledger begins with the name
    /// of what was given. An entry that cannot be opened goes into the ledger with its reason.
    pub fn add_paths(&mut self, paths: &[PathBuf]) {
        self.add(walk::walk(paths));
    }

    /// One drop of files held in memory: name and bytes.
    pub fn add_bytes(&mut self, files: Vec<(String, Vec<u8>)>) {
        let found = files.into_iter().map(|(path, bytes)| walk::Found {
            path,
            size: bytes.len() as u64,
            modified: 0,
            source: Source::Bytes(bytes.into()),
        });
        self.add(walk::Walked { files: found.collect(), unreadable: Vec::new() });
    }

    fn add(&mut self, walked: walk::Walked) {
        let drop = DropNo(self.drops);
        self.drops += 1;
        let mut infos = Vec::new();
        for found in walked.files {
            let file = FileNo(self.files.len() as u32);
            self.files.insert(file.0, found.source);
            infos.push(FileInfo { file, path: found.path, size: found.size, modified: found.modified });
        }
        for batch in infos.chunks(FILES_PER_REQUEST) {
            self.post(Request::Files { drop, files: batch.to_vec() });
            self.pump(Duration::ZERO);
        }
        self.post(Request::DropComplete { drop, unreadable: walked.unreadable });
    }

    /// Works until nothing is left to read or to hash. Ends early when the person's choice is waited for, too.
    pub fn wait_until_idle(&mut self) {
        self.pump(Duration::ZERO);
        loop {
            if self.coordinator.is_waiting_for_choice() || self.coordinator.is_idle() {
                return;
            }
            self.pump(Duration::from_millis(20));
        }
    }

    /// Works until all rows are there; hashes may be wanting. Ends early when the person's choice is waited for.
    pub fn wait_until_read(&mut self) {
        while self.coordinator.lacks_rows() && !self.coordinator.is_waiting_for_choice() {
            self.pump(Duration::from_millis(20));
        }
    }

    /// Works until all rows are in and compared with each other: `_DuplicateOf` is settled.
    pub fn wait_until_compared(&mut self) {
        self.wait_until_read();
        while !self.coordinator.is_loading() && self.coordinator.is_unsettled() {
            self.pump(Duration::from_millis(20));
        }
    }

    /// Asks and waits for the final reply.
    pub fn request(&mut self, request: Request) -> Reply {
        let id = self.post(request);
        self.wait_for(id)
    }

    /// Asks; the reply is waited for with [`Host::wait_for`].
    pub fn post(&mut self, request: Request) -> RequestId {
        self.requests += 1;
        let id = RequestId(self.requests);
        self.coordinator.receive_page(Envelope { id, request }, self.clock.now());
        self.act();
        id
    }

    /// Waits for the final reply to a request.
    pub fn wait_for(&mut self, id: RequestId) -> Reply {
        loop {
            if let Some(at) = self.replies.iter().position(|(of, _)| *of == id)
                && let Some((_, reply)) = self.replies.remove(at)
            {
                return reply;
            }
            self.pump(Duration::from_millis(20));
        }
    }

    /// Events that came since the last call, oldest first.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Whether files are being read, or wait to be.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.coordinator.is_loading()
    }

    /// How everything stood when it was said last.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Milliseconds since the host was opened.
    #[must_use]
    pub fn now_ms(&self) -> f64 {
        self.clock.now()
    }

    /// Takes what came from the shards, at most `patience` later, and lets the coordinator work.
    pub fn pump(&mut self, patience: Duration) {
        let clock = self.clock;
        let more = self.coordinator.step(&move || clock.now());
        self.act();
        let patience = if more { Duration::ZERO } else { patience };
        match self.inbox.recv_timeout(patience) {
            Ok(message) => {
                self.take(message);
                while let Ok(message) = self.inbox.try_recv() {
                    self.take(message);
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }

    fn take(&mut self, message: FromThread) {
        match message {
            FromThread::Said { shard, message, kept } => {
                for (file, bytes) in kept {
                    self.files.insert(file, Source::Bytes(bytes));
                }
                self.coordinator.receive_shard(shard, message, self.clock.now());
                self.act();
            }
            FromThread::Died { shard, life, reason } => {
                if self.threads.get(shard as usize).is_some_and(|thread| thread.life() == life) {
                    self.restart(shard, Some(reason));
                }
            }
        }
    }

    /// Does what the coordinator asks for.
    fn act(&mut self) {
        loop {
            let outputs = self.coordinator.take_outputs();
            if outputs.is_empty() {
                return;
            }
            for output in outputs {
                match output {
                    Output::ToPage(ToPage::Reply { id, reply }) => {
                        if !matches!(reply, Reply::Progress { .. }) {
                            self.replies.push_back((id, reply));
                        }
                    }
                    Output::ToPage(ToPage::Event { event }) => self.on_event(event),
                    Output::ToShard { shard, message, files } => {
                        let handles = files
                            .iter()
                            .filter_map(|file| Some((file.0, self.files.get(&file.0)?.clone())))
                            .collect();
                        if let Some(thread) = self.threads.get(shard as usize) {
                            thread.tell(message, handles);
                        }
                    }
                    Output::Release { files } => {
                        for file in files {
                            self.files.remove(&file.0);
                        }
                    }
                    Output::ToCoordinator { .. }
                    | Output::ToPeer { .. }
                    | Output::Want { .. }
                    | Output::Keep { .. } => {}
                }
            }
        }
    }

    fn on_event(&mut self, event: Event) {
        match &event {
            Event::Status { status } => self.status.clone_from(status),
            Event::WantShards { count } => {
                let count = *count;
                self.start_threads(count);
                self.post(Request::ShardsReady { count });
            }
            Event::RestartShard { shard } => {
                let shard = *shard;
                self.restart(shard, None);
            }
            _ => {}
        }
        // Replies to the host's own requests are nobody's to wait for.
        self.events.push(event);
    }

    fn restart(&mut self, shard: u32, reason: Option<String>) {
        let Some(old) = self.threads.get(shard as usize) else { return };
        let life = old.life() + 1;
        let fresh = Thread::start(shard, life, &self.start, self.clock, self.sender.clone());
        if let Some(slot) = self.threads.get_mut(shard as usize) {
            *slot = fresh;
        }
        self.introduce();
        // What a thread said comes before the word that it ended, on one channel: nothing is to be left besides.
        self.post(Request::ShardRestarted { shard, reason, part: None });
    }

    fn start_threads(&mut self, count: u32) {
        for shard in self.threads.len() as u32..count {
            let thread = Thread::start(shard, 0, &self.start, self.clock, self.sender.clone());
            self.threads.push(thread);
        }
        self.introduce();
    }

    /// Lays a channel between each two shards.
    fn introduce(&self) {
        let doors: Vec<_> = self.threads.iter().map(Thread::door).collect();
        for thread in &self.threads {
            thread.meet(doors.clone());
        }
    }
}
