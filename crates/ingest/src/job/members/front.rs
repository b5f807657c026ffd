//! An archive's members, listed from its front: the bytes pass by, small members are handed out with theirs, and those of
//! large ones as they come.
//!
//! **Invariant:** what is kept is one member of at most as many bytes as may be held, and the bytes in view, which are no
//! more than one header needs. A packed archive is unpacked once for all its members. Where the archive lies as it is,
//! content is leapt over, and read later by offset.

use super::Told;
use crate::container::codec::{Codec, Decoded, Decoding};
use crate::container::walk::{Content, Next, Walk};
use crate::container::zip::LISTING_COST;
use crate::container::zip::directory::MOST_MEMBERS;
use crate::container::{self, Archive, magic};
use crate::framing::Limits;
use crate::members::Member;
use crate::place::{Hop, Place, ZipMember};
use crate::report::{Container, Verdict};
use crate::source::stream::Stream;
use crate::source::{Pulled, Source};
use std::collections::VecDeque;

/// Members told at once.
const BATCH: usize = 256;
/// Bytes decoded at once to find the end of a member that does not say its length.
const ROOM: usize = 256 << 10;

/// The walk through an archive.
#[derive(Debug)]
pub(crate) struct Front {
    place: Place,
    /// Bytes of the file as handed over from the place on.
    size: u64,
    /// Bytes of the largest member that is handed out with them.
    held: u64,
    stream: Stream,
    walk: Option<Walk>,
    /// Where members lie as they are.
    is_plain: bool,
    /// The way to the archive, and what is around its members.
    hops: Vec<Hop>,
    containers: Vec<Container>,
    view: Vec<u8>,
    at: usize,
    /// Of the first byte in view, in the archive.
    offset: u64,
    is_ended: bool,
    /// Bytes that nobody wants, before the next header.
    pass: u64,
    passing: Option<Passing>,
    members: Vec<Member>,
    count: usize,
    /// What is to be told next of a large member.
    passes: VecDeque<Told>,
    ended: Option<Option<String>>,
}

/// A member whose bytes pass by.
#[derive(Debug)]
struct Passing {
    member: Member,
    /// Bytes still to come; `None`: until the codec says so.
    left: Option<u64>,
    codec: Option<Box<dyn Codec>>,
    bytes: Option<Vec<u8>>,
    /// Its bytes are told as they come.
    is_told: bool,
    gap: u64,
    /// Bytes of the header, for the length of a member that did not say its own.
    header: u64,
    passed: u64,
}

impl Front {
    /// Of the archive in the `size` bytes of `place`. `archive`: what it is, when that is known and it lies as it is.
    pub(crate) fn new(place: Place, size: u64, limits: Limits, archive: Option<Archive>) -> Self {
        let source = Source::new(0..size, limits.slice_bytes);
        let is_plain = archive.is_some();
        let stream =
            if is_plain { Stream::plain(source, &place) } else { Stream::peeling(source, &place, size) };
        let walk = archive.map(Walk::new);
        Self { walk, is_plain, ..Self::within(place, size, limits.held_bytes, stream, Vec::new()) }
    }

    /// Of the archive whose bytes come out of `stream`, behind those in `view`.
    pub(crate) fn within(place: Place, size: u64, held: u64, stream: Stream, view: Vec<u8>) -> Self {
        Self {
            place,
            size,
            held,
            stream,
            walk: None,
            is_plain: false,
            hops: Vec::new(),
            containers: Vec::new(),
            view,
            at: 0,
            offset: 0,
            is_ended: false,
            pass: 0,
            passing: None,
            members: Vec::new(),
            count: 0,
            passes: VecDeque::new(),
            ended: None,
        }
    }

    pub(crate) fn stream(&self) -> &Stream {
        &self.stream
    }

    pub(crate) fn stream_mut(&mut self) -> &mut Stream {
        &mut self.stream
    }

    /// Why the walk ended where it did, if that is not where it should; after it is over.
    pub(crate) fn problems(&self) -> Vec<(String, bool)> {
        let own = self.ended.iter().flatten().map(|reason| (reason.clone(), true));
        let below = self.stream.problems().map(|(reason, is_loss)| (reason.to_owned(), is_loss));
        own.chain(below).collect()
    }

