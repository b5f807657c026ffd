//! Exchanges between shards: batches for each, over the ports between any two, a few under way at a time.
//!
//! How to use one: the coordinator numbers it with `open_exchanges` and tells every member of the crew, in the same turn, what it is for;
//! each [`Exchanges::open`]s it. Then each [`Exchanges::pass`]es batches to the others (and to itself) while [`Exchanges::is_full`] does not say
//! no, says [`Exchanges::end`] when it has no more, [`Exchanges::take`]s what came until [`Exchanges::is_over`], and [`Exchanges::close`]s.
//! Batches of one member come in the order in which it passed them. To answer what came, use a second exchange.
//!
//! **Invariant:** at most [`WINDOW`] batches are under way from one member to another, and what a member holds for the others is bounded as long as
//! it minds `is_full`. It never waits for itself: who takes what came before it passes more can always go on. When a member dies,
//! the others wait for ever: whoever opened the exchange closes it on all of them, and begins another.

use crate::{
    message::{CrewMember, ExchangeNo, Passed, ToShard},
    output::Output,
};
use std::collections::{BTreeMap, VecDeque};

/// Batches under way from one member to another.
const WINDOW: u32 = 4;

/// This shard's ends of all exchanges.
#[derive(Default)]
pub(crate) struct Exchanges {
    open: BTreeMap<ExchangeNo, Exchange>,
    /// The newest that was opened here. What comes of a later one waits for it; what comes of an earlier one that is not open is late.
    newest: Option<ExchangeNo>,
    early: Vec<(ExchangeNo, u32, Passed)>,
    outgoing: Vec<Output>,
    /// This shard.
    own: u32,
}

/// This shard's end of one exchange.
struct Exchange {
    lanes: Vec<Lane>,
    /// What came: the place of who passed it, and the batch.
    inbox: VecDeque<(usize, Vec<u8>)>,
}

/// What goes to one member and comes from it.
struct Lane {
    member: CrewMember,
    is_own: bool,
    waiting: VecDeque<Vec<u8>>,
    under_way: u32,
    /// Nothing more goes there, once what waits is gone.
    is_ending: bool,
    is_end_said: bool,
    /// Nothing more comes from there.
    has_ended: bool,
}

impl Exchanges {
    /// Begins an exchange, shard `own` being this one.
    pub(crate) fn open(&mut self, exchange: ExchangeNo, members: &[CrewMember], own: u32) {
        self.own = own;
        let lanes = members.iter().map(|member| Lane {
            member: *member,
            is_own: member.shard == own,
            waiting: VecDeque::new(),
            under_way: 0,
            is_ending: false,
            is_end_said: false,
            has_ended: false,
        });
        self.open.insert(exchange, Exchange { lanes: lanes.collect(), inbox: VecDeque::new() });
        self.newest = self.newest.max(Some(exchange));
        let (now, later) = std::mem::take(&mut self.early).into_iter().partition(|(of, ..)| *of <= exchange);
        self.early = later;
        for (of, from, passed) in now {
            self.hear(from, of, passed);
        }
    }

    /// Takes what shard `from` passes.
    pub(crate) fn hear(&mut self, from: u32, exchange: ExchangeNo, passed: Passed) {
        let Some(open) = self.open.get_mut(&exchange) else {
            if self.newest < Some(exchange) {
                self.early.push((exchange, from, passed));
            }
            return;
        };
        let Some(place) = open.lanes.iter().position(|lane| lane.member.shard == from) else { return };
        let Some(lane) = open.lanes.get_mut(place) else { return };
        match passed {
            Passed::Batch(bytes) => open.inbox.push_back((place, bytes)),
            Passed::End => lane.has_ended = true,
            Passed::More(count) => {
                lane.under_way = lane.under_way.saturating_sub(count);
                lane.flow(self.own, exchange, &mut self.outgoing);
            }
        }
    }

    /// None is open any more; what comes of one that was known here is late.
    pub(crate) fn forgotten(self) -> Self {
        let early = self.early.iter().map(|(of, ..)| *of).max();
        Self { newest: self.newest.max(early), ..Self::default() }
    }

    /// The first number that nothing was heard of.
    pub(crate) fn next(&self) -> ExchangeNo {
        ExchangeNo(self.newest.map_or(0, |newest| newest.0.saturating_add(1)))
    }

