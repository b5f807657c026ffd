//! Distinct numbers, texts and pairs, numbered from 0 in the order in which they came: for groups, distinct values and joins.
//!
//! Whole columns are numbered here and not where they are asked for, because these loops run once per row: this crate is built for
//! speed, those above for size. Nothing here is generic, or the code would be built where it is used.
//!
//! **Invariants:** two things have one number exactly when they are equal, byte by byte. At most half of a table's slots are taken.
//! Probing is bounded: where it would take long because things were chosen to collide, all are hashed anew with a careful hash.

mod numbers;
mod pairs;
mod slots;
mod texts;

pub use numbers::DistinctNumbers;
pub use pairs::DistinctPairs;
pub use texts::DistinctTexts;

/// No number.
pub const NONE: u32 = u32::MAX;

/// Per code its number in `numbers`, [`NONE`] where there is none; whether all have one.
#[must_use]
pub fn look_up(codes: &[u32], numbers: &[u32]) -> (Vec<u32>, bool) {
    let mut are_all = true;
    let found = codes.iter().map(|code| {
        let number = numbers.get(*code as usize).copied().unwrap_or(NONE);
        are_all &= number != NONE;
        number
    });
    (found.collect(), are_all)
}

/// Adds one to the count of each row's group; a group that has no count is left out.
pub fn count_each(counts: &mut [i64], groups: &[u32]) {
    for group in groups {
        if let Some(count) = counts.get_mut(*group as usize) {
            *count += 1;
        }
    }
}

/// Puts a run of rows in the place of each group's first row: above the number of the run, below that of the row, `start` for the first
/// of `groups`. New groups, whose numbers rise in the order in which they are met, take it; those of a run that is after this one give way.
pub fn claim(firsts: &mut Vec<u64>, groups: &[u32], is_after: &[bool], start: u64) {
    let may_give_way = is_after.contains(&true);
    for (row, group) in (start..).zip(groups) {
        match firsts.get_mut(*group as usize) {
            None => firsts.push(row),
            Some(first) if may_give_way && is_after.get((*first >> 32) as usize) == Some(&true) => {
                *first = row;
            }
            Some(_) => {}
        }
    }
}