    /// The containers around the members, the archive last, and how many members there were.
    pub(crate) fn facts(&self) -> (&'static str, usize) {
        (self.walk.as_ref().map_or("", Walk::kind), self.count)
    }

    fn rest(&self) -> &[u8] {
        self.view.get(self.at..).unwrap_or_default()
    }

    fn advance(&mut self, len: usize) {
        let len = len.min(self.rest().len());
        self.at = self.at.saturating_add(len);
        self.offset = self.offset.saturating_add(len as u64);
    }

    /// Goes on, until [`Told::Over`]; the report is the caller's to make.
    pub(crate) fn step(&mut self, fuel: &mut usize) -> Told {
        loop {
            if let Some(told) = self.passes.pop_front() {
                return told;
            }
            if self.members.len() >= BATCH || (self.ended.is_some() && !self.members.is_empty()) {
                return Told::Members(std::mem::take(&mut self.members));
            }
            if self.ended.is_some() {
                return Told::Over;
            }
            if *fuel == 0 {
                return Told::Working;
            }
            let is_hungry = if self.pass > 0 {
                self.pass_by()
            } else if self.passing.is_some() {
                match self.pass_member(fuel) {
                    Passed::Hungry => true,
                    Passed::On => false,
                    Passed::Whole(member, bytes) => {
                        // The bytes go out by themselves, behind those told without.
                        self.members.push(member);
                        if let Some(bytes) = bytes {
                            return Told::Held(std::mem::take(&mut self.members), bytes);
                        }
                        false
                    }
                }
            } else {
                self.next(fuel)
            };
            if is_hungry && let Some(told) = self.feed(fuel) {
                return told;
            }
        }
    }

    /// Brings more into view; some when that has to wait.
    fn feed(&mut self, fuel: &mut usize) -> Option<Told> {
        match self.stream.pull(fuel) {
            Pulled::Bytes(bytes) => {
                *fuel = fuel.saturating_sub(bytes.len());
                self.view.drain(..self.at.min(self.view.len()));
                self.at = 0;
                self.view.extend_from_slice(&bytes);
                None
            }
            Pulled::Working => Some(Told::Working),
            Pulled::Waiting if self.members.is_empty() => Some(Told::Waiting),
            Pulled::Waiting => Some(Told::Members(std::mem::take(&mut self.members))),
            Pulled::End => {
                if self.is_ended {
                    // Asked for more behind the end: no walk does so twice.
                    self.ended = Some(Some("the archive is cut short".to_owned()));
                }
                self.is_ended = true;
                None
            }
        }
    }

    fn pass_by(&mut self) -> bool {
        let in_view = self.rest().len() as u64;
        let len = self.pass.min(in_view);
        self.advance(usize::try_from(len).unwrap_or(usize::MAX));
        self.pass = self.pass.saturating_sub(len);
        if self.pass > 0
            && self.is_plain
            && self.stream.source_mut().leap(self.offset.saturating_add(self.pass))
        {
            self.offset = self.offset.saturating_add(self.pass);
            self.pass = 0;
        }
        if self.pass > 0 && self.is_ended {
            self.pass = 0;
            self.ended = Some(Some("the archive is cut short".to_owned()));
        }
        self.pass > 0
    }

    /// What stands at the next place; whether more bytes are needed to see it.
    fn next(&mut self, fuel: &mut usize) -> bool {
        if self.walk.is_none() && !self.begin() {
            return !self.is_ended;
        }
        let Some(walk) = &mut self.walk else { return true };
        let view = self.view.get(self.at..).unwrap_or_default();
        match walk.next(view, self.is_ended) {
            Next::More => return true,
            Next::Pass(len) => self.pass = len,
            Next::Stop(reason) => self.ended = Some(reason),
            Next::Member { name, header, content, gap, no_events } => {
                *fuel = fuel.saturating_sub(LISTING_COST);
                if self.count >= MOST_MEMBERS {
                    self.ended = Some(Some("more than a million members; the rest is not listed".to_owned()));
                    return false;
                }
                self.count = self.count.saturating_add(1);
                self.member(name, header, content, gap, no_events);
            }
        }
        false
    }

