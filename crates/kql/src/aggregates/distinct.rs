//! How many different values: exact.
//!
//! Kusto estimates `dcount`; an exact answer lies within every accuracy that it promises. Values are numbered once for all groups,
//! texts of a dictionary once per text; a group's values are pairs of numbers.

use super::{Argument, Damaged, Input, Kind, Reader, Rows, SKIP, Setup, States, Value, codec};
use crate::keys::ValueNumbers;
use chartroom_base::distinct::DistinctPairs;
use std::cell::OnceCell;

/// `dcount` and its kin give a long.
pub(super) fn kinds(inputs: &[Input<'_>]) -> Result<Vec<Kind>, String> {
    super::comparable(inputs)?;
    Ok(vec![Kind::Long])
}

/// No values yet.
pub(super) fn start(_: &Setup) -> Box<dyn States> {
    Box::new(DistinctValues::default())
}

/// The different values of all groups.
#[derive(Debug, Default)]
struct DistinctValues {
    values: ValueNumbers,
    /// Groups and the numbers of their values.
    pairs: DistinctPairs,
    /// Per group, how many.
    counts: Vec<u32>,
    /// The pairs by group, once a group is encoded.
    sorted: OnceCell<Vec<u64>>,
}

impl DistinctValues {
    /// Adds values to groups; `groups` is used up.
    fn add(&mut self, groups: &mut [u32], numbers: &[u32]) {
        self.sorted = OnceCell::new();
        let before = self.pairs.len();
        self.pairs.number(groups, numbers, (self.counts.len(), self.values.len()), true);
        for pair in self.pairs.all().get(before..).unwrap_or_default() {
            if let Some(count) = self.counts.get_mut((pair >> 32) as usize) {
                *count += 1;
            }
        }
    }
}

impl States for DistinctValues {
    fn grow(&mut self, groups: usize) {
        if groups > self.counts.len() {
            self.counts.resize(groups, 0);
        }
    }

    fn update(&mut self, rows: &Rows<'_, '_>) {
        let mut groups = rows.groups.to_vec();
        let numbers = match rows.argument(0) {
            Argument::Column(column) => self.values.numbers(column, true),
            argument => (0..groups.len()).map(|row| self.values.number(&argument.value(row), true)).collect(),
        };
        if let Some(null) = self.values.null() {
            for (group, _) in groups.iter_mut().zip(&numbers).filter(|(_, number)| **number == null) {
                *group = SKIP;
            }
        }
        self.add(&mut groups, &numbers);
    }

    fn encode(&self, group: usize, out: &mut Vec<u8>) {
        let sorted = self.sorted.get_or_init(|| {
            let mut pairs = self.pairs.all().to_vec();
            if !pairs.is_sorted() {
                pairs.sort_unstable();
            }
            pairs
        });
        let from = sorted.partition_point(|pair| ((pair >> 32) as usize) < group);
        let to = sorted.partition_point(|pair| (pair >> 32) as usize <= group);
        let own = sorted.get(from..to).unwrap_or_default();
        codec::push_count(out, own.len());
        for pair in own {
            codec::push_value(out, &self.values.value((pair & u64::from(u32::MAX)) as u32));
        }
    }

    fn merge(&mut self, group: usize, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        let group = u32::try_from(group).ok().ok_or(Damaged)?;
        for _ in 0..bytes.count(1)? {
            let number = self.values.number(&bytes.value()?, true);
            self.add(&mut [group], &[number]);
        }
        Ok(())
    }

    fn finish(&self, group: usize, _: usize) -> Value<'static> {
        Value::Long(self.counts.get(group).copied().unwrap_or(0).into())
    }

    fn memory(&self) -> usize {
        self.values.memory() + self.pairs.memory() + self.counts.capacity() * 4
    }

    fn needs_keys(&self) -> bool {
        false
    }
}
