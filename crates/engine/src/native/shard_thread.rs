//! One shard on a thread: messages in, messages out, files read by position.

use super::clock::Clock;
use crate::{FromShard, Output, Shard, ToShard};
use chartroom_protocol::start::Start;
use std::{
    collections::BTreeMap,
    fs::{File, Metadata},
    io::{Read, Seek, SeekFrom},
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    time::{Duration, UNIX_EPOCH},
};

/// Where a file's bytes are.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// On disk: its path, and its size and last change when it was dropped.
    Path(PathBuf, u64, Option<Duration>),
    /// In memory.
    Bytes(Arc<[u8]>),
}

/// What comes from a thread.
pub(crate) enum FromThread {
    Said { shard: u32, message: FromShard, kept: Vec<(u32, Arc<[u8]>)> },
    Died { shard: u32, life: u32, reason: String },
}

/// What goes to a thread.
pub(crate) enum ToThread {
    Message(ToShard, Vec<(u32, Source)>),
    Peers(Vec<Sender<Self>>),
}

/// A shard's thread.
pub(crate) struct Thread {
    door: Sender<ToThread>,
    life: u32,
}

impl Thread {
    #[expect(clippy::disallowed_methods, reason = "the native host is where threads are started")]
    pub(crate) fn start(shard: u32, life: u32, start: &Start, clock: Clock, out: Sender<FromThread>) -> Self {
        let (door, inbox) = channel();
        let start = start.clone();
        std::thread::spawn(move || {
            let mut host =
                ShardHost { shard, files: BTreeMap::new(), kept: BTreeMap::new(), peers: Vec::new(), out };
            let lived = catch_unwind(AssertUnwindSafe(|| host.run(&start, clock, &inbox)));
            if let Err(panic) = lived {
                let reason = panic
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
                    .or_else(|| panic.downcast_ref::<String>().cloned())
                    .unwrap_or_else(|| "the reader ended".to_owned());
                // Nobody listens any more when the host is gone.
                host.out.send(FromThread::Died { shard, life, reason }).ok();
            }
        });
        Self { door, life }
    }

    /// Counts the threads that stood in this place.
    pub(crate) const fn life(&self) -> u32 {
        self.life
    }

    pub(crate) fn door(&self) -> Sender<ToThread> {
        self.door.clone()
    }

    pub(crate) fn meet(&self, peers: Vec<Sender<ToThread>>) {
        // A thread that died hears nothing; it is said elsewhere.
        self.door.send(ToThread::Peers(peers)).ok();
    }

    pub(crate) fn tell(&self, message: ToShard, files: Vec<(u32, Source)>) {
        self.door.send(ToThread::Message(message, files)).ok();
    }
}

struct ShardHost {
    shard: u32,
    files: BTreeMap<u32, Source>,
    kept: BTreeMap<u32, Vec<u8>>,
    peers: Vec<Sender<ToThread>>,
    out: Sender<FromThread>,
}

impl ShardHost {
    fn run(&mut self, start: &Start, clock: Clock, inbox: &Receiver<ToThread>) {
        let mut shard = Shard::new(start);
        loop {
            let more = shard.step(&move || clock.now());
            let acted = self.act(&mut shard);
            if !more && !acted {
                // The door closes when a fresh shard takes this place, or the host is gone.
                let Ok(message) = inbox.recv() else { return };
                self.hear(&mut shard, message);
            }
            loop {
                match inbox.try_recv() {
                    Ok(message) => self.hear(&mut shard, message),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
        }
    }

    fn hear(&mut self, shard: &mut Shard, message: ToThread) {
        match message {
            ToThread::Peers(peers) => self.peers = peers,
            ToThread::Message(message, files) => {
                self.files.extend(files);
                shard.receive(message);
            }
        }
    }

    /// Does what the shard asks for; whether bytes were delivered.
    fn act(&mut self, shard: &mut Shard) -> bool {
        let mut delivered = false;
        loop {
            let outputs = shard.take_outputs();
            if outputs.is_empty() {
                return delivered;
            }
            for output in outputs {
                match output {
                    Output::ToCoordinator { message, files } => {
                        let kept: Vec<(u32, Arc<[u8]>)> = files
                            .iter()
                            .filter_map(|file| Some((file.0, Arc::from(self.kept.remove(&file.0)?))))
                            .collect();
                        // The host may be gone: then nobody asks.
                        self.out.send(FromThread::Said { shard: self.shard, message, kept }).ok();
                    }
                    Output::ToPeer { shard: peer, message } => {
                        if let Some(door) = self.peers.get(peer as usize) {
                            door.send(ToThread::Message(message, Vec::new())).ok();
                        }
                    }
                    Output::Want { token, file, range, upto: _ } => {
                        let bytes = match self.files.get(&file.0) {
                            Some(source) => read(source, range),
                            None => Err("the file is not there any more".to_owned()),
                        };
                        shard.deliver(token, bytes);
                        delivered = true;
                    }
                    Output::Keep { file, bytes } => self.kept.entry(file.0).or_default().extend(bytes),
                    Output::Release { files } => {
                        for file in files {
                            self.files.remove(&file.0);
                        }
                    }
                    Output::ToPage(_) | Output::ToShard { .. } => {}
                }
            }
        }
    }
}

/// When a file changed last, since 1970.
pub(crate) fn changed(facts: &Metadata) -> Option<Duration> {
    facts.modified().ok()?.duration_since(UNIX_EPOCH).ok()
}

/// Reads a range; a file that is not what it was when it was dropped cannot be read.
fn read(source: &Source, range: Range<u64>) -> Result<Vec<u8>, String> {
    match source {
        Source::Bytes(bytes) => {
            let start = usize::try_from(range.start).unwrap_or(usize::MAX).min(bytes.len());
            let end = usize::try_from(range.end).unwrap_or(usize::MAX).min(bytes.len());
            Ok(bytes.get(start..end.max(start)).unwrap_or_default().to_vec())
        }
        Source::Path(path, size, modified) => {
            let mut file = File::open(path).map_err(|error| error.to_string())?;
            let facts = file.metadata().map_err(|error| error.to_string())?;
            if facts.len() != *size || changed(&facts) != *modified {
                return Err("the file changed after it was dropped".to_owned());
            }
            let len =
                usize::try_from(range.end.saturating_sub(range.start)).map_err(|error| error.to_string())?;
            let mut bytes = vec![0; len];
            file.seek(SeekFrom::Start(range.start)).map_err(|error| error.to_string())?;
            file.read_exact(&mut bytes).map_err(|error| error.to_string())?;
            Ok(bytes)
        }
    }
}
