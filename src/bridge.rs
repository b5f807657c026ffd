//! The page's end of the wire: requests out, replies in, correlated; and the workers behind it, kept alive.
//!
//! A request gets any number of `Progress`, then exactly one final reply, whatever happens to the workers: when the
//! coordinator dies, what was waiting hears `Failed` and can be asked again. A [`Pending`] that is dropped cancels its
//! request. Nothing that arrives here can cause a panic.
//!
//! Map: `fleet` starts workers and starts them anew, `member` is one of them, `parts` fetches and compiles what they
//! run, `held` remembers the dropped files, `timing` records User Timing measures.

mod fleet;
mod held;
mod member;
mod parts;
mod timing;

pub use fleet::Bounds;
pub(crate) use timing::measure;

use crate::platform::turn;
use chartroom_base::diagnostic::{Diagnostic, Span};
use chartroom_protocol::{
    DropNo, Envelope, Event, FileNo, Reply, Request, RequestId, ToPage, host::Peer, request::FileInfo,
};
use fleet::{Fleet, News};
use held::Held;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::{Rc, Weak},
};
use timing::Timing;
use web_sys::File;
use yew::Callback;

/// What a page hears unasked.
#[derive(Clone, Debug, PartialEq)]
pub enum BridgeEvent {
    /// The workers listen. Comes once.
    Ready,
    /// There will be no workers; why, and what to do, for the person. Nothing but reading the page works from here on.
    Unable {
        /// One or two sentences.
        message: String,
    },
    /// A worker ended and was started anew. Rows of a shard come back by themselves; the ledger says what was lost.
    Restarted {
        /// `the coordinator`, `shard 2`.
        who: String,
        /// What it said last.
        reason: String,
    },
    /// From the coordinator. `WantShards` and `RestartShard` are seen to here and do not come.
    Engine(Event),
}

/// The workers and the requests that wait for them. Cloning shares the same ones.
#[derive(Clone)]
pub struct Bridge(Rc<Inner>);

struct Inner {
    link: Link,
    next_request: Cell<u32>,
    waiting: RefCell<BTreeMap<RequestId, Callback<Reply>>>,
    /// Whether the coordinator knows its shards and, after a restart, its files: until then requests queue here.
    is_open: Cell<bool>,
    was_open: Cell<bool>,
    /// Why there will be no workers.
    unable: RefCell<Option<String>>,
    /// Counts the coordinators that ended.
    attempt: Cell<u32>,
    queue: RefCell<Vec<Envelope>>,
    held: RefCell<Held>,
    timing: RefCell<Timing>,
    on_event: Callback<BridgeEvent>,
}

enum Link {
    Fleet(Fleet),
    /// For component tests: requests go to the test, which answers with [`Bridge::receive`].
    Test(Callback<Envelope>),
}

impl PartialEq for Bridge {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Bridge {
    /// Begins to start the workers: coordinator and shard 0. Requests may be sent at once, they wait.
    #[must_use]
    pub fn start(bounds: Bounds, on_event: Callback<BridgeEvent>) -> Self {
        Self(Rc::new_cyclic(|weak: &Weak<Inner>| {
            let hear = {
                let weak = weak.clone();
                Callback::from(move |news| {
                    if let Some(inner) = weak.upgrade() {
                        Self(inner).hear(news);
                    }
                })
            };
            Inner::new(Link::Fleet(Fleet::start(bounds, hear)), on_event)
        }))
    }

    /// A bridge without workers, for tests of components: `on_request` hears what would have been sent.
    #[must_use]
    pub fn for_test(on_request: Callback<Envelope>, on_event: Callback<BridgeEvent>) -> Self {
        let bridge = Self(Rc::new(Inner::new(Link::Test(on_request), on_event)));
        bridge.0.is_open.set(true);
        bridge
    }

    /// Sends `request`; `on_reply` hears each reply up to the final one. Dropping what is returned cancels.
    pub fn send(&self, request: Request, on_reply: Callback<Reply>) -> Pending {
        let id = RequestId(self.0.next_request.get());
        self.0.next_request.set(id.0.wrapping_add(1));
        self.0.waiting.borrow_mut().insert(id, on_reply);
        self.post(Envelope { id, request });
        Pending { bridge: Rc::downgrade(&self.0), id }
    }

    /// Sends `request` and does not wait for its reply.
    pub fn tell(&self, request: Request) {
        let id = RequestId(self.0.next_request.get());
        self.0.next_request.set(id.0.wrapping_add(1));
        self.post(Envelope { id, request });
    }

    /// Begins a drop (or a pick, or a paste); files are numbered and sent with [`Bridge::add_files`].
    #[must_use]
    pub fn begin_drop(&self) -> DropNo {
        self.0.timing.borrow_mut().begin_load();
        self.0.held.borrow_mut().begin_drop()
    }

