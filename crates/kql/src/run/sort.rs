//! Rows in the plan's order: parts of chunks are sorted, then merged, both by steps.
//!
//! **Invariant:** the order is total: ties of all keys fall to the row's identity (rank of its file, offset, number), so that any
//! number of shards and any cutting into chunks gives the same order.
//!
//! The first key of a row becomes eight bytes that compare as the order wants ([`key`]); texts become their first eight bytes, and
//! only rows that tie there look further. Sorted parts are runs; a heap of runs gives the rows in blocks of a chunk.

mod block;
mod key;
mod times;

pub use block::{KeyBlock, KeyColumn};
use chartroom_base::sort;

use super::{
    Context, Fuel,
    cache::Cache,
    predicate::{Chunk, Need},
    reader::ChunkReader,
    selection::{RowRef, Selection, row_number},
    stored::{stored_chunk, stored_longs},
};
use crate::{
    plan::{OrderKey, Plan},
    program::{Program, index},
    value::Value,
};
use chartroom_store::CHUNK_ROWS;
use key::{Keys, head, long_head};
use std::{
    cmp::Ordering,
    collections::{BinaryHeap, VecDeque},
    rc::Rc,
};

/// Sorts a selection by the plan's order, ties by the row's identity.
pub struct Sorter {
    order: Vec<OrderKey>,
    sources: Vec<(Program, Vec<usize>, Cache)>,
    selection: Selection,
    limit: usize,
    /// Parts of chunks that are not sorted yet: source, chunk, first row.
    waiting: VecDeque<(usize, usize, usize)>,
    part_count: usize,
    runs: Vec<Run>,
    /// The least heads met, as many as rows are wanted, the greatest on top: a row behind it is not among the first.
    least: BinaryHeap<u64>,
    /// Whether the parts that may hold the first rows stand first.
    is_ranked: bool,
    /// Runs that have rows left, with the head of their next row, the one whose row comes first at the end; built when all
    /// chunks are sorted.
    heap: Option<Vec<(u64, usize)>>,
    sorted: Sorted,
}

/// A sorted part of a chunk.
struct Run {
    source: u16,
    chunk: usize,
    /// Heads of the first key and offsets in the chunk, in order.
    rows: Vec<(u64, u16)>,
    /// The next row to give out.
    next: usize,
    /// What `head` leaves undecided.
    keys: Keys,
}

/// Rows in order.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// Full blocks of [`CHUNK_ROWS`] rows, but for the last.
    blocks: Vec<Vec<u32>>,
    /// Which source each row is of; empty while there is only source 0.
    sources: Vec<Vec<u16>>,
}

/// Rows sorted between two looks at the fuel.
const ROWS_PER_STEP: usize = 1 << 14;

/// Most rows wanted for which the least heads are kept.
const MOST_LEAST: usize = 10_000;

/// Rows merged between two looks at the fuel: each compares with several runs.
const MERGED_PER_STEP: usize = 1 << 12;