/// The groups in the order of their first rows, as [`claim`] has them, where `ranks` is the order of the runs.
#[must_use]
pub fn order_by_run(firsts: &[u64], ranks: &[u32]) -> Vec<u32> {
    let rank = |first: &u64| ranks.get((*first >> 32) as usize).copied().unwrap_or(0) as usize;
    let mut ends = vec![0_usize; ranks.len() + 1];
    for first in firsts {
        if let Some(count) = ends.get_mut(rank(first) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    let mut order = vec![0; firsts.len()];
    for (group, first) in (0_u32..).zip(firsts) {
        let place = ends.get_mut(rank(first));
        let place = place.map_or(0, |place| std::mem::replace(place, *place + 1));
        if let Some(slot) = order.get_mut(place) {
            *slot = group;
        }
    }
    // Within a run they mostly came in its order: only those that gave way did not.
    let first = |group: &u32| firsts.get(*group as usize).copied().unwrap_or(0);
    let mut start = 0;
    for end in ends {
        if let Some(own) = order.get_mut(start..end)
            && !own.is_sorted_by_key(first)
        {
            own.sort_unstable_by_key(first);
        }
        start = end;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Numbers by the plain way; [`NONE`] for what was not met and is not to be added.
    #[derive(Default)]
    struct Plain<K>(BTreeMap<K, u32>);

    impl<K: Ord + Clone> Plain<K> {
        fn number(&mut self, key: &K, is_adding: bool) -> u32 {
            let new = self.0.len() as u32;
            match self.0.get(key) {
                Some(number) => *number,
                None if is_adding => *self.0.entry(key.clone()).or_insert(new),
                None => NONE,
            }
        }

        fn all(&mut self, keys: &[K], is_adding: bool) -> Vec<u32> {
            keys.iter().map(|key| self.number(key, is_adding)).collect()
        }
    }

    fn ends(texts: &[String]) -> (String, Vec<usize>) {
        let mut bytes = String::new();
        let ends = texts.iter().map(|text| {
            bytes.push_str(text);
            bytes.len()
        });
        let ends = ends.collect();
        (bytes, ends)
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_plain_way(batches: Vec<(bool, Vec<u8>)>, spread in 0_u32..60) {
            let (mut plain, mut ours) = (Plain::default(), DistinctNumbers::default());
            for (is_adding, batch) in batches {
                let batch: Vec<u64> = batch.iter().map(|key| u64::from(*key) << spread).collect();
                prop_assert_eq!(plain.all(&batch, is_adding), ours.number_all(&batch, is_adding));
            }
            prop_assert_eq!(plain.0.len(), ours.len());
            for (key, number) in plain.0 {
                prop_assert_eq!(ours.get(number), key);
            }
        }

        #[test]
        fn texts_are_those_of_the_plain_way(batches: Vec<(bool, Vec<String>)>) {
            let (mut plain, mut ours) = (Plain::default(), DistinctTexts::default());
            for (is_adding, batch) in batches {
                let (bytes, ends) = ends(&batch);
                prop_assert_eq!(plain.all(&batch, is_adding), ours.number_all(&bytes, &ends, is_adding));
            }
            for (key, number) in plain.0 {
                prop_assert_eq!(ours.get(number), key);
            }
        }

        #[test]
        fn pairs_are_those_of_the_plain_way(
            batches in prop::collection::vec((any::<bool>(), prop::collection::vec((0_u32..200, 0_u32..9), 0..300)), 0..9),
            scale in 1_u32..5_000,
        ) {
            let (mut plain, mut ours) = (Plain::default(), DistinctPairs::default());
            for (is_adding, batch) in batches {
                let batch: Vec<(u32, u32)> = batch
                    .into_iter()
                    .map(|(a, b)| (if a == 199 { NONE } else { a * scale }, b))
                    .collect();
                let expected: Vec<u32> = batch
                    .iter()
                    .map(|pair| if pair.0 == NONE { NONE } else { plain.number(pair, is_adding) })
                    .collect();
                let mut firsts: Vec<u32> = batch.iter().map(|pair| pair.0).collect();
                let seconds: Vec<u32> = batch.iter().map(|pair| pair.1).collect();
                ours.number(&mut firsts, &seconds, (200 * scale as usize, 9), is_adding);
                prop_assert_eq!(expected, firsts);
            }
            for (pair, number) in plain.0 {
                prop_assert_eq!(ours.all()[number as usize], u64::from(pair.0) << 32 | u64::from(pair.1));
            }
        }
    }

    #[test]
    fn what_was_chosen_to_collide_is_told_apart_in_time() {
        // The low half of these takes the high half away before they are mixed.
        let keys: Vec<u64> = (0..40_000_u64).map(|key| key << 32 | key).collect();
        let mut numbers = DistinctNumbers::default();
        assert!(
            numbers.number_all(&keys, true).iter().zip(0..).all(|(number, expected)| *number == expected)
        );
        assert!(
            numbers.number_all(&keys, false).iter().zip(0..).all(|(number, expected)| *number == expected)
        );
    }

    #[test]
    fn groups_stand_in_the_order_of_their_first_rows() {
        let mut firsts = Vec::new();
        claim(&mut firsts, &[0, 0, 1, 2], &[], 0);
        // A run before the one that came first, then one behind both.
        claim(&mut firsts, &[3, 1, 3, 1], &[true], 1 << 32 | 4);
        claim(&mut firsts, &[2, 4], &[false, false], 2 << 32);
        assert_eq!(firsts, [0, 1 << 32 | 5, 3, 1 << 32 | 4, 2 << 32 | 1]);
        assert_eq!(order_by_run(&firsts, &[1, 0, 2]), [3, 1, 0, 2, 4]);
        assert_eq!(look_up(&[1, 0, 7], &[5, NONE]), (vec![NONE, 5, NONE], false));
    }
}