    /// Looks what it is, once enough of it is there.
    fn begin(&mut self) -> bool {
        if self.rest().len() < magic::NEEDED && !self.is_ended {
            return false;
        }
        let Some(archive) = container::archive(self.rest()) else {
            self.ended = Some(Some("the archive is not what it was before".to_owned()));
            return false;
        };
        self.walk = Some(Walk::new(archive));
        self.hops = self.place.hops.clone();
        self.hops.extend(std::iter::repeat_n(Hop::Peel, self.stream.sniffed_layers()));
        true
    }

    fn member(&mut self, name: String, header: usize, content: Content, gap: u64, no_events: Option<String>) {
        if self.containers.is_empty() {
            self.containers = self.stream.containers();
        }
        let mut containers = self.containers.clone();
        let kind = self.walk.as_ref().map_or("", Walk::kind);
        containers.push(Container { kind: kind.to_owned(), name: name.clone() });
        let mut place = Place { source: self.place.source, containers, ..Place::default() };
        // A zip's member is entered at its local header, a tar's behind its header.
        let (own_header, left, size, own) = match content {
            Content::Plain(size) => (0, Some(size), Some(size), None),
            Content::Zip(member) => (header, member.packed, member.size, Some(member)),
        };
        let start = self.offset.saturating_add((header.saturating_sub(own_header)) as u64);
        let len = left.map(|left| left.saturating_add(own_header as u64));
        if self.is_plain {
            place.start = self.place.start.saturating_add(start);
        } else {
            place.start = self.place.start;
            place.hops.clone_from(&self.hops);
            place.hops.push(Hop::Take { start, len: len.unwrap_or(u64::MAX) });
        }
        let verdict = verdict(&name, no_events, own.as_ref());
        let codec = match (&own, left) {
            (Some(member), None) if member.crypt.is_none() => Decoding::codec(member.method).ok().flatten(),
            _ => None,
        };
        place.hops.extend(own.clone().map(Hop::Zip));
        let end = self.size;
        let outer = if self.is_plain {
            let there = end.saturating_sub(start);
            let len = len.unwrap_or(0);
            if len > there && place.hops.is_empty() {
                // What is missing of it is to be missed when it is read.
                place.hops.push(Hop::Take { start: 0, len });
            }
            len.min(there)
        } else {
            end
        };
        let is_wanted = !self.is_plain && verdict.is_none();
        let is_held = is_wanted && len.is_none_or(|len| len <= self.held);
        // Whoever has the password reads an encrypted one by its place.
        let is_told = is_wanted && !is_held && own.as_ref().is_none_or(|member| member.crypt.is_none());
        let member = Member { name, place, packed: outer, size, verdict };
        let bytes = is_held.then(Vec::new);
        let mut passing =
            Passing { member, left, codec, bytes, is_told, gap, header: own_header as u64, passed: 0 };
        let front = self.rest().get(header.saturating_sub(own_header)..header).unwrap_or_default().to_vec();
        self.advance(header);
        if passing.left.is_none() && passing.codec.is_none() {
            self.ended = Some(Some(format!(
                "where {} ends is not known; members behind it are not read",
                passing.member.name
            )));
            return;
        }
        if let Some(bytes) = &mut passing.bytes {
            bytes.extend_from_slice(&front);
        } else if is_told {
            self.tell(&passing.member, front);
        } else if let Some(left) = passing.left {
            // Nothing of it is wanted now: the next header is what comes next.
            self.pass = left.saturating_add(passing.gap);
            self.members.push(passing.member);
            return;
        }
        self.passing = Some(passing);
    }

    /// Tells of a member whose bytes are told from now on, and the first of them.
    fn tell(&mut self, member: &Member, bytes: Vec<u8>) {
        self.members.push(member.clone());
        self.passes.push_back(Told::Begun(std::mem::take(&mut self.members)));
        if !bytes.is_empty() {
            self.passes.push_back(Told::Bytes(bytes));
        }
    }

