//! The order of a result's rows over all shards: which shard holds the row at index i, and as its how-manieth.
//!
//! **Invariant:** each shard holds its part of a result in a local order; the global order keeps every local order.
//! So one byte a row says it all: the shard. It has two parts: a *sorted* one, merged from the shards' keys, and behind
//! it *runs* of rows in the order in which they came while a load goes on. When one shard alone has rows, the sorted
//! part keeps nothing but a count.

use chartroom_kql::KeyBlock;
use std::collections::VecDeque;

/// Rows between two marks.
const MARK_ROWS: usize = 4_096;
/// Bytes in a block of the order: no buffer grows past it.
const BLOCK: usize = 1 << 20;

/// Local rows of one shard, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The shard.
    pub(crate) shard: u32,
    /// Its first local index.
    pub(crate) first: u64,
    /// How many.
    pub(crate) rows: u64,
}

/// Which shard holds which row.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// Shards there are.
    shards: usize,
    /// The only shard that holds sorted rows, and how many: then nothing else is kept of the sorted part.
    alone: Option<(u32, u64)>,
    /// The shard of each sorted row, in blocks.
    bytes: Vec<Vec<u8>>,
    /// For every `MARK_ROWS`-th sorted row: rows of each shard before it, one after the other.
    marks: Vec<u32>,
    /// Sorted rows of each shard that are merged.
    merged: Vec<u64>,
    sorted: u64,
    /// Where each run begins, and the run.
    runs: Vec<(u64, Run)>,
    /// Rows in runs.
    run_rows: u64,
}

impl Order {
    /// No rows over `shards` shards.
    pub(crate) fn new(shards: usize) -> Self {
        Self { shards, merged: vec![0; shards], ..Self::default() }
    }

    /// All sorted rows are `rows` of one shard.
    pub(crate) fn set_alone(&mut self, shard: u32, rows: u64) {
        self.alone = Some((shard, rows));
        self.sorted = rows;
    }

    /// Rows whose place is known.
    pub(crate) fn rows(&self) -> u64 {
        self.sorted + self.run_rows
    }

    /// Bytes it takes.
    pub(crate) fn memory(&self) -> usize {
        self.bytes.iter().map(Vec::capacity).sum::<usize>()
            + self.marks.capacity() * 4
            + self.runs.capacity() * size_of::<(u64, Run)>()
    }

    /// The next sorted row is one of `shard`. Only before the first run.
    pub(crate) fn push_sorted(&mut self, shard: u32) {
        if self.sorted.is_multiple_of(MARK_ROWS as u64) {
            // 32 bits: rows are numbered by u32 within a shard.
            self.marks.extend(self.merged.iter().map(|&rows| u32::try_from(rows).unwrap_or(u32::MAX)));
        }
        if self.bytes.last().is_none_or(|block| block.len() == BLOCK) {
            self.bytes.push(Vec::new());
        }
        if let Some(block) = self.bytes.last_mut() {
            block.push(u8::try_from(shard).unwrap_or(u8::MAX));
        }
        if let Some(rows) = self.merged.get_mut(shard as usize) {
            *rows += 1;
        }
        self.sorted += 1;
    }

    /// Rows that came behind all others.
    pub(crate) fn push_run(&mut self, run: Run) {
        if run.rows == 0 {
            return;
        }
        let start = self.rows();
        self.run_rows += run.rows;
        if let Some((_, last)) = self.runs.last_mut()
            && last.shard == run.shard
            && last.first + last.rows == run.first
        {
            last.rows += run.rows;
            return;
        }
        self.runs.push((start, run));
    }

    /// Local rows of `start..start + count`, in order. Fewer when there are fewer.
    pub(crate) fn locate(&self, start: u64, count: u64) -> Vec<Run> {
        let end = start.saturating_add(count).min(self.rows());
        let mut found = Vec::new();
        let mut at = start;
        if at < self.sorted {
            let sorted_end = end.min(self.sorted);
            if let Some((shard, _)) = self.alone {
                found.push(Run { shard, first: at, rows: sorted_end - at });
            } else {
                self.locate_sorted(at, sorted_end, &mut found);
            }
            at = sorted_end;
        }
        let from = self.runs.partition_point(|(start, run)| start + run.rows <= at);
        for (run_start, run) in self.runs.get(from..).unwrap_or_default() {
            if at >= end {
                break;
            }
            let skip = at - run_start;
            let rows = (run.rows - skip).min(end - at);
            found.push(Run { shard: run.shard, first: run.first + skip, rows });
            at += rows;
        }
        found
    }