    /// How many members it has.
    pub(crate) fn member_count(&self, exchange: ExchangeNo) -> usize {
        self.open.get(&exchange).map_or(0, |open| open.lanes.len())
    }

    /// The place of this shard.
    pub(crate) fn own_place(&self, exchange: ExchangeNo) -> Option<usize> {
        self.open.get(&exchange)?.lanes.iter().position(|lane| lane.is_own)
    }

    /// Passes a batch to the member at that place, which may be this shard.
    pub(crate) fn pass(&mut self, exchange: ExchangeNo, place: usize, bytes: Vec<u8>) {
        let Some(open) = self.open.get_mut(&exchange) else { return };
        let Some(lane) = open.lanes.get_mut(place) else { return };
        if lane.is_own {
            open.inbox.push_back((place, bytes));
        } else {
            lane.waiting.push_back(bytes);
            lane.flow(self.own, exchange, &mut self.outgoing);
        }
    }

    /// Whether batches wait here until others have worked on theirs: pass no more now.
    pub(crate) fn is_full(&self, exchange: ExchangeNo) -> bool {
        self.open.get(&exchange).is_some_and(|open| open.lanes.iter().any(|lane| !lane.waiting.is_empty()))
    }

    /// This shard passes nothing more.
    pub(crate) fn end(&mut self, exchange: ExchangeNo) {
        for lane in self.open.get_mut(&exchange).into_iter().flat_map(|open| &mut open.lanes) {
            lane.is_ending = true;
            if lane.is_own {
                lane.has_ended = true;
            } else {
                lane.flow(self.own, exchange, &mut self.outgoing);
            }
        }
    }

    /// The next batch that came, and the place of who passed it; that one may pass another then.
    pub(crate) fn take(&mut self, exchange: ExchangeNo) -> Option<(usize, Vec<u8>)> {
        let open = self.open.get_mut(&exchange)?;
        let (place, bytes) = open.inbox.pop_front()?;
        if let Some(lane) = open.lanes.get(place).filter(|lane| !lane.is_own) {
            self.outgoing.push(lane.message(self.own, exchange, Passed::More(1)));
        }
        Some((place, bytes))
    }

    /// Whether all that comes was taken and all that goes is sent.
    pub(crate) fn is_over(&self, exchange: ExchangeNo) -> bool {
        let is_over = |lane: &Lane| lane.has_ended && (lane.is_own || lane.is_end_said);
        self.open.get(&exchange).is_none_or(|open| open.inbox.is_empty() && open.lanes.iter().all(is_over))
    }

    /// It is over, or not wanted any more: drops what is left of it.
    pub(crate) fn close(&mut self, exchange: ExchangeNo) {
        self.open.remove(&exchange);
    }

    /// What is to be posted.
    pub(crate) fn take_outgoing(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outgoing)
    }
}

impl Lane {
    /// Sends what may be sent.
    fn flow(&mut self, own: u32, exchange: ExchangeNo, outgoing: &mut Vec<Output>) {
        while self.under_way < WINDOW
            && let Some(bytes) = self.waiting.pop_front()
        {
            self.under_way += 1;
            outgoing.push(self.message(own, exchange, Passed::Batch(bytes)));
        }
        if self.is_ending && self.waiting.is_empty() && !self.is_end_said {
            self.is_end_said = true;
            outgoing.push(self.message(own, exchange, Passed::End));
        }
    }

