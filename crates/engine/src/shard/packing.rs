//! Living rows on their way to a fresh worker, through a file of the engine's own making outside any worker's memory.

use super::{Shard, reads::For};
use crate::{
    message::{FromShard, Said},
    output::Output,
};
use chartroom_protocol::FileNo;
use std::collections::VecDeque;

/// Packing or unpacking under way.
#[derive(Default)]
pub(crate) struct Packing {
    packing: Option<Pack>,
    unpacking: Option<Unpack>,
}

struct Pack {
    file: FileNo,
    ends: Vec<u64>,
    /// Number of the table and row to go on from.
    at: (usize, u32),
}

struct Unpack {
    file: FileNo,
    /// Blocks not asked for.
    ranges: VecDeque<(u64, u64)>,
    is_waiting: bool,
    ready: VecDeque<Result<Vec<u8>, String>>,
}

impl Packing {
    pub(crate) fn pack(&mut self, file: FileNo) {
        self.packing = Some(Pack { file, ends: Vec::new(), at: (0, 0) });
    }

    pub(crate) fn unpack(&mut self, file: FileNo, ends: Vec<u64>) {
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let ranges = starts.zip(ends.iter().copied()).collect();
        self.unpacking = Some(Unpack { file, ranges, is_waiting: false, ready: VecDeque::new() });
    }

    /// Whether rows are coming in of which not all are there.
    pub(crate) const fn is_unpacking(&self) -> bool {
        self.unpacking.is_some()
    }

    pub(crate) fn deliver(&mut self, bytes: Result<Vec<u8>, String>) {
        if let Some(unpack) = &mut self.unpacking {
            unpack.is_waiting = false;
            unpack.ready.push_back(bytes);
        }
    }
}

impl Shard {
    /// One block in or out. Whether there was something to do.
    pub(crate) fn pack_some(&mut self) -> bool {
        self.pack_block() || self.unpack_block()
    }

    fn pack_block(&mut self) -> bool {
        let Some(pack) = &mut self.packing.packing else { return false };
        let (table, row) = pack.at;
        match self.store.encode_block(table, row) {
            Some((bytes, next)) => {
                let end = pack.ends.last().copied().unwrap_or(0) + bytes.len() as u64;
                pack.ends.push(end);
                pack.at = next.map_or((table + 1, 0), |row| (table, row));
                let file = pack.file;
                self.outputs.push(Output::Keep { file, bytes });
                // Out before the next: only one block is in memory at a time.
                self.must_yield = true;
            }
            None => {
                let Some(Pack { file, ends, .. }) = self.packing.packing.take() else { return false };
                if let Some(epoch) = self.epoch {
                    let message = FromShard { epoch, said: Said::Packed { file, ends } };
                    self.outputs.push(Output::ToCoordinator { message, files: vec![file] });
                }
            }
        }
        true
    }

    fn unpack_block(&mut self) -> bool {
        let Some(unpack) = &mut self.packing.unpacking else { return false };
        if let Some(bytes) = unpack.ready.pop_front() {
            let taken =
                bytes.and_then(|bytes| self.store.decode_block(&bytes).map_err(|error| error.to_string()));
            self.figures.is_due = true;
            self.locals.has_news = true;
            if let Err(reason) = taken {
                // All or nothing: half of the rows would be worse than reading their files again.
                self.store = chartroom_store::Store::new();
                self.reader = chartroom_ingest::Reader::new(self.reader.formats());
                self.unpacked(Some(reason));
            }
            return true;
        }
        if unpack.is_waiting {
            return false;
        }
        match unpack.ranges.pop_front() {
            Some((start, end)) => {
                unpack.is_waiting = true;
                let file = unpack.file.0;
                let want = self.reads.want(For::Unpack, file, start..end, end);
                self.outputs.push(want);
            }
            None => self.unpacked(None),
        }
        true
    }

    fn unpacked(&mut self, failed: Option<String>) {
        if let Some(unpack) = self.packing.unpacking.take() {
            self.reads.end(For::Unpack);
            self.say_figures(true);
            self.say(Said::Unpacked { failed });
            self.outputs.push(Output::Release { files: vec![unpack.file] });
        }
    }
}