    /// Rows of each shard among the first `count`, as far as places are known.
    pub(crate) fn locals_of(&self, count: u64) -> Vec<u64> {
        let sorted = count.min(self.sorted);
        let mut locals = if let Some((shard, _)) = self.alone {
            let mut locals = vec![0; self.shards];
            if let Some(local) = locals.get_mut(shard as usize) {
                *local = sorted;
            }
            locals
        } else if sorted == self.sorted {
            self.merged.clone()
        } else {
            let mark = sorted / MARK_ROWS as u64;
            let mut locals = self.before_mark(mark as usize);
            for at in mark * MARK_ROWS as u64..sorted {
                if let Some(local) = self.byte(at).and_then(|shard| locals.get_mut(shard as usize)) {
                    *local += 1;
                }
            }
            locals
        };
        for (start, run) in &self.runs {
            if let Some(local) = locals.get_mut(run.shard as usize) {
                *local += run.rows.min(count.saturating_sub(*start));
            }
        }
        locals
    }

    fn before_mark(&self, mark: usize) -> Vec<u64> {
        self.marks.get(mark * self.shards..(mark + 1) * self.shards).map_or_else(
            || vec![0; self.shards],
            |counts| counts.iter().map(|&rows| u64::from(rows)).collect(),
        )
    }

    fn locate_sorted(&self, start: u64, end: u64, found: &mut Vec<Run>) {
        let mark = (start / MARK_ROWS as u64) as usize;
        let mut before = self.before_mark(mark);
        for at in (mark * MARK_ROWS) as u64..end {
            let Some(shard) = self.byte(at) else { return };
            let Some(local) = before.get_mut(shard as usize) else { return };
            if at >= start {
                match found.last_mut() {
                    Some(last) if last.shard == shard && last.first + last.rows == *local => last.rows += 1,
                    _ => found.push(Run { shard, first: *local, rows: 1 }),
                }
            }
            *local += 1;
        }
    }

    fn byte(&self, at: u64) -> Option<u32> {
        let at = usize::try_from(at).ok()?;
        self.bytes.get(at / BLOCK)?.get(at % BLOCK).map(|&shard| u32::from(shard))
    }

    /// The index of the row that `shard` holds as number `local`.
    pub(crate) fn index_of(&self, shard: u32, local: u64) -> Option<u64> {
        if let Some((alone, rows)) = self.alone {
            if alone == shard && local < rows {
                return Some(local);
            }
        } else if local < self.merged.get(shard as usize).copied()? {
            return self.index_of_sorted(shard, local);
        }
        self.runs
            .iter()
            .find(|(_, run)| run.shard == shard && (run.first..run.first + run.rows).contains(&local))
            .map(|(start, run)| start + (local - run.first))
    }

    fn index_of_sorted(&self, shard: u32, local: u64) -> Option<u64> {
        let before = |mark: usize| {
            self.marks.get(mark * self.shards + shard as usize).map_or(u64::MAX, |&rows| u64::from(rows))
        };
        // The last mark with at most `local` rows of the shard before it.
        let (mut low, mut high) = (0, self.marks.len() / self.shards.max(1));
        while low + 1 < high {
            let middle = low.midpoint(high);
            if before(middle) <= local { low = middle } else { high = middle }
        }
        let mut left = local - before(low).min(local);
        for at in (low * MARK_ROWS) as u64..self.sorted {
            if self.byte(at)? == shard {
                if left == 0 {
                    return Some(at);
                }
                left -= 1;
            }
        }
        None
    }
}

/// Merges the keys that shards send in blocks, each shard's in its order, into an [`Order`].
#[derive(Debug)]
pub(crate) struct Merge {
    lanes: Vec<Lane>,
}

#[derive(Debug, Default)]
struct Lane {
    blocks: VecDeque<KeyBlock>,
    /// Next key of the first block.
    at: usize,
    /// Rows of this shard in all; rows received.
    total: u64,
    received: u64,
    /// Whether a block was asked for and did not come yet.
    is_asked: bool,
}

impl Merge {
    /// A merge of `totals[shard]` keys of each shard.
    pub(crate) fn new(totals: &[u64]) -> Self {
        Self { lanes: totals.iter().map(|&total| Lane { total, ..Lane::default() }).collect() }
    }

    /// Takes the next block of `shard`.
    pub(crate) fn push(&mut self, shard: u32, block: KeyBlock) {
        if let Some(lane) = self.lanes.get_mut(shard as usize) {
            lane.is_asked = false;
            lane.received += block.len() as u64;
            if block.is_empty() {
                lane.total = lane.received;
            } else {
                lane.blocks.push_back(block);
            }
        }
    }