    fn message(&self, from: u32, exchange: ExchangeNo, passed: Passed) -> Output {
        let CrewMember { shard, epoch } = self.member;
        Output::ToPeer { shard, message: ToShard::Passed { epoch, from, exchange, passed } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shards and the channels between any two, moved in an order drawn from a seed.
    struct Shards {
        ends: Vec<Exchanges>,
        channels: BTreeMap<(u32, u32), VecDeque<(ExchangeNo, Passed)>>,
        seed: u64,
        most_under_way: usize,
    }

    const EXCHANGE: ExchangeNo = ExchangeNo(7);

    impl Shards {
        fn new(count: u32, seed: u64) -> Self {
            let ends = (0..count).map(|_| Exchanges::default()).collect();
            Self { ends, channels: BTreeMap::new(), seed: seed * 2 + 1, most_under_way: 0 }
        }

        fn draw(&mut self, below: usize) -> usize {
            self.seed ^= self.seed << 13;
            self.seed ^= self.seed >> 7;
            self.seed ^= self.seed << 17;
            (self.seed % below as u64) as usize
        }

        fn post(&mut self) {
            for end in &mut self.ends {
                for output in end.take_outgoing() {
                    let Output::ToPeer { shard, message: ToShard::Passed { from, exchange, passed, .. } } =
                        output
                    else {
                        panic!("{output:?}")
                    };
                    let channel = self.channels.entry((from, shard)).or_default();
                    channel.push_back((exchange, passed));
                    let batches =
                        channel.iter().filter(|(_, passed)| matches!(passed, Passed::Batch(_))).count();
                    self.most_under_way = self.most_under_way.max(batches);
                }
            }
        }

        fn deliver_one(&mut self) -> bool {
            let full: Vec<(u32, u32)> = self
                .channels
                .iter()
                .filter(|(_, channel)| !channel.is_empty())
                .map(|(ends, _)| *ends)
                .collect();
            if full.is_empty() {
                return false;
            }
            let (from, to) = full[self.draw(full.len())];
            let (exchange, passed) =
                self.channels.get_mut(&(from, to)).and_then(VecDeque::pop_front).unwrap();
            self.ends[to as usize].hear(from, exchange, passed);
            true
        }
    }

    #[test]
    fn every_batch_comes_once_and_in_the_order_of_who_passed_it() {
        for (count, seed) in [(1, 1), (2, 2), (2, 3), (3, 4), (8, 5), (8, 6)] {
            let mut shards = Shards::new(count, seed);
            let members: Vec<CrewMember> = (0..count).map(|shard| CrewMember { shard, epoch: 3 }).collect();
            let mut to_open: Vec<u32> = (0..count).collect();
            let mut to_pass: Vec<u8> = vec![20; count as usize];
            let mut came = vec![Vec::<(usize, Vec<u8>)>::new(); count as usize];
            let mut is_ended = vec![false; count as usize];
            for _ in 0..200_000 {
                shards.post();
                let at = shards.draw(count as usize);
                match shards.draw(4) {
                    0 => {
                        // Others may pass before this one was told of it.
                        if !to_open.is_empty() {
                            let own = to_open.swap_remove(shards.draw(to_open.len()));
                            shards.ends[own as usize].open(EXCHANGE, &members, own);
                        }
                    }
                    1 if !to_open.contains(&(at as u32)) && !shards.ends[at].is_full(EXCHANGE) => {
                        if to_pass[at] > 0 {
                            to_pass[at] -= 1;
                            for place in 0..shards.ends[at].member_count(EXCHANGE) {
                                shards.ends[at].pass(EXCHANGE, place, vec![to_pass[at]]);
                            }
                        } else if !is_ended[at] {
                            is_ended[at] = true;
                            shards.ends[at].end(EXCHANGE);
                        }
                    }
                    2 => came[at].extend(shards.ends[at].take(EXCHANGE)),
                    _ => drop(shards.deliver_one()),
                }
                let is_over = |end: &Exchanges| end.is_over(EXCHANGE);
                if to_open.is_empty() && shards.ends.iter().all(is_over) {
                    break;
                }
            }
            assert!(shards.most_under_way <= WINDOW as usize, "{count} shards: {}", shards.most_under_way);
            for came in came {
                for from in 0..count as usize {
                    let of_one = came.iter().filter(|(place, _)| *place == from).map(|(_, bytes)| bytes[0]);
                    assert!(of_one.eq((0..20).rev()), "{count} shards, seed {seed}");
                }
            }
        }
    }

    #[test]
    fn what_comes_late_of_a_closed_exchange_is_dropped() {
        let members = [CrewMember { shard: 0, epoch: 0 }, CrewMember { shard: 1, epoch: 0 }];
        let mut own = Exchanges::default();
        own.hear(1, ExchangeNo(1), Passed::Batch(vec![1]));
        own.open(ExchangeNo(0), &members, 0);
        own.close(ExchangeNo(0));
        own.hear(1, ExchangeNo(0), Passed::Batch(vec![0]));
        own.open(ExchangeNo(1), &members, 0);
        assert_eq!(own.take(ExchangeNo(1)), Some((1, vec![1])));
        assert_eq!(own.take(ExchangeNo(1)), None);
        own.open(ExchangeNo(2), &members, 0);
        assert_eq!(own.take(ExchangeNo(2)), None);
        assert!(own.early.is_empty());
    }
}
