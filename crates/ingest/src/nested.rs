//! Files that lie in one that is packed as a whole, each with its bytes as that one's pass by.
//!
//! **Invariant:** sans-io, and nothing is unpacked twice: what comes out of a file is pushed into the files that lie in it,
//! how deep they lie (see [`crate::container`]). At most one file a level is open at a time.

use crate::place::{Hop, Password, Place};
use crate::source::Pulled;
use crate::source::stream::Stream;
use std::collections::{BTreeMap, VecDeque};

/// What is said of the files: a number, and the next of its bytes; `None`: all of them came.
pub type Tell<'a> = dyn FnMut(u32, Option<&[u8]>) + 'a;

/// Files within one whose bytes are pushed.
#[derive(Debug, Default)]
pub struct Nested {
    /// Not passed yet, in their order.
    files: VecDeque<Node>,
    pending: VecDeque<Vec<u8>>,
    /// Bytes that passed.
    at: u64,
    is_ended: bool,
}

#[derive(Debug)]
struct Node {
    start: u64,
    end: u64,
    number: Option<u32>,
    stream: Stream,
    /// Some of its bytes came.
    is_open: bool,
    within: Nested,
}

/// The same while it is collected: by start and length.
#[derive(Default)]
struct Plan {
    nodes: BTreeMap<(u64, u64), Planned>,
}

#[derive(Default)]
struct Planned {
    number: Option<u32>,
    hops: Vec<Hop>,
    password: Option<Password>,
    within: Plan,
}

/// The way to a file from what its archive unpacks to, when it lies in that: the hops behind those of the archive.
#[must_use]
pub fn way_from(archive: &Place, file: &Place) -> Option<Vec<Hop>> {
    let is_same = (archive.source, archive.start) == (file.source, file.start);
    let rest = file.hops.strip_prefix(archive.hops.as_slice()).filter(|_| is_same)?;
    let peels = rest.iter().take_while(|hop| **hop == Hop::Peel).count();
    let way = rest.get(peels..)?;
    matches!(way.first(), Some(Hop::Take { .. })).then(|| way.to_vec())
}

impl Nested {
    /// Of files, each with its way from what is pushed and its password; out of `size` bytes of the file as handed over.
    #[must_use]
    pub fn new(files: Vec<(u32, Vec<Hop>, Option<Password>)>, size: u64) -> Self {
        let mut plan = Plan::default();
        for (number, way, password) in files {
            plan.add(number, &way, password);
        }
        plan.finish(size)
    }

    /// More of the bytes that they lie in; step until it is hungry before the next.
    pub fn push(&mut self, bytes: Vec<u8>) {
        if !self.files.is_empty() {
            self.pending.push_back(bytes);
        }
    }

    /// No more bytes will come.
    pub fn end(&mut self) {
        self.is_ended = true;
    }

    /// Goes on; whether fuel ran out before all that was pushed had passed.
    pub fn step(&mut self, fuel: &mut usize, tell: &mut Tell<'_>) -> bool {
        while let Some(file) = self.files.front_mut() {
            if file.is_open {
                match file.step(fuel, tell) {
                    Stepped::Working => return true,
                    Stepped::Hungry => {}
                    Stepped::Over => {
                        self.files.pop_front();
                        continue;
                    }
                }
            }
            let Some(bytes) = self.pending.front() else {
                if !self.is_ended {
                    return false;
                }
                // What is missing of it does not come.
                file.stream.source_mut().close();
                file.is_open = true;
                continue;
            };
            let upto = self.at.saturating_add(bytes.len() as u64);
            let place = |offset: u64| usize::try_from(offset.saturating_sub(self.at)).unwrap_or(usize::MAX);
            let from = place(file.start.min(upto));
            let to = place(file.end.clamp(self.at, upto));
            let part = bytes.get(from..to).unwrap_or_default();
            file.stream.source_mut().push(part.to_vec());
            file.is_open |= upto >= file.start;
            if upto < file.end {
                self.at = upto;
                self.pending.pop_front();
                continue;
            }
            file.stream.source_mut().close();
            let rest = bytes.get(to..).unwrap_or_default().to_vec();
            self.at = self.at.saturating_add(to as u64);
            self.pending.pop_front();
            if !rest.is_empty() {
                self.pending.push_front(rest);
            }
        }
        self.pending.clear();
        false
    }
}

enum Stepped {
    Working,
    Hungry,
    Over,
}

impl Node {
    fn step(&mut self, fuel: &mut usize, tell: &mut Tell<'_>) -> Stepped {
        loop {
            if self.within.step(fuel, tell) {
                return Stepped::Working;
            }
            if *fuel == 0 {
                return Stepped::Working;
            }
            match self.stream.pull(fuel) {
                Pulled::Bytes(bytes) => {
                    *fuel = fuel.saturating_sub(1);
                    if let Some(number) = self.number {
                        tell(number, Some(&bytes));
                    }
                    self.within.push(bytes);
                }
                Pulled::Working => return Stepped::Working,
                Pulled::Waiting => return Stepped::Hungry,
                Pulled::End => {
                    self.within.end();
                    if self.within.step(fuel, tell) {
                        return Stepped::Working;
                    }
                    if let Some(number) = self.number {
                        tell(number, None);
                    }
                    return Stepped::Over;
                }
            }
        }
    }
}

impl Plan {
    fn add(&mut self, number: u32, way: &[Hop], password: Option<Password>) {
        let Some((Hop::Take { start, len }, rest)) = way.split_first() else { return };
        let next = rest.iter().position(|hop| matches!(hop, Hop::Take { .. }));
        let (own, within) = rest.split_at_checked(next.unwrap_or(rest.len())).unwrap_or((rest, &[]));
        let node = self.nodes.entry((*start, *len)).or_default();
        // Single streams are found by themselves.
        node.hops = own.iter().filter(|hop| **hop != Hop::Peel).cloned().collect();
        if password.is_some() {
            node.password.clone_from(&password);
        }
        if within.is_empty() {
            node.number = Some(number);
        } else {
            node.within.add(number, within, password);
        }
    }

    fn finish(self, size: u64) -> Nested {
        let node = |((start, len), planned): ((u64, u64), Planned)| {
            let Planned { number, mut hops, password, within } = planned;
            hops.insert(0, Hop::Take { start: 0, len });
            let place = Place { hops, password, ..Place::default() };
            Node {
                start,
                end: start.saturating_add(len),
                number,
                stream: Stream::fed(&place, size),
                is_open: false,
                within: within.finish(size),
            }
        };
        Nested { files: self.nodes.into_iter().map(node).collect(), ..Nested::default() }
    }
}