    /// Hands over files of a drop with their paths in it: at most 32 a task, posting more freezes the page.
    pub fn add_files(&self, drop: DropNo, files: Vec<(String, File)>) {
        if files.is_empty() {
            return;
        }
        debug_assert!(files.len() <= held::FILES_PER_TASK, "more files in one task than the page can bear");
        let files = self.0.held.borrow_mut().add(drop, files);
        self.tell(Request::Files { drop, files });
    }

    /// Says that all files of a drop were handed over, and which entries of its folders could not be opened.
    pub fn complete_drop(&self, drop: DropNo, unreadable: Vec<(String, String)>) {
        self.0.held.borrow_mut().complete(drop, unreadable.clone());
        self.tell(Request::DropComplete { drop, unreadable });
    }

    /// Marks the walks that are under way as ended: [`Bridge::is_walk_ended`] answers `true` for them.
    pub fn end_walks(&self) {
        self.0.held.borrow_mut().end_walks();
    }

    /// Whether the walk of `drop` was ended by the person.
    #[must_use]
    pub fn is_walk_ended(&self, drop: DropNo) -> bool {
        self.0.held.borrow().is_walk_ended(drop)
    }

    /// Forgets the handles of files that are about to be closed; empty: of all.
    pub fn forget_files(&self, files: &[FileNo]) {
        self.0.held.borrow_mut().forget(files);
    }

    /// Whether files of a drop are still being named: its folders are walked, or its turn has not come.
    #[must_use]
    pub fn is_naming(&self) -> bool {
        self.0.held.borrow().is_naming()
    }

    /// How many files the page holds handles of.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.0.held.borrow().len()
    }

    /// The handle of a file, while it is open.
    #[must_use]
    pub fn find_file(&self, file: FileNo) -> Option<File> {
        self.0.held.borrow().find(file)
    }

    /// Takes a message of the coordinator. Tests call it; otherwise only the workers do.
    pub fn receive(&self, message: ToPage) {
        match message {
            ToPage::Reply { id, reply } => self.answer(id, reply),
            ToPage::Event { event } => self.hear_event(event),
        }
    }

    fn answer(&self, id: RequestId, reply: Reply) {
        self.0.timing.borrow_mut().see_reply(&reply);
        // Taken out before it runs: a callback may send again.
        let callback = if matches!(reply, Reply::Progress { .. }) {
            self.0.waiting.borrow().get(&id).cloned()
        } else {
            self.0.waiting.borrow_mut().remove(&id)
        };
        if let Some(callback) = callback {
            callback.emit(reply);
        }
    }

    fn hear_event(&self, event: Event) {
        match (event, &self.0.link) {
            (Event::WantShards { count }, Link::Fleet(fleet)) => fleet.grow(count),
            (Event::RestartShard { shard }, Link::Fleet(fleet)) => fleet.restart_shard(shard, None),
            (event, _) => {
                if let Event::Status { status } = &event {
                    self.0.timing.borrow_mut().see_status(status);
                }
                self.0.on_event.emit(BridgeEvent::Engine(event));
            }
        }
    }

    fn hear(&self, news: News) {
        match news {
            News::Message(message) => self.receive(message),
            News::ShardsReady { count } => {
                self.post_now(Request::ShardsReady { count });
                if !self.0.is_open.get() && !self.0.was_open.get() {
                    self.0.was_open.set(true);
                    self.open();
                    self.0.on_event.emit(BridgeEvent::Ready);
                }
            }
            News::ShardBack { shard, reason, part } => {
                self.post_now(Request::ShardRestarted { shard, reason, part });
            }
            News::CoordinatorBack { shards } => self.resume(shards),
            News::Ended { peer, reason } => {
                let who = match peer {
                    Peer::Coordinator => {
                        self.0.is_open.set(false);
                        self.0.attempt.set(self.0.attempt.get().wrapping_add(1));
                        self.fail_waiting(&reason);
                        "the coordinator".to_owned()
                    }
                    Peer::Shard(shard) => format!("shard {shard}"),
                };
                self.0.on_event.emit(BridgeEvent::Restarted { who, reason });
            }
            News::Unable { message } => {
                self.0.is_open.set(false);
                *self.0.unable.borrow_mut() = Some(message.clone());
                self.fail_waiting(&message);
                self.0.on_event.emit(BridgeEvent::Unable { message });
            }
        }
    }