impl Sorter {
    /// Sorts what `selection` holds. `limit`: only so many first rows are wanted (`take`), the rest is left out.
    #[must_use]
    pub fn new(plan: Rc<Plan>, selection: Selection, limit: Option<u64>) -> Self {
        let sources = plan.sources.iter().map(|source| {
            let keys = source.order.iter().map(|id| index(*id)).collect();
            (Program::new(source, plan.now), keys, Cache::default())
        });
        let chunks = selection.tables.iter().enumerate();
        let waiting: VecDeque<(usize, usize, usize)> = chunks
            .flat_map(|(source, table)| {
                let chunks = table.chunks.iter().enumerate();
                chunks.filter(|(_, chosen)| chosen.count() > 0).flat_map(move |(chunk, _)| {
                    (0..CHUNK_ROWS).step_by(ROWS_PER_STEP).map(move |from| (source, chunk, from))
                })
            })
            .collect();
        Self {
            order: plan.order.clone(),
            sources: sources.collect(),
            limit: limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX)),
            selection,
            part_count: waiting.len(),
            waiting,
            runs: Vec::new(),
            least: BinaryHeap::new(),
            is_ranked: false,
            heap: None,
            sorted: Sorted::default(),
        }
    }

    /// Goes on until the fuel is burnt or all is done; whether all is done.
    pub fn step(&mut self, context: Context<'_>, fuel: &mut Fuel) -> bool {
        if !std::mem::replace(&mut self.is_ranked, true) && self.limit <= MOST_LEAST {
            let mut waiting: Vec<_> = std::mem::take(&mut self.waiting).into();
            sort::sort_by_key(&mut waiting, |(source, chunk, _)| self.best_head(context, *source, *chunk));
            self.waiting = waiting.into();
        }
        while let Some((source, chunk, from)) = self.waiting.front().copied() {
            if fuel.is_empty() {
                return false;
            }
            let worst = self.least.peek().filter(|_| self.least.len() >= self.limit);
            if worst.is_some_and(|worst| self.best_head(context, source, chunk) > *worst) {
                // All of it comes behind the rows that are wanted.
                self.waiting.pop_front();
                fuel.burn(100);
                continue;
            }
            match self.sort_part(context, (source, chunk, from), fuel) {
                Some(run) => {
                    self.waiting.pop_front();
                    self.runs.extend(run);
                }
                None => return false,
            }
        }
        loop {
            if fuel.is_empty() {
                return false;
            }
            if self.merge(context) {
                return true;
            }
            fuel.burn(MERGED_PER_STEP * 100);
        }
    }

    /// Share of the work done, 0.0 to 1.0.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share for a progress bar")]
    pub fn fraction(&self) -> f64 {
        let sorted = self.part_count - self.waiting.len();
        let total = self.selection.count().min(self.limit as u64).max(1) as f64;
        0.5 * sorted as f64 / self.part_count.max(1) as f64
            + 0.5 * (self.sorted.len() as f64 / total).min(1.0)
    }

    /// The rows in order.
    #[must_use]
    pub fn finish(self) -> Sorted {
        self.sorted
    }

    /// No row of the chunk has a smaller head; 0 where nothing is known.
    fn best_head(&self, context: Context<'_>, source: usize, chunk: usize) -> u64 {
        let ([key], Some((program, nodes, _))) = (self.order.as_slice(), self.sources.get(source)) else {
            return 0;
        };
        let (Some(table), [node]) = (context.store.table(&program.table), nodes.as_slice()) else { return 0 };
        match stored_longs(program, table, chunk, *node) {
            Some(Some(longs)) if longs.value_count() == table.chunk_rows(chunk) => {
                long_head(if key.is_ascending { longs.min() } else { longs.max() }, key)
            }
            _ => 0,
        }
    }

    /// The rows of a part of a chunk in order; `None` when the fuel ran out before its dictionaries were worked out.
    fn sort_part(
        &mut self,
        context: Context<'_>,
        (source, chunk, from): (usize, usize, usize),
        fuel: &mut Fuel,
    ) -> Option<Option<Run>> {
        let Some((program, nodes, cache)) = self.sources.get_mut(source) else { return Some(None) };
        let Some(table) = context.store.table(&program.table) else { return Some(None) };
        let rows = table.chunk_rows(chunk);
        let view = Chunk { program, context, table, chunk, rows, from: 0, to: rows };
        let reader = ChunkReader::new(program, context, table, chunk, nodes);
        for node in reader.coded_nodes() {
            loop {
                let burnt = view.meet(&Need::Values(node), cache);
                if burnt == 0 {
                    break;
                }
                if !fuel.burn(burnt) {
                    return None;
                }
            }
        }
        let chosen = self.selection.tables.get(source).and_then(|table| table.chunks.get(chunk))?;
        let mut chosen = chosen.to_bitmap(rows);
        chosen.fill(0..from, false);
        chosen.fill(from + ROWS_PER_STEP..rows, false);
        let mut keys = Keys::new(&self.order);
        let mut heads: Vec<(u64, u16)> = Vec::with_capacity(chosen.count());
        let offset = |row: usize| u16::try_from(row).unwrap_or(u16::MAX);
        let longs = match nodes.as_slice() {
            [node] => stored_longs(program, table, chunk, *node),
            _ => None,
        };
        let direct = match nodes.as_slice() {
            [node] => stored_chunk(program, table, chunk, *node),
            _ => None,
        };
        if let (Some(Some(longs)), [key]) = (longs, self.order.as_slice())
            && longs.value_count() == rows
            && self.limit > MOST_LEAST
        {
            let rows = times::sorted(&longs, &chosen, key);
            // Rows lie as they came in their files, mostly: if not, ties are settled below.
            let place = |offset: u16| identity(context, table, row_number(chunk, offset.into()));
            if rows.array_windows().all(|[a, b]| a.0 != b.0 || place(a.1) < place(b.1)) {
                fuel.burn(rows.len() * 40);
                let source = u16::try_from(source).unwrap_or(u16::MAX);
                let keys = Keys::never_null(rows.len());
                return Some(Some(Run { source, chunk, rows, next: 0, keys }));
            }
        }
        let (least, limit) = (&mut self.least, self.limit);
        // Whether a row of this head may be among the first.
        let mut is_wanted = |head: u64| {
            if limit > MOST_LEAST {
                return true;
            }
            let is_wanted = least.len() < limit || least.peek().is_some_and(|worst| head <= *worst);
            if is_wanted {
                least.push(head);
                if least.len() > limit {
                    least.pop();
                }
            }
            is_wanted
        };
        if let (Some(longs), Some(key)) = (longs, self.order.first()) {
            // The usual order, by the time as it is stored: no value is made for a row.
            for row in chosen.iter() {
                let value = longs.and_then(|longs| longs.get(row)).map_or(Value::Null, Value::Long);
                let head = head(&value, key);
                if is_wanted(head) {
                    keys.push(std::iter::once(Some(&value)), &self.order);
                    heads.push((head, offset(row)));
                }
            }
        } else if let (Some(direct), Some(key)) = (direct, self.order.first()) {
            for row in chosen.iter() {
                let value = direct.get(row);
                let head = head(&value, key);
                if is_wanted(head) {
                    keys.push(std::iter::once(Some(&value)), &self.order);
                    heads.push((head, offset(row)));
                }
            }
        } else {
            let mut values = Vec::new();
            for row in chosen.iter() {
                reader.read(cache, row, &mut values);
                let first = nodes.first().and_then(|node| values.get(*node));
                let head = first.zip(self.order.first()).map_or(0, |(value, key)| head(value, key));
                if is_wanted(head) {
                    keys.push(nodes.iter().map(|node| values.get(*node)), &self.order);
                    heads.push((head, offset(row)));
                }
            }
        }
        // Sorted as positions first, because the keys lie in the order of the rows.
        let mut positions: Vec<u32> = (0..u32::try_from(heads.len()).unwrap_or(u32::MAX)).collect();
        let offset = |at: u32| heads.get(at as usize).map_or(0, |(_, offset)| *offset);
        let head_of = |at: u32| heads.get(at as usize).map_or(0, |(head, _)| *head);
        let identity = |at: u32| identity(context, table, row_number(chunk, offset(at).into()));
        let compare = |a: &u32, b: &u32| {
            head_of(*a)
                .cmp(&head_of(*b))
                .then_with(|| keys.compare(*a as usize, &keys, *b as usize, &self.order))
                .then_with(|| identity(*a).cmp(&identity(*b)))
        };
        if positions.len() > self.limit {
            positions.select_nth_unstable_by(self.limit, compare);
            positions.truncate(self.limit);
        }
        positions.sort_unstable_by(compare);
        let keys = keys.reordered(&positions);
        let rows: Vec<(u64, u16)> =
            positions.iter().filter_map(|at| heads.get(*at as usize)).copied().collect();
        fuel.burn(rows.len() * 100 + chosen.count() * 20);
        let source = u16::try_from(source).unwrap_or(u16::MAX);
        Some(Some(Run { source, chunk, rows, next: 0, keys }))
    }

    /// Gives out some rows; whether all are out.
    fn merge(&mut self, context: Context<'_>) -> bool {
        let tables: Vec<_> =
            self.sources.iter().map(|(program, _, _)| context.store.table(&program.table)).collect();
        let order = &self.order;
        let runs = &mut self.runs;
        let compare = |runs: &[Run], a: usize, b: usize| -> Ordering {
            let (Some(a), Some(b)) = (runs.get(a), runs.get(b)) else { return Ordering::Equal };
            let identity = |run: &Run| {
                let table = tables.get(usize::from(run.source)).copied().flatten();
                table.map_or((0, 0, 0), |table| identity(context, table, run.row().row))
            };
            a.head()
                .cmp(&b.head())
                .then_with(|| a.keys.compare(a.next, &b.keys, b.next, order))
                .then_with(|| identity(a).cmp(&identity(b)))
                .then_with(|| a.source.cmp(&b.source))
        };
        let heap = self.heap.get_or_insert_with(|| {
            let heads = runs.iter().enumerate().filter(|(_, run)| !run.rows.is_empty());
            let mut heap: Vec<(u64, usize)> = heads.map(|(at, run)| (run.head(), at)).collect();
            // Sorted backwards: the first run stands last, where it is taken and put back cheaply.
            sort::sort_by(&mut heap, |(_, a), (_, b)| compare(runs, *b, *a));
            heap
        });
        let mut left = MERGED_PER_STEP
            .min(self.limit.saturating_sub(usize::try_from(self.sorted.len()).unwrap_or(usize::MAX)));
        while left > 0 {
            let Some((_, first)) = heap.pop() else { break };
            // Rows of this run go out until the next run's first row comes before: runs in order of time seldom overlap.
            let rival = heap.last().copied();
            // No row of another run comes before this head.
            let limit = rival.map_or(u64::MAX, |(head, _)| head);
            while let Some(run) = runs.get_mut(first) {
                let sure = run.rows.get(run.next..).unwrap_or_default().iter().take(left);
                let sure = sure.take_while(|(head, _)| *head < limit).count();
                // At least the one that is known to be first.
                let count = sure.max(1);
                self.sorted.extend(run, count);
                run.next += count;
                left -= count;
                let is_empty = run.next >= run.rows.len();
                if is_empty {
                    *run = Run { rows: Vec::new(), keys: Keys::new(&[]), ..*run };
                    break;
                }
                let head = run.head();
                let is_still_first = head < limit
                    || head == limit && rival.is_none_or(|(_, rival)| compare(runs, first, rival).is_lt());
                if !is_still_first || left == 0 {
                    // Heads decide nearly always, and lie side by side.
                    let at = heap.partition_point(|&(other_head, other)| {
                        other_head > head || other_head == head && compare(runs, other, first).is_gt()
                    });
                    heap.insert(at, (head, first));
                    break;
                }
            }
        }
        heap.is_empty() || self.sorted.len() >= self.limit as u64
    }
}

