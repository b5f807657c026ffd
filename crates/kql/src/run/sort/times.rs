//! The usual order, by times that are stored and never null: no value is made for a row.

use super::key::long_head;
use crate::plan::OrderKey;
use chartroom_base::radix;
use chartroom_store::{Bitmap, LongsView};

/// Heads and offsets in the chunk of the chosen rows, in order: equal ones as they lie in the chunk.
pub(super) fn sorted(longs: &LongsView<'_>, chosen: &Bitmap, key: &OrderKey) -> Vec<(u64, u16)> {
    let mut rows = Vec::with_capacity(chosen.count());
    for row in chosen.iter() {
        let head = longs.get(row).map_or(0, |long| long_head(long, key));
        rows.push((head, u16::try_from(row).unwrap_or(u16::MAX)));
    }
    radix::sort_by_number(&mut rows);
    rows
}