    /// Tells a fresh coordinator what there is: shards, then all files, then what queued meanwhile.
    fn resume(&self, shards: u32) {
        let attempt = self.0.attempt.get();
        self.post_now(Request::Resume);
        self.post_now(Request::ShardsReady { count: shards });
        let bridge = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            // Files that are handed over meanwhile have higher numbers: the loop comes to them.
            let mut next = FileNo(0);
            loop {
                // Another one was started since: that one is told everything.
                if bridge.0.attempt.get() != attempt {
                    return;
                }
                let Some((drop, files)) = bridge.0.held.borrow().batch(next) else { break };
                next = files.last().map_or(next, |last| FileNo(last.file.0.saturating_add(1)));
                bridge.post_now(Request::Files { drop, files });
                turn::next_turn().await;
            }
            let completions = bridge.0.held.borrow().completions();
            for (drop, unreadable) in completions {
                bridge.post_now(Request::DropComplete { drop, unreadable });
            }
            bridge.open();
        });
    }

    fn open(&self) {
        self.0.is_open.set(true);
        for envelope in self.0.queue.take() {
            self.post(envelope);
        }
    }

    /// Every waiting request gets its final reply.
    fn fail_waiting(&self, reason: &str) {
        // What names files is told again by `resume`; what asks can be asked again.
        self.0.queue.borrow_mut().clear();
        for (_, callback) in self.0.waiting.take() {
            callback.emit(failure(reason, "Ask again"));
        }
    }

    fn post_now(&self, request: Request) {
        let id = RequestId(self.0.next_request.get());
        self.0.next_request.set(id.0.wrapping_add(1));
        self.deliver(Envelope { id, request });
    }

    fn post(&self, envelope: Envelope) {
        if self.0.is_open.get() {
            return self.deliver(envelope);
        }
        if let Some(reason) = self.0.unable.borrow().clone() {
            // Not before the one who asks has what `send` returns.
            let bridge = self.clone();
            let reply = failure(&reason, "Reload the page");
            return wasm_bindgen_futures::spawn_local(async move { bridge.answer(envelope.id, reply) });
        }
        // What names files is told by `resume` when there was a coordinator before.
        let is_told = matches!(envelope.request, Request::Files { .. } | Request::DropComplete { .. });
        if !(is_told && self.0.was_open.get()) {
            self.0.queue.borrow_mut().push(envelope);
        }
    }

    fn deliver(&self, envelope: Envelope) {
        match &self.0.link {
            Link::Test(on_request) => on_request.emit(envelope),
            Link::Fleet(fleet) => {
                let files = match &envelope.request {
                    Request::Files { files, .. } => self.0.held.borrow().handles(files),
                    _ => Vec::new(),
                };
                fleet.request(envelope, &files);
            }
        }
    }

    fn cancel(&self, id: RequestId) {
        if self.0.waiting.borrow_mut().remove(&id).is_none() {
            return;
        }
        let mut queue = self.0.queue.borrow_mut();
        let queued = queue.len();
        queue.retain(|envelope| envelope.id != id);
        let was_sent = queue.len() == queued;
        drop(queue);
        if was_sent {
            self.tell(Request::Cancel { target: id });
        }
    }
}

impl Inner {
    fn new(link: Link, on_event: Callback<BridgeEvent>) -> Self {
        Self {
            link,
            next_request: Cell::new(1),
            waiting: RefCell::default(),
            is_open: Cell::new(false),
            was_open: Cell::new(false),
            unable: RefCell::default(),
            attempt: Cell::new(0),
            queue: RefCell::default(),
            held: RefCell::default(),
            timing: RefCell::default(),
            on_event,
        }
    }
}

/// A request under way. Dropping it cancels the request: its callback hears nothing more.
#[must_use = "dropping it cancels the request"]
#[derive(Debug)]
pub struct Pending {
    bridge: Weak<Inner>,
    id: RequestId,
}

impl Pending {
    /// Lets the request run to its end whatever becomes of the one who asked.
    pub fn detach(mut self) {
        self.bridge = Weak::new();
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(inner) = self.bridge.upgrade() {
            Bridge(inner).cancel(self.id);
        }
    }
}

/// The final reply of a request that no worker will answer.
fn failure(reason: &str, help: &str) -> Reply {
    let diagnostic =
        Diagnostic::error("RUN0001", Span::default(), format!("The engine ended: {reason}")).with_help(help);
    Reply::Failed { diagnostics: vec![diagnostic] }
}

/// What is known of a file without reading it.
fn file_info(file: FileNo, path: String, handle: &File) -> FileInfo {
    // A size is a whole number below 2^53, a time of change likewise: nothing is cut off.
    FileInfo { file, path, size: handle.size() as u64, modified: handle.last_modified() as i64 }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bridge").field("is_open", &self.is_open).finish_non_exhaustive()
    }
}
