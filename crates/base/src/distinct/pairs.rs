//! Distinct pairs of numbers.

use super::{DistinctNumbers, NONE};

/// Pairs of numbers that are looked up in a table rather than hashed, however few there are.
const DENSE: usize = 1 << 18;
/// The most of them, 16 MB, and how many for each row that came: the table costs no more than hashing that many rows would.
const MOST: usize = 1 << 22;
const DENSE_PER_ROW: usize = 32;

/// Distinct pairs of numbers, numbered.
#[derive(Clone, Debug, Default)]
pub struct DistinctPairs {
    /// Both numbers of each pair, one above the other: by themselves while pairs are looked up in the table, else hashed.
    listed: Vec<u64>,
    hashed: Option<DistinctNumbers>,
    /// Numbers + 1 by first and second, in lines of `width`; 0 is none.
    dense: Vec<u32>,
    width: usize,
    rows: usize,
}

impl DistinctPairs {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// All of them by number, the first number above the second.
    #[must_use]
    pub fn all(&self) -> &[u64] {
        self.hashed.as_ref().map_or(&self.listed, DistinctNumbers::all)
    }

    /// The first numbers of these pairs, and the second ones; of all by number where none are told.
    #[must_use]
    pub fn split(&self, numbers: Option<&[u32]>) -> (Vec<u32>, Vec<u32>) {
        let all = self.all();
        let parts = |pair: &u64| ((pair >> 32) as u32, (pair & u64::from(u32::MAX)) as u32);
        match numbers {
            None => all.iter().map(parts).unzip(),
            Some(numbers) => {
                numbers.iter().map(|number| all.get(*number as usize).map_or((NONE, NONE), parts)).unzip()
            }
        }
    }

    /// Puts the pair's number in the place of each row's first number, [`NONE`] where either is none or the pair has none and is not to
    /// get one; `lines` and `width` are bounds of both numbers.
    pub fn number(
        &mut self,
        firsts: &mut [u32],
        seconds: &[u32],
        (lines, width): (usize, usize),
        is_adding: bool,
    ) {
        self.rows = self.rows.saturating_add(firsts.len());
        if self.hashed.is_none() {
            self.widen(lines, width);
        }
        let pair = |first: u32, second: u32| u64::from(first) << 32 | u64::from(second);
        if let Some(hashed) = &mut self.hashed {
            let is_some = |(first, second): (&u32, &u32)| *first != NONE && *second != NONE;
            if firsts.iter().zip(seconds).all(is_some) {
                let pairs: Vec<u64> =
                    firsts.iter().zip(seconds).map(|(first, second)| pair(*first, *second)).collect();
                firsts
                    .iter_mut()
                    .zip(hashed.number_all(&pairs, is_adding))
                    .for_each(|(slot, number)| *slot = number);
                return;
            }
            for (first, second) in firsts.iter_mut().zip(seconds) {
                *first = if is_some((first, second)) {
                    hashed.number(pair(*first, *second), is_adding).unwrap_or(NONE)
                } else {
                    NONE
                };
            }
            return;
        }
        for (first, second) in firsts.iter_mut().zip(seconds) {
            let line = *first as usize;
            let slot = if *first == NONE || *second == NONE {
                None
            } else {
                self.dense.get_mut(line * self.width + *second as usize)
            };
            *first = match slot {
                Some(slot) if *slot != 0 => *slot - 1,
                Some(slot) if is_adding => {
                    self.listed.push(pair(*first, *second));
                    *slot = u32::try_from(self.listed.len()).unwrap_or(NONE);
                    *slot - 1
                }
                _ => NONE,
            };
        }
    }

    /// Makes the table fit, or gives it up for hashing.
    fn widen(&mut self, lines: usize, width: usize) {
        let (lines, width) = (lines.max(1).next_power_of_two(), width.max(1).next_power_of_two());
        let size = lines.saturating_mul(width);
        if width == self.width && size <= self.dense.len() {
            return;
        }
        let most = self.rows.saturating_mul(DENSE_PER_ROW).min(MOST);
        if size > DENSE && size > most {
            self.hashed = Some(DistinctNumbers::of(std::mem::take(&mut self.listed)));
            self.dense = Vec::new();
            return;
        }
        self.dense = vec![0; size];
        self.width = width;
        for (number, pair) in (1_u32..).zip(&self.listed) {
            let (first, second) = ((pair >> 32) as usize, (pair & u64::from(u32::MAX)) as usize);
            if let Some(slot) = self.dense.get_mut(first * width + second) {
                *slot = number;
            }
        }
    }

    /// Bytes it holds.
    #[must_use]
    pub fn memory(&self) -> usize {
        let hashed = self.hashed.as_ref().map_or(0, DistinctNumbers::memory);
        hashed + self.listed.capacity() * 8 + self.dense.capacity() * 4
    }
}
