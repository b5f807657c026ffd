//! Reads under way: who asked for them, handed on in the order of asking.

use crate::{message::PartNo, output::Output};
use chartroom_protocol::FileNo;
use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
};

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum For {
    Part(PartNo),
    Ask(u32),
    Hash,
    Unpack,
}

/// Bytes that came for somebody: who, where they begin, and the bytes.
pub(crate) type Delivery = (For, u64, Result<Vec<u8>, String>);

#[derive(Debug)]
struct Read {
    token: u64,
    start: u64,
    bytes: Option<Result<Vec<u8>, String>>,
}

/// All reads under way.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    count: u64,
    who: BTreeMap<u64, For>,
    queues: BTreeMap<For, VecDeque<Read>>,
}

impl Reads {
    /// Asks for a range of a file, behind which the reader means to go on to `upto`.
    pub(crate) fn want(&mut self, reader: For, file: u32, range: Range<u64>, upto: u64) -> Output {
        self.count += 1;
        let token = self.count;
        self.who.insert(token, reader);
        self.queues.entry(reader).or_default().push_back(Read { token, start: range.start, bytes: None });
        Output::Want { token, file: FileNo(file), range, upto }
    }

    /// What can be handed on now that a read is answered.
    pub(crate) fn deliver(&mut self, token: u64, bytes: Result<Vec<u8>, String>) -> Vec<Delivery> {
        let Some(reader) = self.who.remove(&token) else { return Vec::new() };
        let Some(queue) = self.queues.get_mut(&reader) else { return Vec::new() };
        if let Some(read) = queue.iter_mut().find(|read| read.token == token) {
            read.bytes = Some(bytes);
        }
        let mut ready = Vec::new();
        while queue.front().is_some_and(|read| read.bytes.is_some()) {
            if let Some(Read { start, bytes: Some(bytes), .. }) = queue.pop_front() {
                ready.push((reader, start, bytes));
            }
        }
        if queue.is_empty() {
            self.queues.remove(&reader);
        }
        ready
    }

    /// Nobody waits for any of them, and no number is given a second time.
    pub(crate) fn forgotten(self) -> Self {
        Self { count: self.count, ..Self::default() }
    }

    /// Nobody waits for these any more.
    pub(crate) fn end(&mut self, reader: For) {
        if let Some(queue) = self.queues.remove(&reader) {
            for read in queue {
                self.who.remove(&read.token);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_in_the_order_of_asking() {
        let mut reads = Reads::default();
        for start in [0, 4] {
            reads.want(For::Hash, 1, start..start + 4, 8);
        }
        assert!(reads.deliver(2, Ok(vec![2])).is_empty());
        let starts: Vec<u64> = reads.deliver(1, Ok(vec![1])).iter().map(|(_, start, _)| *start).collect();
        assert_eq!(starts, [0, 4]);
        assert!(reads.deliver(1, Ok(Vec::new())).is_empty());
    }
}
