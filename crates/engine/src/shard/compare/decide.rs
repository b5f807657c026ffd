//! Which rows of one key are one event.
//!
//! Rows of one id are. Rows of one time, operation and so on may be several events that came in one request: then each file that
//! has them has as many, and the first of one file is the first of the other. Within one file only rows that say the same
//! throughout are one event. Where exports cut times to the millisecond, such a row is any one of that millisecond.

use super::{Bytes, MILLISECOND};
use std::collections::BTreeMap;

/// In a larger group rows are matched by their place alone.
const MATCHED: usize = 1_024;

/// What is known of a row where its key is owned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Two hashes of what it is known by.
    pub(super) key: (u64, u64),
    /// Of all it says, but for where it stands.
    pub(super) content: u64,
    pub(super) ticks: i64,
    pub(super) rank: u32,
    pub(super) file: u32,
    pub(super) offset: u64,
    pub(super) number: u32,
    /// Columns it has values in.
    pub(super) full: u32,
    /// Where its holder has it.
    pub(super) table: u32,
    pub(super) row: u32,
    /// The place of its holder.
    pub(super) holder: u32,
}

impl Entry {
    /// Whether it is known by an id.
    const fn has_id(&self) -> bool {
        self.key.1 & 0x100 != 0
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for word in [self.key.0, self.key.1, self.content, self.ticks.cast_unsigned(), self.offset] {
            out.extend_from_slice(&word.to_le_bytes());
        }
        for word in [self.rank, self.file, self.number, self.full, self.table, self.row] {
            out.extend_from_slice(&word.to_le_bytes());
        }
    }

    pub(super) fn read(bytes: &mut Bytes<'_>, holder: u32) -> Option<Self> {
        let key = (bytes.large()?, bytes.large()?);
        let (content, ticks, offset) = (bytes.large()?, bytes.large()?.cast_signed(), bytes.large()?);
        let (rank, file, number) = (bytes.small()?, bytes.small()?, bytes.small()?);
        let (full, table, row) = (bytes.small()?, bytes.small()?, bytes.small()?);
        Some(Self { key, content, ticks, rank, file, offset, number, full, table, row, holder })
    }
}

/// The rows of a group, sorted by identity, that are others once more, each with the one that is shown for it.
pub(super) fn decide(group: &[Entry]) -> Vec<(Entry, Entry)> {
    let mut events: Vec<Vec<Entry>> = Vec::new();
    if group.first().is_some_and(Entry::has_id) {
        events.push(group.to_vec());
    } else if group.len() > MATCHED {
        // (time, place among the rows of its file and time) is the event.
        let (mut counts, mut places) = (BTreeMap::new(), BTreeMap::new());
        let mut seen = BTreeMap::new();
        for &row in group {
            let place = *seen.entry((row.file, row.ticks, row.content)).or_insert_with(|| {
                let count: &mut u32 = counts.entry((row.file, row.ticks)).or_default();
                *count += 1;
                *count
            });
            places.entry((row.ticks, place)).or_insert_with(Vec::new).push(row);
        }
        events.extend(places.into_values());
    } else {
        events = matched(group);
    }
    let mut found = Vec::new();
    for event in events {
        // The fullest; of those the first.
        let best =
            event.iter().copied().min_by_key(|row| (u32::MAX - row.full, row.rank, row.offset, row.number));
        let Some(shown) = best else { continue };
        found.extend(event.into_iter().filter(|row| *row != shown).map(|row| (row, shown)));
    }
    found
}

fn matched(group: &[Entry]) -> Vec<Vec<Entry>> {
    let mut events: Vec<Vec<Entry>> = Vec::new();
    let is_cut = |row: &Entry| row.ticks % MILLISECOND == 0;
    let (cut, exact): (Vec<Entry>, Vec<Entry>) = group.iter().partition(|row| is_cut(row));
    for row in exact.into_iter().chain(cut) {
        let is_same =
            |other: &Entry| (other.file, other.ticks, other.content) == (row.file, row.ticks, row.content);
        let may_be = |event: &&mut Vec<Entry>| {
            let is_free = event.iter().all(|other| other.file != row.file);
            let is_then = event.iter().all(|other| other.ticks == row.ticks || is_cut(other) || is_cut(&row));
            is_free && is_then
        };
        let at = events.iter().position(|event| event.iter().any(is_same));
        let event = match at {
            Some(at) => events.get_mut(at),
            None => events.iter_mut().find(may_be),
        };
        match event {
            Some(event) => event.push(row),
            None => events.push(vec![row]),
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(file: u32, offset: u64, ticks: i64, content: u64, full: u32) -> Entry {
        Entry {
            key: (1, 0),
            content,
            ticks,
            rank: file,
            file,
            offset,
            number: 0,
            full,
            table: 0,
            row: 0,
            holder: 0,
        }
    }

    /// `file.offset=file.offset` of each row that is another once more.
    #[track_caller]
    fn check(group: &[Entry], expected: &str) {
        let mut group = group.to_vec();
        group.sort_by_key(|row| (row.rank, row.offset));
        let mut found: Vec<String> = decide(&group)
            .iter()
            .map(|(row, shown)| format!("{}.{}={}.{}", row.file, row.offset, shown.file, shown.offset))
            .collect();
        found.sort();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn the_fuller_row_of_an_event_is_shown() {
        check(&[row(1, 0, 5, 1, 3), row(2, 0, 5, 2, 9)], "1.0=2.0");
        check(&[row(1, 0, 5, 1, 3), row(2, 0, 5, 2, 3), row(3, 0, 5, 2, 1)], "2.0=1.0 3.0=1.0");
    }

    #[test]
    fn rows_of_one_file_are_several_events_unless_they_say_the_same() {
        check(&[row(1, 0, 5, 1, 3), row(1, 9, 5, 2, 3)], "");
        check(&[row(1, 0, 5, 1, 3), row(1, 9, 5, 1, 3)], "1.9=1.0");
        check(
            &[row(1, 0, 5, 1, 3), row(1, 9, 5, 2, 3), row(2, 0, 5, 7, 2), row(2, 4, 5, 8, 2)],
            "2.0=1.0 2.4=1.9",
        );
        check(&[row(1, 0, 5, 1, 3), row(2, 0, 5, 7, 2), row(2, 4, 5, 8, 2)], "2.0=1.0");
    }

    #[test]
    fn a_time_cut_to_the_millisecond_is_any_of_it() {
        check(
            &[
                row(1, 0, 20_123, 1, 3),
                row(1, 9, 20_456, 2, 3),
                row(2, 0, 20_000, 3, 2),
                row(2, 4, 20_000, 4, 2),
            ],
            "2.0=1.0 2.4=1.9",
        );
        check(&[row(1, 0, 20_123, 1, 3), row(2, 9, 20_456, 2, 3)], "");
        check(&[row(1, 0, 20_123, 1, 3), row(1, 9, 20_000, 2, 3)], "");
    }

    #[test]
    fn rows_of_one_id_are_one_event() {
        let rows = [1, 2, 3].map(|at| Entry { key: (1, 0x100), ..row(1, at, 5, at, 3) });
        check(&rows, "1.2=1.1 1.3=1.1");
    }
}