    /// Shards that are to send a block from that local index on; each is said once.
    pub(crate) fn take_wishes(&mut self) -> Vec<(u32, u64)> {
        let mut wishes = Vec::new();
        for (shard, lane) in self.lanes.iter_mut().enumerate() {
            if !lane.is_asked && lane.received < lane.total && lane.blocks.len() < 3 {
                lane.is_asked = true;
                wishes.push((shard as u32, lane.received));
            }
        }
        wishes
    }

    /// Merges up to `limit` rows into `order`. Whether it did any.
    pub(crate) fn step(&mut self, order: &mut Order, limit: usize) -> bool {
        for done in 0..limit {
            let mut best: Option<(usize, &KeyBlock, usize)> = None;
            for (shard, lane) in self.lanes.iter().enumerate() {
                match lane.blocks.front() {
                    Some(block)
                        if best.is_none_or(|(_, least, at)| block.compare(lane.at, least, at).is_lt()) =>
                    {
                        best = Some((shard, block, lane.at));
                    }
                    Some(_) => {}
                    // Its next key is not here yet, and might be the least.
                    None if lane.received < lane.total => return done > 0,
                    None => {}
                }
            }
            let Some((shard, _, _)) = best else { return done > 0 };
            order.push_sorted(shard as u32);
            if let Some(lane) = self.lanes.get_mut(shard) {
                lane.at += 1;
                if lane.blocks.front().is_some_and(|block| lane.at >= block.len()) {
                    lane.blocks.pop_front();
                    lane.at = 0;
                }
            }
        }
        true
    }

    /// Whether every row was merged.
    pub(crate) fn is_done(&self) -> bool {
        self.lanes.iter().all(|lane| lane.blocks.is_empty() && lane.received >= lane.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(parts: &[&[u32]], block: usize) -> Order {
        let totals: Vec<u64> = parts.iter().map(|part| part.len() as u64).collect();
        let (mut order, mut merge) = (Order::new(parts.len()), Merge::new(&totals));
        while !merge.is_done() {
            for (shard, from) in merge.take_wishes() {
                let keys: Vec<u32> =
                    parts[shard as usize].iter().skip(from as usize).take(block).copied().collect();
                // Rows without a sort key are ordered by identity.
                let identities = keys.iter().map(|&key| (key, 0, 0)).collect();
                merge.push(shard, KeyBlock { keys: Vec::new(), identities });
            }
            merge.step(&mut order, 7);
        }
        order
    }

    fn rows(order: &Order, start: u64, count: u64) -> Vec<(u32, u64)> {
        let runs = order.locate(start, count);
        runs.iter()
            .flat_map(|run| (run.first..run.first + run.rows).map(|local| (run.shard, local)))
            .collect()
    }

    #[test]
    fn keys_of_three_shards_become_one_order() {
        let order = merged(&[&[1, 4, 9], &[2, 3], &[]], 2);
        assert_eq!(rows(&order, 0, 9), [(0, 0), (1, 0), (1, 1), (0, 1), (0, 2)]);
        assert_eq!(rows(&order, 3, 1), [(0, 1)]);
    }

    #[test]
    fn every_row_is_found_at_its_index_across_marks_and_runs() {
        let parts: Vec<Vec<u32>> =
            (0..3).map(|shard| (0..9_000).map(|row| row * 3 + shard).collect()).collect();
        let mut order = merged(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>(), 1_000);
        order.push_run(Run { shard: 1, first: 9_000, rows: 5 });
        order.push_run(Run { shard: 0, first: 9_000, rows: 3 });
        order.push_run(Run { shard: 1, first: 9_005, rows: 2 });
        assert_eq!(order.rows(), 27_010);
        for start in [0, 4_095, 4_096, 26_990] {
            for (at, (shard, local)) in (start..).zip(rows(&order, start, 50)) {
                assert_eq!(order.index_of(shard, local), Some(at));
            }
        }
        assert_eq!(order.index_of(1, 9_007), None);
        for count in [0, 1, 4_095, 4_097, 27_000, 27_006, 27_010, 30_000] {
            let mut locals = vec![0; 3];
            for (shard, _) in rows(&order, 0, count) {
                locals[shard as usize] += 1;
            }
            assert_eq!(order.locals_of(count), locals, "{count}");
        }
        assert_eq!(order.locate(27_010, 5), []);
    }

    #[test]
    fn one_shard_alone_keeps_nothing() {
        let mut order = Order::new(2);
        order.set_alone(1, 1_000_000);
        assert_eq!(order.memory(), 0);
        assert_eq!(order.locate(999_999, 5), [Run { shard: 1, first: 999_999, rows: 1 }]);
        assert_eq!(order.index_of(1, 7), Some(7));
        assert_eq!(order.index_of(0, 7), None);
    }
}