    /// Lets bytes of a member pass.
    fn pass_member(&mut self, fuel: &mut usize) -> Passed {
        let Some(mut passing) = self.passing.take() else { return Passed::On };
        let view = self.view.get(self.at..).unwrap_or_default();
        let decoded = match (&mut passing.codec, passing.left) {
            (Some(codec), _) => {
                let mut out = Vec::with_capacity(ROOM);
                let decoded = codec.decode(view, &mut out);
                *fuel = fuel.saturating_sub(out.len().max(1));
                let made = !out.is_empty();
                match decoded {
                    Ok(decoded) if decoded.used == 0 && !made && !decoded.is_end => {
                        if self.is_ended {
                            return self.give_up(passing, "the archive is cut short");
                        }
                        self.passing = Some(passing);
                        return Passed::Hungry;
                    }
                    Ok(decoded) => decoded,
                    Err(_) => {
                        return self.give_up(passing, "a member is damaged; those behind it cannot be found");
                    }
                }
            }
            (None, left) => {
                let left = left.unwrap_or(0);
                let used = view.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                let left = left.saturating_sub(used as u64);
                passing.left = Some(left);
                if used == 0 && left > 0 {
                    if self.is_ended {
                        return self.give_up(passing, "the archive is cut short");
                    }
                    self.passing = Some(passing);
                    return Passed::Hungry;
                }
                Decoded { used, is_end: left == 0 }
            }
        };
        let passed = view.get(..decoded.used).unwrap_or(view).to_vec();
        self.advance(decoded.used);
        passing.passed = passing.passed.saturating_add(passed.len() as u64);
        if passing.is_told {
            if !passed.is_empty() {
                self.passes.push_back(Told::Bytes(passed));
            }
        } else if let Some(bytes) = &mut passing.bytes {
            bytes.extend_from_slice(&passed);
            // It did not say how long it is.
            if passing.passed > self.held {
                let bytes = passing.bytes.take().unwrap_or_default();
                passing.is_told = true;
                self.tell(&passing.member, bytes);
            }
        }
        if !decoded.is_end {
            self.passing = Some(passing);
            return Passed::On;
        }
        self.pass = passing.gap;
        if passing.is_told {
            self.passes.push_back(Told::Passed);
            return Passed::On;
        }
        Passed::Whole(said(passing.member, passing.header, passing.passed, self.is_plain), passing.bytes)
    }

    /// The archive ends in the middle of a member: that one is told, and will say so itself.
    fn give_up(&mut self, passing: Passing, reason: &str) -> Passed {
        self.ended = Some(Some(reason.to_owned()));
        if passing.is_told {
            self.passes.push_back(Told::Passed);
            return Passed::On;
        }
        // Of a known length, what came of it is all there is; else, read by its place, it finds out what is missing.
        let bytes = passing.bytes.filter(|_| passing.codec.is_none());
        let member = said(passing.member, passing.header, passing.passed, self.is_plain);
        Passed::Whole(member, bytes)
    }
}

/// What letting bytes pass came to.
enum Passed {
    Hungry,
    On,
    Whole(Member, Option<Vec<u8>>),
}

/// A member whose length was not said, with the one found.
fn said(mut member: Member, header: u64, passed: u64, is_plain: bool) -> Member {
    let found = header.saturating_add(passed);
    for hop in &mut member.place.hops {
        if let Hop::Take { len, .. } = hop
            && *len == u64::MAX
        {
            *len = found;
        }
    }
    if is_plain && member.packed == 0 {
        member.packed = found;
    }
    member
}

/// Why there is nothing to read in a member, if that is so.
fn verdict(name: &str, no_events: Option<String>, own: Option<&ZipMember>) -> Option<Verdict> {
    if let Some(what) = no_events {
        return Some(Verdict::NoEvents(what));
    }
    if let Some(junk) = magic::junk_by_path(name) {
        return Some(Verdict::NoEvents(junk.to_owned()));
    }
    own.and_then(container::why_unreadable).map(Verdict::NotRead)
}
