//! An order of many rows, made a block at a time: blocks are sorted one after the other, then merged as far as rows are wanted.
//!
//! **Invariant:** no call looks at more than [`BATCH_ROWS`] rows and the heads of the blocks.

use crate::{
    frame::{BATCH_ROWS, Place},
    work,
};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Numbers of rows on their way into the order of their places.
#[derive(Debug)]
pub(crate) struct BlockOrder<N> {
    rows: Vec<N>,
    sorted: usize,
    /// Per block that has rows left, the place of the next, where it is and where the block ends.
    heads: BinaryHeap<Reverse<(Place, usize, usize)>>,
}

impl<N> Default for BlockOrder<N> {
    fn default() -> Self {
        Self { rows: Vec::new(), sorted: 0, heads: BinaryHeap::new() }
    }
}

impl<N: Copy> BlockOrder<N> {
    /// Of rows that are in order.
    pub(crate) fn of_sorted(rows: Vec<N>) -> Self {
        let heads =
            [Reverse((Place::default(), 0, rows.len()))].into_iter().filter(|_| !rows.is_empty()).collect();
        Self { sorted: rows.len(), rows, heads }
    }

    /// Adds rows, before any is sorted.
    pub(crate) fn extend(&mut self, rows: impl IntoIterator<Item = N>) {
        self.rows.extend(rows);
    }

    /// Sorts a block; whether all are sorted now.
    pub(crate) fn sort_some(&mut self, place: impl Fn(N) -> Place) -> bool {
        let end = self.rows.len().min(self.sorted.saturating_add(BATCH_ROWS));
        if let Some(block) = self.rows.get_mut(self.sorted..end) {
            work::count(block.len());
            block.sort_by_cached_key(|row| place(*row));
            let first = block.first().map(|row| Reverse((place(*row), self.sorted, end)));
            self.heads.extend(first);
        }
        self.sorted = end;
        end == self.rows.len()
    }

    /// The next rows in order, [`BATCH_ROWS`] at most; none once all were given.
    pub(crate) fn next(&mut self, place: impl Fn(N) -> Place) -> Vec<N> {
        let mut next = Vec::new();
        while next.len() < BATCH_ROWS
            && let Some(Reverse((_, at, end))) = self.heads.pop()
        {
            // What stands alone need not be compared.
            let count = if self.heads.is_empty() { BATCH_ROWS - next.len() } else { 1 };
            let upto = end.min(at + count);
            next.extend_from_slice(self.rows.get(at..upto).unwrap_or_default());
            let follower = self.rows.get(upto..end).and_then(<[N]>::first);
            self.heads.extend(follower.map(|row| Reverse((place(*row), upto, end))));
        }
        work::count(next.len());
        next
    }

    /// Bytes it holds, about.
    pub(crate) fn memory(&self) -> usize {
        self.rows.capacity() * size_of::<N>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn no_call_looks_at_more_than_a_block_and_all_rows_come_in_order() {
        let count = BATCH_ROWS * 3 + 17;
        // 40,503 and the count have no common divisor: each place once, far from in order.
        let looked = Cell::new(0);
        let place = |row: u32| {
            looked.set(looked.get() + 1);
            Place::of_made(u64::from(row) * 40_503 % count as u64)
        };
        let mut order = BlockOrder::default();
        order.extend(0..count as u32);
        while !order.sort_some(place) {
            assert!(looked.replace(0) <= BATCH_ROWS + 1);
        }
        let mut given = 0;
        loop {
            looked.set(0);
            let rows = order.next(place);
            assert!(looked.get() <= BATCH_ROWS);
            if rows.is_empty() {
                break;
            }
            for row in rows {
                assert_eq!(place(row), Place::of_made(given));
                given += 1;
            }
        }
        assert_eq!(given, count as u64);
        let mut order = BlockOrder::of_sorted((0..count).collect());
        assert!(order.sort_some(|row| Place::of_made(row as u64)));
        let all = std::iter::from_fn(|| {
            Some(order.next(|row| Place::of_made(row as u64))).filter(|rows| !rows.is_empty())
        });
        assert!(all.flatten().eq(0..count));
    }
}