impl Run {
    /// The head of the next row.
    fn head(&self) -> u64 {
        self.rows.get(self.next).map_or(u64::MAX, |(head, _)| *head)
    }

    fn row(&self) -> RowRef {
        let offset = self.rows.get(self.next).map_or(0, |(_, offset)| *offset);
        RowRef { source: self.source, row: row_number(self.chunk, offset.into()) }
    }
}

/// Rank of the file, offset, number: what orders rows that tie.
pub(super) fn identity(context: Context<'_>, table: &chartroom_store::Table, row: u32) -> (u32, u64, u32) {
    table.row_at(row).map_or((u32::MAX, 0, 0), |at| (context.files.rank(at.file), at.offset, at.number))
}

impl Sorted {
    /// The next `count` rows of a run.
    fn extend(&mut self, run: &Run, count: usize) {
        let has_sources = run.source != 0 || !self.sources.is_empty();
        if has_sources && self.sources.is_empty() {
            // Rows before these were all of source 0.
            self.sources = self.blocks.iter().map(|rows| vec![0; rows.len()]).collect();
        }
        let mut rows = run.rows.get(run.next..).unwrap_or_default();
        rows = rows.get(..count).unwrap_or(rows);
        while !rows.is_empty() {
            if self.blocks.last().is_none_or(|block| block.len() >= CHUNK_ROWS) {
                self.blocks.push(Vec::new());
                self.sources.extend(has_sources.then(Vec::new));
            }
            let Some(block) = self.blocks.last_mut() else { return };
            let (now, later) = rows.split_at_checked(CHUNK_ROWS - block.len()).unwrap_or((rows, &[]));
            block.extend(now.iter().map(|&(_, offset)| row_number(run.chunk, offset.into())));
            if let Some(sources) = self.sources.last_mut() {
                sources.resize(block.len(), run.source);
            }
            rows = later;
        }
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self.blocks.split_last() {
            Some((last, full)) => full.len() as u64 * CHUNK_ROWS as u64 + last.len() as u64,
            None => 0,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The row at `index` of the order.
    #[must_use]
    pub fn get(&self, index: u64) -> Option<RowRef> {
        let index = usize::try_from(index).ok()?;
        let (block, at) = (index / CHUNK_ROWS, index % CHUNK_ROWS);
        let row = *self.blocks.get(block)?.get(at)?;
        let source = self.sources.get(block).and_then(|sources| sources.get(at)).copied().unwrap_or(0);
        Some(RowRef { source, row })
    }

    /// Bytes it holds.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.blocks.iter().map(|block| block.capacity() * 4).sum::<usize>()
            + self.sources.iter().map(|block| block.capacity() * 2).sum::<usize>()
    }
}

#[cfg(test)]
mod tests;
